import { shortName } from '../../core/index.ts';
import type { ColumnRef, JoinFact, PredicateFact, SqlFacts } from '../../sql/index.ts';

export interface SemiJoins {
  readonly joins: readonly JoinFact[];
  /** Predicates that were read as joins. */
  readonly consumed: ReadonlySet<PredicateFact>;
}

const IN_SUBQUERY = /^\S+ (?:not )?in \(select (?:distinct )?([\w#]+)\.(\w+) from ([\w#]+)/;
const EXISTS_SUBQUERY = /^(?:not )?exists \(select .*? from ([\w#]+)/s;
const COLUMN_PAIR = /^[\w#]+\.\w+ = [\w#]+\.\w+$/;

/**
 * Joins that are written as `IN (SELECT …)`, `EXISTS (SELECT …)` or as an outer join whose other side IS NULL.
 *
 * @see spec/judges.md §4.2 on what is cosmetic
 */
export function semiJoins(facts: SqlFacts): SemiJoins {
  const consumed = new Set<PredicateFact>();
  const joins = [...inSubqueries(facts, consumed), ...existsSubqueries(facts, consumed)];
  const own = facts.joins.map((join) =>
    isAntiJoin(join, facts, consumed) ? ({ ...join, type: 'anti' } as const) : join,
  );
  return { joins: [...own, ...joins], consumed };
}

/** The base table behind a label (`orders`, `orders#2`). */
const tableOf = (label: string, facts: SqlFacts): string | null =>
  facts.tables.find(({ name }) => shortName(name) === label.replace(/#\d+$/, ''))?.name ?? null;

const key = ({ table, column }: ColumnRef): string => `${table ?? ''}.${column}`;
const pairOf = (a: ColumnRef, b: ColumnRef): readonly [ColumnRef, ColumnRef] =>
  key(a) <= key(b) ? [a, b] : [b, a];

function inSubqueries(facts: SqlFacts, consumed: Set<PredicateFact>): JoinFact[] {
  return facts.predicates.flatMap((predicate): JoinFact[] => {
    if (predicate.operator !== 'in' && predicate.operator !== 'not in') return [];
    const match = IN_SUBQUERY.exec(predicate.text);
    const [outer] = predicate.columns;
    const inner = match?.[1] === undefined ? null : tableOf(match[1], facts);
    if (match?.[2] === undefined || inner === null || outer === undefined || predicate.columns.length !== 1)
      return [];
    consumed.add(predicate);
    const pairs = [pairOf(outer, { table: inner, column: match[2] })];
    return [
      {
        type: predicate.operator === 'in' ? 'semi' : 'anti',
        left: outer.table,
        right: inner,
        pairs,
        condition: predicate.text,
      },
    ];
  });
}

function existsSubqueries(facts: SqlFacts, consumed: Set<PredicateFact>): JoinFact[] {
  return facts.predicates.flatMap((predicate): JoinFact[] => {
    if (predicate.operator !== 'exists' && predicate.operator !== 'not exists') return [];
    const label = EXISTS_SUBQUERY.exec(predicate.text)?.[1];
    const inner = label === undefined ? null : tableOf(label, facts);
    // The condition that ties both queries stands among the predicates of the inner one.
    const ties = facts.predicates.filter(
      ({ text, columns }) =>
        COLUMN_PAIR.test(text) &&
        columns.length === 2 &&
        predicate.text.includes(text) &&
        columns.some(({ table }) => table === inner) &&
        columns.some(({ table }) => table !== inner),
    );
    if (inner === null || ties.length === 0) return [];
    for (const consumedPredicate of [predicate, ...ties]) consumed.add(consumedPredicate);
    const pairs = ties.flatMap(({ columns: [a, b] }) =>
      a === undefined || b === undefined ? [] : [pairOf(a, b)],
    );
    const left = pairs.flat().find(({ table }) => table !== inner)?.table ?? null;
    return [
      {
        type: predicate.operator === 'exists' ? 'semi' : 'anti',
        left,
        right: inner,
        pairs,
        condition: predicate.text,
      },
    ];
  });
}

/** `LEFT JOIN x … WHERE x.key IS NULL` keeps the rows without a partner. */
function isAntiJoin(join: JoinFact, facts: SqlFacts, consumed: Set<PredicateFact>): boolean {
  const optional = join.type === 'left' ? join.right : join.type === 'right' ? join.left : null;
  if (optional === null) return false;
  const test = facts.predicates.find(
    ({ clause, operator, columns }) =>
      clause === 'where' && operator === 'is null' && columns.length === 1 && columns[0]?.table === optional,
  );
  if (test === undefined) return false;
  consumed.add(test);
  return true;
}
