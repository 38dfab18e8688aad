import * as z from 'zod';
import { INSIDE_OBJECT, writesPart } from '../access.ts';
import { definePatch } from '../define-patch.ts';
import { finish, resolveView } from '../metric-view-edit.ts';
import { metricViewProblem } from '../metric-view-yaml.ts';
import { assetKey } from '../name-resolver.ts';
import { objectName, someText } from '../payload-schemas.ts';
import { failed } from '../rendering.ts';

const PARTS = [INSIDE_OBJECT, writesPart('/yaml')];

/** Replaces the whole definition of a metric view. */
export const updateMvYaml = definePatch({
  type: 'update_mv_yaml',
  group: 'metric views',
  lever: 2,
  risk: 'high',
  scope: 'uc',
  schema: z.strictObject({ mv: objectName, new_yaml: someText }),
  example: {
    mv: 'main.sales.daily_sales',
    new_yaml:
      'version: "1.1"\nsource: main.sales.orders\ndimensions:\n  - name: order_date\n    expr: o_orderdate\nmeasures:\n  - name: revenue\n    expr: SUM(o_totalprice)\n',
  },
  objectKey: (p, names) => assetKey(names, p.mv),
  parts: PARTS,
  touched: (p, names) => [names.source(p.mv)],
  render(p, context) {
    const place = resolveView(p.mv, context);
    if (place.status === 'failed') return place;
    const problem = metricViewProblem(p.new_yaml);
    if (problem !== null)
      return failed('INVALID_YAML', `The new definition of ${place.table.name} cannot be used: ${problem}.`);
    return finish(place, { status: 'text', text: p.new_yaml });
  },
  describe: (p) => `Replace the definition of metric view ${p.mv}`,
});
