import * as z from 'zod';
import { inside, WRITES_OBJECT } from '../access.ts';
import { definePatch } from '../define-patch.ts';
import { describeJoinTarget, joinLever, joinObjectKey, joinTables, joinTargetProblem } from '../join-edit.ts';
import { hexId, objectName } from '../payload-schemas.ts';
import { changes, noop } from '../rendering.ts';
import { resolveJoin } from '../resolve.ts';
import { spaceEdit } from '../step.ts';

/** Removes a join, given by its id or by its two tables in any order. */
export const removeJoin = definePatch({
  type: 'remove_join',
  group: 'joins',
  lever: joinLever,
  risk: 'high',
  scope: 'genie_config',
  phase: 'remove',
  schema: z.strictObject({
    join_id: hexId.optional(),
    left: objectName.optional(),
    right: objectName.optional(),
  }),
  example: { left: 'main.sales.orders', right: 'main.sales.customers' },
  check: joinTargetProblem,
  objectKey: (p, names) => joinObjectKey(p, names),
  parts: WRITES_OBJECT,
  access: (p, names) => joinTables(p, names).map((table) => inside(`asset:${table}`)),
  touched: (p, names) => joinTables(p, names),
  render(p, context) {
    const place = resolveJoin(p, context);
    if (place === null) return noop('no such join');
    return place.status === 'failed' ? place : changes([spaceEdit(place.path, place.join, undefined)]);
  },
  describe: (p) => `Remove ${describeJoinTarget(p)}`,
});
