import * as z from 'zod';
import { joinCondition, relationshipMarker } from '../../spaces/index.ts';
import type { RelationshipType } from '../../spaces/index.ts';
import { inside, WRITES_OBJECT } from '../access.ts';
import { definePatch } from '../define-patch.ts';
import {
  describeJoinTarget,
  joinKey,
  joinLever,
  joinObjectKey,
  joinPredicate,
  joinTables,
  joinTargetProblem,
  predicateKey,
  sideAlias,
} from '../join-edit.ts';
import { hexId, objectName, relationshipType, someText } from '../payload-schemas.ts';
import { changes, failed } from '../rendering.ts';
import { matchJoins, resolveJoin } from '../resolve.ts';
import { spaceEdit } from '../step.ts';

/** Changes the predicate of a join, and its relationship when given. */
export const updateJoinCondition = definePatch({
  type: 'update_join_condition',
  group: 'joins',
  lever: joinLever,
  risk: 'medium',
  scope: 'genie_config',
  schema: z.strictObject({
    join_id: hexId.optional(),
    left: objectName.optional(),
    right: objectName.optional(),
    new_sql: someText,
    /** The predicate as it reads now; picks one of several joins and guards against concurrent edits. */
    old_sql: someText.optional(),
    relationship_type: relationshipType.optional(),
  }),
  example: {
    left: 'main.sales.customers',
    right: 'main.sales.orders',
    new_sql: '`orders`.`o_custkey` = `customers`.`c_custkey`',
    relationship_type: 'MANY_TO_ONE',
  },
  check: joinTargetProblem,
  objectKey: (p, names) => joinObjectKey(p, names),
  parts: WRITES_OBJECT,
  access: (p, names) => joinTables(p, names).map((table) => inside(`asset:${table}`)),
  touched: (p, names) => joinTables(p, names),
  texts: (p) => [p.new_sql],
  render(p, context) {
    const candidates =
      p.old_sql === undefined
        ? []
        : matchJoins(p, context).filter((join) => joinKey(join) === predicateKey(p.old_sql ?? ''));
    const place =
      candidates.length === 1
        ? resolveJoin({ join_id: candidates[0]?.id }, context)
        : resolveJoin(p, context);
    if (place === null)
      return failed(
        'UNKNOWN_TARGET',
        `The space has no such join (${describeJoinTarget(p)}). Add it with add_join.`,
      );
    if (place.status === 'failed') return place;
    const { join } = place;
    const predicate = joinPredicate(p.new_sql, [sideAlias(join.left), sideAlias(join.right)]);
    if ('problem' in predicate)
      return failed('INVALID_SQL', `The join predicate cannot be used: ${predicate.problem}.`);
    const { relationship } = joinCondition(join);
    const isSame = predicateKey(predicate.sql) === joinKey(join);
    if (p.old_sql !== undefined && !isSame && predicateKey(p.old_sql) !== joinKey(join)) {
      return failed(
        'STALE_TEXT',
        `Join ${join.id} reads ${join.sql[0] ?? 'nothing'}, not ${p.old_sql}. Read the space again.`,
      );
    }
    const marker = relationshipMarker(
      p.relationship_type ?? ((relationship ?? 'MANY_TO_ONE') as RelationshipType),
    );
    return changes([
      spaceEdit([...place.path, 'sql'], join.sql, [
        isSame ? joinCondition(join).predicate : predicate.sql,
        marker,
      ]),
    ]);
  },
  describe: (p) => `Change ${describeJoinTarget(p)} to ${p.new_sql}`,
});
