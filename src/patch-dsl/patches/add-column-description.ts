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

/** Describes a column that has no description yet; use `update_column_description` to change one. */
export const addColumnDescription = definePatch({
  type: 'add_column_description',
  group: 'tables and columns',
  lever: assetLever,
  risk: 'low',
  scope: 'both',
  schema: z.strictObject({ table: objectName, column: columnName, text: someText }),
  example: {
    table: 'main.sales.orders',
    column: 'o_totalprice',
    text: 'Price of the order in USD, tax included.',
  },
  objectKey: (p, names) => columnObjectKey(names, p),
  containerKey: (p, names) => assetKey(names, p.table),
  parts: PARTS,
  touched: touchedColumn,
  render(p, context) {
    const place = resolveColumn(p, context);
    if (place.status === 'failed') return place;
    return describeColumn(place, { mode: 'add', text: p.text }, context);
  },
  describe: (p) => `Describe column ${p.column} of ${p.table} as ${quote(p.text)}`,
});
