import { quoteIdentifier } from '../../core/index.ts';
import { parseDatabricks, parseExpression } from '../engine/prepare-text.ts';
import type { ScopedRelation } from '../engine/relation-scope.ts';
import { translateQuery } from '../engine/translate.ts';
import type { TranslationContext } from '../engine/translate.ts';
import { CatalogModel } from './catalog-model.ts';
import type { ColumnEntry, FullName, RelationEntry } from './catalog-model.ts';
import { metricViewBaseSql, readMetricViewYaml } from './metric-view.ts';
import type { MetricView, MetricViewField, MetricViewSpec } from './metric-view.ts';

type Describe = (sql: string, seen?: readonly ScopedRelation[]) => Promise<ColumnEntry[]>;

/**
 * Reads, parses and proves the YAML of a metric view.
 *
 * Every dimension and measure is bound once, so a wrong expression fails at CREATE VIEW as it does in
 * a real workspace.
 * @throws {DatabricksSqlError}
 */
export async function compileMetricView(
  name: FullName,
  yaml: string,
  context: TranslationContext,
  describe: Describe,
): Promise<RelationEntry> {
  const spec = readMetricViewYaml(yaml);
  const sourceQuery = /^\s*\(?\s*(?:select|with)\b/i.test(spec.source)
    ? spec.source
    : `SELECT * FROM ${spec.source}`;
  const source = await translateQuery(sourceQuery, context);
  const sourceColumns = await describe(source.sql, source.seen);
  const metricView: MetricView = {
    base: await parseDatabricks(metricViewBaseSql(spec)),
    sourceColumns: new Set(sourceColumns.map((column) => column.name.toLowerCase())),
    dimensions: await fields(spec.dimensions),
    measures: await fields(spec.measures),
  };
  const draft: RelationEntry = {
    ...name,
    kind: 'metric_view',
    comment: spec.comment,
    columns: [...spec.dimensions, ...spec.measures].map((field) => ({
      name: field.name,
      type: 'STRING',
      comment: field.comment,
      nullable: true,
      tags: new Map(),
    })),
    tags: new Map(),
    properties: new Map(),
    primaryKey: null,
    foreignKeys: [],
    definition: yaml,
    query: null,
    metricView,
  };
  const types = await describeFields(draft, spec, context, describe);
  return {
    ...draft,
    columns: draft.columns.map((column) => ({ ...column, type: types.get(column.name) ?? column.type })),
  };
}

const fields = (specs: MetricViewSpec['dimensions']): Promise<MetricViewField[]> =>
  Promise.all(specs.map(async (field) => ({ ...field, tree: await parseExpression(field.expr) })));

/** Types of all fields, found by binding one query that uses them all. */
async function describeFields(
  draft: RelationEntry,
  spec: MetricViewSpec,
  context: TranslationContext,
  describe: Describe,
): Promise<Map<string, string>> {
  const expressions = [
    ...spec.dimensions.map((field) => quoteIdentifier(field.name)),
    ...spec.measures.map(
      (field) => `MEASURE(${quoteIdentifier(field.name)}) AS ${quoteIdentifier(field.name)}`,
    ),
  ];
  const query = `SELECT ${expressions.join(', ')} FROM ${[draft.catalog, draft.schema, draft.name].map(quoteIdentifier).join('.')} GROUP BY ALL`;
  const translation = await translateQuery(query, { ...context, model: withRelation(context.model, draft) });
  const columns = await describe(translation.sql, translation.seen);
  return new Map(columns.map((column) => [column.name, column.type]));
}

/** The catalog as it would be with one relation more (or replaced); the given one is not changed. */
function withRelation(model: CatalogModel, entry: RelationEntry): CatalogModel {
  const copy = new CatalogModel();
  for (const [key, catalog] of model.catalogs)
    copy.catalogs.set(key, { ...catalog, schemas: new Map(catalog.schemas) });
  const schema = copy.schema(entry.catalog, entry.schema);
  if (schema !== null) {
    copy
      .catalog(entry.catalog)
      ?.schemas.set(entry.schema, { ...schema, relations: new Map(schema.relations).set(entry.name, entry) });
  }
  return copy;
}
