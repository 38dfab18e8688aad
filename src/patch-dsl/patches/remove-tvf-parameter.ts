import * as z from 'zod';
import { WRITES_OBJECT } from '../access.ts';
import { definePatch } from '../define-patch.ts';
import { editBody, editFunction, partOfDefinition } from '../function-edit.ts';
import { columnKey, functionKey } from '../name-resolver.ts';
import { columnName, objectName, someText } from '../payload-schemas.ts';
import { failed } from '../rendering.ts';
import { fragmentTokens } from '../sql-fragment.ts';

/** Removes a parameter of a table-valued function; the body must not use it afterwards. */
export const removeTvfParameter = definePatch({
  type: 'remove_tvf_parameter',
  group: 'functions',
  lever: 3,
  risk: 'high',
  scope: 'uc',
  phase: 'remove',
  schema: z.strictObject({
    function: objectName,
    param_name: columnName,
    body_edit: z.strictObject({ old_text: someText, new_text: z.string() }).optional(),
  }),
  example: {
    function: 'main.sales.top_customers',
    param_name: 'min_total',
    body_edit: { old_text: ' WHERE total >= min_total', new_text: '' },
  },
  objectKey: (p, names) => `${functionKey(names, p.function)}#${columnKey(p.param_name)}`,
  containerKey: (p, names) => functionKey(names, p.function),
  parts: WRITES_OBJECT,
  access: (p, names) => [partOfDefinition(p.function, names)],
  touched: (p, names) => [names.function(p.function)],
  render: (p, context) =>
    editFunction(p.function, context, (fn) => {
      const parameters = fn.parameters.filter(({ name }) => columnKey(name) !== columnKey(p.param_name));
      if (parameters.length === fn.parameters.length) return fn;
      const body = editBody(fn, p.body_edit);
      if (typeof body !== 'string') return body;
      const isUsed = fragmentTokens(body).some(
        ({ kind, text }) =>
          (kind === 'word' || kind === 'quoted') && columnKey(text) === columnKey(p.param_name),
      );
      if (isUsed)
        return failed(
          'INVALID_SQL',
          `The body of ${fn.name} still uses '${p.param_name}'. Remove the use with body_edit.`,
        );
      return { ...fn, parameters, body };
    }),
  describe: (p) => `Remove parameter ${p.param_name} from function ${p.function}`,
});
