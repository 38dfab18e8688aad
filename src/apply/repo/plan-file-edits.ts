import { nameKey, shortName } from '../../core/index.ts';
import type { CatalogEdit, PatchPlan, SpaceEdit } from '../../patch-dsl/index.ts';
import type { CatalogFunction, FileStore } from '../../ports/index.ts';
import { formatPath } from '../../spaces/index.ts';
import type { TemplateVariables } from '../../sql/index.ts';
import type { FileEdit } from '../../session/index.ts';
import { located, type EditStatus } from './edit-step.ts';
import { FileTemplates } from './file-templates.ts';
import { editFunctionFile, functionStatements } from './function-file.ts';
import { RepoFileMissingError } from './repo-errors.ts';
import { indexFiles, type RepoIndex, type RepoKind, type RepoPlaces } from './repo-index.ts';
import { editSpaceFile } from './space-file.ts';
import { editMetricViewFile, editTableFile, noPlaceFor, type TableNote } from './yaml-files.ts';

/** Where the repository keeps what the live side shows. What is left out has no file. */
export interface RepoOptions {
  /** Folders are listed through `list`; without it pass paths of files. */
  readonly files: FileStore;
  /** The serialized space as JSON: bare, `*.geniespace.json`, or the API's answer around `serialized_space`. */
  readonly space?: string | undefined;
  /** YAML of metric views; a file is found by `name` in it, else by its own name. */
  readonly metricViews?: RepoPlaces | undefined;
  /** SQL files with `CREATE FUNCTION` statements. A new function gets a file in the first folder. */
  readonly functions?: RepoPlaces | undefined;
  /** YAML of the form `table_name`, `comment`, `columns[]`. */
  readonly tables?: RepoPlaces | undefined;
  /** Values of `${catalog}`, `${gold_schema}` and others in the files. */
  readonly variables?: TemplateVariables | undefined;
  /** What happens to a change that no file can hold: `report` (default), or `required`: an error before anything is written. */
  readonly persist?: 'report' | 'required' | undefined;
}

/** What becomes of one step of a plan in the repository. */
export interface RepoEffect {
  readonly patch_id: string;
  /** Full name, or `space`. */
  readonly object: string;
  readonly place: string;
  /** `null` when no file holds it. */
  readonly path: string | null;
  /** `already`: the file said so before. */
  readonly status: EditStatus | 'unpersisted';
  /** Why it is not persisted. */
  readonly reason: string | null;
}

/** The edits of files that go with a plan. */
export interface RepoEdits {
  /** For {@link ChangeSet.files}; one per file that changes. */
  readonly files: readonly FileEdit[];
  /** One per step of the plan, in order. */
  readonly effects: readonly RepoEffect[];
  /** What would exist on the live side only. */
  readonly unpersisted: readonly { readonly object: string; readonly reason: string }[];
}

/**
 * What a plan changes in the files of a repository, in templates and formatting of the files; nothing is written.
 *
 * @throws {RepoFileConflictError} a file says something else than the live side did
 * @throws {RepoFileAmbiguousError} several files describe one object
 * @throws {RepoFileMissingError} with `persist: 'required'`
 * @throws {RepoFileFormatError}
 * @see spec/control-levers.md §4
 */
export async function planFileEdits(plan: PatchPlan, options: RepoOptions): Promise<RepoEdits> {
  const repo = new RepoTexts(options);
  const effects: RepoEffect[] = [];
  for (const { patch_id, steps } of plan.patches)
    for (const step of steps) {
      const outcome = step.kind === 'space' ? await editSpace(repo, step) : await editObject(repo, step);
      const object = step.kind === 'space' ? 'space' : step.object;
      effects.push({ patch_id, object, place: formatPath(step.path), ...outcome });
    }
  const reasons = new Map(
    effects.flatMap(({ object, reason }) =>
      reason === null ? [] : [[`${object}\n${reason}`, { object, reason }]],
    ),
  );
  const unpersisted = [...reasons.values()];
  if (options.persist === 'required' && unpersisted.length > 0) throw new RepoFileMissingError(unpersisted);
  return { files: repo.edits(), effects, unpersisted };
}

type Outcome = Pick<RepoEffect, 'path' | 'status' | 'reason'>;

const unpersisted = (reason: string): Outcome => ({ path: null, status: 'unpersisted', reason });
const persisted = (path: string, status: EditStatus): Outcome => ({ path, status, reason: null });

/** The texts of a repository as the edits so far leave them. */
class RepoTexts {
  readonly options: RepoOptions;
  readonly variables: TemplateVariables;
  readonly #before = new Map<string, string | null>();
  readonly #now = new Map<string, string | null>();
  readonly #indexes = new Map<RepoKind, Promise<RepoIndex>>();

  constructor(options: RepoOptions) {
    this.options = options;
    this.variables = options.variables ?? {};
  }

  async read(path: string): Promise<string | null> {
    const now = this.#now.get(path);
    if (now !== undefined) return now;
    const text = await this.options.files.read(path);
    this.#before.set(path, text);
    this.#now.set(path, text);
    return text;
  }

  write(path: string, text: string | null): void {
    this.#now.set(path, text);
  }

  /** `null` when the option names no place of this kind. */
  async index(kind: RepoKind): Promise<RepoIndex | null> {
    const places = this.options[kind];
    if (places === undefined) return null;
    const known = this.#indexes.get(kind) ?? indexFiles(kind, places, this.options.files, this.variables);
    this.#indexes.set(kind, known);
    return known;
  }

  edits(): FileEdit[] {
    return [...this.#now].flatMap(([path, after]) => {
      const before = this.#before.get(path) ?? null;
      return before === after ? [] : [{ path, before, after }];
    });
  }
}

async function editSpace(repo: RepoTexts, step: SpaceEdit): Promise<Outcome> {
  const { space: path } = repo.options;
  if (path === undefined) return unpersisted("the option 'space' names no file");
  const text = await repo.read(path);
  if (text === null) return unpersisted(`there is no file ${path}`);
  const { text: next, statuses } = editSpaceFile(path, text, [step], repo.variables);
  repo.write(path, next);
  return persisted(path, statuses[0] ?? 'already');
}

async function editObject(repo: RepoTexts, step: CatalogEdit): Promise<Outcome> {
  const [section, , member, ...rest] = step.path;
  if (section === 'functions') return editFunction(repo, step);
  if (member === 'definition') return editDefinition(repo, step);
  const [column, part] = member === 'columns' ? [rest[0], rest.slice(1)] : [null, [member, ...rest]];
  const [kind, tag] = part;
  if ((kind !== 'comment' && kind !== 'tags') || typeof column === 'string')
    return unpersisted(`no file has a place for ${formatPath(step.path)}`);
  const note: TableNote = {
    column: column?.is ?? null,
    tag: kind === 'tags' && typeof tag === 'string' ? tag : null,
    from: step.from,
    to: step.to,
  };
  const found = await fileOf(
    repo,
    ['tables', ...(note.column === null ? (['metricViews'] as const) : [])],
    step.object,
  );
  if ('reason' in found) return found;
  const { path, text } = found;
  const reason = noPlaceFor(path, text, note, repo.variables);
  if (reason !== null) return unpersisted(reason);
  const { text: next, status } = editTableFile(path, text, note, repo.variables);
  repo.write(path, next);
  return persisted(path, status);
}

async function editDefinition(repo: RepoTexts, step: CatalogEdit): Promise<Outcome> {
  const found = await fileOf(repo, ['metricViews'], step.object);
  if ('reason' in found) return found;
  const { path, text } = found;
  const definition = { from: asText(step.from), to: asText(step.to) };
  const { text: next, status } = editMetricViewFile(path, text, definition, repo.variables);
  repo.write(path, next);
  return persisted(path, status);
}

async function editFunction(repo: RepoTexts, step: CatalogEdit): Promise<Outcome> {
  const from = step.from as CatalogFunction | undefined;
  const to = step.to as CatalogFunction | undefined;
  const found = await fileOf(repo, ['functions'], step.object);
  if ('reason' in found)
    return from === undefined && to !== undefined ? createFile(repo, step, found) : found;
  const { path, text } = found;
  const templates = new FileTemplates(text, repo.variables);
  const statement = functionStatements(text, templates).find(({ name }) => sameTail(name, step.object));
  if (statement === undefined) return unpersisted(`${path} creates it no more`);
  const { text: next, status } = located(path, step.object, () =>
    editFunctionFile(path, text, statement, { from, to }, templates),
  );
  repo.write(path, next);
  return persisted(path, status);
}

/** A new function gets a file of its own beside the others, with their placeholders. */
async function createFile(repo: RepoTexts, step: CatalogEdit, none: Outcome): Promise<Outcome> {
  const places = repo.options.functions ?? [];
  const folder = (typeof places === 'string' ? [places] : places).find((place) => !place.endsWith('.sql'));
  if (folder === undefined) return none;
  const path = `${folder.replace(/\/$/, '')}/${shortName(step.object)}.sql`;
  if ((await repo.read(path)) !== null) return unpersisted(`${path} is the file of something else`);
  const index = await repo.index('functions');
  const neighbours = [...(index?.texts.values() ?? [])].join('\n');
  const templates = new FileTemplates(neighbours, repo.variables);
  repo.write(path, `${located(path, step.object, () => templates.write(step.sql, undefined, 'sql'))};\n`);
  return persisted(path, 'written');
}

/** The file of an object among some kinds of files, or why there is none. */
async function fileOf(
  repo: RepoTexts,
  kinds: readonly RepoKind[],
  object: string,
): Promise<{ readonly path: string; readonly text: string } | (Outcome & { readonly reason: string })> {
  const looked: string[] = [];
  for (const kind of kinds) {
    const index = await repo.index(kind);
    if (index === null) {
      if (kind === kinds[0]) looked.push(`the option '${kind}' names no files`);
      continue;
    }
    const path = index.find(object);
    const text = path === null ? null : await repo.read(path);
    if (path !== null && text !== null) return { path, text };
    looked.push(`no file of '${kind}' names it`, ...index.unreadable.map((each) => `${each} cannot be read`));
  }
  return { path: null, status: 'unpersisted', reason: looked.join(', ') };
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Whether a name, full or not, means an object. */
const sameTail = (name: string, object: string): boolean =>
  nameKey(object) === name || nameKey(object).endsWith(`.${name}`);
