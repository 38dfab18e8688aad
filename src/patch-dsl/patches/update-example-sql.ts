import * as z from 'zod';
import { definePatch } from '../define-patch.ts';
import { EXAMPLE_FIELDS, exampleFields, exampleKey, examplePath, findExamples } from '../example-edit.ts';
import { someText } from '../payload-schemas.ts';
import { changes, failed } from '../rendering.ts';
import { spaceEdit } from '../step.ts';
import { quote } from '../text-edit.ts';

/** Changes some fields of an example query, found by id or question. */
export const updateExampleSql = definePatch({
  type: 'update_example_sql',
  group: 'authoring',
  lever: 6,
  risk: 'medium',
  scope: 'genie_config',
  schema: z.strictObject({ target: someText, set: z.strictObject(EXAMPLE_FIELDS).partial() }),
  example: {
    target: 'How many orders are open?',
    set: { usage_guidance: 'For counts of orders by status.' },
  },
  objectKey: (p) => exampleKey(p.target),
  render(p, context) {
    const found = findExamples(context, p.target);
    const [example] =
      found.length > 0 || p.set.question === undefined ? found : findExamples(context, p.set.question);
    if (example === undefined)
      return failed(
        'UNKNOWN_TARGET',
        `The space has no example ${quote(p.target)}. Add it with add_example_sql.`,
      );
    if (found.length > 1)
      return failed(
        'TARGET_AMBIGUOUS',
        `The space has ${found.length} examples ${quote(p.target)}. Give the id.`,
      );
    const path = examplePath(example.id);
    return changes(
      Object.entries(exampleFields(p.set)).map(([field, value]) =>
        spaceEdit([...path, field], example[field], value),
      ),
    );
  },
  describe: (p) =>
    `Change ${Object.keys(p.set).join(', ').replaceAll('_', ' ')} of the example query ${quote(p.target)}`,
});
