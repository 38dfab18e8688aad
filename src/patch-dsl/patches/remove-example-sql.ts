import * as z from 'zod';
import { definePatch } from '../define-patch.ts';
import { exampleKey, examplePath, findExamples } from '../example-edit.ts';
import { someText } from '../payload-schemas.ts';
import { changes, failed, noop } from '../rendering.ts';
import { spaceEdit } from '../step.ts';
import { quote } from '../text-edit.ts';

/** Removes an example query, found by id or question. */
export const removeExampleSql = definePatch({
  type: 'remove_example_sql',
  group: 'authoring',
  lever: 6,
  risk: 'high',
  scope: 'genie_config',
  phase: 'remove',
  schema: z.strictObject({ target: someText }),
  example: { target: 'How many orders are open?' },
  objectKey: (p) => exampleKey(p.target),
  render(p, context) {
    const [example, second] = findExamples(context, p.target);
    if (example === undefined) return noop('no such example');
    if (second !== undefined)
      return failed('TARGET_AMBIGUOUS', `The space has several examples ${quote(p.target)}. Give the id.`);
    return changes([spaceEdit(examplePath(example.id), example, undefined)]);
  },
  describe: (p) => `Remove the example query ${quote(p.target)}`,
});
