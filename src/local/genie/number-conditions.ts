import type { Comparison } from './comparisons.ts';
import { columnPiece } from './dimensions.ts';
import type { Condition } from './filters.ts';
import { scoreTargets } from './links.ts';
import type { MeasureChoice } from './measures.ts';
import type { Asset, AssetColumn } from './model.ts';
import type { Reading } from './reading.ts';
import type { Scope } from './scope.ts';

/** A condition on one number of every row. */
export interface NumberCondition extends Condition {
  readonly asset: Asset;
  readonly column: AssetColumn;
  readonly comparison: Comparison;
}

export interface NumberConditions {
  readonly where: readonly NumberCondition[];
  readonly having: readonly string[];
}

/**
 * "more than 5 …" as WHERE on the number column named beside it, or as HAVING on the measure it stands beside.
 *
 * A comparison whose column nobody names is left out: Genie cannot know it.
 */
export function numberConditions(
  scope: Scope,
  reading: Reading,
  measures: readonly { readonly choice: MeasureChoice; readonly tokens: readonly number[] }[],
): NumberConditions {
  const where: NumberCondition[] = [];
  const having: string[] = [];
  for (const comparison of reading.comparisons) {
    const measured = measures.find(
      ({ choice, tokens }) => choice.column === null && !choice.guessed && near(comparison, tokens),
    );
    const aggregated = measures.find(
      ({ tokens }) =>
        tokens.length > 1 &&
        near(comparison, tokens) &&
        tokens.some((index) => AGGREGATE_WORDS.test(reading.tokens[index]?.lower ?? '')),
    );
    const named = namedNumber(comparison, scope, reading);
    const counted = measures.find(({ tokens }) => tokens[0] === comparison.span.end);
    if (counted !== undefined) having.push(written(counted.choice.piece.sql, comparison));
    else if (measured !== undefined || aggregated !== undefined)
      having.push(written((measured ?? aggregated)?.choice.piece.sql ?? '', comparison));
    else if (named !== null) {
      const ref = columnPiece(named.column, named.asset, scope, null);
      where.push({
        sql: written(ref.sql, comparison),
        nodes: ref.nodes,
        score: named.score,
        why: named.column.name,
        asset: named.asset,
        column: named.column,
        comparison,
      });
    }
  }
  return { where, having };
}

const AGGREGATE_WORDS = /^(?:total|sum|average|avg|mean|number|count|many|overall|combined)$/;

const near = (comparison: Comparison, tokens: readonly number[]): boolean => {
  const last = tokens.at(-1);
  return last !== undefined && comparison.span.start - last >= 1 && comparison.span.start - last <= 3;
};

/** The best linked number column among the words just before and just after the comparison. */
function namedNumber(
  comparison: Comparison,
  scope: Scope,
  reading: Reading,
): { asset: Asset; column: AssetColumn; score: number } | null {
  const { start, end } = comparison.span;
  const around = [start - 4, start - 3, start - 2, start - 1, end, end + 1, end + 2].filter(
    (index) => index >= 0 && index < reading.tokens.length,
  );
  const windows = [
    around.filter((index) => index < start && index >= start - 3),
    around.filter((index) => index >= end),
    around,
  ];
  for (const within of windows) {
    let best: { asset: Asset; column: AssetColumn; score: number } | null = null;
    for (const { target, score } of scoreTargets(reading.links, reading.tokens, within).values()) {
      if (
        target.kind !== 'column' ||
        target.column.kind !== 'number' ||
        target.column.isKey ||
        target.column.role === 'measure'
      )
        continue;
      const reached = score * scope.reach(target.asset);
      if (reached > 0.5 && (best === null || reached > best.score))
        best = { asset: target.asset, column: target.column, score: reached };
    }
    if (best !== null) return best;
  }
  return null;
}

/** The comparison as SQL. */
export const written = (ref: string, { operator, values }: Comparison): string =>
  operator === 'BETWEEN'
    ? `${ref} BETWEEN ${values[0] ?? 0} AND ${values[1] ?? 0}`
    : `${ref} ${operator} ${values[0] ?? 0}`;
