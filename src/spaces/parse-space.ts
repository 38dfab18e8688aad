import { isRecord } from '../core/index.ts';
import { parseExactJson, isExactNumber } from './exact-json.ts';
import { copyJson } from './json-value.ts';
import { migrateSpace } from './migrate-space.ts';
import { SpaceFormatError } from './space-format-error.ts';
import { spaceSchema } from './space.ts';
import type { Space } from './space.ts';

type JsonObject = Record<string, unknown>;

/**
 * Reads a space from its `serialized_space` text, the parsed object, or the API envelope around it.
 *
 * Version 1 becomes version 2. Keys we do not know keep their values exactly, numbers with all their
 * digits. Single strings where the format wants a list of strings are wrapped. The input is not changed
 * and shares nothing with the result.
 * @throws {SpaceFormatError} naming the path and the fix
 * @see spec/databricks-apis.md §3
 */
export function parseSpace(input: unknown): Space {
  const value = unwrap(typeof input === 'string' ? readText(input) : copyJson(input));
  const migrated = migrateSpace(value);
  const checked = spaceSchema.safeParse(migrated);
  if (checked.success) return migrated as Space; // not `checked.data`: zod reorders keys and drops `__proto__`
  const issue = checked.error.issues[0];
  const path = formatIssuePath(issue?.path ?? []);
  throw new SpaceFormatError(
    path,
    issue?.message ?? 'unexpected form',
    'Correct this value to the form of serialized_space version 2.',
  );
}

function readText(text: string): unknown {
  try {
    return copyJson(parseExactJson(text));
  } catch (cause) {
    if (cause instanceof SpaceFormatError) throw cause;
    throw new SpaceFormatError(
      '',
      `it is no JSON (${cause instanceof Error ? cause.message : 'unreadable'})`,
      'Pass the text of serialized_space unchanged.',
      cause,
    );
  }
}

function unwrap(value: unknown): JsonObject {
  if (!isRecord(value)) {
    throw new SpaceFormatError(
      '',
      `an object is needed, found ${describe(value)}`,
      'Pass the serialized_space of a space.',
    );
  }
  const inner = value['serialized_space'];
  if (typeof inner === 'string' && inner !== '') return unwrap(readText(inner));
  if (isRecord(inner)) return unwrap(inner);
  if ('space_id' in value && !('version' in value)) {
    throw new SpaceFormatError(
      'serialized_space',
      'the answer of the API holds no serialized_space',
      'Read the space with include_serialized_space=true, which needs CAN EDIT.',
    );
  }
  const version = isExactNumber(value['version']) ? Number(value['version'].$number) : value['version'];
  if (version !== 1 && version !== 2) {
    throw new SpaceFormatError(
      'version',
      `1 or 2 is needed, found ${describe(version)}`,
      'Set "version": 2.',
    );
  }
  return { ...value, version };
}

const describe = (value: unknown): string =>
  value === undefined
    ? 'nothing'
    : Array.isArray(value)
      ? 'an array'
      : typeof value === 'object'
        ? 'an object'
        : JSON.stringify(value);

const formatIssuePath = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
