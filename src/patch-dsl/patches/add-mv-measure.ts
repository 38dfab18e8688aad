import * as z from 'zod';
import { sameJson } from '../../spaces/index.ts';
import { WRITES_OBJECT } from '../access.ts';
import { definePatch } from '../define-patch.ts';
import {
  measureSchema,
  findMember,
  finish,
  given,
  addsMember,
  memberObjectKey,
  resolveView,
  touchedMember,
  versionProblem,
} from '../metric-view-edit.ts';
import { addMember } from '../metric-view-yaml.ts';
import { assetKey } from '../name-resolver.ts';
import { objectName } from '../payload-schemas.ts';
import { failed, noop } from '../rendering.ts';

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
  render(p, context) {
    const place = resolveView(p.mv, context);
    if (place.status === 'failed') return place;
    const measure = given(p.measure);
    const existing = findMember(place.view, p.measure.name);
    if (existing !== null) {
      return existing.list === 'measures' && sameJson(existing.member, measure)
        ? noop('the metric view has this measure already')
        : failed(
            'TARGET_EXISTS',
            `${place.table.name} has another member '${p.measure.name}'. Use update_mv_measure, or another name.`,
          );
    }
    return versionProblem(place, measure) ?? finish(place, addMember(place.definition, 'measures', measure));
  },
  describe: (p) => `Add measure ${p.measure.name} as ${p.measure.expr} to metric view ${p.mv}`,
});
