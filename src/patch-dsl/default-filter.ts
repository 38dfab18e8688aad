import { nameParts } from '../core/index.ts';
import { snippets } from '../spaces/index.ts';
import type { SqlSnippet } from '../spaces/index.ts';
import type { Failed } from './rendering.ts';
import { failed } from './rendering.ts';
import type { SourcePlace } from './resolve.ts';
import { resolveSource } from './resolve.ts';
import type { Snapshot } from './snapshot.ts';
import { fragmentKey, fragmentProblem, qualifyColumns } from './sql-fragment.ts';
import { quote } from './text-edit.ts';

/**
 * Default filters as the API knows them: filter snippets with qualified columns and an instruction that says
 * when they hold. (`data_sources.*.default_filters` does not exist; the API refuses it.)
 */
export interface FilterPlace {
  readonly status: 'found';
  readonly source: SourcePlace;
  /** The condition with qualified columns. */
  readonly sql: string;
  /** The filters that say the same. */
  readonly matches: readonly SqlSnippet[];
}

export function resolveFilter(target: string, condition: string, snapshot: Snapshot): FilterPlace | Failed {
  const source = resolveSource(target, snapshot);
  if (source.status === 'failed') return source;
  const problem = fragmentProblem(condition);
  if (problem !== null)
    return failed('INVALID_SQL', `The condition ${quote(condition)} cannot be used: ${problem}.`);
  const sql = qualified(source, condition);
  const key = fragmentKey(sql);
  const matches = snippets(snapshot.space, 'filters').filter(
    (filter) => fragmentKey(qualified(source, filter.sql.join(''))) === key,
  );
  return { status: 'found', source, sql, matches };
}

function qualified({ source, table }: SourcePlace, condition: string): string {
  const columns = [
    ...(table?.columns.map(({ name }) => name) ?? []),
    ...(source.column_configs?.map(({ column_name }) => column_name) ?? []),
  ];
  return qualifyColumns(condition.trim(), nameParts(source.identifier).at(-1) ?? source.identifier, columns);
}

export const filterKey = (table: string, condition: string): string =>
  `filter:${table}#${fragmentKey(condition)}`;

/** What the filter's instruction says unless the patch says something else. */
export const defaultFilterInstruction = (table: string): string =>
  `Apply to every question about ${nameParts(table).at(-1) ?? table} unless the question asks otherwise.`;
