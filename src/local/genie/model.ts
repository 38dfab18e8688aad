import { nameKey, nameParts, shortName } from '../../core/index.ts';
import type { CatalogFunction, CatalogSnapshot, CatalogTable, ForeignKey } from '../../ports/index.ts';
import { dataSources, textOf, type ColumnConfig, type Space } from '../../spaces/index.ts';
import { metricViewFields, type ColumnOrigin, type MetricViewField } from './metric-view.ts';
import { commentSections, type CommentSections } from './comment-sections.ts';

export type ColumnKind = 'number' | 'date' | 'text' | 'boolean' | 'other';

/** A column, metric-view member or function result as the engine may use it. */
export interface AssetColumn {
  readonly asset: string;
  readonly name: string;
  readonly kind: ColumnKind;
  /** `plain` for tables; metric views divide their members. */
  readonly role: 'plain' | 'dimension' | 'measure';
  readonly synonyms: readonly string[];
  /** Text of the space; stronger than `comment`. */
  readonly description: string;
  /** Text of the catalog. */
  readonly comment: string;
  readonly entityMatching: boolean;
  readonly formatAssistance: boolean;
  /** Primary or foreign key, or named like one. */
  readonly isKey: boolean;
  /** Synonyms of the table's column that this dimension of a metric view hands on. */
  readonly inherited: readonly string[];
  /** A measure that is the number of rows. */
  readonly countsRows: boolean;
}

/** A table, metric view or function that the space lists. */
export interface Asset {
  readonly kind: 'table' | 'metric_view' | 'function';
  /** Three-part name as the space writes it. */
  readonly name: string;
  /** Unique short name, used as the alias in FROM. */
  readonly alias: string;
  readonly description: string;
  readonly comment: string;
  readonly sections: CommentSections;
  readonly columns: readonly AssetColumn[];
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly routine: CatalogFunction | null;
}

/** What the space lists and the catalog knows, in canonical order; hidden columns are left out. */
export function assetsOf(space: Space, catalog: CatalogSnapshot): Asset[] {
  const tables = new Map(catalog.tables.map((table) => [nameKey(table.name), table]));
  const functions = new Map(catalog.functions.map((routine) => [nameKey(routine.name), routine]));
  const sources = [...dataSources(space)].sort((a, b) => compareText(a.identifier, b.identifier));
  const assets: Asset[] = [];
  const fields = new Map<string, readonly MetricViewField[]>();
  for (const source of sources) {
    const { identifier } = source;
    const configs = source.column_configs ?? [];
    const known = tables.get(nameKey(identifier));
    if (known === undefined) continue;
    const members = known.kind === 'metric_view' ? metricViewFields(known.definition) : [];
    fields.set(identifier, members);
    assets.push(tableAsset(identifier, textOf(source.description), configs, known, members));
  }
  for (const listed of [...(space.instructions?.sql_functions ?? [])].sort((a, b) =>
    compareText(a.identifier, b.identifier),
  )) {
    const routine = functions.get(nameKey(listed.identifier));
    if (routine !== undefined) assets.push(functionAsset(listed.identifier, routine));
  }
  return withUniqueAliases(withInherited(assets, fields));
}

/** Dimensions that alone hand a column on go by its synonyms too; of several roles none does. */
function withInherited(
  assets: readonly Asset[],
  fieldsOf: ReadonlyMap<string, readonly MetricViewField[]>,
): Asset[] {
  const byName = new Map(assets.map((asset) => [nameKey(asset.name), asset]));
  return assets.map((asset) => {
    if (asset.kind !== 'metric_view') return asset;
    const fields = fieldsOf.get(asset.name) ?? [];
    const keyOf = (origin: ColumnOrigin): string => `${nameKey(origin.table)}#${origin.column.toLowerCase()}`;
    const origins = fields.flatMap(({ origin }) => (origin === null ? [] : [keyOf(origin)]));
    return {
      ...asset,
      columns: asset.columns.map((column) => {
        const origin = fields.find(({ name }) => name.toLowerCase() === column.name.toLowerCase())?.origin;
        if (origin === null || origin === undefined) return column;
        if (origins.filter((key) => key === keyOf(origin)).length > 1) return column;
        const source = byName
          .get(nameKey(origin.table))
          ?.columns.find(({ name }) => name.toLowerCase() === origin.column.toLowerCase());
        return { ...column, inherited: source?.synonyms ?? [] };
      }),
    };
  });
}

function tableAsset(
  name: string,
  description: string,
  configs: readonly ColumnConfig[],
  table: CatalogTable,
  members: readonly MetricViewField[],
): Asset {
  const isView = table.kind === 'metric_view';
  const keys = new Set(
    [...table.primaryKey, ...table.foreignKeys.flatMap((key) => key.columns)].map((key) => key.toLowerCase()),
  );
  const columns = table.columns.flatMap((column): AssetColumn[] => {
    const config = configs.find((item) => item.column_name.toLowerCase() === column.name.toLowerCase());
    const member = members.find((item) => item.name.toLowerCase() === column.name.toLowerCase());
    if (config?.exclude === true) return [];
    const kind = kindOf(column.type);
    return [
      {
        asset: name,
        name: column.name,
        kind,
        role: isView ? roleOf(member, kind, members.length > 0) : 'plain',
        synonyms: [
          ...(config?.synonyms ?? []),
          ...(member?.synonyms ?? []),
          ...(typeof member?.displayName === 'string' ? [member.displayName] : []),
        ],
        description: textOf(config?.description),
        comment: [column.comment ?? '', member?.comment ?? ''].join(' ').trim(),
        entityMatching: config?.enable_entity_matching === true,
        formatAssistance: config?.enable_format_assistance === true,
        isKey:
          keys.has(column.name.toLowerCase()) ||
          /(?:^|_)(?:id|key|sk|pk|fk|no)$|[a-z](?:Id|Key)$|(?:key|_id)$/.test(column.name),
        inherited: [],
        countsRows: member?.countsRows === true,
      },
    ];
  });
  const comment = table.comment ?? '';
  return {
    kind: isView ? 'metric_view' : 'table',
    name,
    alias: shortName(name),
    description,
    comment,
    sections: commentSections(`${description}\n${comment}`),
    columns,
    primaryKey: table.primaryKey,
    foreignKeys: table.foreignKeys,
    routine: null,
  };
}

function functionAsset(name: string, routine: CatalogFunction): Asset {
  const columns = routine.returns.map((column): AssetColumn => ({
    asset: name,
    name: column.name,
    kind: kindOf(column.type),
    role: 'plain',
    synonyms: [],
    description: '',
    comment: '',
    entityMatching: false,
    formatAssistance: false,
    isKey: false,
    inherited: [],
    countsRows: false,
  }));
  const comment = routine.comment ?? '';
  return {
    kind: 'function',
    name,
    alias: shortName(name),
    description: '',
    comment,
    sections: commentSections(comment),
    columns,
    primaryKey: [],
    foreignKeys: [],
    routine,
  };
}

const roleOf = (
  member: MetricViewField | undefined,
  kind: ColumnKind,
  known: boolean,
): 'dimension' | 'measure' => member?.role ?? (!known && kind === 'number' ? 'measure' : 'dimension');

/** Groups Databricks types by what can be done with them. */
export function kindOf(type: string): ColumnKind {
  if (
    /^(?:TINYINT|SMALLINT|INT|INTEGER|BIGINT|LONG|SHORT|BYTE|FLOAT|REAL|DOUBLE|DEC|DECIMAL|NUMERIC|HUGEINT)\b/i.test(
      type,
    )
  )
    return 'number';
  if (/^(?:DATE|TIMESTAMP)/i.test(type)) return 'date';
  if (/^(?:STRING|VARCHAR|CHAR|TEXT)/i.test(type)) return 'text';
  return /^BOOL/i.test(type) ? 'boolean' : 'other';
}

/** A number that may be summed up: no key, and no part of a date or class that happens to be a number. */
export const isFigure = (column: AssetColumn): boolean =>
  column.kind === 'number' &&
  !column.isKey &&
  !/(?:^|_)(?:year|quarter|month|week|weekday|hour|code|class|grade|level)(?:_no|_number)?$|[a-z](?:Year|Quarter|Month|Code)$/.test(
    column.name,
  );

/** Two tables of one short name in different schemas keep apart by a longer alias. */
function withUniqueAliases(assets: readonly Asset[]): Asset[] {
  const taken = new Set<string>();
  return assets.map((asset) => {
    const alias = taken.has(asset.alias)
      ? nameParts(asset.name).slice(-2).join('_').toLowerCase()
      : asset.alias;
    taken.add(alias);
    return { ...asset, alias };
  });
}

/** Code-unit order: the canonical order of a space. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Short hand for a column's identity within one space. */
export const columnKey = (column: AssetColumn): string =>
  `${nameKey(column.asset)}#${column.name.toLowerCase()}`;
