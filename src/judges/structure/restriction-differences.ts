import { sameAllowed, sameBound, type Allowed } from './constraint.ts';
import type { Difference } from './difference.ts';
import { takePairs } from './pairing.ts';
import type { ReadStatement } from './read-statement.ts';
import type { StatementRestriction } from './statement.ts';

/** Filters left out, added, or with other values or columns. */
export function restrictionDifferences(expected: ReadStatement, generated: ReadStatement): Difference[] {
  const wanted = [...expected.restrictions];
  const found = [...generated.restrictions];
  takePairs(wanted, found, same);
  const differences: Difference[] = [];
  for (const [left, right] of takePairs(wanted, found, sameSubject))
    differences.push(...changed(left, right));
  for (const [left, right] of takePairs(wanted, found, sameSubjectColumns))
    differences.push(rewritten(left, right));
  for (const [left, right] of takePairs(wanted, found, sameValues))
    differences.push(otherColumn(left, right));
  for (const [left, right] of takePairs(wanted, found, sameTextButColumn))
    differences.push(otherColumn(left, right));
  for (const [left, right] of takePairs(wanted, found, bothNotNull))
    differences.push(otherColumn(left, right));
  for (const left of wanted) if (!goneWithColumn(left, expected, generated)) differences.push(leftOut(left));
  for (const right of found) if (right.allowed.form !== 'not_null') differences.push(added(right));
  return differences;
}

type Test = (left: StatementRestriction, right: StatementRestriction) => boolean;

/** WHERE and the condition of an inner join are one place; HAVING on a group key could stand in WHERE. */
const sameClause: Test = (left, right) =>
  left.clause === right.clause || !(left.subject + right.subject).includes('(');
const sameSubject: Test = (left, right) => left.subject === right.subject && sameClause(left, right);
const same: Test = (left, right) => sameSubject(left, right) && sameAllowed(left.allowed, right.allowed);
const sameSubjectColumns: Test = (left, right) =>
  left.columns.shared.length > 0 &&
  left.columns.shared.join() === right.columns.shared.join() &&
  left.allowed.form !== 'not_null' &&
  right.allowed.form !== 'not_null';
const sameValues: Test = (left, right) =>
  left.allowed.form !== 'other' &&
  left.allowed.form !== 'not_null' &&
  sameAllowed(left.allowed, right.allowed);

/** `a LIKE 'x%'` for `b LIKE 'x%'`: known by their texts only, which agree but for the columns. */
const sameTextButColumn: Test = (left, right) =>
  left.allowed.form === 'other' &&
  right.allowed.form === 'other' &&
  left.columns.shared.length > 0 &&
  withoutColumns(left, left.allowed.text) === withoutColumns(right, right.allowed.text);

const withoutColumns = ({ columns }: StatementRestriction, text: string): string =>
  columns.shared.reduce((result, column) => result.replaceAll(column, '?'), text);

/** `a IS NOT NULL` for `b IS NOT NULL`. */
const bothNotNull: Test = (left, right) =>
  left.allowed.form === 'not_null' && right.allowed.form === 'not_null' && left.subject !== right.subject;

/** The condition inside an aggregate goes with the column that shows the aggregate. */
const goneWithColumn = (
  { clause }: StatementRestriction,
  expected: ReadStatement,
  generated: ReadStatement,
): boolean => {
  const shown = ({ projections }: ReadStatement): number =>
    projections.filter(({ aggregated }) => aggregated).length;
  return clause === 'aggregate_filter' && shown(generated) < shown(expected);
};

const clauseOf = ({ clause }: StatementRestriction): Difference['clause'] =>
  clause === 'having' ? 'HAVING' : 'WHERE';
const missingLabel = ({ temporal }: StatementRestriction): string =>
  temporal ? 'missing_temporal_filter' : 'missing_filter';
const where = ({ columns, subject }: StatementRestriction): string => columns.own[0] ?? subject;

function leftOut(left: StatementRestriction): Difference {
  const label = missingLabel(left);
  return {
    label,
    aspects: { logical_accuracy: label, semantic_equivalence: label },
    clause: clauseOf(left),
    blame: left.columns.own,
    expected: left.source,
    actual: null,
    description: `lacks the filter ${left.source}`,
    fix: `State for ${where(left)} that the filter “${left.source}” applies.`,
    missingMetadata: `filter ${left.source}`,
    // Where nothing is NULL, or a join already drops NULL keys, IS NOT NULL changes nothing.
    weight: left.allowed.form === 'not_null' ? 'possible' : 'certain',
  };
}

function added(right: StatementRestriction): Difference {
  return {
    label: 'extra_filter',
    aspects: {
      logical_accuracy: 'extra_filter',
      semantic_equivalence: 'extra_filter',
      completeness: 'extra_filter',
    },
    clause: clauseOf(right),
    blame: right.columns.own,
    expected: null,
    actual: right.source,
    description: `filters by ${right.source}, which was not asked for`,
    fix: `State for ${where(right)} when the filter “${right.source}” does not apply.`,
    weight: 'certain',
  };
}

/** The same column with other values, or with a bound more or less. */
function changed(left: StatementRestriction, right: StatementRestriction): Difference[] {
  if (right.allowed.form === 'not_null') return [leftOut(left)];
  if (left.allowed.form === 'not_null') return [added(right)];
  const [lost, gained] = [boundsLost(left.allowed, right.allowed), boundsLost(right.allowed, left.allowed)];
  const label = lost && !gained ? missingLabel(left) : gained && !lost ? 'extra_filter' : 'wrong_literal';
  return [
    {
      label,
      aspects: { logical_accuracy: label, semantic_equivalence: label },
      clause: clauseOf(left),
      blame: left.columns.own,
      expected: left.source,
      actual: right.source,
      description: `filters by ${right.source} instead of ${left.source}`,
      fix: `State for ${where(left)} how its values are written and that “${left.source}” is meant.`,
      weight: 'certain',
    },
  ];
}

/** A bound that `a` has and `b` lacks, while the bounds of both agree otherwise. */
function boundsLost(a: Allowed, b: Allowed): boolean {
  if (a.form !== 'range' || b.form !== 'range') return false;
  const lowLost = a.low !== null && b.low === null;
  const highLost = a.high !== null && b.high === null;
  return (lowLost && (highLost || sameBound(a.high, b.high))) || (highLost && sameBound(a.low, b.low));
}

/** The same columns in another expression: perhaps only another spelling. */
function rewritten(left: StatementRestriction, right: StatementRestriction): Difference {
  const label = left.temporal ? 'missing_temporal_filter' : 'wrong_literal';
  return {
    label,
    aspects: { logical_accuracy: label, semantic_equivalence: label },
    clause: clauseOf(left),
    blame: left.columns.own,
    expected: left.source,
    actual: right.source,
    description: `filters by ${right.source} where the answer key has ${left.source}`,
    fix: `State for ${where(left)} that “${left.source}” is meant.`,
    weight: 'possible',
  };
}

/** The same values on another column. */
function otherColumn(left: StatementRestriction, right: StatementRestriction): Difference {
  return {
    label: 'wrong_column',
    aspects: { schema_accuracy: 'wrong_column', logical_accuracy: 'wrong_column' },
    clause: clauseOf(left),
    blame: left.columns.own,
    expected: left.columns.own.join(', ') || left.subject,
    actual: right.columns.own.join(', ') || right.subject,
    description: `filters ${right.source} instead of ${left.source}`,
    fix: `Describe ${where(left)} or give it a synonym, so that it is chosen over “${right.columns.own.join(', ') || right.subject}”.`,
    weight: 'certain',
  };
}
