import type { AggregateFact, ColumnRef } from '../../sql/index.ts';
import { intersect, readRestriction, sameAllowed, type StepKind } from './constraint.ts';
import { normalText, splitTop, withoutOuterParentheses } from './normal-text.ts';
import type { ObjectIndex } from './object-index.ts';
import { periodCut } from './period-cut.ts';
import {
  columnKeyOf,
  type ColumnKeys,
  type Statement,
  type StatementAggregate,
  type StatementProjection,
  type StatementRestriction,
} from './statement.ts';

/** A statement with columns that are equal under one name, ready to be compared. */
export interface ReadStatement extends Statement {
  readonly restrictions: readonly StatementRestriction[];
  readonly aggregates: readonly StatementAggregate[];
  readonly projections: readonly StatementProjection[];
  readonly grouping: readonly {
    readonly text: string;
    readonly source: string;
    readonly columns: ColumnKeys;
  }[];
  /** Columns that the statement or one of its subqueries groups by, under their shared names. */
  readonly groupColumns: readonly string[];
  readonly order: readonly { readonly text: string; readonly descending: boolean }[];
}

/**
 * Reads what depends on which columns are equal.
 *
 * @param representative - the column that stands for all columns equal to a given one
 */
export function readStatement(
  statement: Statement,
  index: ObjectIndex,
  representative: (column: string) => string,
): ReadStatement {
  const { facts, resolve } = statement;
  const keys = (columns: readonly ColumnRef[]): ColumnKeys => {
    const own = [...new Set(columns.map((column) => columnKeyOf(column, statement.tables, index)))];
    return { own, shared: [...new Set(own.map(representative))] };
  };
  const text = (raw: string): string => normalText(resolve(raw), (parts) => representative(parts.join('.')));
  const stepOf = (column: string): StepKind => stepKind(column, index);
  const projections = facts.projections.map((use) => text(use.text));
  const subqueries = facts.predicates.map((use) => text(use.text)).filter((one) => one.includes('select '));
  const aggregates = facts.aggregates
    .map((use) => readAggregate(use, text, keys, stepOf))
    // An aggregate that only a filter's subquery computes belongs to that filter.
    .filter(
      ({ use: { call } }) =>
        projections.some((one) => one.includes(call)) || !subqueries.some((one) => one.includes(call)),
    );
  return {
    ...statement,
    restrictions: restrictionsOf(
      statement,
      aggregates.flatMap(({ filters }) => filters),
      text,
      keys,
      stepOf,
    ),
    aggregates: aggregates.map(({ use }) => use),
    projections: facts.projections.map((use) => ({
      text: periodCut(text(use.text), index),
      source: use.source,
      label: (use.alias ?? use.columns[0]?.column ?? use.text).toLowerCase(),
      columns: keys(use.columns),
      aggregated: use.aggregated,
    })),
    grouping: facts.groupBy.map((item) => ({
      text: periodCut(text(item.text), index),
      source: item.text,
      columns: keys(item.columns),
    })),
    groupColumns: keys(facts.columns.filter(({ clause }) => clause === 'group_by')).shared,
    order: facts.orderBy.map((item) => ({
      text: periodCut(text(item.text), index),
      descending: item.descending,
    })),
  };
}

function stepKind(column: string, index: ObjectIndex): StepKind {
  if (/^count\(.*\)$/.test(column)) return 'integer';
  const cut = column.lastIndexOf('.');
  const type = index.find(column.slice(0, cut))?.columns.get(column.slice(cut + 1)) ?? '';
  if (type === 'DATE') return 'date';
  return /^(?:TINYINT|SMALLINT|INT|INTEGER|BIGINT|LONG)$/.test(type) ? 'integer' : 'none';
}

/** One restriction per column and clause where several can be merged (`>=` and `<` make a range). */
function restrictionsOf(
  { facts, consumed }: Statement,
  filters: readonly StatementRestriction[],
  text: (raw: string) => string,
  keys: (columns: readonly ColumnRef[]) => ColumnKeys,
  stepOf: (column: string) => StepKind,
): StatementRestriction[] {
  // In an inner join a condition restricts like WHERE; beside an outer join it does not.
  const outer = facts.joins.some(({ type }) => type === 'left' || type === 'right' || type === 'full');
  const read = facts.predicates
    .filter((predicate) => !consumed.has(predicate))
    .map((predicate): StatementRestriction => {
      const restriction = readRestriction(text(predicate.text), stepOf);
      const columns = keys(predicate.columns);
      return {
        ...restriction,
        clause: placeOf(predicate.clause, text(predicate.text), outer),
        columns,
        source: predicate.source,
        // A date compared with anything, as with the latest date of a table, restricts time.
        temporal:
          predicate.temporal ||
          (restriction.allowed.form !== 'not_null' &&
            predicate.operator !== 'is null' &&
            columns.own.some((column) => stepOf(column) === 'date')),
      };
    });
  const merged: StatementRestriction[] = [];
  for (const restriction of [...read, ...filters]) {
    const at = merged.findIndex((other) => mergeable(other, restriction));
    const partner = merged[at];
    if (partner === undefined) merged.push(restriction);
    else merged[at] = mergeRestrictions(partner, restriction);
  }
  return merged;
}

/** A condition of an inner join restricts like WHERE; WHERE around a grouped query restricts like HAVING. */
function placeOf(
  clause: StatementRestriction['clause'],
  text: string,
  outer: boolean,
): StatementRestriction['clause'] {
  const place = clause === 'join' && !outer ? 'where' : clause;
  return place === 'where' && AGGREGATE.test(text) && !text.includes('select ') ? 'having' : place;
}

const AGGREGATE = /(?<![\w.])(?:sum|count|avg|min|max|measure)\(/;

/** Filters of single aggregates may differ from one to the next; only equal ones are one. */
const mergeable = (a: StatementRestriction, b: StatementRestriction): boolean =>
  a.subject === b.subject &&
  a.clause === b.clause &&
  (a.clause === 'aggregate_filter'
    ? sameAllowed(a.allowed, b.allowed)
    : intersect(a.allowed, b.allowed) !== null);

function mergeRestrictions(a: StatementRestriction, b: StatementRestriction): StatementRestriction {
  const source =
    sameAllowed(a.allowed, b.allowed) || b.allowed.form === 'not_null'
      ? a.source
      : a.allowed.form === 'not_null'
        ? b.source
        : `${a.source} AND ${b.source}`;
  return {
    ...a,
    allowed: intersect(a.allowed, b.allowed) ?? a.allowed,
    source,
    temporal: a.temporal || b.temporal,
  };
}

interface ReadAggregate {
  readonly use: StatementAggregate;
  /** What `CASE WHEN` inside the aggregate restricts. */
  readonly filters: readonly StatementRestriction[];
}

const NAMES: Readonly<Record<string, string>> = {
  mean: 'avg',
  first_value: 'first',
  last_value: 'last',
  any: 'bool_or',
  some: 'bool_or',
  every: 'bool_and',
};

/**
 * An aggregate without the condition inside it.
 *
 * `sum(case when p then 1 else 0 end)`, `count(case when p then 1 end)`, `count_if(p)` and
 * `count(*) filter (where p)` are all a count of rows, filtered by `p`.
 */
function readAggregate(
  fact: AggregateFact,
  text: (raw: string) => string,
  keys: (columns: readonly ColumnRef[]) => ColumnKeys,
  stepOf: (column: string) => StepKind,
): ReadAggregate {
  const argument = text(fact.argument);
  const columns = keys(fact.columns);
  const use = {
    call: `${fact.function}(${fact.distinct ? 'distinct ' : ''}${argument}`,
    source: fact.source,
    columns,
    distinct: fact.distinct,
    function: NAMES[fact.function] ?? fact.function,
    argument,
  };
  const condition = conditionOf(use.function, argument);
  if (condition === null) {
    const countsRows = use.function === 'count' && !use.distinct && /^\d+$/.test(argument);
    return { use: countsRows ? { ...use, argument: '*' } : use, filters: [] };
  }
  const rows =
    use.function === 'count_if' ||
    (!use.distinct &&
      (use.function === 'sum' || use.function === 'count') &&
      /^(?:1|true)$/.test(condition.value));
  const counted = rows ? { ...use, function: 'count', argument: '*' } : { ...use, argument: condition.value };
  const own = columns.own.filter((_, at) => condition.value.includes(columns.shared[at] ?? '\u0000'));
  const filters = splitTop(withoutOuterParentheses(condition.when), 'and').map(
    (part): StatementRestriction => {
      const inPart = columns.own.filter((column, at) => part.includes(columns.shared[at] ?? column));
      const restriction = readRestriction(part, stepOf);
      return {
        ...restriction,
        clause: 'aggregate_filter',
        columns: {
          own: inPart,
          shared: inPart.map((column) => columns.shared[columns.own.indexOf(column)] ?? column),
        },
        source: part,
        temporal: stepOf(restriction.subject) === 'date',
      };
    },
  );
  return {
    use: {
      ...counted,
      columns: rows
        ? { own: [], shared: [] }
        : {
            own: own.length > 0 ? own : columns.own,
            shared:
              own.length > 0
                ? own.map((column) => columns.shared[columns.own.indexOf(column)] ?? column)
                : columns.shared,
          },
    },
    filters,
  };
}

/** `case when P then X [else 0 | null] end` taken apart; one branch only. */
function conditionOf(
  name: string,
  argument: string,
): { readonly when: string; readonly value: string } | null {
  if (name === 'count_if') return { when: argument, value: '*' };
  const match = /^case when (.+) then (.+?)( else (?:0|null))? end$/s.exec(argument);
  if (
    match?.[1] === undefined ||
    match[2] === undefined ||
    /\b(?:when|case|then)\b/.test(match[1] + match[2])
  )
    return null;
  // A zero counts in AVG, MIN, MAX and COUNT, but adds nothing to SUM.
  const zero = match[3] === ' else 0';
  return zero && name !== 'sum' ? null : { when: match[1], value: match[2] };
}
