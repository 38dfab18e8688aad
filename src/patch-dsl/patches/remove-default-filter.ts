import * as z from 'zod';
import { filterKey, resolveFilter } from '../default-filter.ts';
import { definePatch } from '../define-patch.ts';
import { assetKey } from '../name-resolver.ts';
import { objectName, someText } from '../payload-schemas.ts';
import { changes, noop } from '../rendering.ts';
import { snippetPath } from '../snippet-edit.ts';
import { spaceEdit } from '../step.ts';
import { quote } from '../text-edit.ts';

/** Removes the filters of a table that say this condition, compared without regard to case, quoting and qualifiers. */
export const removeDefaultFilter = definePatch({
  type: 'remove_default_filter',
  group: 'filters',
  lever: 3,
  risk: 'medium',
  scope: 'genie_config',
  phase: 'remove',
  schema: z.strictObject({ target: objectName, condition: someText }),
  example: { target: 'main.sales.orders', condition: "orders.o_orderstatus = 'O'" },
  objectKey: (p, names) => filterKey(names.source(p.target), p.condition),
  containerKey: (p, names) => assetKey(names, p.target),
  touched: (p, names) => [names.source(p.target)],
  render(p, context) {
    const place = resolveFilter(p.target, p.condition, context);
    if (place.status === 'failed') return place;
    if (place.matches.length === 0) return noop('no such filter');
    return changes(
      place.matches.map((filter) => spaceEdit(snippetPath('filters', filter.id), filter, undefined)),
    );
  },
  describe: (p) => `Stop filtering ${p.target} by ${quote(p.condition)}`,
});
