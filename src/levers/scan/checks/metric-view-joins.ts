import { makePatch } from '../../../patch-dsl/index.ts';
import { joinSpecs } from '../../../spaces/index.ts';
import { defineScanCheck } from '../check.ts';

/** @see spec/databricks-apis.md §3.6 */
export const metricViewJoins = defineScanCheck({
  id: 'metric_view_joins',
  severity: 'error',
  explains: 'A join with a metric view fails when Genie uses it (METRIC_VIEW_JOIN_NOT_SUPPORTED).',
  find: ({ space, schema }) =>
    joinSpecs(space)
      .filter(({ left, right }) =>
        [left, right].some(({ identifier }) => schema.table(identifier)?.kind === 'metric_view'),
      )
      .map((join) => ({
        where: [`join ${join.id}`],
        message: `The join of ${join.left.identifier} and ${join.right.identifier} involves a metric view, which cannot be joined.`,
        advice: 'Remove the join; join the tables inside the metric view instead.',
        patches: [makePatch('remove_join', { join_id: join.id })],
      })),
});
