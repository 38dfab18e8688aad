import { columnPiece } from './dimensions.ts';
import type { Condition } from './filters.ts';
import type { Knowledge } from './knowledge.ts';
import type { Reading } from './reading.ts';
import type { Scope } from './scope.ts';

/** Words that may stand between "not" and what has not happened. */
const BETWEEN = /^(?:yet|been|be|being|ever|have|has|had|still)$/;
const MISSING_DATE = 1.2;

/** "not yet closed", where a date says when it was: rows without that date. A period in the question is about the date itself. */
export function missingDates(scope: Scope, knowledge: Knowledge, reading: Reading): Condition[] {
  if (reading.time.periods.length > 0 || reading.time.grain !== null) return [];
  return reading.certain.flatMap((link): Condition[] => {
    if (link.target.kind !== 'column' || link.target.column.kind !== 'date') return [];
    const { column } = link.target;
    const asset = knowledge.schema.asset(column.asset);
    let before = link.start - 1;
    while (BETWEEN.test(reading.tokens[before]?.lower ?? '')) before--;
    const negated = /^(?:not|never)$/.test(reading.tokens[before]?.lower ?? '');
    if (!negated || column.role === 'measure' || asset === undefined || scope.reach(asset) < 0.5) return [];
    const ref = columnPiece(column, asset, scope, null);
    return [
      {
        sql: `${ref.sql} IS NULL`,
        nodes: ref.nodes,
        score: MISSING_DATE * scope.reach(asset),
        why: `${column.name} is missing`,
      },
    ];
  });
}
