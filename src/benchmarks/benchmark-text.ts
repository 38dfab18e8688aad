import { isAlias, isMap, isSeq, parseDocument, type Document, type Node } from 'yaml';
import { BenchmarkFormatError, placeText, type TextPosition } from './errors.ts';
import { jsonMistakeAt } from './json-mistake.ts';

export type NodePath = readonly (string | number)[];

/** A benchmark file as data, with the place of everything in it. */
export interface BenchmarkText {
  readonly value: unknown;
  /** Where a value stands; for a value that is not there, its nearest existing parent. */
  positionOf(path: NodePath): TextPosition;
}

/**
 * Reads YAML, or JSON when the text is JSON.
 *
 * @param file - name for messages
 * @throws {BenchmarkFormatError} with the line and column of the first mistake
 */
export function readBenchmarkText(text: string, file: string): BenchmarkText {
  const source = text.replace(/^\uFEFF/, '');
  if (file.toLowerCase().endsWith('.json') || /^\s*[[{]/.test(source)) {
    const json = tryJson(source);
    if (json.ok) {
      // Positions are needed for mistakes only, and then the slower reading is worth it.
      let document: Document | undefined;
      return {
        value: json.value,
        positionOf: (path) =>
          positionIn((document ??= parseDocument(source, { prettyErrors: false })), source, path),
      };
    }
    if (file.toLowerCase().endsWith('.json')) {
      throw formatError(file, jsonErrorPosition(source), json.error.message, json.error);
    }
  }
  // Lines are counted when a mistake is reported, not while reading.
  const document = parseDocument(source, { prettyErrors: false });
  const [first] = document.errors;
  if (first !== undefined) throw formatError(file, at(source, first.pos[0]), first.message, first);
  return { value: plainValue(document, file), positionOf: (path) => positionIn(document, source, path) };
}

function tryJson(source: string): { ok: true; value: unknown } | { ok: false; error: Error } {
  try {
    return { ok: true, value: JSON.parse(source) };
  } catch (error) {
    return { ok: false, error: error as Error };
  }
}

/** Data of a document; aliases are resolved up to the parser's limit. */
function plainValue(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw formatError(file, { line: 1, column: 1 }, (error as Error).message, error);
  }
}

const formatError = (
  file: string,
  position: TextPosition,
  problem: string,
  cause: unknown,
): BenchmarkFormatError =>
  new BenchmarkFormatError(
    `${placeText(file, position)}: the benchmark file cannot be read: ${problem.split('\n')[0]?.replace(/\.$/, '')}. Correct the file at this line.`,
    { file, ...position },
    cause,
  );

const jsonErrorPosition = (source: string): TextPosition => at(source, jsonMistakeAt(source));

function positionIn(document: Document, source: string, path: NodePath): TextPosition {
  let node: unknown = document.contents;
  let offset = offsetOf(node) ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (!isMap(node) && !isSeq(node)) break;
    const pair = isMap(node) ? node.items.find((item) => keyText(item.key) === step) : undefined;
    offset = offsetOf(pair?.key) ?? offset;
    node = node.get(step, true);
    if (pair === undefined) offset = offsetOf(node) ?? offset;
  }
  return at(source, offset);
}

const keyText = (key: unknown): unknown =>
  typeof key === 'object' && key !== null && 'value' in key ? key.value : key;

const offsetOf = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];

function at(source: string, offset: number): TextPosition {
  const before = source.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
