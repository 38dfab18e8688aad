import * as z from 'zod';
import { nameKey, nameParts } from '../../core/index.ts';
import { CREATES_OBJECT } from '../access.ts';
import { definePatch } from '../define-patch.ts';
import { dropFunctionSql, parseCreateFunction, sameFunctionName } from '../function-ddl.ts';
import { functionKey } from '../name-resolver.ts';
import { objectName, someText } from '../payload-schemas.ts';
import { changes, failed } from '../rendering.ts';
import { functionPath, isFullName, matchSpaceFunctions, resolveFunction } from '../resolve.ts';
import { catalogEdit, spaceEdit } from '../step.ts';
import type { Step } from '../step.ts';

/** Gives the space a function; makes it first when it does not exist and `create_sql` is given. */
export const addTvf = definePatch({
  type: 'add_tvf',
  group: 'functions',
  lever: 3,
  risk: (p, snapshot) => (resolveFunction(p.function, snapshot).status === 'found' ? 'medium' : 'high'),
  scope: 'both',
  phase: 'create',
  schema: z.strictObject({ function: objectName, create_sql: someText.optional() }),
  example: { function: 'main.sales.monthly_sales' },
  objectKey: (p, names) => functionKey(names, p.function),
  parts: CREATES_OBJECT,
  touched: (p, names) => [names.function(p.function)],
  check: (p) =>
    p.create_sql === undefined || isFullName(p.function)
      ? null
      : `'${p.function}' needs catalog, schema and name`,
  render(p, context) {
    const known = resolveFunction(p.function, context);
    if (known.status === 'failed' && known.code !== 'UNKNOWN_TARGET') return known;
    const steps: Step[] = [];
    let identifier = nameParts(p.function).join('.');
    if (known.status === 'found') identifier = known.fn.name;
    else {
      if (p.create_sql === undefined) return known;
      const parsed = parseCreateFunction(p.create_sql);
      if ('problem' in parsed)
        return failed('INVALID_SQL', `The statement for ${p.function} cannot be used: ${parsed.problem}.`);
      if (!sameFunctionName(parsed.name, p.function))
        return failed(
          'INVALID_SQL',
          `The statement makes ${parsed.name}, not ${p.function}. Correct the name.`,
        );
      const statement = { object: parsed.name, sql: p.create_sql, inverse_sql: dropFunctionSql(parsed.name) };
      steps.push(catalogEdit(statement, functionPath(parsed.name), undefined, parsed));
      identifier = parsed.name;
    }
    if (
      matchSpaceFunctions(identifier, context).every((fn) => nameKey(fn.identifier) !== nameKey(identifier))
    ) {
      const id = context.newId();
      steps.push(
        spaceEdit(['instructions', 'sql_functions', { by: 'id', is: id }], undefined, { id, identifier }),
      );
    }
    return changes(steps, 'the space has this function already');
  },
  describe: (p) => `Add function ${p.function} to the space`,
});
