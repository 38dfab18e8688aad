import { HEX_ID, isRecord } from '../../core/index.ts';
import {
  parseSpace,
  serializeSpace,
  SPACE_SHAPE,
  V1_COLUMN_FLAGS,
  validateSpace,
} from '../../spaces/index.ts';
import type { FieldShape, ListShape, ObjectShape, SpaceProblem } from '../../spaces/index.ts';
import { invalidParameter, malformedRequest } from './api-error.ts';

/** What the server does with keys it does not know. The service refuses them. */
export type UnknownKeys = 'refuse' | 'keep';

const invalid = (text: string) => invalidParameter(`Invalid serialized_space: ${text}`);
const failedToParse = (text: string) => invalidParameter(`Failed to parse export proto: ${text}`);
const invalidExport = (text: string) => invalidParameter(`Invalid export proto: ${text}`);

/** Lists that the service sorts by itself; every other list must come sorted. @see spec/databricks-apis.md §3.4 */
const SORTED_BY_SERVER = new Set(['config.sample_questions', 'benchmarks.questions']);

/**
 * Checks a `serialized_space` as strictly as the service and answers the text to store: version 2, canonical.
 *
 * @throws {ApiError} 400 with the message family of the service
 * @see spec/databricks-apis.md §3.9
 */
export function acceptSpace(input: unknown, unknownKeys: UnknownKeys): string {
  if (typeof input !== 'string')
    throw malformedRequest("Could not parse request object: Expected 'VALUE_STRING' not 'START_OBJECT'");
  let value: unknown;
  try {
    value = JSON.parse(input);
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : 'the text is no JSON');
  }
  if (typeof value === 'string') throw invalid("Expected 'START_OBJECT' not 'VALUE_STRING'");
  if (!isRecord(value)) throw invalid("Expected 'START_OBJECT'");
  const version = value['version'];
  if (version !== 1 && version !== 2)
    throw invalidExport(
      `ExportConverter supports versions 1 and 2, but got ${typeof version === 'number' ? version : 0}`,
    );
  checkObject(value, SPACE_SHAPE, '', { version, unknownKeys });
  const space = parseStored(input);
  const problem = validateSpace(space).find((each) => each.severity === 'error');
  if (problem !== undefined) throw familyOf(problem);
  return serializeSpace(space);
}

function parseStored(input: string) {
  try {
    return parseSpace(input);
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : 'unexpected form');
  }
}

interface Check {
  readonly version: 1 | 2;
  readonly unknownKeys: UnknownKeys;
}

function checkObject(value: Record<string, unknown>, shape: ObjectShape, path: string, check: Check): void {
  const isColumn = 'enable_format_assistance' in shape;
  for (const [key, item] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    if (isColumn && Object.hasOwn(V1_COLUMN_FLAGS, key)) {
      if (check.version === 1) continue;
      throw invalidExport(
        `${at} uses version 1 fields (${Object.keys(V1_COLUMN_FLAGS).join(', ')}) but the export version is 2`,
      );
    }
    const field = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (field === undefined) {
      if (check.unknownKeys === 'refuse')
        throw invalid(`Cannot find field: ${key} in message databricks.datarooms.export.GenieSpaceExport`);
      continue;
    }
    checkField(item, field, key, at, check);
  }
  for (const [key, field] of Object.entries(shape)) {
    if (
      field.kind === 'value' ||
      field.required !== true ||
      Object.hasOwn(value, key) ||
      key === 'data_sources'
    )
      continue;
    throw failedToParse(`${path === '' ? key : `${path}.${key}`} must be provided`);
  }
}

function checkField(item: unknown, field: FieldShape, key: string, path: string, check: Check): void {
  if (field.kind === 'value') return;
  if (field.kind === 'text') {
    if (!Array.isArray(item)) throw invalid(`Expected an array for ${key} but found ${JSON.stringify(item)}`);
    return;
  }
  if (field.kind === 'object') {
    if (!isRecord(item)) throw invalid(`Expected an object for ${key} but found ${JSON.stringify(item)}`);
    checkObject(item, field.shape, path, check);
    return;
  }
  if (!Array.isArray(item)) throw invalid(`Expected an array for ${key} but found ${JSON.stringify(item)}`);
  checkList(item, field, path, check);
}

function checkList(items: readonly unknown[], field: ListShape, path: string, check: Check): void {
  items.forEach((item, index) => {
    if (!isRecord(item)) throw invalid(`Expected an object in ${path} but found ${JSON.stringify(item)}`);
    if ('id' in field.shape) checkId(item['id'], path);
    checkObject(item, field.shape, `${path}[${index}]`, check);
  });
  if (field.sortKeys.length === 0 || SORTED_BY_SERVER.has(path)) return;
  for (let index = 1; index < items.length; index += 1) {
    if (sortText(items[index - 1], field) <= sortText(items[index], field)) continue;
    throw invalidExport(
      `${path} must be sorted by ${field.sortKeys.length === 1 ? field.sortKeys[0] : `(${field.sortKeys.join(', ')})`}`,
    );
  }
}

/** Sort keys as one text; the separator sorts before every character of a key. */
const sortText = (item: unknown, field: ListShape): string =>
  field.sortKeys.map((key) => textOf((item as Record<string, unknown>)[key])).join('\u0000');

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function checkId(id: unknown, path: string): void {
  if (typeof id === 'string' && HEX_ID.test(id)) return;
  const kind = path.split('.').at(-1)?.replace(/s$/, '') ?? path;
  if (id === undefined || id === null || id === '') {
    throw failedToParse(
      `${kind}.id must be provided and non-empty. Expected lowercase 32-hex UUID without hyphens.`,
    );
  }
  throw failedToParse(
    `${kind}.id ${JSON.stringify(id)} is invalid. Expected lowercase 32-hex UUID without hyphens.`,
  );
}

/** Findings that the service makes while it parses; all others it makes on the parsed space. */
const PARSE_FAMILY: ReadonlySet<string> = new Set(['ID_FORMAT', 'JOIN_SQL_FORM', 'BENCHMARK_ANSWER_FORM']);

/** The family of messages in which the service reports a finding of our validation. */
function familyOf(problem: SpaceProblem) {
  const { code, message, path } = problem;
  if (code === 'SNIPPET_NAME_MISSING') {
    return failedToParse(
      `${path.endsWith('display_name') ? path : `${path}.display_name`} is required but missing`,
    );
  }
  if (code === 'FILTER_ALIAS')
    return invalid('Cannot find field: alias in message databricks.datarooms.export.GenieSpaceExport');
  return PARSE_FAMILY.has(code) ? failedToParse(`${path}: ${message}`) : invalidExport(`${path}: ${message}`);
}
