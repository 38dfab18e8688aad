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

const LIST = [sharesPart('/synonyms', 'add')];

/**
 * Adds a word that people use for a column.
 *
 * It goes before the first greater synonym, else to the end: so additions give one list in any order,
 * and the existing words keep theirs.
 */
export const addSynonym = definePatch({
  type: 'add_synonym',
  group: 'synonyms and descriptions',
  lever: assetLever,
  risk: 'low',
  scope: 'genie_config',
  schema: z.strictObject({ table: objectName, column: columnName, synonym: someText }),
  example: { table: 'main.sales.orders', column: 'o_totalprice', synonym: 'order value' },
  objectKey: (p, names) => columnObjectKey(names, p),
  containerKey: (p, names) => assetKey(names, p.table),
  parts: LIST,
  ownParts(p) {
    const word = p.synonym.trim();
    return [sharesItem('/synonym', word.toLowerCase(), word)];
  },
  touched: touchedColumn,
  render(p, context) {
    const place = resolveColumn(p, context);
    if (place.status === 'failed') return place;
    const word = p.synonym.trim();
    const old = place.config?.synonyms ?? [];
    const key = word.toLowerCase();
    if (old.some((synonym) => synonym.toLowerCase() === key)) return noop('already a synonym');
    const next = old.findIndex((synonym) => synonym > word);
    return changes(editColumn(place, { synonyms: old.toSpliced(next < 0 ? old.length : next, 0, word) }));
  },
  describe: (p) => `Add synonym ${quote(p.synonym)} to column ${p.column} of ${p.table}`,
});
