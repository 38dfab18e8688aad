import { ApiError, invalidParameter, notFound } from '../server/api-error.ts';
import { checkKey, checkValue } from './mlflow-limits.ts';
import type { MlflowStore } from './mlflow-store.ts';
import type { PromptEntry, PromptVersionEntry } from './prompt-store.ts';

/** @throws {ApiError} 404 */
export function promptOf(store: MlflowStore, name: string): PromptEntry {
  const entry = store.prompts.get(name);
  if (entry === undefined) throw notFound(`Registered Model with name=${name} not found`);
  return entry;
}

/** @throws {ApiError} 404 */
export function versionOf(store: MlflowStore, name: string, version: string): PromptVersionEntry {
  const found = promptOf(store, name).versions.find((each) => each.version === version);
  if (found === undefined) throw notFound(`Model Version (name=${name}, version=${version}) not found`);
  return found;
}

/** @throws {ApiError} RESOURCE_ALREADY_EXISTS */
export function addPrompt(
  store: MlflowStore,
  prompt: { readonly name: string; readonly description: string | null },
  tags: readonly { readonly key: string; readonly value: string }[],
): PromptEntry {
  const { name } = prompt;
  if (!/^[\w.-]+$/.test(name))
    throw invalidParameter(`Invalid name: '${name}'. Letters, digits, '_', '.' and '-' are allowed.`);
  if (store.prompts.get(name) !== undefined)
    throw new ApiError(400, 'RESOURCE_ALREADY_EXISTS', `Registered Model (name=${name}) already exists.`);
  const entry: PromptEntry = {
    ...prompt,
    createdAt: store.now(),
    tags: registryTags(tags),
    versions: [],
    aliases: new Map(),
  };
  store.prompts.set(name, entry);
  return entry;
}

/** @throws {ApiError} */
export function addVersion(
  store: MlflowStore,
  entry: PromptEntry,
  version: Pick<PromptVersionEntry, 'description' | 'source'>,
  tags: readonly { readonly key: string; readonly value: string }[],
): PromptVersionEntry {
  const added: PromptVersionEntry = {
    ...version,
    version: String(entry.versions.length + 1),
    createdAt: store.now(),
    tags: registryTags(tags),
  };
  entry.versions.push(added);
  return added;
}

/** @throws {ApiError} 404 when there is no such version, 400 when the name is reserved */
export function setAlias(store: MlflowStore, name: string, alias: string, version: string): void {
  versionOf(store, name, version);
  if (!/^[\w-]{1,255}$/.test(alias) || /^(?:latest|v\d+)$/i.test(alias))
    throw invalidParameter(
      `Invalid alias '${alias}': letters, digits, '_' and '-'; 'latest' and 'v1' are reserved.`,
    );
  promptOf(store, name).aliases.set(alias, version);
}

/** @throws {ApiError} as the registry does: 400, not 404 */
export function versionOfAlias(store: MlflowStore, name: string, alias: string): PromptVersionEntry {
  const version = promptOf(store, name).aliases.get(alias);
  if (version === undefined) throw invalidParameter(`Registered model alias ${alias} not found.`);
  return versionOf(store, name, version);
}

function registryTags(tags: readonly { readonly key: string; readonly value: string }[]) {
  for (const { key, value } of tags) {
    checkKey('tag', key);
    checkValue('registry tag', key, value);
  }
  return new Map(tags.map(({ key, value }) => [key, value]));
}
