import { ApiError, invalidParameter } from '../server/api-error.ts';
import { optionalText, requiredText } from '../server/read-fields.ts';
import type { Route } from '../server/router.ts';
import { entriesOf } from './experiment-routes.ts';
import type { MlflowStore } from './mlflow-store.ts';
import { addPrompt, addVersion, promptOf, setAlias, versionOf, versionOfAlias } from './prompt-rules.ts';
import { PROMPT_TEXT } from './prompt-store.ts';
import type { PromptEntry, PromptVersionEntry } from './prompt-store.ts';
import { readEntries } from './read-entries.ts';

const BASE = '/api/2.0/mlflow/unity-catalog/prompts';
const ONE = `${BASE}/:name`;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Prompts as objects of Unity Catalog, `catalog.schema.name`.
 *
 * @param schemaExists - whether a schema stands in the catalog
 * @see spec/mlflow-rest.md §8.2
 */
export function workspacePromptRoutes(
  store: MlflowStore,
  schemaExists: (catalog: string, schema: string) => boolean,
): Route[] {
  const nameOf = (params: Readonly<Record<string, string>>) => params['name'] ?? '';
  const promptBody = (entry: PromptEntry) => ({
    name: entry.name,
    create_time: new Date(entry.createdAt).toISOString(),
    description: entry.description ?? '',
    tags: entriesOf(entry.tags),
    aliases: [...entry.aliases].map(([alias, version]) => ({ alias, version })),
  });
  const versionBody = (name: string, version: PromptVersionEntry) => ({
    name,
    version: version.version,
    create_time: new Date(version.createdAt).toISOString(),
    description: version.description ?? '',
    template: version.tags.get(PROMPT_TEXT) ?? '',
    tags: entriesOf(version.tags).filter(({ key }) => key !== PROMPT_TEXT),
  });
  return [
    {
      method: 'POST',
      path: BASE,
      handle: ({ body }) => {
        const fields = (body['prompt'] ?? {}) as Fields;
        const name = optionalText(body, 'name') ?? requiredText(fields, 'name');
        const [catalog = '', schema = '', leaf = '', ...more] = name.split('.');
        if (leaf === '' || more.length > 0)
          throw invalidParameter(`Prompt name '${name}' must have the form catalog.schema.name.`);
        if (!schemaExists(catalog, schema))
          throw new ApiError(404, 'SCHEMA_DOES_NOT_EXIST', `Schema '${catalog}.${schema}' does not exist.`);
        const prompt = { name, description: optionalText(fields, 'description') ?? null };
        return promptBody(addPrompt(store, prompt, readEntries(fields['tags'], 'tags')));
      },
    },
    {
      method: 'GET',
      path: ONE,
      handle: ({ params }) => promptBody(promptOf(store, nameOf(params))),
    },
    {
      method: 'DELETE',
      path: ONE,
      handle: ({ params }) => {
        store.prompts.delete(promptOf(store, nameOf(params)).name);
        return {};
      },
    },
    {
      method: 'POST',
      path: `${ONE}/versions`,
      handle: ({ params, body }) => {
        const entry = promptOf(store, nameOf(params));
        const fields = (body['prompt_version'] ?? {}) as Fields;
        const tags = [
          ...readEntries(fields['tags'], 'tags'),
          { key: PROMPT_TEXT, value: requiredText(fields, 'template') },
        ];
        const description = optionalText(fields, 'description') ?? null;
        return versionBody(
          entry.name,
          addVersion(store, entry, { source: 'prompt-template', description }, tags),
        );
      },
    },
    {
      method: 'GET',
      path: `${ONE}/versions/by-alias/:alias`,
      handle: ({ params }) =>
        versionBody(nameOf(params), versionOfAlias(store, nameOf(params), params['alias'] ?? '')),
    },
    {
      method: 'GET',
      path: `${ONE}/versions/:version`,
      handle: ({ params }) =>
        versionBody(nameOf(params), versionOf(store, nameOf(params), params['version'] ?? '')),
    },
    {
      method: 'POST',
      path: `${ONE}/aliases/:alias`,
      handle: ({ params, body }) => {
        setAlias(store, nameOf(params), params['alias'] ?? '', requiredText(body, 'version'));
        return {};
      },
    },
    {
      method: 'DELETE',
      path: `${ONE}/aliases/:alias`,
      handle: ({ params }) => {
        promptOf(store, nameOf(params)).aliases.delete(params['alias'] ?? '');
        return {};
      },
    },
  ];
}
