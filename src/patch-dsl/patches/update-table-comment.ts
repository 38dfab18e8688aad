import * as z from 'zod';
import { INSIDE_OBJECT, writesPart } from '../access.ts';
import { leverOfAsset } from '../asset-lever.ts';
import { definePatch } from '../define-patch.ts';
import { describeSource } from '../descriptions.ts';
import { assetKey } from '../name-resolver.ts';
import { objectName, someText } from '../payload-schemas.ts';
import { resolveSource } from '../resolve.ts';
import { quote } from '../text-edit.ts';

const PARTS = [INSIDE_OBJECT, writesPart('/description')];

/** As `update_description`, but always in Unity Catalog and in the space, wherever descriptions go otherwise. */
export const updateTableComment = definePatch({
  type: 'update_table_comment',
  group: 'comments',
  lever: (p, snapshot) => leverOfAsset(p.target, snapshot),
  risk: 'low',
  scope: 'both',
  schema: z.strictObject({
    target: objectName,
    /** A passage that must stand there exactly once, in both places; empty or missing: the whole comment. */
    old_text: z.string().optional(),
    new_text: someText,
  }),
  example: { target: 'main.sales.orders', new_text: 'One row per order, since 2019.' },
  objectKey: (p, names) => assetKey(names, p.target),
  parts: PARTS,
  touched: (p, names) => [names.source(p.target)],
  render(p, context) {
    const place = resolveSource(p.target, context);
    if (place.status === 'failed') return place;
    return describeSource(place, { mode: 'update', oldText: p.old_text ?? '', newText: p.new_text }, 'both');
  },
  describe: (p) => `Comment ${p.target} as ${quote(p.new_text)}, in Unity Catalog and in the space`,
});
