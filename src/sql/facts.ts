/** Where in a statement something stands. */
export type Clause =
  | 'select'
  | 'from'
  | 'join'
  | 'where'
  | 'group_by'
  | 'having'
  | 'qualify'
  | 'order_by'
  | 'window'
  | 'argument';

/** A column resolved through aliases and CTEs to its base table, where that is possible. */
export interface ColumnRef {
  /** Comparison form of the base table (`c.s.t`), or `null` when it cannot be told. */
  readonly table: string | null;
  /** Lower case. */
  readonly column: string;
}

export interface TableUse {
  /** Comparison form, as written: one to three parts, lower case, unquoted. CTE names are never listed. */
  readonly name: string;
  readonly alias: string | null;
  readonly kind: 'table' | 'function';
  /** Arguments of a table-valued call: name or `null` when positional, and canonical text. */
  readonly args: readonly { readonly name: string | null; readonly text: string }[];
}

export interface ColumnUse extends ColumnRef {
  readonly clause: Clause;
}

export interface JoinFact {
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross' | 'semi' | 'anti' | 'implicit';
  /** Base tables joined, comparison form; `null` where a side is a subquery that cannot be told. */
  readonly left: string | null;
  readonly right: string | null;
  /** Equality pairs of the condition, each pair in code-unit order of `table.column`. */
  readonly pairs: readonly (readonly [ColumnRef, ColumnRef])[];
  /** Canonical text of the whole condition; empty for CROSS. */
  readonly condition: string;
}

export interface PredicateFact {
  readonly clause: 'where' | 'having' | 'qualify' | 'join' | 'aggregate_filter';
  /** Columns the predicate restricts. */
  readonly columns: readonly ColumnRef[];
  /** `=`, `<>`, `<`, `<=`, `>`, `>=`, `in`, `not in`, `between`, `like`, `is null`, `is not null`, `or`, `other` … */
  readonly operator: string;
  /** Literals on the value side, unquoted, as written (case kept). */
  readonly literals: readonly string[];
  /** Canonical text with base tables in place of aliases; equal texts mean the same predicate. */
  readonly text: string;
  /** The text as it was written, for messages and patches. */
  readonly source: string;
  /** Restricts a date or timestamp: by literal, by date function, or by current date. */
  readonly temporal: boolean;
}

export interface AggregateFact {
  /** Lower case: `sum`, `count`, `avg`, `measure` … */
  readonly function: string;
  readonly distinct: boolean;
  /** Canonical text of the argument, base tables in place of aliases; `*` for COUNT(*). */
  readonly argument: string;
  /** The whole aggregate as written, for messages and patches. */
  readonly source: string;
  readonly columns: readonly ColumnRef[];
  /** Present when the aggregate has OVER: it computes per row and groups nothing. */
  readonly windowed?: true;
}

export interface ProjectionFact {
  readonly text: string;
  /** As written, without the alias. */
  readonly source: string;
  readonly alias: string | null;
  readonly columns: readonly ColumnRef[];
  readonly aggregated: boolean;
}

/**
 * What a statement does, read from its syntax tree.
 *
 * `engine: 'lexical'` means the parser was not used or failed (`degradedReason` says why): tables,
 * functions and measures are still found by the lexer; the other lists are empty and must not be
 * compared.
 */
export interface SqlFacts {
  readonly sql: string;
  readonly engine: 'ast' | 'lexical';
  readonly degradedReason: string | null;
  readonly tables: readonly TableUse[];
  readonly columns: readonly ColumnUse[];
  readonly joins: readonly JoinFact[];
  readonly predicates: readonly PredicateFact[];
  readonly aggregates: readonly AggregateFact[];
  readonly projections: readonly ProjectionFact[];
  /** Canonical texts, ordinals and aliases replaced by what they stand for; empty without grouping. */
  readonly groupBy: readonly { readonly text: string; readonly columns: readonly ColumnRef[] }[];
  readonly orderBy: readonly { readonly text: string; readonly descending: boolean }[];
  readonly limit: number | null;
  readonly distinct: boolean;
  /** Scalar function names called, lower case, without aggregates. */
  readonly functions: readonly string[];
  /** Names inside MEASURE(…), lower case. */
  readonly measures: readonly string[];
  readonly ctes: readonly string[];
  readonly setOperation: boolean;
}
