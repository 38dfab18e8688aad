import type { RelationEntry } from '../catalog/catalog-model.ts';
import type { Node } from './tree.ts';

/** One table, view, function or subquery in a FROM clause. */
export interface ScopedRelation {
  /** The name by which columns are qualified; `''` when there is none. */
  readonly alias: string;
  /** `catalog.schema.table` where it is one of the catalog, else `null`. */
  readonly fullName: string | null;
  /** Columns where they are known without running anything. */
  readonly columns: readonly string[] | null;
  /** Those of `columns` that are DATEs, lower case. */
  readonly dates: ReadonlySet<string>;
  readonly metricView: ExpandedMetricView | null;
}

/** A relation of which only the name is known: a subquery, a CTE, a list of values. */
export const unknownRelation = (alias: string): ScopedRelation => ({
  alias,
  fullName: null,
  columns: null,
  dates: new Set(),
  metricView: null,
});

/** A relation with known columns. */
export const knownRelation = (
  alias: string,
  fullName: string,
  columns: readonly { readonly name: string; readonly type: string }[],
  metricView: ExpandedMetricView | null = null,
): ScopedRelation => ({
  alias,
  fullName,
  columns: columns.map((column) => column.name),
  dates: new Set(
    columns.filter((column) => column.type === 'DATE').map((column) => column.name.toLowerCase()),
  ),
  metricView,
});

/** A metric view written into a FROM clause as a subquery whose select list can still grow. */
export interface ExpandedMetricView {
  readonly entry: RelationEntry;
  readonly alias: string;
  /** Select list of the subquery; columns that measures need are appended. */
  readonly expressions: unknown[];
}

/** What a statement can see: common table expressions, and the parameters of the function being expanded. */
export interface QueryScope {
  /** Names of common table expressions, lower case. */
  readonly ctes: ReadonlySet<string>;
  /** Values that stand for parameters, by lower-case name. */
  readonly parameters: ReadonlyMap<string, Node>;
  /** Name of the function that `parameters` belong to, lower case, for `function.parameter`. */
  readonly routine: string | null;
  /** Tables of this query and of the queries around it, innermost first. */
  readonly outer: readonly ScopedRelation[];
  /** Expansions under way, to refuse a view or function that contains itself. */
  readonly expanding: readonly string[];
}

export const EMPTY_SCOPE: QueryScope = {
  ctes: new Set(),
  parameters: new Map(),
  routine: null,
  outer: [],
  expanding: [],
};
