import type { ColumnRef, SqlFacts } from '../../sql/index.ts';
import type { Schema } from '../schema.ts';
import type { ColumnRole, Element, ElementUse } from './element.ts';
import { joinElement } from './join-element.ts';
import {
  addPredicate,
  isResolved,
  SUBQUERY,
  tablesOf,
  type AddElement as Add,
  type ToColumn,
} from './predicate-element.ts';
import { qualifyFacts } from './qualify-facts.ts';

/** `n` and `cr` abbreviate; nobody says them. */
const MIN_ALIAS_LENGTH = 3;

/** Aliases that say nothing about what they name. */
const EMPTY_ALIASES = new Set([
  'value',
  'total',
  'cnt',
  'count',
  'n',
  'num',
  'result',
  'sum',
  'avg',
  'amount',
  'metric',
  'measure',
  'x',
  'y',
  'val',
  'number',
  'pct',
  'rate',
  'ratio',
]);
const AGGREGATE_CALL =
  /\b(?:sum|avg|count|min|max|median|stddev|variance|percentile\w*|count_if|approx_count_distinct|mean)\s*\(/gi;

/**
 * What a statement uses, as teachable elements, keyed so that two statements can be compared.
 *
 * @param questionWords - folded words of the question; a condition whose values all stand in the
 *   question names its column, any other condition is a rule of its own
 */
export function elementsOf(
  statement: SqlFacts,
  schema: Schema,
  questionWords: readonly string[],
): ReadonlyMap<string, ElementUse> {
  const facts = qualifyFacts(statement, schema);
  const uses = new Map<string, { element: Element; roles: Set<ColumnRole>; alias: string | null }>();
  const add = (element: Element | null, role: ColumnRole | null, alias: string | null = null): void => {
    if (element === null) return;
    const use = uses.get(element.key) ?? { element, roles: new Set<ColumnRole>(), alias: null };
    if (role !== null) use.roles.add(role);
    use.alias ??= telling(alias);
    uses.set(element.key, use);
  };
  const column = (ref: ColumnRef): Element | null => columnElement(ref, schema);

  for (const use of facts.tables) {
    if (use.kind !== 'table') continue;
    const table = schema.table(use.name);
    if (table !== null) add({ kind: 'table', key: `table:${table.key}`, table: table.key }, null);
  }
  addMeasures(facts, schema, add);
  if (facts.engine === 'ast') {
    for (const join of facts.joins) add(joinElement(join.pairs, schema), null);
    addProjections(facts, schema, add, column);
    for (const item of facts.groupBy) {
      const [only] = item.columns;
      if (item.columns.length === 1 && only !== undefined && isBare(item.text)) add(column(only), 'group');
      else addExpression(item.text, item.columns, 'group', aliasOf(facts, item.text), schema, add);
    }
    for (const predicate of facts.predicates) addPredicate(predicate, schema, questionWords, add, column);
  }
  return new Map(
    [...uses].map(([key, use]) => [
      key,
      { element: use.element, roles: [...use.roles].sort(), alias: use.alias },
    ]),
  );
}

const isBare = (text: string): boolean =>
  /^[\w`. $]+$/.test(text.trim()) && !/\s[a-z]/i.test(text.trim().replaceAll(/\s*\.\s*/g, '.'));

const aliasOf = (facts: SqlFacts, text: string): string | null =>
  facts.projections.find((projection) => projection.text === text)?.alias ?? null;

const telling = (alias: string | null | undefined): string | null =>
  alias === null ||
  alias === undefined ||
  alias.length < MIN_ALIAS_LENGTH ||
  EMPTY_ALIASES.has(alias.toLowerCase())
    ? null
    : alias;

function columnElement(ref: ColumnRef, schema: Schema): Element | null {
  const table = schema.table(ref.table);
  if (table === null || !table.columns.has(ref.column)) return null;
  return { kind: 'column', key: `column:${table.key}#${ref.column}`, table: table.key, column: ref.column };
}

function expressionElement(text: string, columns: readonly ColumnRef[], schema: Schema): Element | null {
  const tables = tablesOf(columns, schema);
  if (!isResolved(columns, schema) || tables[0] === undefined) return null;
  return { kind: 'expression', key: `expression:${text}`, table: tables[0], sql: text, tables };
}

/** Months and years of a date are a matter of which date, not of a name for the expression. */
function addExpression(
  text: string,
  columns: readonly ColumnRef[],
  role: ColumnRole,
  alias: string | null,
  schema: Schema,
  add: Add,
): void {
  const [only] = columns;
  const table = schema.table(only?.table ?? null);
  const type = table?.columns.get(only?.column ?? '')?.type ?? '';
  if (columns.length === 1 && only !== undefined && table !== null && /^(?:DATE|TIMESTAMP)/.test(type)) {
    add(
      { kind: 'date', key: `date:${table.key}#${only.column}`, table: table.key, column: only.column },
      role,
    );
  } else {
    add(expressionElement(text, columns, schema), role, alias);
  }
}

function addMeasures(facts: SqlFacts, schema: Schema, add: Add): void {
  for (const measure of facts.measures) {
    const owner = facts.tables
      .map((use) => schema.table(use.name))
      .find((table) => table?.kind === 'metric_view' && table.columns.has(measure));
    if (owner === undefined || owner === null) continue;
    const alias =
      facts.projections.find((item) => item.aggregated && item.text.includes(measure))?.alias ?? null;
    add(
      { kind: 'measure', key: `measure:${owner.key}#${measure}`, table: owner.key, measure },
      'measure',
      alias,
    );
  }
}

function addProjections(facts: SqlFacts, schema: Schema, add: Add, column: ToColumn): void {
  const composed: string[] = [];
  for (const projection of facts.projections) {
    const calls = projection.text.match(AGGREGATE_CALL)?.length ?? 0;
    // A share of a total needs a window; that is a shape of statement, not a figure with a name.
    if (/\bover\s*\(/i.test(projection.text)) {
      composed.push(projection.text);
    } else if (projection.aggregated && calls > 1 && isResolved(projection.columns, schema)) {
      const tables = tablesOf(projection.columns, schema);
      const element: Element = {
        kind: 'aggregate',
        key: `aggregate:${projection.text}`,
        table: tables[0] ?? '',
        sql: projection.text,
        function: null,
        tables,
      };
      add(element, 'measure', projection.alias);
      composed.push(projection.text);
    } else if (!projection.aggregated && projection.columns.length > 0) {
      const [only] = projection.columns;
      if (projection.columns.length === 1 && only !== undefined && isBare(projection.text))
        add(column(only), 'select', projection.alias);
      else addExpression(projection.text, projection.columns, 'select', projection.alias, schema, add);
    }
  }
  for (const aggregate of facts.aggregates) {
    if (aggregate.function === 'measure' || aggregate.columns.length === 0) continue;
    // `d = (SELECT MAX(d) …)` is a condition; its inner aggregate is nothing the question asks for.
    if (
      facts.predicates.some(
        (predicate) => SUBQUERY.test(predicate.text) && predicate.text.includes(aggregate.argument),
      )
    )
      continue;
    if (composed.some((text) => text.includes(aggregate.argument) && aggregate.argument !== '*')) continue;
    const [only] = aggregate.columns;
    if (aggregate.columns.length === 1 && only !== undefined && isBare(aggregate.argument)) {
      if (aggregate.function !== 'count' || !isKey(only, schema)) add(column(only), 'measure');
    }
    add(aggregateElement(aggregate, schema), 'measure', aliasOfAggregate(facts, aggregate.argument));
  }
}

const aliasOfAggregate = (facts: SqlFacts, argument: string): string | null =>
  facts.projections.find(
    (item) =>
      item.aggregated && (item.text.match(AGGREGATE_CALL)?.length ?? 0) === 1 && item.text.includes(argument),
  )?.alias ?? null;

function aggregateElement(aggregate: SqlFacts['aggregates'][number], schema: Schema): Element | null {
  if (!isResolved(aggregate.columns, schema)) return null;
  const tables = tablesOf(aggregate.columns, schema);
  const sql = `${aggregate.function}(${aggregate.distinct ? 'distinct ' : ''}${aggregate.argument})`;
  return {
    kind: 'aggregate',
    key: `aggregate:${sql}`,
    table: tables[0] ?? '',
    sql,
    function: aggregate.function,
    tables,
  };
}

/** Whether a column identifies rows, so that counting it counts the things of its table. */
function isKey(ref: ColumnRef, schema: Schema): boolean {
  const table = schema.table(ref.table);
  if (table === null) return false;
  if (table.primaryKey.includes(ref.column)) return true;
  return (
    table.foreignKeys.some((key) => key.columns.some((name) => name.toLowerCase() === ref.column)) ||
    /(?:^|_)(?:id|key|uuid)$|key$/.test(ref.column)
  );
}
