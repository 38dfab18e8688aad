import * as z from 'zod';
import { sharesPart } from '../access.ts';
import { assetLever } from '../asset-lever.ts';
import { editColumn } from '../column-edit.ts';
import { definePatch } from '../define-patch.ts';
import { assetKey, columnObjectKey } from '../name-resolver.ts';
import { columnName, objectName } from '../payload-schemas.ts';
import { changes, noop } from '../rendering.ts';
import { resolveColumn } from '../resolve.ts';
import { touchedColumn } from '../touched.ts';

const PARTS = [
  sharesPart('/exclude', 'hide'),
  sharesPart('/format', 'disable'),
  sharesPart('/matching', 'disable'),
];

/** Hides a column from Genie; its format assistance and entity matching, which would keep its values in view, are switched off. */
export const hideColumn = definePatch({
  type: 'hide_column',
  group: 'tables and columns',
  lever: assetLever,
  risk: 'medium',
  scope: 'genie_config',
  schema: z.strictObject({ table: objectName, column: columnName }),
  example: { table: 'main.sales.orders', column: 'o_comment' },
  objectKey: (p, names) => columnObjectKey(names, p),
  containerKey: (p, names) => assetKey(names, p.table),
  parts: PARTS,
  touched: touchedColumn,
  render(p, context) {
    const place = resolveColumn(p, context);
    if (place.status === 'failed') return place;
    const { config } = place;
    if (config?.exclude === true) return noop('already hidden');
    return changes(
      editColumn(place, {
        exclude: true,
        ...(config?.enable_format_assistance === true ? { enable_format_assistance: false } : {}),
        ...(config?.enable_entity_matching === true ? { enable_entity_matching: false } : {}),
      }),
    );
  },
  describe: (p) => `Hide column ${p.column} of ${p.table}`,
});
