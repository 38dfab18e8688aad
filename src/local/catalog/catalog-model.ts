import type { MetricView } from './metric-view.ts';
import type { Node } from '../engine/tree.ts';

export interface ColumnEntry {
  readonly name: string;
  /** Databricks type text, upper case. */
  readonly type: string;
  comment: string | null;
  readonly nullable: boolean;
  readonly tags: Map<string, string>;
}

export interface ForeignKeyEntry {
  readonly name: string;
  readonly columns: readonly string[];
  /** Full name of the referenced table. */
  readonly referencedTable: string;
  readonly referencedColumns: readonly string[];
}

interface NamedEntry {
  readonly catalog: string;
  readonly schema: string;
  readonly name: string;
  comment: string | null;
}

/** A table, view or metric view. Only tables exist in DuckDB; the others are written into each query that reads them. */
export interface RelationEntry extends NamedEntry {
  readonly kind: 'table' | 'view' | 'metric_view';
  readonly columns: ColumnEntry[];
  readonly tags: Map<string, string>;
  readonly properties: Map<string, string>;
  primaryKey: { readonly name: string; readonly columns: readonly string[] } | null;
  foreignKeys: ForeignKeyEntry[];
  /** Text of a view, YAML of a metric view, `null` for tables. */
  readonly definition: string | null;
  /** Parsed text of a view. */
  readonly query: Node | null;
  readonly metricView: MetricView | null;
}

export interface ParameterEntry {
  readonly name: string;
  readonly type: string;
  readonly defaultValue: string | null;
  readonly defaultTree: Node | null;
  readonly comment: string | null;
}

/** A SQL function; `returns` holds the columns of a table-valued one and is `null` for a scalar one. */
export interface FunctionEntry extends NamedEntry {
  readonly parameters: readonly ParameterEntry[];
  readonly returns:
    readonly { readonly name: string; readonly type: string; readonly comment: string | null }[] | null;
  readonly returnType: string | null;
  readonly body: string;
  /** Parsed body: a query for a table-valued function, an expression for a scalar one. */
  readonly tree: Node;
}

export interface SchemaEntry {
  readonly name: string;
  comment: string | null;
  readonly relations: Map<string, RelationEntry>;
  readonly functions: Map<string, FunctionEntry>;
}

export interface CatalogEntry {
  readonly name: string;
  comment: string | null;
  readonly schemas: Map<string, SchemaEntry>;
}

/** Where names with fewer than three parts are looked for. */
export interface NameScope {
  readonly catalog: string;
  readonly schema: string;
}

export interface FullName {
  readonly catalog: string;
  readonly schema: string;
  readonly name: string;
}

export const fullNameText = (name: FullName): string => `${name.catalog}.${name.schema}.${name.name}`;

/**
 * Unity Catalog of the embedded workspace: what exists, with comments, tags, keys and definitions.
 *
 * Names compare without regard to case. `version` grows with every change, so readers know when
 * something derived from the catalog is stale.
 */
export class CatalogModel {
  readonly catalogs = new Map<string, CatalogEntry>();
  #version = 0;

  get version(): number {
    return this.#version;
  }

  /** Must be called after every change. */
  touch(): void {
    this.#version += 1;
  }

  /** Completes a name of one to three parts; `null` for more parts. */
  fullName(parts: readonly string[], scope: NameScope): FullName | null {
    const [first, second, third] = parts;
    if (parts.length === 3) return { catalog: first ?? '', schema: second ?? '', name: third ?? '' };
    if (parts.length === 2) return { catalog: scope.catalog, schema: first ?? '', name: second ?? '' };
    if (parts.length === 1) return { ...scope, name: first ?? '' };
    return null;
  }

  catalog(name: string): CatalogEntry | null {
    return this.catalogs.get(name.toLowerCase()) ?? null;
  }

  schema(catalog: string, schema: string): SchemaEntry | null {
    return this.catalog(catalog)?.schemas.get(schema.toLowerCase()) ?? null;
  }

  relation(name: FullName): RelationEntry | null {
    return this.schema(name.catalog, name.schema)?.relations.get(name.name.toLowerCase()) ?? null;
  }

  function(name: FullName): FunctionEntry | null {
    return this.schema(name.catalog, name.schema)?.functions.get(name.name.toLowerCase()) ?? null;
  }

  /** Every relation, in order of creation. */
  relations(): RelationEntry[] {
    return this.#schemas().flatMap((schema) => [...schema.relations.values()]);
  }

  functions(): FunctionEntry[] {
    return this.#schemas().flatMap((schema) => [...schema.functions.values()]);
  }

  #schemas(): SchemaEntry[] {
    return [...this.catalogs.values()].flatMap((catalog) => [...catalog.schemas.values()]);
  }
}
