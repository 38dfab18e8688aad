import * as z from 'zod';
import { WRITES_OBJECT } from '../access.ts';
import { definePatch } from '../define-patch.ts';
import { editBody, editFunction, partOfDefinition } from '../function-edit.ts';
import { columnKey, functionKey } from '../name-resolver.ts';
import { columnName, objectName, someText } from '../payload-schemas.ts';
import { failed } from '../rendering.ts';

/** Adds a parameter to a table-valued function and uses it in the body. */
export const addTvfParameter = definePatch({
  type: 'add_tvf_parameter',
  group: 'functions',
  lever: 3,
  risk: 'medium',
  scope: 'uc',
  schema: z.strictObject({
    function: objectName,
    param: z.strictObject({
      name: columnName,
      /** SQL type, `STRING`, `DECIMAL(12,2)`. */
      type: someText,
      /** SQL expression. Parameters after one with a default need one too. */
      default: someText.optional(),
      comment: someText.optional(),
      /** Place among the parameters, from 0; default the end. */
      ordinal: z.int().min(0).optional(),
    }),
    body_edit: z.strictObject({ old_text: someText, new_text: z.string() }).optional(),
  }),
  example: {
    function: 'main.sales.top_customers',
    param: { name: 'max_rows', type: 'INT', default: '10', comment: 'How many customers.' },
    body_edit: { old_text: 'LIMIT 10', new_text: 'LIMIT max_rows' },
  },
  objectKey: (p, names) => `${functionKey(names, p.function)}#${columnKey(p.param.name)}`,
  containerKey: (p, names) => functionKey(names, p.function),
  parts: WRITES_OBJECT,
  access: (p, names) => [
    partOfDefinition(p.function, names),
    { key: functionKey(names, p.function), part: '/parameters', mode: 'append' },
  ],
  touched: (p, names) => [names.function(p.function)],
  render: (p, context) =>
    editFunction(p.function, context, (fn) => {
      const parameter = {
        name: p.param.name,
        type: p.param.type.toUpperCase(),
        defaultValue: p.param.default ?? null,
        comment: p.param.comment ?? null,
      };
      const index = fn.parameters.findIndex(({ name }) => columnKey(name) === columnKey(parameter.name));
      const existing = fn.parameters[index];
      if (existing !== undefined) {
        const isSame =
          existing.type.toUpperCase() === parameter.type && existing.defaultValue === parameter.defaultValue;
        return isSame
          ? fn
          : failed(
              'TARGET_EXISTS',
              `${fn.name} has another parameter '${parameter.name}'. Use update_tvf_sql to change it.`,
            );
      }
      const at = Math.min(p.param.ordinal ?? fn.parameters.length, fn.parameters.length);
      const parameters = fn.parameters.toSpliced(at, 0, parameter);
      const firstDefault = parameters.findIndex(({ defaultValue }) => defaultValue !== null);
      if (
        firstDefault >= 0 &&
        parameters.slice(firstDefault).some(({ defaultValue }) => defaultValue === null)
      ) {
        return failed(
          'INVALID_SQL',
          `In ${fn.name} a parameter without default would follow one with a default. Give '${parameter.name}' a default or an earlier ordinal.`,
        );
      }
      const body = editBody(fn, p.body_edit);
      return typeof body === 'string' ? { ...fn, parameters, body } : body;
    }),
  describe: (p) => `Add parameter ${p.param.name} ${p.param.type} to function ${p.function}`,
});
