import * as z from 'zod';
import { sharesPart } from '../access.ts';
import { assetLever } from '../asset-lever.ts';
import { definePatch } from '../define-patch.ts';
import { assetKey, columnObjectKey } from '../name-resolver.ts';
import { columnName, objectName } from '../payload-schemas.ts';
import { enableOnColumn } from '../enable-on-column.ts';
import { touchedColumn } from '../touched.ts';

const PARTS = [sharesPart('/format', 'enable'), sharesPart('/matching', 'enable')];

/** Lets Genie match words of a question with stored values of a column; format assistance, which it needs, is switched on too. */
export const enableEntityMatching = definePatch({
  type: 'enable_entity_matching',
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
  render: (p, context) =>
    enableOnColumn(p, { enable_format_assistance: true, enable_entity_matching: true }, context),
  describe: (p) => `Enable entity matching on column ${p.column} of ${p.table}`,
});
