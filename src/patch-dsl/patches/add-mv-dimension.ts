import * as z from 'zod';
import { WRITES_OBJECT } from '../access.ts';
import { definePatch } from '../define-patch.ts';
import {
  addMemberEdit,
  addsMember,
  dimensionSchema,
  memberObjectKey,
  touchedMember,
} from '../metric-view-edit.ts';
import { assetKey } from '../name-resolver.ts';
import { objectName } from '../payload-schemas.ts';

/** Adds a dimension at the end of a metric view's list. */
export const addMvDimension = definePatch({
  type: 'add_mv_dimension',
  group: 'metric views',
  lever: 2,
  risk: 'medium',
  scope: 'uc',
  schema: z.strictObject({ mv: objectName, dimension: dimensionSchema }),
  example: {
    mv: 'main.sales.daily_sales',
    dimension: { name: 'priority', expr: 'o_priority', comment: 'Priority of the order.' },
  },
  objectKey: (p, names) => memberObjectKey(names, p.mv, 'dimensions', p.dimension.name),
  containerKey: (p, names) => assetKey(names, p.mv),
  parts: WRITES_OBJECT,
  access: (p, names) => addsMember(names, p.mv, 'dimensions'),
  touched: (p, names) => touchedMember(names, p.mv, p.dimension.name),
  render: (p, context) => addMemberEdit(p.mv, 'dimensions', p.dimension, 'update_mv_yaml', context),
  describe: (p) => `Add dimension ${p.dimension.name} as ${p.dimension.expr} to metric view ${p.mv}`,
});
