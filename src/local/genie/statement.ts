import type { Draft } from './draft.ts';
import { defaultFilters } from './filters.ts';
import { fromClause, requalified } from './from-clause.ts';
import type { Knowledge } from './knowledge.ts';
import type { Piece } from './measures.ts';
import type { Dice } from './near-tie.ts';
import type { Reading } from './reading.ts';
import { identifier } from './sql-fragment.ts';

/** Writes a draft as Databricks SQL; `rules` are the sentences and labels that went into it. */
export function writeStatement(
  draft: Draft,
  knowledge: Knowledge,
  reading: Reading,
  dice: Dice,
): { sql: string; tables: readonly string[]; rules: readonly string[] } {
  const { scope } = draft;
  const needed = [
    ...draft.groups,
    ...draft.columns,
    ...draft.measures.map((measure) => measure.piece),
    ...draft.where,
  ].flatMap((part) => part.nodes);
  const from = fromClause(needed, scope, knowledge);
  const present = (part: { readonly nodes: readonly string[] }): boolean =>
    part.nodes.every((node) => from.inQuery.has(node));
  const text = (sql: string): string => requalified(sql, from, scope.base.alias);

  const groups = draft.groups.filter(present);
  const columns = draft.columns.filter(present);
  const measures = draft.measures
    .filter((measure) => present(measure.piece))
    .map((measure): Piece =>
      measure.countsRows && from.fansOut ? { ...measure.piece, sql: countedOnce(draft) } : measure.piece,
    );
  const where = [
    ...draft.where.filter(present),
    ...defaultFilters(from.inQuery, scope, knowledge, reading, dice),
  ];
  const isList = columns.length > 0 && measures.length === 0;

  const items = isList
    ? columns.map((piece) => withAlias(piece, text))
    : [...groups, ...measures].map((piece) => withAlias(piece, text));
  const lines = [
    `SELECT ${isList && draft.distinct ? 'DISTINCT ' : ''}${items.length === 0 ? '*' : items.join(', ')}`,
    `FROM ${from.sql}`,
  ];
  const conditions = [...new Set(where.map((condition) => text(condition.sql)))];
  if (conditions.length > 0) lines.push(`WHERE ${conditions.join('\n  AND ')}`);
  if (!isList && groups.length > 0)
    lines.push(`GROUP BY ${groups.map((piece) => text(piece.sql)).join(', ')}`);
  if (draft.having.length > 0 && !isList) lines.push(`HAVING ${draft.having.map(text).join(' AND ')}`);
  if (draft.order !== null) lines.push(`ORDER BY ${text(draft.order.by)} ${draft.order.direction}`);
  if (draft.limit !== null) lines.push(`LIMIT ${draft.limit}`);
  const tables = [...from.inQuery].flatMap((node) => knowledge.schema.nodes.get(node)?.name ?? []);
  return {
    sql: lines.join('\n'),
    tables: [...new Set(tables)],
    rules: where.map((condition) => condition.why),
  };
}

/** A select item names itself unless it is a plain column. */
function withAlias(piece: Piece, text: (sql: string) => string): string {
  const sql = text(piece.sql);
  const isColumn = sql.split('.').at(-1)?.replaceAll('`', '').toLowerCase() === piece.alias.toLowerCase();
  return isColumn || piece.alias === '' ? sql : `${sql} AS ${identifier(piece.alias)}`;
}

/** A count of rows would count an entity once per joined row; a known primary key prevents that, else it fans out. */
function countedOnce(draft: Draft): string {
  const { base } = draft.scope;
  const [key, ...more] = base.primaryKey;
  return key === undefined || more.length > 0
    ? 'COUNT(*)'
    : `COUNT(DISTINCT ${identifier(base.alias)}.${identifier(key)})`;
}
