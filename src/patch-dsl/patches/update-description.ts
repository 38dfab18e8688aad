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

/** Replaces the description of a table or metric view, or one passage of it. */
export const updateDescription = definePatch({
  type: 'update_description',
  group: 'synonyms and descriptions',
  lever: (p, snapshot) => leverOfAsset(p.target, snapshot),
  risk: 'low',
  scope: 'both',
  schema: z.strictObject({
    target: objectName,
    /** A passage that must stand there exactly once; empty or missing: the whole description. */
    old_text: z.string().optional(),
    new_text: someText,
  }),
  example: { target: 'main.sales.orders', old_text: 'Orders.', new_text: 'One row per order.' },
  objectKey: (p, names) => assetKey(names, p.target),
  parts: PARTS,
  touched: (p, names) => [names.source(p.target)],
  render(p, context) {
    const place = resolveSource(p.target, context);
    if (place.status === 'failed') return place;
    return describeSource(
      place,
      { mode: 'update', oldText: p.old_text ?? '', newText: p.new_text },
      context.descriptionsIn,
    );
  },
  describe: (p) => `Change the description of ${p.target} to say ${quote(p.new_text)}`,
});
