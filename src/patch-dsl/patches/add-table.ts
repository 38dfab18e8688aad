import * as z from 'zod';
import { leverOfAsset } from '../asset-lever.ts';
import { CREATES_OBJECT } from '../access.ts';
import { definePatch } from '../define-patch.ts';
import { assetKey } from '../name-resolver.ts';
import { objectName, someText, textList } from '../payload-schemas.ts';
import { changes, failed, noop } from '../rendering.ts';
import { findCatalogTable, isFullName, resolveSource, sourcePath } from '../resolve.ts';
import { nameKey, nameParts } from '../../core/index.ts';
import { spaceEdit } from '../step.ts';
import { toTextLines } from '../../spaces/index.ts';

const columnConfig = z.strictObject({
  column_name: someText,
  description: someText.optional(),
  synonyms: textList.optional(),
  exclude: z.boolean().optional(),
  enable_format_assistance: z.boolean().optional(),
  enable_entity_matching: z.boolean().optional(),
});

/** Adds a table, view or metric view to the space. Unity Catalog, where known, decides which of the two lists it goes to. */
export const addTable = definePatch({
  type: 'add_table',
  group: 'tables and columns',
  lever: (p, snapshot) => (p.asset.kind === 'metric_view' ? 2 : leverOfAsset(p.asset.identifier, snapshot)),
  risk: 'medium',
  scope: 'genie_config',
  phase: 'create',
  schema: z.strictObject({
    asset: z.strictObject({
      /** All three parts. */
      identifier: objectName,
      kind: z.enum(['table', 'metric_view']),
      description: someText.optional(),
      column_configs: z.array(columnConfig).optional(),
    }),
  }),
  example: {
    asset: { identifier: 'main.sales.suppliers', kind: 'table', description: 'One row per supplier.' },
  },
  objectKey: (p, names) => assetKey(names, p.asset.identifier),
  parts: CREATES_OBJECT,
  touched: (p, names) => [names.source(p.asset.identifier)],
  check: (p) =>
    isFullName(p.asset.identifier) ? null : `'${p.asset.identifier}' needs catalog, schema and name`,
  render({ asset }, context) {
    const existing = resolveSource(asset.identifier, context);
    if (existing.status === 'found' && nameKey(existing.source.identifier) === nameKey(asset.identifier))
      return noop('already in the space');
    const known = findCatalogTable(asset.identifier, context);
    if (known === null && context.catalog.tables.length > 0) {
      return failed(
        'UNKNOWN_TARGET',
        `The catalog snapshot does not hold '${asset.identifier}'. Correct the name, or read the catalog with it.`,
      );
    }
    const isMetricView = known === null ? asset.kind === 'metric_view' : known.kind === 'metric_view';
    const identifier = known?.name ?? nameParts(asset.identifier).join('.');
    const value = {
      identifier,
      ...(asset.description === undefined ? {} : { description: toTextLines(asset.description) }),
      ...(asset.column_configs === undefined || asset.column_configs.length === 0
        ? {}
        : {
            column_configs: asset.column_configs.map(({ description, ...column }) => ({
              ...column,
              ...(description === undefined ? {} : { description: toTextLines(description) }),
            })),
          }),
    };
    return changes([
      spaceEdit(sourcePath(isMetricView ? 'metric_views' : 'tables', identifier), undefined, value),
    ]);
  },
  describe: (p) =>
    `Add ${p.asset.kind === 'metric_view' ? 'metric view' : 'table'} ${p.asset.identifier} to the space`,
});
