import { isRecord, nearestName } from '../core/index.ts';
import { NoBenchmarksError } from './errors.ts';
import type { NodePath } from './benchmark-text.ts';

/** The entries of one domain and where they stand in the file. */
export interface QuestionList {
  readonly entries: readonly unknown[];
  /** Path of the list: `['tpch']`, `['benchmarks']` or `[]` for a file that is a list. */
  readonly path: NodePath;
}

/**
 * Finds the questions of a domain: key = domain, else key `benchmarks`, else the file is the list.
 *
 * @throws {NoBenchmarksError} when there are none; the message names what the file has
 * @see spec/benchmarks.md §1
 */
export function findQuestionList(value: unknown, domain: string, file: string): QuestionList {
  const keys = isRecord(value) ? Object.keys(value) : [];
  const path = Array.isArray(value)
    ? []
    : keys.includes(domain)
      ? [domain]
      : keys.includes('benchmarks')
        ? ['benchmarks']
        : null;
  if (path === null) throw noDomain(value, keys, domain, file);
  const key = path[0];
  const entries = key === undefined ? value : (value as Record<string, unknown>)[key];
  if (!Array.isArray(entries) || entries.length === 0) {
    const what =
      Array.isArray(entries) || entries === null
        ? 'is empty'
        : `holds ${describe(entries)} instead of a list`;
    throw new NoBenchmarksError(
      `${file} has no questions: ${key === undefined ? 'the list' : `the key '${key}'`} ${what}. Write a list of questions there.`,
      {
        file,
        domain,
        keys,
      },
    );
  }
  return { entries, path };
}

function noDomain(value: unknown, keys: readonly string[], domain: string, file: string): NoBenchmarksError {
  const details = { file, domain, keys, nearest: nearestName(domain, keys) };
  if (keys.length === 0) {
    const what =
      value === null || value === undefined
        ? 'is empty'
        : isRecord(value)
          ? 'has no keys'
          : `holds ${describe(value)}`;
    return new NoBenchmarksError(
      `${file} ${what}. Write the questions as a list under the key '${domain}'.`,
      details,
    );
  }
  const hint = details.nearest === null ? '' : ` Did you mean '${details.nearest}'?`;
  return new NoBenchmarksError(
    `${file} has no questions for the domain '${domain}'. It has the keys ${keys.map((key) => `'${key}'`).join(', ')}.${hint} Name one of them as the domain, or add the key '${domain}' or 'benchmarks'.`,
    details,
  );
}

const describe = (value: unknown): string =>
  isRecord(value) ? 'a mapping' : value === null ? 'nothing' : `a ${typeof value}`;
