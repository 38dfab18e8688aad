import { columnsIn, subjectOf, type Condition, type Join, type Query, type Source } from './query.ts';
import { PLAIN, renderQuery } from './render-query.ts';
import type { RewriteContext } from './rewrite.ts';
import { usedText } from './mutation.ts';

const allInner = (query: Query): boolean =>
  query.joins.length > 0 && query.joins.every(({ type, on }) => type === 'INNER' && on.length > 0);

const plainTable = ({ args, query }: Source): boolean => args === undefined && query === undefined;

/** Inner joins from the other end. */
export function rewriteJoins(query: Query): Query | null {
  if (!allInner(query)) return null;
  const sources = [query.from, ...query.joins.map(({ source }) => source)].reverse();
  const conditions = query.joins.flatMap(({ on }) => on);
  const [first] = sources;
  if (first === undefined) return null;
  const present = new Set([first.id]);
  const joins: Join[] = [];
  const open = sources.slice(1);
  while (open.length > 0) {
    const next = open.find(({ id }) => conditions.some((one) => links(one, id, present)));
    if (next === undefined) return null;
    const on = conditions.filter((one) => links(one, next.id, present));
    present.add(next.id);
    joins.push({ type: 'INNER', source: next, on });
    open.splice(open.indexOf(next), 1);
  }
  return joins.flatMap(({ on }) => on).length === conditions.length ? { ...query, from: first, joins } : null;
}

function links(condition: Condition, id: string, present: ReadonlySet<string>): boolean {
  const ids = columnsIn(subjectOf(condition)).map(({ source }) => source);
  return (
    ids.includes(id) &&
    ids.every((one) => one === id || present.has(one)) &&
    ids.some((one) => present.has(one))
  );
}

/** Inner joins as a product that WHERE restricts. */
export function crossWithWhere(query: Query): Query | null {
  if (!allInner(query)) return null;
  return {
    ...query,
    joins: query.joins.map((join) => ({ ...join, type: 'CROSS', on: [] })),
    where: [...query.joins.flatMap(({ on }) => on), ...query.where],
  };
}

/** The last joined table read through a subquery that shows only what is used. */
export function derivedTable(query: Query): Query | null {
  const join = query.joins.at(-1);
  if (join === undefined || !plainTable(join.source)) return null;
  const used = columnsIn(usedText(query)).filter(({ source }) => source === join.source.id);
  if (used.length === 0) return null;
  const inner: Query = {
    distinct: false,
    select: used.map(({ column }) => ({ text: `{i.${column}}`, alias: null })),
    from: { id: 'i', table: join.source.table },
    joins: [],
    where: [],
    groupBy: [],
    having: [],
    orderBy: [],
    limit: null,
  };
  return {
    ...query,
    joins: [...query.joins.slice(0, -1), { ...join, source: { ...join.source, query: inner } }],
  };
}

/** An inner join that only restricts, to a table whose primary key it meets, as a semi join. */
export function semiJoin(query: Query, { world }: RewriteContext, form: 'in' | 'exists'): Query | null {
  const join = query.joins.at(-1);
  if (join?.type !== 'INNER' || join.on.length !== 1 || !plainTable(join.source)) return null;
  const [on] = join.on;
  const table = world.catalog.tables.find(({ name }) => name === join.source.table);
  if (on?.kind !== 'compare' || table?.primaryKey.length !== 1) return null;
  const isInner = (text: string): boolean => columnsIn(text).some(({ source }) => source === join.source.id);
  const [inner, outer] = isInner(on.left) ? [on.left, on.right] : [on.right, on.left];
  if (!isInner(inner) || columnsIn(inner)[0]?.column !== table.primaryKey[0]) return null;
  const restricting = query.where.filter((one) => isInner(subjectOf(one)));
  const rest: Query = {
    ...query,
    joins: query.joins.slice(0, -1),
    where: query.where.filter((one) => !restricting.includes(one)),
  };
  if (isInner(usedText(rest))) return null;
  const subquery: Query = {
    distinct: false,
    select: [{ text: form === 'in' ? inner : '1', alias: null }],
    from: join.source,
    joins: [],
    where: restricting,
    groupBy: [],
    having: [],
    orderBy: [],
    limit: null,
  };
  if (form === 'in')
    return {
      ...rest,
      where: [...rest.where, { kind: 'member', subject: outer, query: subquery, negated: false }],
    };
  return { ...rest, where: [...rest.where, exists(subquery, inner, outer, rest)] };
}

/** Both sides need an alias: the outer one stands in its own FROM under its id only where several sources are read. */
function exists(subquery: Query, inner: string, outer: string, rest: Query): Condition {
  const body = renderQuery(subquery, PLAIN).replaceAll(/\s+/g, ' ');
  const innerColumn = columnsIn(inner)[0]?.column ?? '';
  const [outerColumn] = columnsIn(outer);
  const outerName =
    rest.joins.length > 0
      ? `${outerColumn?.source ?? ''}.${outerColumn?.column ?? ''}`
      : `${rest.from.table}.${outerColumn?.column ?? ''}`;
  const tie = `${subquery.from.table}.${innerColumn} = ${outerName}`;
  return { kind: 'text', text: `EXISTS (${body}${subquery.where.length > 0 ? ' AND' : ' WHERE'} ${tie})` };
}

export function memberAsExists(query: Query): Query | null {
  const at = query.where.findIndex(({ kind }) => kind === 'member');
  const member = query.where[at];
  if (member?.kind !== 'member' || member.query.joins.length > 0) return null;
  const [item] = member.query.select;
  const subquery = { ...member.query, select: [{ text: '1', alias: null }] };
  const positive = exists(subquery, item?.text ?? '', member.subject, query);
  const condition: Condition =
    member.negated && positive.kind === 'text' ? { kind: 'text', text: `NOT ${positive.text}` } : positive;
  return { ...query, where: query.where.map((one, index) => (index === at ? condition : one)) };
}

export function memberAsJoin(query: Query): Query | null {
  const at = query.where.findIndex(({ kind }) => kind === 'member');
  const member = query.where[at];
  const column = member?.kind === 'member' ? columnsIn(member.query.select[0]?.text ?? '')[0] : undefined;
  if (member?.kind !== 'member' || member.negated || column === undefined) return null;
  return {
    ...query,
    joins: [
      ...query.joins,
      {
        type: 'INNER',
        source: { id: 'members', table: '', query: { ...member.query, distinct: true } },
        on: [{ kind: 'compare', left: member.subject, operator: '=', right: `{members.${column.column}}` }],
      },
    ],
    where: query.where.filter((_, index) => index !== at),
  };
}

/** The conditions on the first table inside a CTE. */
export function filterInCte(query: Query): string | null {
  const { from } = query;
  if (!plainTable(from) || from.table === '') return null;
  const own = query.where.filter((one) => {
    const ids = columnsIn(subjectOf(one)).map(({ source }) => source);
    return (
      one.kind !== 'member' && one.kind !== 'text' && ids.length > 0 && ids.every((id) => id === from.id)
    );
  });
  if (own.length === 0 || query.joins.some(({ type }) => type !== 'INNER')) return null;
  const kept: Query = {
    distinct: false,
    select: [{ text: '*', alias: null }],
    from,
    joins: [],
    where: own,
    groupBy: [],
    having: [],
    orderBy: [],
    limit: null,
  };
  const rest: Query = {
    ...query,
    from: { ...from, table: 'kept' },
    where: query.where.filter((one) => !own.includes(one)),
  };
  return `WITH kept AS (${renderQuery(kept, PLAIN)})\n${renderQuery(rest, PLAIN)}`;
}
