import type { Difference } from './difference.ts';
import type { ObjectIndex } from './object-index.ts';
import { takePairs } from './pairing.ts';
import type { ReadStatement } from './read-statement.ts';
import type { StatementAggregate } from './statement.ts';

export interface AggregateOptions {
  readonly index: ObjectIndex;
  readonly sameGrain: boolean;
}

/**
 * Other functions, other measures, DISTINCT left out.
 *
 * Aggregates that are shown are compared among themselves first: one that stands in HAVING on both
 * sides does not make up for another one in the answer.
 */
export function aggregateDifferences(
  expected: ReadStatement,
  generated: ReadStatement,
  { index, sameGrain }: AggregateOptions,
): Difference[] {
  const wanted = expected.aggregates.map((use) => asRowCount(use, expected, index));
  const found = generated.aggregates.map((use) => asRowCount(use, generated, index));
  const shown = [shownOnly(wanted, expected), shownOnly(found, generated)] as const;
  // Fewer columns at the same grain: the projections tell which one is missing.
  const narrower = sameGrain && generated.projections.length < expected.projections.length;
  const visible = shown[0].length > 0 && shown[1].length > 0 ? compareAggregates(...shown, true) : [];
  return visible.length > 0 ? visible : compareAggregates(wanted, found, narrower);
}

const shownOnly = (
  uses: readonly StatementAggregate[],
  { projections }: ReadStatement,
): StatementAggregate[] => uses.filter(({ call }) => projections.some(({ text }) => text.includes(call)));

function compareAggregates(
  expected: readonly StatementAggregate[],
  generated: readonly StatementAggregate[],
  mayLack: boolean,
): Difference[] {
  const wanted = unique(expected);
  const found = unique(generated);
  const pairs = (test: (a: StatementAggregate, b: StatementAggregate) => boolean) =>
    takePairs(wanted, found, test);
  pairs((a, b) => signature(a) === signature(b));
  return [
    ...pairs((a, b) => a.function === b.function && a.argument === b.argument).map(([a, b]) =>
      distinctness(a, b),
    ),
    ...pairs((a, b) => a.argument === b.argument && a.function !== 'measure' && b.function !== 'measure').map(
      ([a, b]) => otherFunction(a, b),
    ),
    ...pairs((a, b) => a.function === 'count' && b.function === 'count').map(([a, b]) => otherCount(a, b)),
    ...pairs((a, b) => a.function === b.function && a.distinct === b.distinct).flatMap(([a, b]) =>
      otherMeasure(a, b),
    ),
    ...pairs(() => true).flatMap(([a, b]) => otherMeasure(a, b)),
    ...(mayLack ? [] : wanted.map(leftOut)),
  ];
}

const signature = (use: StatementAggregate): string =>
  `${use.function} ${String(use.distinct)} ${use.argument}`;

const unique = (uses: readonly StatementAggregate[]): StatementAggregate[] => [
  ...new Map(uses.map((use) => [signature(use), use])).values(),
];

/** Counting the key of the only table counts its rows; MIN and MAX do not mind DISTINCT. */
function asRowCount(
  use: StatementAggregate,
  statement: ReadStatement,
  index: ObjectIndex,
): StatementAggregate {
  if (use.function === 'min' || use.function === 'max') return { ...use, distinct: false };
  const [column] = use.columns.own;
  if (
    use.function !== 'count' ||
    use.columns.own.length !== 1 ||
    column === undefined ||
    use.argument.includes('(')
  )
    return use;
  const cut = column.lastIndexOf('.');
  const table = index.find(column.slice(0, cut))?.table;
  const isKey =
    table?.primaryKey.length === 1 && table.primaryKey[0]?.toLowerCase() === column.slice(cut + 1);
  const alone = statement.tables.length === 1 && statement.joins.length === 0;
  const whole =
    isKey &&
    (!use.distinct || alone) &&
    !statement.joins.some(({ type }) => type === 'left' || type === 'right' || type === 'full');
  return whole ? { ...use, distinct: false, argument: '*' } : use;
}

function distinctness(wanted: StatementAggregate, found: StatementAggregate): Difference {
  return {
    ...base(wanted, found),
    label: 'distinct_missing',
    aspects: { logical_accuracy: 'distinct_missing', semantic_equivalence: 'distinct_missing' },
    description: `computes ${found.source} instead of ${wanted.source}`,
    weight: 'certain',
  };
}

function otherFunction(wanted: StatementAggregate, found: StatementAggregate): Difference {
  return {
    ...base(wanted, found),
    label: 'wrong_aggregation',
    aspects: { logical_accuracy: 'wrong_aggregation', semantic_equivalence: 'wrong_aggregation' },
    description: `computes ${found.source} instead of ${wanted.source}`,
    weight: 'certain',
  };
}

/** COUNT(*) and COUNT(x) agree unless x can be NULL; with DISTINCT on one side they count other things. */
function otherCount(wanted: StatementAggregate, found: StatementAggregate): Difference {
  const label = wanted.distinct === found.distinct ? 'wrong_aggregation' : 'distinct_missing';
  return {
    ...base(wanted, found),
    blame: wanted.columns.own.length > 0 ? wanted.columns.own : found.columns.own,
    label,
    aspects: { logical_accuracy: label, semantic_equivalence: label },
    description: `counts ${found.source} instead of ${wanted.source}`,
    weight: wanted.distinct === found.distinct ? 'possible' : 'certain',
  };
}

/** Another thing is measured. With plain columns the schema judge sees a wrong column. */
function otherMeasure(wanted: StatementAggregate, found: StatementAggregate): Difference[] {
  const measure: Difference = {
    ...base(wanted, found),
    label: 'wrong_measure',
    aspects: { semantic_equivalence: 'wrong_measure' },
    clause: wanted.function === 'measure' ? 'MEASURE' : 'SELECT',
    description: `measures ${found.source} instead of ${wanted.source}`,
    weight: 'certain',
  };
  if (wanted.function === 'measure' || found.function === 'measure') {
    return [
      { ...measure, aspects: { semantic_equivalence: 'wrong_measure', logical_accuracy: 'wrong_measure' } },
    ];
  }
  const functionDiffers = wanted.function !== found.function || wanted.distinct !== found.distinct;
  const overlap = wanted.columns.shared.some((column) => found.columns.shared.includes(column));
  const columns: Difference = {
    ...base(wanted, found),
    label: 'wrong_column',
    aspects: { schema_accuracy: 'wrong_column' },
    expected: wanted.columns.own.join(', '),
    actual: found.columns.own.join(', '),
    description: `aggregates ${found.columns.own.join(', ')} instead of ${wanted.columns.own.join(', ')}`,
    fix: `Describe ${wanted.columns.own.join(', ')} or give it a synonym, so that it is chosen over “${found.columns.own.join(', ')}”.`,
    weight: 'certain',
  };
  const withFunction = functionDiffers && overlap ? [{ ...otherFunction(wanted, found) }] : [];
  return overlap || wanted.columns.own.length === 0 || found.columns.own.length === 0
    ? [measure, ...withFunction]
    : [columns, measure];
}

function leftOut(wanted: StatementAggregate): Difference {
  return {
    ...base(wanted, null),
    label: wanted.function === 'measure' ? 'missing_measure' : 'missing_aggregation',
    aspects: { semantic_equivalence: 'missing_aggregation', logical_accuracy: 'missing_aggregation' },
    description: `does not compute ${wanted.source}`,
    weight: 'certain',
  };
}

function base(
  wanted: StatementAggregate,
  found: StatementAggregate | null,
): Omit<Difference, 'label' | 'aspects' | 'description' | 'weight'> {
  return {
    clause: wanted.function === 'measure' ? 'MEASURE' : 'SELECT',
    blame: wanted.columns.own,
    expected: wanted.source,
    actual: found?.source ?? null,
    fix: `Define the measure “${wanted.source}” for ${wanted.columns.own.join(', ') || 'the rows of the table'} under the words that users say.`,
  };
}
