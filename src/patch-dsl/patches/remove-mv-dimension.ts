import * as z from 'zod';
import { WRITES_OBJECT } from '../access.ts';
import { definePatch } from '../define-patch.ts';
import { editsMember, memberObjectKey, removeMemberEdit, touchedMember } from '../metric-view-edit.ts';
import { assetKey } from '../name-resolver.ts';
import { objectName, someText } from '../payload-schemas.ts';

/** Removes a dimension of a metric view; queries that use it fail afterwards. */
export const removeMvDimension = definePatch({
  type: 'remove_mv_dimension',
  group: 'metric views',
  lever: 2,
  risk: 'high',
  scope: 'uc',
  phase: 'remove',
  schema: z.strictObject({ mv: objectName, dimension_name: someText }),
  example: { mv: 'main.sales.daily_sales', dimension_name: 'order_month' },
  objectKey: (p, names) => memberObjectKey(names, p.mv, 'dimensions', p.dimension_name),
  containerKey: (p, names) => assetKey(names, p.mv),
  parts: WRITES_OBJECT,
  access: (p, names) => editsMember(names, p.mv),
  touched: (p, names) => touchedMember(names, p.mv, p.dimension_name),
  render: (p, context) => removeMemberEdit(p.mv, 'dimensions', p.dimension_name, context),
  describe: (p) => `Remove dimension ${p.dimension_name} from metric view ${p.mv}`,
});
