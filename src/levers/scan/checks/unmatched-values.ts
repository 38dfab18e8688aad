import { makePatch } from '../../../patch-dsl/index.ts';
import type { SchemaColumn, SchemaTable } from '../../schema.ts';
import { defineScanCheck } from '../check.ts';

export const unmatchedValues = defineScanCheck({
  id: 'unmatched_values',
  severity: 'info',
  explains:
    'No text column of a table is matched by its values, so names and codes are taken as people typed them.',
  find: ({ tables }) =>
    tables
      .filter(({ kind }) => kind === 'table')
      .flatMap((table) => {
        const texts = [...table.columns.values()].filter((column) => isSpokenText(column, table));
        if (texts.length === 0 || texts.some(({ entityMatching }) => entityMatching)) return [];
        return [
          {
            where: texts.map(({ name }) => `${table.name}#${name}`),
            message: `Entity matching is off for all ${texts.length} text columns of ${table.name}.`,
            advice: 'Switch it on where people ask by value: states, regions, names of products.',
            patches: texts.flatMap(({ name, formatAssistance }) => [
              ...(formatAssistance
                ? []
                : [makePatch('enable_format_assistance', { table: table.name, column: name })]),
              makePatch('enable_entity_matching', { table: table.name, column: name }),
            ]),
          },
        ];
      }),
});

/** Keys and long texts are not what people ask by. */
const isSpokenText = (column: SchemaColumn, table: SchemaTable): boolean =>
  column.type.startsWith('STRING') &&
  !column.hidden &&
  !table.primaryKey.includes(column.name.toLowerCase()) &&
  !table.foreignKeys.some(({ columns }) =>
    columns.some((name) => name.toLowerCase() === column.name.toLowerCase()),
  ) &&
  !/(?:comment|note|description|text|url|uri|path|json|uuid|hash)s?$/i.test(column.name);
