import type { Random } from '../../src/core/index.ts';
import {
  rewriteJoins,
  semiJoin,
  crossWithWhere,
  derivedTable,
  memberAsExists,
  memberAsJoin,
  filterInCte,
} from './rewrite-joins.ts';
import {
  betweenForRange,
  dateArithmetic,
  flippedComparison,
  inForEquals,
  orForIn,
  redundantNotNull,
  stepBounds,
  truncForPeriod,
  yearForPeriod,
} from './rewrite-conditions.ts';
import { shuffled } from '../chance.ts';
import { PLAIN, renderQuery, type Style } from './render-query.ts';
import { mapExpressions, type Query } from './query.ts';
import type { World } from './world.ts';

export interface RewriteContext {
  readonly world: World;
  readonly random: Random;
}

/** Another way to write a query; `null` where it does not apply. The corpus runs both texts to be sure. */
export interface Rewrite {
  readonly name: string;
  readonly write: (query: Query, context: RewriteContext) => string | null;
}

/** A rewrite that changes the query and leaves the spelling plain. */
const asQuery = (name: string, change: (query: Query, context: RewriteContext) => Query | null): Rewrite => ({
  name,
  write: (query, context) => {
    const changed = change(query, context);
    return changed === null ? null : renderQuery(changed, PLAIN);
  },
});

const hasView = (query: Query, world: World): boolean =>
  [query.from, ...query.joins.map(({ source }) => source)].some(
    ({ table }) => world.catalog.tables.find(({ name }) => name === table)?.kind === 'metric_view',
  );

const ALIASES: Style = { ...PLAIN, alias: (_, at) => `t${at + 1}` };

/** Output columns under other names; ORDER BY follows. */
const otherNames: Rewrite = asQuery('alias of columns', (query) => {
  const named = query.select.filter(({ alias }) => alias !== null);
  if (named.length === 0) return null;
  const next = (alias: string): string => `${alias}_value`;
  return {
    ...query,
    select: query.select.map((item) => (item.alias === null ? item : { ...item, alias: next(item.alias) })),
    orderBy: query.orderBy.map((item) =>
      named.some(({ alias }) => alias === item.text) ? { ...item, text: next(item.text) } : item,
    ),
  };
});

const COUNTS = /COUNT\(\*\)/g;

export const REWRITES: readonly Rewrite[] = [
  {
    name: 'alias of tables',
    write: (query) => (query.joins.length === 0 ? null : renderQuery(query, ALIASES)),
  },
  otherNames,
  {
    name: 'lower case keywords',
    write: (query) => renderQuery(query, { ...PLAIN, keyword: (word) => word.toLowerCase() }),
  },
  asQuery('predicate order', (query) =>
    query.where.length < 2 ? null : { ...query, where: [...query.where].reverse() },
  ),
  asQuery('join order', rewriteJoins),
  {
    name: 'comma join',
    write: (query) => {
      const crossed = crossWithWhere(query);
      return crossed === null ? null : renderQuery(crossed, PLAIN).replaceAll(/\nCROSS JOIN /g, ', ');
    },
  },
  {
    name: 'whole query in a CTE',
    write: (query, { world }) => {
      const names = query.select.map(
        ({ alias, text }) => alias ?? /^\{\w+\.(\w+)\}$/.exec(text)?.[1] ?? null,
      );
      if (names.includes(null) || new Set(names).size < names.length || hasView(query, world)) return null;
      return `WITH answer AS (${renderQuery({ ...query, orderBy: query.limit === null ? [] : query.orderBy }, PLAIN)})\nSELECT ${names.join(', ')} FROM answer`;
    },
  },
  { name: 'filter in a CTE', write: filterInCte },
  asQuery('derived table', derivedTable),
  { name: 'BETWEEN', write: betweenForRange },
  { name: 'OR for IN', write: orForIn },
  { name: 'IN for equality', write: inForEquals },
  { name: 'date arithmetic', write: dateArithmetic },
  { name: 'year of a date', write: yearForPeriod },
  { name: 'truncated date', write: truncForPeriod },
  { name: 'flipped comparison', write: flippedComparison },
  { name: 'step of a bound', write: stepBounds },
  asQuery('redundant IS NOT NULL', redundantNotNull),
  asQuery('COUNT(1)', (query) => {
    const changed = mapExpressions(query, (text) => text.replaceAll(COUNTS, 'COUNT(1)'));
    return JSON.stringify(changed) === JSON.stringify(query) ? null : changed;
  }),
  asQuery('condition inside the aggregate', (query) => {
    const change = (text: string): string =>
      text.replaceAll(/SUM\(CASE WHEN (.+?) THEN 1 ELSE 0 END\)/g, 'COUNT(*) FILTER (WHERE $1)');
    const changed = { ...query, select: query.select.map((item) => ({ ...item, text: change(item.text) })) };
    return JSON.stringify(changed) === JSON.stringify(query) ? null : changed;
  }),
  asQuery('join as IN', (query, context) => semiJoin(query, context, 'in')),
  asQuery('join as EXISTS', (query, context) => semiJoin(query, context, 'exists')),
  asQuery('IN as EXISTS', memberAsExists),
  asQuery('IN as join', memberAsJoin),
  asQuery('GROUP BY position', (query) => {
    if (query.groupBy.length === 0) return null;
    const positions = query.groupBy.map((key) => query.select.findIndex(({ text }) => text === key) + 1);
    return positions.includes(0) ? null : { ...query, groupBy: positions.map(String) };
  }),
  asQuery('GROUP BY ALL', (query, { world }) =>
    query.groupBy.length === 0 ||
    hasView(query, world) ||
    query.groupBy.some((key) => !query.select.some(({ text }) => text === key))
      ? null
      : { ...query, groupBy: ['ALL'] },
  ),
  asQuery('ORDER BY expression', (query, { world }) => {
    const byAlias = query.orderBy.filter(({ text }) => query.select.some(({ alias }) => alias === text));
    if (byAlias.length === 0 || hasView(query, world)) return null;
    return {
      ...query,
      orderBy: query.orderBy.map((item) => ({
        ...item,
        text: query.select.find(({ alias }) => alias === item.text)?.text ?? item.text,
      })),
    };
  }),
  {
    name: 'HAVING as outer filter',
    write: (query) => {
      const [condition] = query.having;
      const counted = query.select.find(
        ({ text }) => condition?.kind === 'compare' && condition.left === text,
      );
      const names = query.select.map(
        ({ alias, text }) => alias ?? /^\{\w+\.(\w+)\}$/.exec(text)?.[1] ?? null,
      );
      if (
        condition?.kind !== 'compare' ||
        counted === undefined ||
        counted.alias === null ||
        query.having.length > 1 ||
        names.includes(null) ||
        query.limit !== null
      )
        return null;
      return `SELECT ${names.join(', ')} FROM (${renderQuery({ ...query, having: [], orderBy: [] }, PLAIN)}) AS grouped WHERE ${counted.alias} ${condition.operator} ${condition.right}`;
    },
  },
  asQuery('GROUP BY for DISTINCT', (query) =>
    query.distinct ? { ...query, distinct: false, groupBy: query.select.map(({ text }) => text) } : null,
  ),
  asQuery('order of columns', (query) =>
    query.select.length < 2 || query.groupBy.some((key) => /^\d+$/.test(key))
      ? null
      : { ...query, select: [...query.select].reverse() },
  ),
  {
    name: 'several at once',
    write: (query, { random }) => {
      const joined = rewriteJoins(query) ?? query;
      return renderQuery(
        { ...joined, where: shuffled(joined.where, random) },
        { ...ALIASES, alias: (source, at) => `${source.id}_${at}`, keyword: (word) => word.toLowerCase() },
      );
    },
  },
];
