import { nameKey, nameParts, quoteIdentifier, sameObject, shortName } from '../core/index.ts';
import type { CatalogSnapshot, ForeignKey } from '../ports/index.ts';
import type { Space } from '../spaces/index.ts';

/** A column as space and catalog together describe it. */
export interface SchemaColumn {
  /** As stored. */
  readonly name: string;
  /** Upper-case type text; empty when the catalog does not know the column. */
  readonly type: string;
  /** Text of the space, else the catalog's comment; empty when there is none. */
  readonly description: string;
  /** Whether the text stands in the space itself. */
  readonly describedInSpace: boolean;
  readonly synonyms: readonly string[];
  readonly entityMatching: boolean;
  readonly formatAssistance: boolean;
  readonly hidden: boolean;
}

export interface SchemaTable {
  /** Full name as stored, and its comparison form. */
  readonly name: string;
  readonly key: string;
  readonly kind: 'table' | 'view' | 'metric_view';
  readonly inSpace: boolean;
  readonly description: string;
  readonly describedInSpace: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** By lower-case name. */
  readonly columns: ReadonlyMap<string, SchemaColumn>;
  /** Lower-case column names. */
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
}

export interface SchemaFunction {
  readonly name: string;
  readonly key: string;
  readonly comment: string;
  readonly inSpace: boolean;
  readonly parameters: readonly {
    readonly name: string;
    readonly type: string;
    readonly comment: string;
    readonly optional: boolean;
  }[];
}

/** Space and catalog as one model, looked up by any form of a name. */
export interface Schema {
  readonly tables: ReadonlyMap<string, SchemaTable>;
  readonly functions: ReadonlyMap<string, SchemaFunction>;
  /** `null` when no table, or more than one, is meant. */
  readonly table: (name: string | null) => SchemaTable | null;
  readonly column: (table: string | null, column: string) => SchemaColumn | null;
  readonly function: (name: string) => SchemaFunction | null;
  /** Shortest name that is unambiguous among the tables of the schema, back-quoted where needed. */
  readonly sqlName: (table: SchemaTable) => string;
}

const joined = (text: readonly string[] | undefined): string => (text ?? []).join('').trim();

/** Builds the model; nothing is dropped, objects known to one side only are kept. */
export function buildSchema(space: Space, catalog: CatalogSnapshot): Schema {
  const tables = new Map<string, SchemaTable>();
  const sources = [
    ...(space.data_sources?.tables ?? []).map((source) => ({ source, kind: 'table' as const })),
    ...(space.data_sources?.metric_views ?? []).map((source) => ({ source, kind: 'metric_view' as const })),
  ];
  for (const { source, kind } of sources) {
    const key = nameKey(source.identifier);
    const known = catalog.tables.find((table) => nameKey(table.name) === key);
    const configs = new Map(
      (source.column_configs ?? []).map((config) => [config.column_name.toLowerCase(), config]),
    );
    const names = new Map<string, string>();
    for (const column of known?.columns ?? []) names.set(column.name.toLowerCase(), column.name);
    for (const config of configs.values()) {
      const lower = config.column_name.toLowerCase();
      if (!names.has(lower)) names.set(lower, config.column_name);
    }
    const columns = new Map<string, SchemaColumn>();
    for (const [lower, name] of names) {
      const config = configs.get(lower);
      const column = known?.columns.find((item) => item.name.toLowerCase() === lower);
      const own = joined(config?.description);
      columns.set(lower, {
        name,
        type: column?.type.toUpperCase() ?? '',
        description: own === '' ? (column?.comment?.trim() ?? '') : own,
        describedInSpace: own !== '',
        synonyms: config?.synonyms ?? [],
        entityMatching: config?.enable_entity_matching ?? false,
        formatAssistance: config?.enable_format_assistance ?? false,
        hidden: config?.exclude ?? false,
      });
    }
    const own = joined(source.description);
    tables.set(key, {
      name: source.identifier,
      key,
      kind: known?.kind ?? kind,
      inSpace: true,
      description: own === '' ? (known?.comment?.trim() ?? '') : own,
      describedInSpace: own !== '',
      tags: known?.tags ?? {},
      columns,
      primaryKey: (known?.primaryKey ?? []).map((name) => name.toLowerCase()),
      foreignKeys: known?.foreignKeys ?? [],
    });
  }
  for (const table of catalog.tables) {
    const key = nameKey(table.name);
    if (tables.has(key)) continue;
    tables.set(key, {
      name: table.name,
      key,
      kind: table.kind,
      inSpace: false,
      description: table.comment?.trim() ?? '',
      describedInSpace: false,
      tags: table.tags,
      columns: new Map(
        table.columns.map((column) => [
          column.name.toLowerCase(),
          {
            name: column.name,
            type: column.type.toUpperCase(),
            description: column.comment?.trim() ?? '',
            describedInSpace: false,
            synonyms: [],
            entityMatching: false,
            formatAssistance: false,
            hidden: false,
          },
        ]),
      ),
      primaryKey: table.primaryKey.map((name) => name.toLowerCase()),
      foreignKeys: table.foreignKeys,
    });
  }
  const functions = functionsOf(space, catalog);
  const table = (name: string | null): SchemaTable | null => {
    if (name === null) return null;
    const exact = tables.get(nameKey(name));
    if (exact !== undefined) return exact;
    const matches = [...tables.values()].filter((item) => sameObject(item.key, name));
    return matches.length === 1 ? (matches[0] ?? null) : null;
  };
  return {
    tables,
    functions,
    table,
    column: (owner, column) => table(owner)?.columns.get(column.toLowerCase()) ?? null,
    function: (name) =>
      functions.get(nameKey(name)) ??
      [...functions.values()].find((item) => sameObject(item.key, name)) ??
      null,
    sqlName: (item) => {
      const short = shortName(item.key);
      const unique = [...tables.values()].filter((other) => shortName(other.key) === short).length === 1;
      return (unique ? nameParts(item.name).slice(-1) : nameParts(item.name)).map(quoteIfNeeded).join('.');
    },
  };
}

function functionsOf(space: Space, catalog: CatalogSnapshot): Map<string, SchemaFunction> {
  const inSpace = new Set((space.instructions?.sql_functions ?? []).map((item) => nameKey(item.identifier)));
  const functions = new Map<string, SchemaFunction>();
  for (const item of catalog.functions) {
    const key = nameKey(item.name);
    functions.set(key, {
      name: item.name,
      key,
      comment: item.comment ?? '',
      inSpace: inSpace.has(key),
      parameters: item.parameters.map((parameter) => ({
        name: parameter.name,
        type: parameter.type.toUpperCase(),
        comment: parameter.comment ?? '',
        optional: parameter.defaultValue !== null,
      })),
    });
  }
  for (const item of space.instructions?.sql_functions ?? []) {
    const key = nameKey(item.identifier);
    if (!functions.has(key)) {
      functions.set(key, { name: item.identifier, key, comment: '', inSpace: true, parameters: [] });
    }
  }
  return functions;
}

/** An identifier as it may stand in SQL: bare when plain, else in backticks. */
export const quoteIfNeeded = (part: string): string =>
  /^[A-Za-z_]\w*$/.test(part) ? part : quoteIdentifier(part);
