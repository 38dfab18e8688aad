import { defineScanCheck } from '../check.ts';

export const hiddenTables = defineScanCheck({
  id: 'hidden_tables',
  severity: 'warning',
  explains:
    'Every column of a table is hidden: it takes part in the choice of tables and can answer nothing.',
  find: ({ tables }) =>
    tables
      .filter(({ columns }) => columns.size > 0 && [...columns.values()].every(({ hidden }) => hidden))
      .map(({ name }) => ({
        where: [name],
        message: `All columns of ${name} are hidden.`,
        advice: 'Remove the table from the space, or show what people may ask for.',
      })),
});
