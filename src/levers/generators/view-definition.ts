import { nameKey } from '../../core/index.ts';
import { readMetricView, type MetricView } from '../../patch-dsl/index.ts';
import type { CatalogSnapshot } from '../../ports/index.ts';
import type { SchemaTable } from '../schema.ts';

/** The text of a metric view's definition; `null` when the catalog does not hold it. */
export const definitionOf = ({ key }: SchemaTable, { tables }: CatalogSnapshot): string | null =>
  tables.find((item) => nameKey(item.name) === key)?.definition ?? null;

/** What the definition of a metric view says; `null` when there is none or it cannot be read. */
export function viewOf(table: SchemaTable, catalog: CatalogSnapshot): MetricView | null {
  const definition = definitionOf(table, catalog);
  const view = definition === null ? null : readMetricView(definition);
  return view === null || 'problem' in view ? null : view;
}
