import * as z from 'zod';
import { tagEdit } from '../catalog-statements.ts';
import { definePatch } from '../define-patch.ts';
import { assetKey } from '../name-resolver.ts';
import { changes } from '../rendering.ts';
import {
  describeTagTarget,
  resolveTagTarget,
  TAG_TARGET_FIELDS,
  tagKey,
  tagObjectKey,
  tagTargetProblem,
  tagValue,
} from '../tag-edit.ts';

/** Sets a tag in Unity Catalog; a value it has already is replaced and restored on revert. */
export const addComplianceTag = definePatch({
  type: 'add_compliance_tag',
  group: 'governance',
  lever: 1,
  risk: 'high',
  scope: 'uc',
  schema: z.strictObject({ ...TAG_TARGET_FIELDS, tag_key: tagKey, tag_value: tagValue }),
  example: {
    entity: 'column',
    table: 'main.sales.customers',
    column: 'c_phone',
    tag_key: 'pii',
    tag_value: 'phone',
  },
  check: tagTargetProblem,
  objectKey: (p, names) => tagObjectKey(p, names),
  containerKey: (p, names) => assetKey(names, p.table),
  touched: (p, names) => [names.source(p.table)],
  render(p, context) {
    const place = resolveTagTarget(p, context);
    if (place.status === 'failed') return place;
    return changes([tagEdit(place.table, place.column, p.tag_key, p.tag_value)], 'the tag is set already');
  },
  describe: (p) => `Tag ${describeTagTarget(p)} with ${p.tag_key} = ${p.tag_value}`,
});
