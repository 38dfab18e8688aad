import * as z from 'zod';
import { defaultFilterInstruction, filterKey, resolveFilter } from '../default-filter.ts';
import { definePatch } from '../define-patch.ts';
import { assetKey } from '../name-resolver.ts';
import { objectName, someText, textList } from '../payload-schemas.ts';
import { changes, noop } from '../rendering.ts';
import { snippetFields, snippetPath } from '../snippet-edit.ts';
import { spaceEdit } from '../step.ts';
import { quote } from '../text-edit.ts';

const NAME_CHARS = 80;

/** Adds a condition that questions about a table imply; bare columns of the table are qualified. */
export const addDefaultFilter = definePatch({
  type: 'add_default_filter',
  group: 'filters',
  lever: 3,
  risk: 'medium',
  scope: 'genie_config',
  schema: z.strictObject({
    target: objectName,
    /** A boolean expression without WHERE. */
    condition: someText,
    display_name: someText.optional(),
    instruction: someText.optional(),
    synonyms: textList.optional(),
  }),
  example: {
    target: 'main.sales.orders',
    condition: "o_orderstatus <> 'X'",
    display_name: 'Not cancelled',
    synonyms: ['active orders'],
  },
  objectKey: (p, names) => filterKey(names.source(p.target), p.condition),
  containerKey: (p, names) => assetKey(names, p.target),
  touched: (p, names) => [names.source(p.target)],
  render(p, context) {
    const place = resolveFilter(p.target, p.condition, context);
    if (place.status === 'failed') return place;
    if (place.matches.length > 0) return noop('the space has this filter already');
    const id = context.newId();
    const fields = snippetFields({
      sql: place.sql,
      display_name: p.display_name ?? place.sql.slice(0, NAME_CHARS),
      instruction: p.instruction ?? defaultFilterInstruction(place.source.source.identifier),
      synonyms: p.synonyms,
    });
    return changes([spaceEdit(snippetPath('filters', id), undefined, { id, ...fields })]);
  },
  describe: (p) => `Filter ${p.target} by ${quote(p.condition)} unless a question asks otherwise`,
});
