import * as z from 'zod';
import { writes, WRITES_OBJECT } from '../access.ts';
import { filterKey, resolveFilter } from '../default-filter.ts';
import { definePatch } from '../define-patch.ts';
import { assetKey } from '../name-resolver.ts';
import { objectName, someText } from '../payload-schemas.ts';
import { changes, failed, noop } from '../rendering.ts';
import { snippetPath } from '../snippet-edit.ts';
import { spaceEdit } from '../step.ts';
import { quote } from '../text-edit.ts';

/** Changes the condition of a filter; its name and synonyms stay. */
export const updateFilterCondition = definePatch({
  type: 'update_filter_condition',
  group: 'filters',
  lever: 3,
  risk: 'medium',
  scope: 'genie_config',
  schema: z.strictObject({ target: objectName, old_condition: someText, new_condition: someText }),
  example: {
    target: 'main.sales.orders',
    old_condition: "orders.o_orderstatus = 'O'",
    new_condition: "orders.o_orderstatus IN ('O', 'P')",
  },
  objectKey: (p, names) => filterKey(names.source(p.target), p.old_condition),
  containerKey: (p, names) => assetKey(names, p.target),
  parts: WRITES_OBJECT,
  access: (p, names) => [writes(filterKey(names.source(p.target), p.new_condition))],
  touched: (p, names) => [names.source(p.target)],
  render(p, context) {
    const before = resolveFilter(p.target, p.old_condition, context);
    if (before.status === 'failed') return before;
    const after = resolveFilter(p.target, p.new_condition, context);
    if (after.status === 'failed') return after;
    const [filter, second] = before.matches;
    if (filter === undefined) {
      return after.matches.length > 0
        ? noop('the filter reads so already')
        : failed(
            'UNKNOWN_TARGET',
            `No filter of ${p.target} reads ${quote(p.old_condition)}. Add it with add_default_filter.`,
          );
    }
    if (second !== undefined)
      return failed(
        'TARGET_AMBIGUOUS',
        `Several filters of ${p.target} read ${quote(p.old_condition)}. Remove the superfluous ones first.`,
      );
    return changes([spaceEdit([...snippetPath('filters', filter.id), 'sql'], filter.sql, [after.sql])]);
  },
  describe: (p) => `Change the filter ${quote(p.old_condition)} of ${p.target} to ${quote(p.new_condition)}`,
});
