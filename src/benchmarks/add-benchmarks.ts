import { isCollection, isMap, isSeq, LineCounter, parseDocument, stringify, type YAMLSeq } from 'yaml';
import { canonicalJson } from '../core/index.ts';
import { benchmarkSchema, questionDefaults, type Benchmark } from './benchmark.ts';
import { isRunTimeKey } from './edit-benchmark.ts';
import { BenchmarkEditError, BenchmarkFormatError, placeText } from './errors.ts';

export interface AddBenchmarksOptions {
  /** Key of the list; it is made at the end of the file when it is missing. */
  readonly domain: string;
  /** Name of the file for messages. */
  readonly file?: string;
}

/**
 * Puts questions behind the last one of a domain in a YAML or JSON text and leaves every other byte as it is.
 *
 * Fields with their default value, and run-time keys, are not written. The result is read again and
 * compared before it is returned. An empty text becomes a new file.
 *
 * @throws {BenchmarkFormatError} when the text is malformed
 * @throws {BenchmarkEditError} when an id is in use, or the list cannot be added to
 */
export function addBenchmarks(
  text: string,
  questions: readonly Benchmark[],
  { domain, file = 'benchmarks' }: AddBenchmarksOptions,
): string {
  if (questions.length === 0) return text;
  const { root, list } = findList(text, domain, file);
  const before = (list?.toJSON() ?? []) as readonly unknown[];
  refuseTakenIds(before, questions, file);
  const records = questions.map(writtenFields);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  let added: string;
  if (list === null) {
    if (root !== null && (root.flow === true || !isMap(root) || root.has(domain)))
      throw new BenchmarkEditError(
        `${file} has no list of questions under '${domain}' that can be added to. Write the first question by hand.`,
        { file, domain },
      );
    const gap = text === '' || /\n[ \t]*\r?\n$/.test(text) ? '' : text.endsWith('\n') ? eol : eol + eol;
    added = `${text}${gap}${keyText(domain)}:${eol}${blockItems(records, '  ', eol)}`;
  } else added = list.flow === true ? intoFlow(text, list, records) : intoBlock(text, list, records, eol);
  const after = findList(added, domain, file).list?.toJSON() as unknown;
  if (canonicalJson(after) !== canonicalJson([...before, ...records]))
    throw new BenchmarkEditError(`The questions cannot be added to ${file} in place. Add them by hand.`, {
      file,
      domain,
    });
  return added;
}

/** A question as a file holds it: known fields in the order of the schema, no defaults, no run-time keys. */
export function writtenFields(question: Benchmark): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  const defaults: Readonly<Record<string, unknown>> = questionDefaults();
  const always = new Set([
    'id',
    'question',
    'expected_sql',
    'expected_asset',
    'category',
    'source',
    'priority',
  ]);
  for (const key of [...Object.keys(benchmarkSchema.shape), ...Object.keys(question)]) {
    const value = question[key];
    if (value === undefined || isRunTimeKey(key) || key in fields) continue;
    if (always.has(key) || canonicalJson(value) !== canonicalJson(defaults[key] ?? null)) fields[key] = value;
  }
  return fields;
}

function findList(text: string, domain: string, file: string) {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw new BenchmarkFormatError(
      `${placeText(file, { line, column: col })}: ${error.message}. Correct the file before adding to it.`,
      { file, line, column: col },
      error,
    );
  }
  const root = isCollection(document.contents) ? document.contents : null;
  const value = isMap(root)
    ? root.has(domain)
      ? root.get(domain, true)
      : root.get('benchmarks', true)
    : (root ?? undefined);
  return { root, list: isSeq(value) && value.items.length > 0 ? value : null };
}

function refuseTakenIds(before: readonly unknown[], questions: readonly Benchmark[], file: string): void {
  const taken = new Set(
    before.map((entry) => (entry as { id?: unknown; question_id?: unknown } | null)?.id ?? null),
  );
  for (const { id } of questions) {
    if (taken.has(id))
      throw new BenchmarkEditError(
        `${file} has a question '${id}' already. Give the new one an id of its own.`,
        { file, id },
      );
    taken.add(id);
  }
}

function intoBlock(text: string, list: YAMLSeq, records: readonly object[], eol: string): string {
  const start = list.range?.[0] ?? 0;
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
  const end = start + text.slice(start, list.range?.[1] ?? text.length).replace(/\s+$/, '').length;
  const lineEnd = text.indexOf('\n', end);
  const at = lineEnd === -1 ? text.length : lineEnd + 1;
  const head = text.slice(0, at);
  // Lists whose questions are set apart by blank lines go on that way.
  const gap =
    (head.endsWith('\n') ? '' : eol) + (/\n[ \t]*\r?\n[ \t]*(?:#|-)/.test(text.slice(start, at)) ? eol : '');
  return `${head}${gap}${blockItems(records, indent, eol, gap.endsWith(eol + eol) || gap === eol)}${text.slice(at)}`;
}

function blockItems(records: readonly object[], indent: string, eol: string, spaced = true): string {
  return records
    .map((record) =>
      stringify([record], { lineWidth: 0, blockQuote: 'literal' })
        .replaceAll(/^(?=.)/gm, indent)
        .replaceAll('\n', eol),
    )
    .join(spaced ? eol : '');
}

function intoFlow(text: string, list: YAMLSeq, records: readonly object[]): string {
  const close = text.lastIndexOf(']', (list.range?.[1] ?? text.length) - 1);
  const items = records.map((record) => JSON.stringify(record)).join(', ');
  const head = text.slice(0, close).replace(/[\s,]+$/, '');
  return `${head}, ${items}${text.slice(head.length, close).replace(',', '')}${text.slice(close)}`;
}

const keyText = (domain: string): string => (/^[a-z][\w-]*$/i.test(domain) ? domain : JSON.stringify(domain));
