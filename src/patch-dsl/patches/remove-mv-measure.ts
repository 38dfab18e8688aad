import * as z from 'zod';
import { WRITES_OBJECT } from '../access.ts';
import { definePatch } from '../define-patch.ts';
import { editsMember, memberObjectKey, removeMemberEdit, touchedMember } from '../metric-view-edit.ts';
import { assetKey } from '../name-resolver.ts';
import { objectName, someText } from '../payload-schemas.ts';

/** Removes a measure of a metric view; queries that use it fail afterwards. */
export const removeMvMeasure = definePatch({
  type: 'remove_mv_measure',
  group: 'metric views',
  lever: 2,
  risk: 'high',
  scope: 'uc',
  phase: 'remove',
  schema: z.strictObject({ mv: objectName, measure_name: someText }),
  example: { mv: 'main.sales.daily_sales', measure_name: 'net_revenue' },
  objectKey: (p, names) => memberObjectKey(names, p.mv, 'measures', p.measure_name),
  containerKey: (p, names) => assetKey(names, p.mv),
  parts: WRITES_OBJECT,
  access: (p, names) => editsMember(names, p.mv),
  touched: (p, names) => touchedMember(names, p.mv, p.measure_name),
  render: (p, context) => removeMemberEdit(p.mv, 'measures', p.measure_name, context),
  describe: (p) => `Remove measure ${p.measure_name} from metric view ${p.mv}`,
});
