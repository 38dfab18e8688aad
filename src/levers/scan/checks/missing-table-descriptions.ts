import { defineScanCheck } from '../check.ts';

export const missingTableDescriptions = defineScanCheck({
  id: 'missing_table_descriptions',
  severity: 'warning',
  explains:
    'A table is described neither in the space nor in Unity Catalog; Genie chooses tables by what they say.',
  find: ({ tables }) =>
    tables
      .filter(({ description }) => description === '')
      .map(({ name }) => ({
        where: [name],
        message: `${name} has no description.`,
        advice: 'Say in one or two sentences what one row is and which questions the table answers.',
      })),
});
