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

const PARTS = [sharesPart('/exclude', 'unhide')];

/** Shows a hidden column to Genie again. */
export const unhideColumn = definePatch({
  type: 'unhide_column',
  group: 'tables and columns',
  lever: assetLever,
  risk: 'medium',
  scope: 'genie_config',
  schema: z.strictObject({ table: objectName, column: columnName }),
  example: { table: 'main.sales.orders', column: 'o_clerk' },
  objectKey: (p, names) => columnObjectKey(names, p),
  containerKey: (p, names) => assetKey(names, p.table),
  parts: PARTS,
  touched: touchedColumn,
  render(p, context) {
    const place = resolveColumn(p, context);
    if (place.status === 'failed') return place;
    if (place.config?.exclude !== true) return noop('not hidden');
    return changes(editColumn(place, { exclude: undefined }));
  },
  describe: (p) => `Show column ${p.column} of ${p.table} again`,
});
