import type { ColumnRef, JoinFact, PredicateFact, SqlFacts } from '../../sql/index.ts';
import type { Restriction } from './constraint.ts';
import { normalText } from './normal-text.ts';
import type { ObjectIndex } from './object-index.ts';
import { roleNames } from './roles.ts';
import { semiJoins } from './semi-joins.ts';

/** Columns of a fact, as full keys (`c.s.t.column`). */
export interface ColumnKeys {
  /** As the statement names them, for blame. */
  readonly own: readonly string[];
  /** Their spokesmen among equal columns, for comparison. */
  readonly shared: readonly string[];
}

/** A restriction together with the predicates it was read from. */
export interface StatementRestriction extends Restriction {
  readonly clause: PredicateFact['clause'];
  readonly columns: ColumnKeys;
  readonly source: string;
  readonly temporal: boolean;
}

export interface StatementAggregate {
  /** The call as it stands in the text of a projection, without its end. */
  readonly call: string;
  readonly function: string;
  readonly distinct: boolean;
  readonly argument: string;
  readonly source: string;
  readonly columns: ColumnKeys;
}

export interface StatementProjection {
  readonly text: string;
  readonly source: string;
  /** Alias, else the column's own name; lower case. */
  readonly label: string;
  readonly columns: ColumnKeys;
  readonly aggregated: boolean;
}

export interface StatementJoin {
  readonly type: JoinFact['type'];
  readonly left: string | null;
  readonly right: string | null;
  readonly pairs: readonly (readonly [string, string])[];
  readonly condition: string;
}

/** Facts of a statement with every name resolved to the object it means. */
export interface Statement {
  readonly facts: SqlFacts;
  readonly tables: readonly string[];
  readonly calls: readonly {
    readonly name: string;
    readonly args: readonly { readonly name: string | null; readonly text: string }[];
  }[];
  readonly joins: readonly StatementJoin[];
  /** Columns used anywhere, by full key. */
  readonly columns: ReadonlySet<string>;
  readonly resolve: (text: string) => string;
  /** Predicates that are read as joins. */
  readonly consumed: ReadonlySet<PredicateFact>;
}

/** Resolves tables, joins and columns; the parts that depend on equal columns follow in `readStatement`. */
export function resolveStatement(facts: SqlFacts, index: ObjectIndex): Statement {
  const tableKey = (name: string): string => index.find(name)?.key ?? name;
  const tables = [
    ...new Set(facts.tables.filter(({ kind }) => kind === 'table').map(({ name }) => tableKey(name))),
  ];
  const columnKey = (column: ColumnRef): string => columnKeyOf(column, tables, index);
  const bare = bareColumns(facts, columnKey);
  const roles = roleNames(facts);
  const resolve = (text: string): string =>
    normalText(roles(text), (parts) => resolveName(parts, tables, index, bare));
  const { joins, consumed } = semiJoins(facts);
  return {
    facts,
    tables,
    calls: facts.tables
      .filter(({ kind }) => kind === 'function')
      .map(({ name, args }) => ({ name: tableKey(name), args })),
    consumed,
    joins: joins.map((join) => ({
      type: join.type,
      left: join.left === null ? null : tableKey(join.left),
      right: join.right === null ? null : tableKey(join.right),
      pairs: join.pairs.map(([a, b]) => [columnKey(a), columnKey(b)] as const),
      condition: resolve(join.condition),
    })),
    columns: new Set(facts.columns.map(columnKey)),
    resolve,
  };
}

/** `c.s.t.column`; a bare column belongs to the only table in use that has it, else to `?`. */
export function columnKeyOf(column: ColumnRef, tables: readonly string[], index: ObjectIndex): string {
  const name = column.column.toLowerCase();
  if (column.table !== null) return `${index.find(column.table)?.key ?? column.table}.${name}`;
  const owners = tables.filter((table) => index.find(table)?.columns.has(name) === true);
  const [owner] = owners.length === 1 ? owners : tables.length === 1 ? tables : [];
  return `${owner ?? '?'}.${name}`;
}

/** Bare names that mean one column, and nothing else, in this statement. */
function bareColumns(facts: SqlFacts, columnKey: (column: ColumnRef) => string): Map<string, string> {
  const keys = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const column of facts.columns) {
    const key = columnKey(column);
    const known = keys.get(column.column);
    if (known !== undefined && known !== key) ambiguous.add(column.column);
    keys.set(column.column, key);
  }
  for (const name of ambiguous) keys.delete(name);
  return keys;
}

function resolveName(
  parts: readonly string[],
  tables: readonly string[],
  index: ObjectIndex,
  bare: ReadonlyMap<string, string>,
): string | null {
  const column = parts.at(-1) ?? '';
  if (parts.length === 1) return bare.get(column) ?? null;
  const qualifier = parts.slice(0, -1).join('.');
  const known = index.find(qualifier)?.key;
  if (known !== undefined) return `${known}.${column}`;
  const table = tables.find((name) => name === qualifier || name.endsWith(`.${qualifier}`));
  return table === undefined ? null : `${table}.${column}`;
}
