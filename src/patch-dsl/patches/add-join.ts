import * as z from 'zod';
import { hashOf } from '../../core/index.ts';
import { toTextLines } from '../../spaces/index.ts';
import { inside, sharesPart } from '../access.ts';
import { definePatch } from '../define-patch.ts';
import {
  joinKey,
  joinLever,
  joinObjectKey,
  joinPredicate,
  joinTables,
  predicateKey,
  sideAlias,
} from '../join-edit.ts';
import { assetKey } from '../name-resolver.ts';
import { objectName, someText } from '../payload-schemas.ts';
import { changes, failed, noop } from '../rendering.ts';
import { joinPath, matchJoins, resolveSource } from '../resolve.ts';
import { spaceEdit } from '../step.ts';

const MARKER = /^--rt=FROM_RELATIONSHIP_TYPE_(?:MANY_TO_ONE|ONE_TO_MANY|ONE_TO_ONE|MANY_TO_MANY)--$/;

const side = z.strictObject({
  identifier: objectName,
  /** Default: the last part of the name. Two joins of one pair of tables need another one. */
  alias: someText.optional(),
});

const pairOf = (p: {
  readonly join_spec: {
    readonly left: { readonly identifier: string };
    readonly right: { readonly identifier: string };
  };
}) => ({
  left: p.join_spec.left.identifier,
  right: p.join_spec.right.identifier,
});

/**
 * Tells the space how two of its data sources are joined.
 *
 * What is no equality of keys belongs in `instruction`, as does the role that a table plays in its second join.
 */
export const addJoin = definePatch({
  type: 'add_join',
  group: 'joins',
  lever: (p, snapshot) => joinLever(pairOf(p), snapshot),
  risk: 'medium',
  scope: 'genie_config',
  schema: z.strictObject({
    join_spec: z.strictObject({
      left: side,
      right: side,
      /** The predicate, then `--rt=FROM_RELATIONSHIP_TYPE_MANY_TO_ONE--` or another of the four. */
      sql: z.tuple([
        someText,
        z
          .string()
          .regex(MARKER, 'must be --rt=FROM_RELATIONSHIP_TYPE_MANY_TO_ONE-- or another of the four types'),
      ]),
      comment: someText.optional(),
      instruction: someText.optional(),
    }),
  }),
  example: {
    join_spec: {
      left: { identifier: 'main.sales.orders' },
      right: { identifier: 'main.sales.nations' },
      sql: ['`orders`.`o_nationkey` = `nations`.`n_nationkey`', '--rt=FROM_RELATIONSHIP_TYPE_MANY_TO_ONE--'],
    },
  },
  objectKey: (p, names) => joinObjectKey(pairOf(p), names),
  ownParts: (p) => [
    sharesPart('', 'add'),
    sharesPart(`=${predicateKey(p.join_spec.sql[0])}`, hashOf(p.join_spec)),
  ],
  access: (p, names) => [
    inside(assetKey(names, p.join_spec.left.identifier)),
    inside(assetKey(names, p.join_spec.right.identifier)),
  ],
  touched: (p, names) => joinTables(pairOf(p), names),
  texts: (p) => [p.join_spec.sql[0], p.join_spec.comment ?? '', p.join_spec.instruction ?? ''],
  render({ join_spec: spec }, context) {
    const [left, right] = [
      resolveSource(spec.left.identifier, context),
      resolveSource(spec.right.identifier, context),
    ];
    if (left.status === 'failed') return left;
    if (right.status === 'failed') return right;
    const sides = {
      left: {
        identifier: left.source.identifier,
        alias: sideAlias({ identifier: left.source.identifier, alias: spec.left.alias }),
      },
      right: {
        identifier: right.source.identifier,
        alias: sideAlias({ identifier: right.source.identifier, alias: spec.right.alias }),
      },
    };
    const predicate = joinPredicate(spec.sql[0], [sides.left.alias, sides.right.alias]);
    if ('problem' in predicate)
      return failed('INVALID_SQL', `The join predicate cannot be used: ${predicate.problem}.`);
    const same = matchJoins(pairOf({ join_spec: sides }), context).some(
      (join) => joinKey(join) === predicateKey(predicate.sql),
    );
    if (same) return noop('the space has this join already');
    const id = context.newId();
    return changes([
      spaceEdit(joinPath(id), undefined, {
        id,
        ...sides,
        sql: [predicate.sql, spec.sql[1]],
        ...(spec.comment === undefined ? {} : { comment: toTextLines(spec.comment) }),
        ...(spec.instruction === undefined ? {} : { instruction: toTextLines(spec.instruction) }),
      }),
    ]);
  },
  describe: (p) =>
    `Join ${p.join_spec.left.identifier} and ${p.join_spec.right.identifier} on ${p.join_spec.sql[0]}`,
});
