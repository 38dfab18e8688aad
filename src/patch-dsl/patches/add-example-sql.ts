import * as z from 'zod';
import { textOf } from '../../spaces/index.ts';
import { definePatch } from '../define-patch.ts';
import { EXAMPLE_FIELDS, exampleFields, exampleKey, examplePath, findExamples } from '../example-edit.ts';
import { changes, failed, noop } from '../rendering.ts';
import { touchedBySql } from '../snippet-edit.ts';
import { fragmentKey } from '../sql-fragment.ts';
import { spaceEdit } from '../step.ts';
import { quote } from '../text-edit.ts';

/** Shows Genie a question with the SQL that answers it. */
export const addExampleSql = definePatch({
  type: 'add_example_sql',
  group: 'authoring',
  lever: 6,
  risk: 'low',
  scope: 'genie_config',
  schema: z.strictObject(EXAMPLE_FIELDS),
  example: {
    question: 'Which ten customers bought most?',
    sql: 'SELECT c_custkey FROM main.sales.customers LIMIT 10',
    usage_guidance: 'For top lists of customers.',
  },
  objectKey: (p) => exampleKey(p.question),
  touched: (p, names) => touchedBySql(p.sql, names),
  render(p, context) {
    const [existing] = findExamples(context, p.question);
    if (existing !== undefined) {
      return fragmentKey(textOf(existing.sql)) === fragmentKey(p.sql)
        ? noop('the space has this example already')
        : failed(
            'TARGET_EXISTS',
            `The space answers ${quote(p.question)} with other SQL. Use update_example_sql.`,
          );
    }
    const id = context.newId();
    return changes([spaceEdit(examplePath(id), undefined, { id, ...exampleFields(p) })]);
  },
  describe: (p) => `Add an example query for ${quote(p.question)}`,
});
