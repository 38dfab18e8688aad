import * as z from 'zod';
import { writesPart } from '../access.ts';
import { assetLever } from '../asset-lever.ts';
import { definePatch } from '../define-patch.ts';
import { describeColumn } from '../descriptions.ts';
import { assetKey, columnObjectKey } from '../name-resolver.ts';
import { columnName, objectName, someText } from '../payload-schemas.ts';
import { resolveColumn } from '../resolve.ts';
import { quote } from '../text-edit.ts';
import { touchedColumn } from '../touched.ts';

const PARTS = [writesPart('/description')];

/** Replaces the description of a column, or one passage of it. */
export const updateColumnDescription = definePatch({
  type: 'update_column_description',
  group: 'tables and columns',
  lever: assetLever,
  risk: 'low',
  scope: 'both',
  schema: z.strictObject({
    table: objectName,
    column: columnName,
    /** A passage that must stand there exactly once; empty or missing: the whole description. */
    old_text: z.string().optional(),
    new_text: someText,
  }),
  example: {
    table: 'main.sales.orders',
    column: 'o_orderstatus',
    new_text: 'F fulfilled, O open, P partly.',
  },
  objectKey: (p, names) => columnObjectKey(names, p),
  containerKey: (p, names) => assetKey(names, p.table),
  parts: PARTS,
  touched: touchedColumn,
  render(p, context) {
    const place = resolveColumn(p, context);
    if (place.status === 'failed') return place;
    return describeColumn(place, { mode: 'update', oldText: p.old_text ?? '', newText: p.new_text }, context);
  },
  describe: (p) => `Change the description of column ${p.column} of ${p.table} to say ${quote(p.new_text)}`,
});
