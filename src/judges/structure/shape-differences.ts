import type { Difference } from './difference.ts';
import type { ObjectIndex } from './object-index.ts';
import type { ReadStatement } from './read-statement.ts';
import type { StatementProjection } from './statement.ts';

type Key = ReadStatement['grouping'][number];

/** The columns that identify a row of the answer: GROUP BY, or DISTINCT over plain columns. */
function grainOf(statement: ReadStatement): readonly Key[] {
  if (statement.grouping.length > 0) return statement.grouping;
  if (!statement.facts.distinct || statement.aggregates.length > 0) return [];
  return statement.projections.map(({ text, source, columns }) => ({ text, source, columns }));
}

/** Rows at another grain: keys left out, added or replaced. */
export function grainDifferences(
  expected: ReadStatement,
  generated: ReadStatement,
  index: ObjectIndex,
): Difference[] {
  const [wanted, found] = [grainOf(expected), grainOf(generated)];
  if (wanted.length === 0 && found.length === 0) return innerGrain(expected, generated);
  const missing = wanted.filter(
    (key) => !found.some(({ text }) => text === key.text) && !determined(key, found, index),
  );
  const extra = found.filter(
    (key) => !wanted.some(({ text }) => text === key.text) && !determined(key, wanted, index),
  );
  if (missing.length === 0 && extra.length === 0) return innerGrain(expected, generated);
  const distinctOnly =
    expected.grouping.length === 0 &&
    generated.grouping.length === 0 &&
    (wanted.length === 0 || found.length === 0);
  const listDistinct = distinctOnly && expected.aggregates.length === 0 && generated.aggregates.length === 0;
  const label = listDistinct && found.length === 0 ? 'distinct_missing' : 'wrong_grain';
  const sameColumn = missing.some((key) =>
    extra.some((other) => key.columns.shared.join() === other.columns.shared.join()),
  );
  const replaced = !sameColumn && missing.length > 0 && missing.length === extra.length;
  const blame = [...new Set((missing.length > 0 ? missing : extra).flatMap(({ columns }) => columns.own))];
  const [expectedText, actualText] = [textOf(wanted), textOf(found)];
  return [
    {
      label: replaced ? 'wrong_column' : label,
      aspects: replaced
        ? {
            schema_accuracy: 'wrong_column',
            semantic_equivalence: 'wrong_grain',
            logical_accuracy: 'wrong_column',
          }
        : { semantic_equivalence: label, logical_accuracy: label },
      clause: listDistinct ? 'SELECT' : 'GROUP BY',
      blame,
      expected: replaced ? textOf(missing) : expectedText,
      actual: replaced ? textOf(extra) : actualText,
      description: `has one row per (${actualText || 'everything'}) instead of (${expectedText || 'everything'})`,
      fix: grainFix(blame, expectedText, listDistinct, expected),
      // DISTINCT over rows that are unique already changes nothing.
      weight: listDistinct ? 'possible' : 'certain',
    },
  ];
}

/** What to write down: by what answers are grouped, or that they are not. */
function grainFix(
  blame: readonly string[],
  wanted: string,
  listDistinct: boolean,
  expected: ReadStatement,
): string {
  const names = blame.join(', ');
  if (wanted !== '')
    return listDistinct
      ? `Say for ${names} that answers list “${wanted}” without repeats.`
      : `Say for ${names} that answers are grouped by “${wanted}”.`;
  return expected.aggregates.length > 0
    ? `Say for ${names} that such questions want one figure over all rows, not a row for each value.`
    : `Say for ${names} that such questions list the rows as they are, neither summed up nor grouped.`;
}

/** Grouping inside a subquery, of which only the columns are known. */
function innerGrain(expected: ReadStatement, generated: ReadStatement): Difference[] {
  const [wanted, found] = [innerKeys(expected), innerKeys(generated)];
  const missing = wanted.filter((column) => !found.includes(column));
  const extra = found.filter((column) => !wanted.includes(column));
  if (missing.length === 0 && extra.length === 0) return [];
  const replaced = missing.length > 0 && missing.length === extra.length;
  const label = replaced ? 'wrong_column' : 'wrong_grain';
  return [
    {
      label,
      aspects: replaced
        ? { schema_accuracy: label, logical_accuracy: label, semantic_equivalence: 'wrong_grain' }
        : { logical_accuracy: label, semantic_equivalence: label },
      clause: 'GROUP BY',
      blame: missing.length > 0 ? missing : extra,
      expected: wanted.join(', '),
      actual: found.join(', '),
      description: `groups a subquery by ${found.join(', ')} instead of ${wanted.join(', ')}`,
      fix: `Say for ${wanted.join(', ')} that such figures are first computed per “${wanted.join(', ')}”.`,
      // Another way to the same rows may group by other columns.
      weight: 'possible',
    },
  ];
}

function innerKeys({ groupColumns, grouping }: ReadStatement): string[] {
  const outer = new Set(grouping.flatMap(({ columns }) => columns.shared));
  return groupColumns.filter((column) => !outer.has(column));
}

const textOf = (keys: readonly Key[]): string => keys.map(({ source }) => source).join(', ');

/** A column of a table whose primary key is among the keys adds no rows. */
function determined(key: Key, keys: readonly Key[], index: ObjectIndex): boolean {
  return (
    key.columns.own.length > 0 &&
    key.columns.own.every((column) => {
      const table = column.slice(0, column.lastIndexOf('.'));
      const primaryKey = index.find(table)?.table?.primaryKey ?? [];
      return (
        primaryKey.length > 0 &&
        primaryKey.every((part) =>
          keys.some(({ columns }) =>
            [...columns.own, ...columns.shared].includes(`${table}.${part.toLowerCase()}`),
          ),
        )
      );
    })
  );
}

/** Columns that the answer does not show, or shows instead of others. */
export function projectionDifferences(
  expected: ReadStatement,
  generated: ReadStatement,
  optional: ReadonlySet<string>,
): Difference[] {
  const star = [...expected.projections, ...generated.projections].some(
    ({ text }) => text.endsWith('*') && !text.endsWith('(*)'),
  );
  if (star || expected.facts.setOperation !== generated.facts.setOperation) return [];
  const wanted = expected.projections.filter(({ label }) => !optional.has(label));
  const found = [...generated.projections];
  const open = wanted.filter((projection) => !take(found, ({ text }) => text === projection.text));
  const unmatched = open.filter((projection) => !take(found, (other) => sameContent(projection, other)));
  const differences: Difference[] = [];
  for (const projection of unmatched) {
    const rival = found.find(({ aggregated }) => aggregated === projection.aggregated);
    if (rival === undefined) differences.push(missing(projection));
    else {
      found.splice(found.indexOf(rival), 1);
      // Single aggregates were compared on their own already.
      if (isAggregate(projection, expected) && isAggregate(rival, generated)) continue;
      differences.push(projection.aggregated ? composition(projection, rival) : replaced(projection, rival));
    }
  }
  return differences;
}

const isAggregate = (projection: StatementProjection, { aggregates }: ReadStatement): boolean =>
  aggregates.some(({ source }) => source === projection.source);

function take(list: StatementProjection[], test: (projection: StatementProjection) => boolean): boolean {
  const at = list.findIndex(test);
  if (at === -1) return false;
  list.splice(at, 1);
  return true;
}

/** Formatting, rounding and concatenation do not change what is shown. */
const sameContent = (a: StatementProjection, b: StatementProjection): boolean =>
  a.aggregated === b.aggregated &&
  a.columns.shared.length > 0 &&
  a.columns.shared.toSorted().join() === b.columns.shared.toSorted().join() &&
  telltales(a) === telltales(b);

/** Aggregates that nothing else can stand for; a count may be written as a sum of cases. */
const telltales = ({ text }: StatementProjection): string =>
  (text.match(/\b(?:avg|min|max|median|percentile\w*|stddev\w*|var\w*)\(/g) ?? []).toSorted().join();

function missing(projection: StatementProjection): Difference {
  return {
    label: 'missing_column',
    aspects: { completeness: 'missing_column' },
    clause: 'SELECT',
    blame: projection.columns.own,
    expected: projection.source,
    actual: null,
    description: `does not show ${projection.source}`,
    fix: `Say for ${projection.columns.own.join(', ') || projection.label} that it belongs into answers as “${projection.source}”.`,
    weight: 'certain',
  };
}

function replaced(projection: StatementProjection, rival: StatementProjection): Difference {
  const [wanted, used] = [
    projection.columns.own.join(', ') || projection.source,
    rival.columns.own.join(', ') || rival.source,
  ];
  return {
    label: 'wrong_column',
    aspects: { schema_accuracy: 'wrong_column', completeness: 'missing_column' },
    clause: 'SELECT',
    blame: projection.columns.own,
    expected: wanted,
    actual: used,
    description: `shows ${rival.source} instead of ${projection.source}`,
    fix: `Describe ${wanted} or give it a synonym, so that it is chosen over “${used}”.`,
    weight: 'certain',
  };
}

/** The same aggregates put together differently; other aggregates are reported on their own. */
function composition(projection: StatementProjection, rival: StatementProjection): Difference {
  const otherFunction = withoutFunctions(projection) === withoutFunctions(rival);
  const label = otherFunction ? 'wrong_aggregation' : 'wrong_measure';
  return {
    label,
    aspects: otherFunction
      ? { logical_accuracy: label, semantic_equivalence: label }
      : { semantic_equivalence: label },
    clause: 'SELECT',
    blame: projection.columns.own,
    expected: projection.source,
    actual: rival.source,
    description: `shows ${rival.source} instead of ${projection.source}`,
    fix: `Define “${projection.source}” for ${projection.columns.own.join(', ') || projection.label} under the words that users say.`,
    weight: otherFunction ? 'certain' : 'possible',
  };
}

const withoutFunctions = ({ text }: StatementProjection): string =>
  text.replaceAll(/\b(?:sum|avg|min|max|count|median)\(/g, 'aggregate(');

export interface OrderOptions {
  /** The question asks for an order; otherwise an order without LIMIT is cosmetic. */
  readonly asked: boolean;
  /** Both statements show the same columns; otherwise other sort keys are only a consequence. */
  readonly sameColumns: boolean;
}

/** LIMIT, and the order behind it. */
export function orderDifferences(
  expected: ReadStatement,
  generated: ReadStatement,
  { asked, sameColumns }: OrderOptions,
): Difference[] {
  const [wanted, found] = [orderText(expected), orderText(generated)];
  const limitDiffers = expected.facts.limit !== generated.facts.limit;
  const directions = ({ order }: ReadStatement): string => order.map(({ descending }) => descending).join();
  const otherOrder = sameColumns ? wanted !== found : directions(expected) !== directions(generated);
  const orderDiffers = otherOrder && (expected.facts.limit !== null || asked) && expected.order.length > 0;
  if (!limitDiffers && !orderDiffers) return [];
  const label = 'missing_order_or_limit';
  const tooFew =
    generated.facts.limit !== null &&
    (expected.facts.limit === null || generated.facts.limit < expected.facts.limit);
  const keys = expected.order.length > 0 ? expected : generated;
  const blame = [...new Set(keys.order.flatMap(({ text }) => orderColumns(text, keys)))];
  const [expectedText, actualText] = [wanted + limitText(expected), found + limitText(generated)];
  return [
    {
      label,
      aspects: tooFew ? { logical_accuracy: label, completeness: label } : { logical_accuracy: label },
      clause: 'ORDER BY',
      blame: blame.length > 0 ? blame : keys.tables.slice(0, 1),
      expected: expectedText.trim() || null,
      actual: actualText.trim() || null,
      description: `ends with “${actualText.trim()}” instead of “${expectedText.trim()}”`,
      fix: `Add an instruction for ${blame.join(', ') || (keys.tables[0] ?? 'such questions')}: “${expectedText.trim() || 'no LIMIT'}”.`,
      // Without LIMIT only the order of the same rows differs.
      weight: limitDiffers || expected.facts.limit !== null ? 'certain' : 'possible',
    },
  ];
}

const orderText = ({ order }: ReadStatement): string =>
  order.length === 0
    ? ''
    : `ORDER BY ${order.map(({ text, descending }) => text + (descending ? ' DESC' : '')).join(', ')}`;

const limitText = ({ facts }: ReadStatement): string => (facts.limit === null ? '' : ` LIMIT ${facts.limit}`);

function orderColumns(text: string, statement: ReadStatement): readonly string[] {
  const projection = statement.projections.find((item) => item.text === text || item.label === text);
  const aggregate = statement.aggregates.find(
    (use) => text.includes(use.argument) && use.columns.own.length > 0,
  );
  return (
    projection?.columns.own ??
    aggregate?.columns.own ??
    [...statement.columns].filter((column) => text.includes(column))
  );
}
