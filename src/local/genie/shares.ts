import type { Condition } from './filters.ts';
import type { Reading } from './reading.ts';
import type { Shape } from './shape.ts';
import { countOf } from './measures.ts';
import type { Scope } from './scope.ts';

const PERCENT = /^(?:percent|percentage)$/;
const FRACTION = /^(?:share|proportion|fraction|ratio)$/;

/** "what percentage of things is …": the conditions say what is counted, not which rows are looked at. */
export function withShare(
  shape: Shape,
  conditions: readonly Condition[],
  scope: Scope,
  reading: Reading,
): { readonly shape: Shape; readonly conditions: readonly Condition[] } {
  const asked = reading.tokens.findIndex(
    ({ lower }, at) =>
      (PERCENT.test(lower) || FRACTION.test(lower)) && reading.tokens[at + 1]?.lower === 'of',
  );
  const explained = reading.certain.some(({ start, end }) => asked >= start && asked < end);
  const figures = shape.measures.some(({ choice }) => !choice.countsRows);
  if (asked < 0 || explained || figures || conditions.length === 0 || scope.base.kind !== 'table')
    return { shape, conditions };
  const inPercent = reading.tokens.some(({ lower }) => PERCENT.test(lower));
  const held = conditions.map(({ sql }) => sql).join(' AND ');
  const count = countOf(scope.base, null);
  const piece = {
    ...count,
    sql: `${inPercent ? '100.0' : '1.0'} * COUNT_IF(${held}) / COUNT(*)`,
    alias: inPercent ? 'percentage' : 'share',
    nodes: [...count.nodes, ...conditions.flatMap(({ nodes }) => nodes)],
  };
  const choice = { piece, score: 0, guessed: false, countsRows: false, column: null };
  return {
    shape: {
      ...shape,
      measures: [{ choice, tokens: [] }],
      columns: [],
      distinct: false,
      groupScore: shape.groupScore + conditions.reduce((sum, { score }) => sum + score, 0),
    },
    conditions: [],
  };
}
