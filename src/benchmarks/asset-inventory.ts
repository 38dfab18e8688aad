import { parse } from 'yaml';
import { nameKey, shortName } from '../core/index.ts';
import type { CatalogFunction, CatalogSnapshot, CatalogTable } from '../ports/index.ts';
import type { AssetKind, Category } from './benchmark.ts';

/** What a column is good for in a question. */
export type ColumnRole = 'measure' | 'number' | 'date' | 'label' | 'key' | 'other';

export interface AssetColumn {
  readonly name: string;
  readonly type: string;
  readonly role: ColumnRole;
  /** In words: the first synonym the space gives, else the name without its prefix. */
  readonly words: string;
  readonly synonyms: readonly string[];
}

/** A table, metric view or function of a space, as far as questions can be made from it. */
export interface Asset {
  /** Full name, as stored. */
  readonly name: string;
  readonly kind: AssetKind;
  /** In words, plural as stored: `order items`. */
  readonly words: string;
  readonly comment: string | null;
  /** Columns that the space does not exclude; for functions those they return. */
  readonly columns: readonly AssetColumn[];
  readonly primaryKey: readonly string[];
  readonly foreignKeys: CatalogTable['foreignKeys'];
  readonly parameters: CatalogFunction['parameters'];
  /** Holds the output of a model. */
  readonly prediction: boolean;
}

interface SpaceSource {
  readonly identifier: string;
  readonly column_configs?:
    | readonly {
        readonly column_name: string;
        readonly synonyms?: readonly string[] | undefined;
        readonly exclude?: boolean | undefined;
      }[]
    | undefined;
}

/** A space as far as its assets go. */
export interface SpaceWithAssets {
  readonly data_sources?:
    | {
        readonly tables?: readonly SpaceSource[] | undefined;
        readonly metric_views?: readonly SpaceSource[] | undefined;
      }
    | undefined;
  readonly instructions?:
    { readonly sql_functions?: readonly { readonly identifier: string }[] | undefined } | undefined;
}

/**
 * The assets of a space that the catalog knows, metric views first, then functions, then tables.
 *
 * Functions that return no table are left out. The catalog decides on kinds, not the list in the space.
 */
export function assetInventory(space: SpaceWithAssets, catalog: CatalogSnapshot): Asset[] {
  const tables = new Map(catalog.tables.map((table) => [nameKey(table.name), table]));
  const functions = new Map(catalog.functions.map((item) => [nameKey(item.name), item]));
  const sources = [...(space.data_sources?.tables ?? []), ...(space.data_sources?.metric_views ?? [])];
  const assets = [
    ...sources.flatMap((source) => {
      const table = tables.get(nameKey(source.identifier));
      return table === undefined ? [] : [tableAsset(table, source)];
    }),
    ...(space.instructions?.sql_functions ?? []).flatMap(({ identifier }) => {
      const item = functions.get(nameKey(identifier));
      return item === undefined || item.returns.length === 0 ? [] : [functionAsset(item)];
    }),
  ];
  const rank = { MV: 0, TVF: 1, TABLE: 2 } as const;
  return assets.toSorted((a, b) => rank[a.kind] - rank[b.kind]);
}

/** The categories that these assets can be asked in. @see spec/benchmarks.md §4 */
export function answerableCategories(assets: readonly Asset[]): Category[] {
  const has = (role: ColumnRole): boolean =>
    assets.some(({ columns }) => columns.some((one) => one.role === role));
  const categories: Category[] = ['aggregation', 'list', 'detail'];
  if (has('label')) categories.push('ranking', 'comparison', 'threshold');
  if (has('date')) categories.push('time-series');
  if (assets.some(({ prediction }) => prediction)) categories.push('prediction');
  if (
    assets.some(({ foreignKeys }) =>
      foreignKeys.some(({ referencedTable }) => isAmong(assets, referencedTable)),
    )
  )
    categories.push('multi-table');
  return categories;
}

const isAmong = (assets: readonly Asset[], name: string): boolean =>
  assets.some((asset) => nameKey(asset.name) === nameKey(name));

function tableAsset(table: CatalogTable, source: SpaceSource): Asset {
  const measures = table.kind === 'metric_view' ? measuresOf(table.definition) : new Set<string>();
  const keys = new Set(
    [...table.primaryKey, ...table.foreignKeys.flatMap(({ columns }) => columns)].map((name) =>
      name.toLowerCase(),
    ),
  );
  const configs = new Map(
    (source.column_configs ?? []).map((config) => [config.column_name.toLowerCase(), config]),
  );
  const prefix = commonPrefix(table.columns.map(({ name }) => name));
  const columns = table.columns.flatMap(({ name, type }): AssetColumn[] => {
    const config = configs.get(name.toLowerCase());
    if (config?.exclude === true) return [];
    const synonyms = config?.synonyms ?? [];
    const role = measures.has(name.toLowerCase())
      ? 'measure'
      : roleOf(name, type, keys.has(name.toLowerCase()));
    return [{ name, type, role, words: synonyms[0] ?? inWords(name.slice(prefix.length)), synonyms }];
  });
  return {
    name: table.name,
    kind: table.kind === 'metric_view' ? 'MV' : 'TABLE',
    words: inWords(shortName(table.name)),
    comment: table.comment,
    columns,
    primaryKey: table.primaryKey,
    foreignKeys: table.foreignKeys,
    parameters: [],
    prediction: isPrediction(shortName(table.name), columns),
  };
}

const functionAsset = (item: CatalogFunction): Asset => ({
  name: item.name,
  kind: 'TVF',
  words: inWords(shortName(item.name).replace(/^get_/, '')),
  comment: item.comment,
  columns: item.returns.map(({ name, type }) => ({
    name,
    type,
    role: roleOf(name, type, false),
    words: inWords(name),
    synonyms: [],
  })),
  primaryKey: [],
  foreignKeys: [],
  parameters: item.parameters,
  prediction: false,
});

/** Names of the measures in the definition of a metric view, lower case; empty when it cannot be read. */
function measuresOf(definition: string | null): ReadonlySet<string> {
  let view: unknown;
  try {
    view = parse(definition ?? '');
  } catch {
    // The reader of the catalog may hand on another text than YAML; the columns are then plain ones.
    return new Set();
  }
  const measures = (view as { measures?: unknown } | null)?.measures;
  return new Set(
    (Array.isArray(measures) ? (measures as unknown[]) : []).flatMap((measure) => {
      const name = (measure as { name?: unknown } | null)?.name;
      return typeof name === 'string' ? [name.toLowerCase()] : [];
    }),
  );
}

const NUMBER_TYPE =
  /^(?:TINYINT|SMALLINT|INT|INTEGER|BIGINT|LONG|SHORT|FLOAT|DOUBLE|REAL|DECIMAL|NUMERIC)\b/i;
const KEY_NAME = /(?:^|_)(?:id|key|sk|pk|fk|no|nr|number|cd|code|uuid|hash)$|(?:id|key)$/i;

function roleOf(name: string, type: string, isKey: boolean): ColumnRole {
  if (/^(?:DATE|TIMESTAMP)/i.test(type)) return 'date';
  if (isKey) return 'key';
  if (NUMBER_TYPE.test(type))
    return KEY_NAME.test(name) || /(?:^|_)(?:year|month|quarter|yr|mth|qtr)$/i.test(name) ? 'key' : 'number';
  if (/^(?:STRING|VARCHAR|CHAR)/i.test(type))
    return /comment|description|note|text|address|phone|email|json|url/i.test(name) ? 'other' : 'label';
  return 'other';
}

const isPrediction = (name: string, columns: readonly AssetColumn[]): boolean =>
  /predict|forecast|inference|scor(?:e|ing)/.test(name) ||
  columns.some((column) => /^(?:prediction|predicted_\w+|\w+_probability)$/i.test(column.name));

/** `o_` of `o_orderkey, o_custkey`: a prefix that every column carries says nothing. */
function commonPrefix(names: readonly string[]): string {
  const prefix = /^[a-z]{1,3}_/i.exec(names[0] ?? '')?.[0] ?? '';
  return names.length > 1 && names.every((name) => name.startsWith(prefix)) ? prefix : '';
}

const inWords = (name: string): string =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_\s]+/g, ' ')
    .trim()
    .toLowerCase();
