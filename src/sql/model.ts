/**
 * The shape of a query: which sources a SELECT reads, which names each of them answers to, which
 * columns it puts out. Built once, read by everything that resolves or renders names.
 */

import type { ColumnRef } from './facts.ts';

/** A table whose columns are known; `name` has one to three parts. */
export interface KnownTable {
  readonly name: string;
  readonly columns: readonly string[];
}

/** An expression together with the names it may use. */
export interface Located {
  readonly node: unknown;
  readonly scope: Scope;
}

/** A named column that a query puts out: one expression per branch of a set operation. */
export interface ComputedOutput {
  readonly name: string | null;
  readonly branches: readonly Located[];
  /** What was found out about the column: chains of CTEs ask again and again. */
  readonly known: OutputKnowledge;
}

export interface OutputKnowledge {
  /** The base column it is, or `null` when it is computed. */
  base?: { readonly source: Source; readonly column: string } | null;
  /** All base columns it is made of. */
  columns?: readonly ColumnRef[];
}

/** `*` or `t.*`: all columns of some sources. */
export interface StarOutput {
  readonly sources: readonly Source[];
  readonly except: ReadonlySet<string>;
}

export type Output = ComputedOutput | StarOutput;

export const isStar = (output: Output): output is StarOutput => 'sources' in output;

/** Something that stands in FROM. */
export interface Source {
  readonly kind: 'table' | 'function' | 'derived' | 'generator';
  /** Comparison form of a table or table function. */
  readonly name: string | null;
  readonly alias: string | null;
  /** Unique in its scope; independent of aliases. */
  readonly label: string;
  /** The same with the full name of a table. */
  readonly fullLabel: string;
  /** Columns of a table, when they are known. */
  readonly columns: ReadonlySet<string> | null;
  /** Names that `AS t(a, b)` gives to the columns of a table or table function. */
  readonly renames: readonly string[];
  /** Columns of anything but a table; computed late because a recursive CTE reads itself. */
  readonly outputs: () => readonly Output[] | null;
  /** The query behind a derived source, and a CTE's definition. */
  readonly query: QueryModel | null;
  readonly cte: CteModel | null;
  readonly node: unknown;
  /** What its arguments may read: the sources before it. */
  readonly inputs: Scope;
}

export interface Scope {
  readonly parent: Scope | null;
  readonly depth: number;
  readonly sources: Source[];
  readonly ctes: ReadonlyMap<string, CteModel>;
  /** Output aliases of the SELECT that owns the scope. */
  readonly aliases: Map<string, unknown>;
  /** The source that each node in FROM became. */
  readonly items: Map<unknown, Source>;
  /** Base columns of aliased expressions, as far as they were asked for. */
  readonly aliasColumns: Map<unknown, readonly ColumnRef[]>;
}

export interface CteModel {
  readonly name: string;
  readonly label: string;
  readonly query: QueryModel;
  readonly outputs: () => readonly Output[];
}

export interface JoinModel {
  readonly node: unknown;
  readonly kind: string;
  readonly right: Source;
  readonly earlier: readonly Source[];
  readonly on: unknown;
  readonly using: readonly string[];
}

export interface QueryModel {
  readonly kind: 'select' | 'set' | 'wrapped' | 'other';
  readonly node: unknown;
  readonly scope: Scope;
  readonly ctes: readonly CteModel[];
  readonly joins: readonly JoinModel[];
  /** Branches of a set operation, or the one query in parentheses. */
  readonly inner: readonly QueryModel[];
  readonly outputs: () => readonly Output[];
}

/** Builds the model of a query node, the same one each time. */
export type BuildQuery = (node: unknown, parent: Scope | null) => QueryModel;

/** A text and how strongly it holds together: 10 for one piece, less for operators. */
export interface Piece {
  readonly text: string;
  readonly precedence: number;
}

/** Builds query models, each node once, so that a subquery met twice is the same model. */
export interface Modeler {
  readonly query: BuildQuery;
  /** Derived columns written out so far, by their expression. */
  readonly opened: Map<unknown, Piece | null>;
}

/** Whether a source is meant by a qualifier: its alias, or the end of its name. */
export function answersTo(source: Source, qualifier: readonly string[]): boolean {
  const text = qualifier.join('.');
  if (source.alias !== null) return source.alias === text;
  return source.name !== null && (source.name === text || source.name.endsWith(`.${text}`));
}

/** A scope without sources that still sees CTEs and the outer query. */
export const emptyScope = (
  parent: Scope | null,
  depth: number,
  ctes: ReadonlyMap<string, CteModel>,
): Scope => ({
  parent,
  depth,
  sources: [],
  ctes,
  aliases: new Map(),
  items: new Map(),
  aliasColumns: new Map(),
});

/** Gives output columns other names, by position. */
export function renamed(outputs: readonly Output[], names: readonly string[]): readonly Output[] {
  if (names.length === 0) return outputs;
  return outputs.map((output, index) =>
    isStar(output) ? output : { ...output, name: names[index] ?? output.name },
  );
}
