import * as z from 'zod';
import { WRITES_OBJECT } from '../access.ts';
import { definePatch } from '../define-patch.ts';
import {
  addMemberEdit,
  addsMember,
  measureSchema,
  memberObjectKey,
  touchedMember,
} from '../metric-view-edit.ts';
import { assetKey } from '../name-resolver.ts';
import { objectName } from '../payload-schemas.ts';

/** Adds a measure at the end of a metric view's list. */
export const addMvMeasure = definePatch({
  type: 'add_mv_measure',
  group: 'metric views',
  lever: 2,
  risk: 'medium',
  scope: 'uc',
  schema: z.strictObject({ mv: objectName, measure: measureSchema }),
  example: {
    mv: 'main.sales.daily_sales',
    measure: {
      name: 'order_count',
      expr: 'COUNT(DISTINCT o_orderkey)',
      comment: 'Number of orders.',
      synonyms: ['number of orders'],
    },
  },
  objectKey: (p, names) => memberObjectKey(names, p.mv, 'measures', p.measure.name),
  containerKey: (p, names) => assetKey(names, p.mv),
  parts: WRITES_OBJECT,
  access: (p, names) => addsMember(names, p.mv, 'measures'),
  touched: (p, names) => touchedMember(names, p.mv, p.measure.name),
  render: (p, context) => addMemberEdit(p.mv, 'measures', p.measure, 'update_mv_measure', context),
  describe: (p) => `Add measure ${p.measure.name} as ${p.measure.expr} to metric view ${p.mv}`,
});
