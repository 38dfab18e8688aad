import * as z from 'zod';
import { sharesPart } from '../access.ts';
import { assetLever } from '../asset-lever.ts';
import { definePatch } from '../define-patch.ts';
import { assetKey, columnObjectKey } from '../name-resolver.ts';
import { columnName, objectName } from '../payload-schemas.ts';
import { enableOnColumn } from '../enable-on-column.ts';
import { touchedColumn } from '../touched.ts';

const PARTS = [sharesPart('/format', 'enable')];

/** Lets Genie see example values of a column, so that it knows how they are written. */
export const enableFormatAssistance = definePatch({
  type: 'enable_format_assistance',
  group: 'authoring',
  lever: assetLever,
  risk: 'low',
  scope: 'genie_config',
  schema: z.strictObject({ table: objectName, column: columnName }),
  example: { table: 'main.sales.orders', column: 'o_orderstatus' },
  objectKey: (p, names) => columnObjectKey(names, p),
  containerKey: (p, names) => assetKey(names, p.table),
  parts: PARTS,
  touched: touchedColumn,
  render: (p, context) => enableOnColumn(p, { enable_format_assistance: true }, context),
  describe: (p) => `Enable format assistance on column ${p.column} of ${p.table}`,
});
