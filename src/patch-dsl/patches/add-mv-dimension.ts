import * as z from 'zod';
import { sameJson } from '../../spaces/index.ts';
import { WRITES_OBJECT } from '../access.ts';
import { definePatch } from '../define-patch.ts';
import {
  dimensionSchema,
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
  render(p, context) {
    const place = resolveView(p.mv, context);
    if (place.status === 'failed') return place;
    const dimension = given(p.dimension);
    const existing = findMember(place.view, p.dimension.name);
    if (existing !== null) {
      return existing.list === 'dimensions' && sameJson(existing.member, dimension)
        ? noop('the metric view has this dimension already')
        : failed(
            'TARGET_EXISTS',
            `${place.table.name} has another member '${p.dimension.name}'. Use update_mv_yaml, or another name.`,
          );
    }
    return (
      versionProblem(place, dimension) ?? finish(place, addMember(place.definition, 'dimensions', dimension))
    );
  },
  describe: (p) => `Add dimension ${p.dimension.name} as ${p.dimension.expr} to metric view ${p.mv}`,
});
