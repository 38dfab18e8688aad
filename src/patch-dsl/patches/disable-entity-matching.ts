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

const PARTS = [sharesPart('/matching', 'disable')];

/** Stops Genie from matching words of a question with stored values of a column. */
export const disableEntityMatching = definePatch({
  type: 'disable_entity_matching',
  group: 'authoring',
  lever: assetLever,
  risk: 'medium',
  scope: 'genie_config',
  schema: z.strictObject({ table: objectName, column: columnName }),
  example: { table: 'main.sales.orders', column: 'o_priority' },
  objectKey: (p, names) => columnObjectKey(names, p),
  containerKey: (p, names) => assetKey(names, p.table),
  parts: PARTS,
  touched: touchedColumn,
  render(p, context) {
    const place = resolveColumn(p, context);
    if (place.status === 'failed') return place;
    if (place.config?.enable_entity_matching !== true) return noop('not enabled');
    return changes(editColumn(place, { enable_entity_matching: false }));
  },
  describe: (p) => `Disable entity matching on column ${p.column} of ${p.table}`,
});
