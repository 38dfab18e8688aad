import * as z from 'zod';
import { sharesItem, sharesPart } from '../access.ts';
import { editColumn } from '../column-edit.ts';
import { definePatch } from '../define-patch.ts';
import { assetKey, columnObjectKey } from '../name-resolver.ts';
import { columnName, objectName, someText } from '../payload-schemas.ts';
import { changes, noop } from '../rendering.ts';
import { resolveColumn } from '../resolve.ts';
import { assetLever } from '../asset-lever.ts';
import { quote } from '../text-edit.ts';
import { touchedColumn } from '../touched.ts';

const LIST = [sharesPart('/synonyms', 'remove')];

/** Removes a synonym of a column, compared without regard to case. */
export const removeSynonym = definePatch({
  type: 'remove_synonym',
  group: 'synonyms and descriptions',
  lever: assetLever,
  risk: 'medium',
  scope: 'genie_config',
  phase: 'remove',
  schema: z.strictObject({ table: objectName, column: columnName, synonym: someText }),
  example: { table: 'main.sales.orders', column: 'o_orderstatus', synonym: 'state' },
  objectKey: (p, names) => columnObjectKey(names, p),
  containerKey: (p, names) => assetKey(names, p.table),
  parts: LIST,
  ownParts: (p) => [sharesItem('/synonym', p.synonym.trim().toLowerCase(), 'remove')],
  touched: touchedColumn,
  render(p, context) {
    const place = resolveColumn(p, context);
    if (place.status === 'failed') return place;
    const word = p.synonym.trim().toLowerCase();
    const old = place.config?.synonyms ?? [];
    const left = old.filter((synonym) => synonym.toLowerCase() !== word);
    return left.length === old.length
      ? noop('no such synonym')
      : changes(editColumn(place, { synonyms: left }));
  },
  describe: (p) => `Remove synonym ${quote(p.synonym)} from column ${p.column} of ${p.table}`,
});
