import type { Asset, AssetKind, QuestionDraft } from '../benchmarks/index.ts';
import { sameObject } from '../core/index.ts';
import type { CatalogSnapshot, StatementResult } from '../ports/index.ts';
import {
  analyzeSql,
  resolveSql,
  templateVariables,
  type SqlFacts,
  type SqlFactsCache,
} from '../sql/index.ts';
import { isEmptyResult, runKey, type RunKeyContext } from './ground-truth-check.ts';

export interface VettingContext extends RunKeyContext {
  readonly catalog: CatalogSnapshot;
  readonly factsCache: SqlFactsCache;
  readonly maxAnswerRows: number;
}

/** A draft that may be kept: the assets it reads, full names, and the kind of answer they make. */
export interface Vetted {
  readonly assets: readonly string[];
  readonly kind: AssetKind;
}

/**
 * Looks at a draft and then runs it; a statement that names what the space does not offer is never run.
 *
 * @returns why it cannot be kept, or what it reads
 */
export async function vetDraft(
  draft: QuestionDraft,
  assets: readonly Asset[],
  context: VettingContext,
): Promise<string | Vetted> {
  const unknown = templateVariables(draft.expected_sql).find(
    (name) => !Object.hasOwn(context.variables, name),
  );
  if (unknown !== undefined) return `it uses \${${unknown}}, which has no value`;
  const tables = context.catalog.tables.map(({ name, columns }) => ({
    name,
    columns: columns.map((one) => one.name),
  }));
  const facts = await analyzeSql(resolveSql(draft.expected_sql, context.variables), {
    tables,
    cache: context.factsCache,
  });
  const used = usedAssets(facts, assets);
  if (typeof used === 'string') return used;
  if (facts.limit !== null && facts.orderBy.length === 0)
    return 'it limits rows without an order, so its answer would change from run to run';
  const run = await runKey({ id: draft.question }, draft.expected_sql, context);
  if (!run.ok) return `${run.reason}: ${run.error}`;
  if (isEmptyResult(run.result)) return 'it returns nothing';
  const { length } = run.result.rows;
  if (length > context.maxAnswerRows)
    return `it returns ${length} rows; ${context.maxAnswerRows} are enough to compare`;
  if (facts.limit !== null && allTie(run.result)) return 'every row ties, so its limit picks them by name';
  const kind = (['MV', 'TVF'] as const).find((one) => used.some((asset) => asset.kind === one)) ?? 'TABLE';
  return { assets: used.map(({ name }) => name), kind };
}

/** More than one row, and no number tells them apart. */
function allTie({ columns, rows }: StatementResult): boolean {
  const numbers = columns.flatMap(({ typeName }, at) =>
    /INT|LONG|SHORT|DECIMAL|DOUBLE|FLOAT/i.test(typeName) ? [at] : [],
  );
  return (
    rows.length > 1 &&
    numbers.length > 0 &&
    numbers.every((at) => new Set(rows.map((row) => row[at])).size === 1)
  );
}

function usedAssets(facts: SqlFacts, assets: readonly Asset[]): string | readonly Asset[] {
  if (facts.tables.length === 0) return 'it reads no object of the space';
  const used: Asset[] = [];
  for (const { name } of facts.tables) {
    const asset = assets.find((one) => sameObject(one.name, name));
    if (asset === undefined) return `it reads ${name}, which the space does not offer`;
    used.push(asset);
  }
  for (const { table, column } of facts.columns) {
    const asset =
      table === null ? undefined : used.find((one) => one.kind !== 'TVF' && sameObject(one.name, table));
    if (asset !== undefined && !asset.columns.some(({ name }) => name.toLowerCase() === column))
      return `it reads ${asset.name}.${column}, which the space does not offer`;
  }
  return used;
}
