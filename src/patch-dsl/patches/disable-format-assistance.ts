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

const PARTS = [sharesPart('/format', 'disable'), sharesPart('/matching', 'disable')];

/** Hides the example values of a column; entity matching, which needs them, is switched off too. */
export const disableFormatAssistance = definePatch({
  type: 'disable_format_assistance',
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
    if (place.config?.enable_format_assistance !== true) return noop('not enabled');
    return changes(
      editColumn(place, {
        enable_format_assistance: false,
        ...(place.config.enable_entity_matching === true ? { enable_entity_matching: false } : {}),
      }),
    );
  },
  describe: (p) => `Disable format assistance on column ${p.column} of ${p.table}`,
});
