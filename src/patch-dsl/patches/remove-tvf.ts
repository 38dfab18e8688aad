import * as z from 'zod';
import { definePatch } from '../define-patch.ts';
import { restoreFunctionSql, dropFunctionSql } from '../function-ddl.ts';
import { unreadableFunction } from '../function-edit.ts';
import { functionKey } from '../name-resolver.ts';
import { objectName } from '../payload-schemas.ts';
import { changes, failed } from '../rendering.ts';
import { matchSpaceFunctions, resolveFunction } from '../resolve.ts';
import { catalogEdit, spaceEdit } from '../step.ts';
import type { Step } from '../step.ts';

/** Takes a function out of the space; Unity Catalog keeps it unless `drop` is true. */
export const removeTvf = definePatch({
  type: 'remove_tvf',
  group: 'functions',
  lever: 3,
  risk: 'high',
  scope: 'both',
  phase: 'remove',
  schema: z.strictObject({ function: objectName, drop: z.boolean().optional() }),
  example: { function: 'main.sales.top_customers' },
  objectKey: (p, names) => functionKey(names, p.function),
  touched: (p, names) => [names.function(p.function)],
  render(p, context) {
    const found = matchSpaceFunctions(p.function, context);
    if (new Set(found.map((fn) => fn.identifier.toLowerCase())).size > 1) {
      return failed(
        'TARGET_AMBIGUOUS',
        `'${p.function}' can mean ${found.map((fn) => fn.identifier).join(', ')}. Write the full name.`,
      );
    }
    const steps: Step[] = found.map((fn) =>
      spaceEdit(['instructions', 'sql_functions', { by: 'id', is: fn.id }], fn, undefined),
    );
    if (p.drop === true) {
      const place = resolveFunction(p.function, context);
      if (place.status === 'failed' && place.code !== 'UNKNOWN_TARGET') return place;
      if (place.status === 'found') {
        const unreadable = unreadableFunction(place.fn);
        if (unreadable !== null) return unreadable;
        const statement = {
          object: place.fn.name,
          sql: dropFunctionSql(place.fn.name),
          inverse_sql: restoreFunctionSql(place.fn),
        };
        steps.push(catalogEdit(statement, place.path, place.fn, undefined));
      }
    }
    return changes(steps, 'the space does not have this function');
  },
  describe: (p) => `Remove function ${p.function} from the space${p.drop === true ? ' and drop it' : ''}`,
});
