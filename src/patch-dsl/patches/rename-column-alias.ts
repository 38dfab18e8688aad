import * as z from 'zod';
import { writesPart } from '../access.ts';
import { assetLever } from '../asset-lever.ts';
import { editColumn } from '../column-edit.ts';
import { definePatch } from '../define-patch.ts';
import { assetKey, columnKey, columnObjectKey } from '../name-resolver.ts';
import { columnName, objectName, someText } from '../payload-schemas.ts';
import { changes, failed, noop } from '../rendering.ts';
import { resolveColumn } from '../resolve.ts';
import { quote } from '../text-edit.ts';
import { touchedColumn } from '../touched.ts';

const PARTS = [writesPart('/synonyms')];

/**
 * Gives a column another alias.
 *
 * A space knows no alias of columns but their synonyms, so the alias is the synonym that stands first: the new
 * one takes the place of the old one, or goes to the front when there is none.
 */
export const renameColumnAlias = definePatch({
  type: 'rename_column_alias',
  group: 'tables and columns',
  lever: assetLever,
  risk: 'medium',
  scope: 'genie_config',
  schema: z.strictObject({
    table: objectName,
    column: columnName,
    old_alias: someText.optional(),
    new_alias: someText,
  }),
  example: {
    table: 'main.sales.orders',
    column: 'o_orderstatus',
    old_alias: 'state',
    new_alias: 'order status',
  },
  objectKey: (p, names) => columnObjectKey(names, p),
  containerKey: (p, names) => assetKey(names, p.table),
  parts: PARTS,
  touched: touchedColumn,
  render(p, context) {
    const place = resolveColumn(p, context);
    if (place.status === 'failed') return place;
    const old = place.config?.synonyms ?? [];
    const isNew = (synonym: string): boolean => synonym.toLowerCase() === p.new_alias.trim().toLowerCase();
    const oldAlias = p.old_alias?.trim().toLowerCase();
    const named = oldAlias === undefined || oldAlias === columnKey(place.name) ? null : oldAlias;
    const index = named === null ? -1 : old.findIndex((synonym) => synonym.toLowerCase() === named);
    if (index < 0 && (named === null ? isNew(old[0] ?? '') : old.some(isNew)))
      return noop('the alias is this already');
    if (index < 0 && named !== null) {
      return failed(
        'STALE_TEXT',
        `Column '${place.name}' has no alias ${quote(p.old_alias ?? '')}. Read the space again, or leave old_alias out.`,
      );
    }
    const rest = old
      .map((synonym, at) => (at === index ? p.new_alias.trim() : synonym))
      .filter((synonym, at) => at === index || !isNew(synonym));
    return changes(editColumn(place, { synonyms: index < 0 ? [p.new_alias.trim(), ...rest] : rest }));
  },
  describe: (p) => `Call column ${p.column} of ${p.table} ${quote(p.new_alias)}`,
});
