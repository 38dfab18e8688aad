import * as z from 'zod';
import { tagEdit } from '../catalog-statements.ts';
import { definePatch } from '../define-patch.ts';
import { assetKey } from '../name-resolver.ts';
import { changes, failed, noop } from '../rendering.ts';
import {
  describeTagTarget,
  resolveTagTarget,
  TAG_TARGET_FIELDS,
  tagKey,
  tagObjectKey,
  tagTargetProblem,
  tagValue,
} from '../tag-edit.ts';

/** Removes a tag in Unity Catalog. Refused unless the caller allows governance removals. */
export const removeComplianceTag = definePatch({
  type: 'remove_compliance_tag',
  group: 'governance',
  lever: 1,
  risk: 'high',
  scope: 'uc',
  phase: 'remove',
  schema: z.strictObject({
    ...TAG_TARGET_FIELDS,
    tag_key: tagKey,
    /** The value it must have now; missing: whatever it has. */
    tag_value: tagValue.optional(),
  }),
  example: { entity: 'table', table: 'main.sales.customers', tag_key: 'retention', tag_value: '10y' },
  check: tagTargetProblem,
  objectKey: (p, names) => tagObjectKey(p, names),
  containerKey: (p, names) => assetKey(names, p.table),
  touched: (p, names) => [names.source(p.table)],
  render(p, context) {
    const place = resolveTagTarget(p, context);
    if (place.status === 'failed') return place;
    if (!Object.hasOwn(place.tags, p.tag_key)) return noop('no such tag');
    if (p.tag_value !== undefined && place.tags[p.tag_key] !== p.tag_value) {
      return failed(
        'STALE_TEXT',
        `${p.tag_key} of ${describeTagTarget(p)} is '${place.tags[p.tag_key] ?? ''}', not '${p.tag_value}'. Read the catalog again.`,
      );
    }
    return changes([tagEdit(place.table, place.column, p.tag_key, undefined)]);
  },
  describe: (p) => `Remove tag ${p.tag_key} from ${describeTagTarget(p)}`,
});
