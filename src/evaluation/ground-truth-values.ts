import type { Asset, ColumnValues } from '../benchmarks/index.ts';
import { nameKey, quoteIdentifier, quoteName, type Problem } from '../core/index.ts';
import type { SqlPort } from '../ports/index.ts';
import { isFatal, statementFailure } from './classify-error.ts';

/** Columns looked at per table. */
const LOOKED_AT = { date: 1, label: 3 } as const;

/** Values for arguments and filters, and what could not be read. */
export interface KnownValues {
  readonly valuesOf: (asset: string, column: string) => ColumnValues | null;
  readonly problems: readonly Problem[];
}

/**
 * Reads the ends of the dates and the number of values of the labels of every table: one statement per table.
 *
 * A table that cannot be read gives no values and a problem.
 */
export async function readValues(
  assets: readonly Asset[],
  { sql, signal }: { readonly sql: SqlPort; readonly signal: AbortSignal | undefined },
): Promise<KnownValues> {
  const known = new Map<string, ColumnValues>();
  const problems: Problem[] = [];
  for (const asset of assets.filter(({ kind }) => kind === 'TABLE')) {
    const columns = (['date', 'label'] as const).flatMap((role) =>
      asset.columns.filter((column) => column.role === role).slice(0, LOOKED_AT[role]),
    );
    if (columns.length === 0) continue;
    const ends = columns.flatMap(({ name }) => {
      const column = quoteIdentifier(name);
      return [`MIN(${column})`, `MAX(${column})`, `COUNT(DISTINCT ${column})`];
    });
    try {
      const { rows } = await sql.execute(
        `SELECT ${ends.map((end, at) => `${end} AS v${at}`).join(', ')} FROM ${quoteName(asset.name)}`,
        { rowLimit: 1, signal },
      );
      for (const [at, { name, role }] of columns.entries()) {
        const [min = null, max = null, distinct = null] = rows[0]?.slice(3 * at, 3 * at + 3) ?? [];
        const values = role === 'label' && min !== null ? [min] : [];
        known.set(keyOf(asset.name, name), { min, max, values, distinct: Number(distinct ?? 0) });
      }
    } catch (error) {
      if (signal?.aborted === true || isFatal(error)) throw error;
      problems.push({
        code: 'VALUES_UNKNOWN',
        severity: 'warning',
        path: asset.name,
        message: `No values of ${asset.name} could be read, so no question filters it: ${statementFailure(error).message}`,
      });
    }
  }
  return { valuesOf: (asset, column) => known.get(keyOf(asset, column)) ?? null, problems };
}

const keyOf = (asset: string, column: string): string => `${nameKey(asset)}#${column.toLowerCase()}`;
