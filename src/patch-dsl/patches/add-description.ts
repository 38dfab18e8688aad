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

/** Describes a table or metric view that has no description yet; use `update_description` to change one. */
export const addDescription = definePatch({
  type: 'add_description',
  group: 'synonyms and descriptions',
  lever: (p, snapshot) => leverOfAsset(p.target, snapshot),
  risk: 'low',
  scope: 'both',
  schema: z.strictObject({ target: objectName, text: someText }),
  example: { target: 'main.sales.customers', text: 'One row per customer.' },
  objectKey: (p, names) => assetKey(names, p.target),
  parts: PARTS,
  touched: (p, names) => [names.source(p.target)],
  render(p, context) {
    const place = resolveSource(p.target, context);
    if (place.status === 'failed') return place;
    return describeSource(place, { mode: 'add', text: p.text }, context.descriptionsIn);
  },
  describe: (p) => `Describe ${p.target} as ${quote(p.text)}`,
});
