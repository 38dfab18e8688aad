import { InvalidOptionError, nameKey, nameParts, shortName } from '../../core/index.ts';
import type { FileStore } from '../../ports/index.ts';
import type { TemplateVariables } from '../../sql/index.ts';
import { FileTemplates } from './file-templates.ts';
import { functionStatements } from './function-file.ts';
import { RepoFileAmbiguousError } from './repo-errors.ts';
import { hasCode } from '../../core/index.ts';
import { yamlValue } from './yaml-files.ts';

/** Folders or files; those of functions end with `.sql`, the others with `.yaml` or `.yml`. */
export type RepoPlaces = string | readonly string[];

export const REPO_KINDS = ['metricViews', 'functions', 'tables'] as const;
export type RepoKind = (typeof REPO_KINDS)[number];

/** Members by which a metric view's file can name its view; else the name of the file does. */
const VIEW_NAME_KEYS = ['name', 'view_name', 'metric_view_name'];

interface Entry {
  readonly path: string;
  /** In comparison form; with or without catalog and schema. */
  readonly name: string;
}

/** Which file describes which object, by the names in the files. */
export interface RepoIndex {
  /**
   * The file of an object; `null` when there is none.
   *
   * @throws {RepoFileAmbiguousError}
   */
  find(object: string): string | null;
  /** All files that were looked at, with their texts. */
  readonly texts: ReadonlyMap<string, string>;
  /** Files that could not be read as what they should be. */
  readonly unreadable: readonly string[];
}

/** Reads the files of one kind and the names in them. */
export async function indexFiles(
  kind: RepoKind,
  places: RepoPlaces,
  files: FileStore,
  variables: TemplateVariables,
): Promise<RepoIndex> {
  const ending = kind === 'functions' ? /\.sql$/i : /\.ya?ml$/i;
  const paths: string[] = [];
  for (const place of typeof places === 'string' ? [places] : places)
    paths.push(...(ending.test(place) ? [place] : await list(kind, place, files, ending)));
  const texts = new Map<string, string>();
  const entries: Entry[] = [];
  const unreadable: string[] = [];
  for (const path of new Set(paths)) {
    const text = await files.read(path);
    if (text === null) continue;
    texts.set(path, text);
    const names = namesIn(kind, path, text, variables);
    if (names === null) unreadable.push(path);
    entries.push(...(names ?? []).map((name): Entry => ({ path, name: nameKey(name) })));
  }
  return { texts, unreadable, find: (object) => findIn(entries, object) };
}

async function list(kind: RepoKind, folder: string, files: FileStore, ending: RegExp): Promise<string[]> {
  if (files.list === undefined)
    throw new InvalidOptionError(
      kind,
      `is the folder '${folder}', but this store cannot list folders; pass the paths of the files`,
    );
  const found = await files.list(folder);
  return found.filter((path) => ending.test(path));
}

/** `null` when the file cannot be read. */
function namesIn(
  kind: RepoKind,
  path: string,
  text: string,
  variables: TemplateVariables,
): readonly string[] | null {
  const templates = new FileTemplates(text, variables);
  if (kind === 'functions') return functionStatements(text, templates).map(({ name }) => name);
  const value = readYaml(text);
  if (value === undefined) return kind === 'metricViews' ? [stem(path)] : null;
  const keys = kind === 'tables' ? ['table_name'] : VIEW_NAME_KEYS;
  const name = keys.map((key) => value?.[key]).find((each) => typeof each === 'string');
  if (name !== undefined) return [templates.resolve(name)];
  // YAML without `table_name` is the file of something else.
  return kind === 'tables' ? [] : [stem(path)];
}

/** `undefined` for a text that is no YAML, `null` for one that is no map. */
function readYaml(text: string): Readonly<Record<string, unknown>> | null | undefined {
  try {
    const value = yamlValue(text);
    return typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown> | null)
      : null;
  } catch (error) {
    if (!hasCode(error, 'TEXT_FORMAT')) throw error;
    return undefined;
  }
}

const stem = (path: string): string => (/([^/\\]+)\.[^.]+$/.exec(path)?.[1] ?? path).replaceAll('.', '_');

/** A file with the full name goes before one with the last part alone. */
function findIn(entries: readonly Entry[], object: string): string | null {
  const wanted = nameParts(nameKey(object));
  const matches = entries.filter(({ name }) => {
    const parts = nameParts(name);
    return (
      shortName(name) === wanted.at(-1) && parts.every((part, at) => part === wanted.at(at - parts.length))
    );
  });
  const longest = Math.max(0, ...matches.map(({ name }) => nameParts(name).length));
  const best = new Set(
    matches.filter(({ name }) => nameParts(name).length === longest).map(({ path }) => path),
  );
  if (best.size > 1) throw new RepoFileAmbiguousError(object, [...best].sort());
  return [...best][0] ?? null;
}
