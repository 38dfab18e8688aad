import * as z from 'zod';
import { WRITES_OBJECT } from '../access.ts';
import { definePatch } from '../define-patch.ts';
import {
  findMember,
  finish,
  given,
  measureSchema,
  editsMember,
  memberObjectKey,
  resolveView,
  touchedMember,
  versionProblem,
} from '../metric-view-edit.ts';
import { updateMember } from '../metric-view-yaml.ts';
import { assetKey } from '../name-resolver.ts';
import { objectName, someText } from '../payload-schemas.ts';
import { failed } from '../rendering.ts';

/** Sets some keys of a measure; the others, the layout and the comments of the file stay. */
export const updateMvMeasure = definePatch({
  type: 'update_mv_measure',
  group: 'metric views',
  lever: 2,
  risk: 'medium',
  scope: 'uc',
  schema: z.strictObject({ mv: objectName, measure_name: someText, set: measureSchema.partial() }),
  example: {
    mv: 'main.sales.daily_sales',
    measure_name: 'revenue',
    set: { expr: 'SUM(o_totalprice)', comment: 'Price of all orders, tax included.' },
  },
  objectKey: (p, names) => memberObjectKey(names, p.mv, 'measures', p.measure_name),
  containerKey: (p, names) => assetKey(names, p.mv),
  parts: WRITES_OBJECT,
  access: (p, names) => editsMember(names, p.mv),
  touched: (p, names) => touchedMember(names, p.mv, p.measure_name),
  render(p, context) {
    const place = resolveView(p.mv, context);
    if (place.status === 'failed') return place;
    const set = given(p.set);
    const wanted =
      findMember(place.view, p.measure_name) ??
      (p.set.name === undefined ? null : findMember(place.view, p.set.name));
    if (wanted?.list !== 'measures')
      return failed(
        'UNKNOWN_TARGET',
        `${place.table.name} has no measure '${p.measure_name}'. Add it with add_mv_measure.`,
      );
    return (
      versionProblem(place, set) ??
      finish(place, updateMember(place.definition, 'measures', String(wanted.member['name']), set))
    );
  },
  describe: (p) =>
    `Change ${Object.keys(p.set).join(', ').replaceAll('_', ' ')} of measure ${p.measure_name} in metric view ${p.mv}`,
});
