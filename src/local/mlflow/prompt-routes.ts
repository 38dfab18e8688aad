import { optionalText, requiredText } from '../server/read-fields.ts';
import type { Route } from '../server/router.ts';
import { entriesOf } from './experiment-routes.ts';
import type { MlflowStore } from './mlflow-store.ts';
import { addPrompt, addVersion, promptOf, setAlias, versionOf, versionOfAlias } from './prompt-rules.ts';
import type { PromptEntry, PromptVersionEntry } from './prompt-store.ts';
import { readEntries } from './read-entries.ts';

const MODELS = '/api/2.0/mlflow/registered-models';
const VERSIONS = '/api/2.0/mlflow/model-versions';

/** Prompts as versions of registered models, as open-source servers keep them. @see spec/mlflow-rest.md §8.1 */
export function promptRoutes(store: MlflowStore): Route[] {
  const versionBody = (entry: PromptEntry, version: PromptVersionEntry) => ({
    name: entry.name,
    version: version.version,
    creation_timestamp: version.createdAt,
    last_updated_timestamp: version.createdAt,
    description: version.description ?? '',
    source: version.source,
    status: 'READY',
    tags: entriesOf(version.tags),
    aliases: [...entry.aliases].flatMap(([alias, of]) => (of === version.version ? [alias] : [])),
  });
  const modelBody = (entry: PromptEntry) => ({
    name: entry.name,
    creation_timestamp: entry.createdAt,
    last_updated_timestamp: entry.versions.at(-1)?.createdAt ?? entry.createdAt,
    description: entry.description ?? '',
    tags: entriesOf(entry.tags),
    aliases: [...entry.aliases].map(([alias, version]) => ({ alias, version })),
  });
  return [
    {
      method: 'POST',
      path: `${MODELS}/create`,
      handle: ({ body }) => {
        const description = optionalText(body, 'description') ?? null;
        const prompt = { name: requiredText(body, 'name'), description };
        return { registered_model: modelBody(addPrompt(store, prompt, readEntries(body['tags'], 'tags'))) };
      },
    },
    {
      method: 'GET',
      path: `${MODELS}/get`,
      handle: ({ query }) => ({ registered_model: modelBody(promptOf(store, query.get('name') ?? '')) }),
    },
    {
      method: 'DELETE',
      path: `${MODELS}/delete`,
      handle: ({ body }) => {
        store.prompts.delete(promptOf(store, requiredText(body, 'name')).name);
        return {};
      },
    },
    {
      method: 'POST',
      path: `${VERSIONS}/create`,
      handle: ({ body }) => {
        const entry = promptOf(store, requiredText(body, 'name'));
        const version = {
          source: requiredText(body, 'source'),
          description: optionalText(body, 'description') ?? null,
        };
        const added = addVersion(store, entry, version, readEntries(body['tags'], 'tags'));
        return { model_version: versionBody(entry, added) };
      },
    },
    {
      method: 'GET',
      path: `${VERSIONS}/get`,
      handle: ({ query }) => {
        const name = query.get('name') ?? '';
        const version = versionOf(store, name, query.get('version') ?? '');
        return { model_version: versionBody(promptOf(store, name), version) };
      },
    },
    {
      method: 'POST',
      path: `${MODELS}/alias`,
      handle: ({ body }) => {
        setAlias(
          store,
          requiredText(body, 'name'),
          requiredText(body, 'alias'),
          requiredText(body, 'version'),
        );
        return {};
      },
    },
    {
      method: 'GET',
      path: `${MODELS}/alias`,
      handle: ({ query }) => {
        const name = query.get('name') ?? '';
        const version = versionOfAlias(store, name, query.get('alias') ?? '');
        return { model_version: versionBody(promptOf(store, name), version) };
      },
    },
    {
      method: 'DELETE',
      path: `${MODELS}/alias`,
      handle: ({ body }) => {
        promptOf(store, requiredText(body, 'name')).aliases.delete(requiredText(body, 'alias'));
        return {};
      },
    },
  ];
}
