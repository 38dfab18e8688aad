import { isAlias, isMap, isSeq, LineCounter, parseDocument, visit, type YAMLMap } from 'yaml';
import { canonicalJson, InvalidOptionError, nearestName } from '../core/index.ts';
import { BenchmarkEditError, BenchmarkFormatError, placeText } from './errors.ts';
import { keyOf, spliceFor, type BenchmarkChanges } from './yaml-splice.ts';

export type { BenchmarkChanges } from './yaml-splice.ts';

export interface EditBenchmarkOptions {
  /** Only looks under this key; without it the whole file is searched for the id. */
  readonly domain?: string;
  /** Name of the file for messages. */
  readonly file?: string;
}

/**
 * Changes fields of one question in a YAML or JSON text and leaves every other byte as it is.
 *
 * The result is read again and compared with the wanted data before it is returned.
 *
 * @throws {BenchmarkFormatError} when the text is malformed
 * @throws {BenchmarkEditError} when the id is missing or repeated, or the question uses anchors, aliases or merge keys
 * @throws {InvalidOptionError} for a run-time key, which is never written
 * @see spec/sql-and-duckdb.md §5
 */
export function editBenchmark(
  yamlText: string,
  id: string,
  changes: BenchmarkChanges,
  options: EditBenchmarkOptions = {},
): string {
  const internal = Object.keys(changes).find(isRunTimeKey);
  if (internal !== undefined)
    throw new InvalidOptionError('changes', `must not hold the run-time key '${internal}'`);
  const entry = findEntry(yamlText, id, options);
  refuseSharing(entry, id);
  const splices = Object.entries(changes).flatMap(
    ([field, value]) => spliceFor(yamlText, entry, field, value) ?? [],
  );
  const added = splices.filter((splice) => splice.added);
  const replaced = splices.filter((splice) => !splice.added);
  // New fields go in behind the last one, in the order given, so they are joined into one splice.
  const joined =
    added[0] === undefined ? [] : [{ ...added[0], text: added.map((splice) => splice.text).join('') }];
  const edited = [...replaced, ...joined]
    .sort((a, b) => b.from - a.from || b.to - a.to)
    .reduce((text, { from, to, text: put }) => text.slice(0, from) + put + text.slice(to), yamlText);
  verify(edited, entry, id, changes, options);
  return edited;
}

/** Keys that a run puts on a question for its own use. @see spec/benchmarks.md §1.1 */
export const isRunTimeKey = (field: string): boolean =>
  field.startsWith('_') || field === 'expected_row_count_sample';

function findEntry(text: string, id: string, { domain, file = 'benchmarks' }: EditBenchmarkOptions): YAMLMap {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, keepSourceTokens: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw new BenchmarkFormatError(
      `${placeText(file, { line, column: col })}: ${error.message}. Correct the file before editing it.`,
      { file, line, column: col },
      error,
    );
  }
  const root = document.contents;
  const lists = isSeq(root)
    ? [root]
    : isMap(root)
      ? root.items.filter((pair) => domain === undefined || keyOf(pair) === domain).map((pair) => pair.value)
      : [];
  const shared = lists.find((list) => isSeq(list) && list.anchor !== undefined);
  if (shared !== undefined)
    throw new BenchmarkEditError(
      `${file} shares a list of questions by an anchor. Write the lists out before editing them.`,
      { file, id },
    );
  const entries = lists
    .flatMap((list) => (isSeq(list) ? list.items : []))
    .map((item) => (isAlias(item) ? item.resolve(document) : item))
    .filter(isMap);
  const found = entries.filter((item) => idOf(item) === id);
  const [first] = found;
  if (first === undefined) {
    const near = nearestName(
      id,
      entries.flatMap((item) => idOf(item) ?? []),
    );
    throw new BenchmarkEditError(
      `${file} has no question '${id}'.${near === null ? '' : ` Did you mean '${near}'?`}`,
      { file, id, nearest: near },
    );
  }
  if (found.length > 1)
    throw new BenchmarkEditError(
      `${file} has ${found.length} questions with the id '${id}'. Name the domain, or make the ids unique.`,
      { file, id },
    );
  return first;
}

function idOf(entry: YAMLMap): string | undefined {
  const id = entry.get('id') ?? entry.get('question_id');
  return typeof id === 'string' ? id : undefined;
}

/** An edit of a shared node would change other questions too. */
function refuseSharing(entry: YAMLMap, id: string): void {
  const refuse = (what: string): never => {
    throw new BenchmarkEditError(
      `Question '${id}' uses ${what}, so an edit could change other questions. Write its fields out first.`,
      { id, what },
    );
  };
  visit(entry, {
    Alias: () => refuse('an alias'),
    Node: (_, node) =>
      'anchor' in node && node.anchor !== undefined ? refuse(`the anchor '&${node.anchor}'`) : undefined,
    Pair: (_, pair) => (keyOf(pair) === '<<' ? refuse('a merge key') : undefined),
  });
}

function verify(
  edited: string,
  before: YAMLMap,
  id: string,
  changes: BenchmarkChanges,
  options: EditBenchmarkOptions,
): void {
  const wanted = { ...(before.toJSON() as Record<string, unknown>), ...changes };
  for (const [field, value] of Object.entries(changes)) if (value === null) delete wanted[field];
  const after = findEntry(
    edited,
    typeof changes['id'] === 'string' ? changes['id'] : id,
    options,
  ).toJSON() as unknown;
  if (canonicalJson(after) === canonicalJson(wanted)) return;
  throw new BenchmarkEditError(
    `Question '${id}' is written in a way that cannot be edited in place. Change ${Object.keys(changes).join(', ')} by hand.`,
    { id },
  );
}
