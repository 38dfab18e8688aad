import * as z from 'zod';
import { INSIDE_OBJECT, writesPart } from '../access.ts';
import { definePatch } from '../define-patch.ts';
import { parseCreateFunction, sameFunctionName } from '../function-ddl.ts';
import { replaceFunction, unreadableFunction } from '../function-edit.ts';
import { functionKey } from '../name-resolver.ts';
import { objectName, someText } from '../payload-schemas.ts';
import { failed } from '../rendering.ts';
import { resolveFunction } from '../resolve.ts';

const PARTS = [INSIDE_OBJECT, writesPart('/definition'), writesPart('/comment')];

/** Replaces a table-valued function by a whole new statement. */
export const updateTvfSql = definePatch({
  type: 'update_tvf_sql',
  group: 'functions',
  lever: 3,
  risk: 'high',
  scope: 'uc',
  schema: z.strictObject({
    function: objectName,
    /** `CREATE OR REPLACE FUNCTION …`, complete. */
    new_sql: someText,
  }),
  example: {
    function: 'main.sales.top_customers',
    new_sql:
      "CREATE OR REPLACE FUNCTION main.sales.top_customers(min_total DECIMAL(12,2) DEFAULT 0)\nRETURNS TABLE (name STRING, total DECIMAL(12,2))\nCOMMENT 'Customers by value.'\nRETURN SELECT name, total FROM main.sales.customer_totals WHERE total >= min_total ORDER BY total DESC, name LIMIT 10",
  },
  objectKey: (p, names) => functionKey(names, p.function),
  parts: PARTS,
  touched: (p, names) => [names.function(p.function)],
  render(p, context) {
    const place = resolveFunction(p.function, context);
    if (place.status === 'failed') return place;
    const unreadable = unreadableFunction(place.fn);
    if (unreadable !== null) return unreadable;
    const parsed = parseCreateFunction(p.new_sql);
    if ('problem' in parsed)
      return failed('INVALID_SQL', `The statement for ${place.fn.name} cannot be used: ${parsed.problem}.`);
    if (!sameFunctionName(parsed.name, place.fn.name))
      return failed(
        'INVALID_SQL',
        `The statement makes ${parsed.name}, not ${place.fn.name}. Correct the name.`,
      );
    if (!/^\s*CREATE\s+OR\s+REPLACE\b/i.test(p.new_sql))
      return failed(
        'INVALID_SQL',
        `The statement for ${place.fn.name} must say CREATE OR REPLACE: the function exists.`,
      );
    return replaceFunction(place.fn, { ...parsed, name: place.fn.name }, p.new_sql);
  },
  describe: (p) => `Replace the definition of function ${p.function}`,
});
