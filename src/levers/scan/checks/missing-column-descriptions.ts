import { defineScanCheck } from '../check.ts';

/** A table is reported when more than this share of its visible columns says nothing. */
export const UNDESCRIBED_SHARE = 0.2;

export const missingColumnDescriptions = defineScanCheck({
  id: 'missing_column_descriptions',
  severity: 'warning',
  explains:
    'Many columns of a table have neither description nor synonym; Genie has only their names to go by.',
  find: ({ tables }) =>
    tables.flatMap((table) => {
      const visible = [...table.columns.values()].filter(({ hidden }) => !hidden);
      const silent = visible.filter(
        ({ description, synonyms }) => description === '' && synonyms.length === 0,
      );
      if (silent.length === 0 || silent.length <= UNDESCRIBED_SHARE * visible.length) return [];
      return [
        {
          where: silent.map(({ name }) => `${table.name}#${name}`),
          message: `${silent.length} of the ${visible.length} visible columns of ${table.name} have neither a description nor a synonym.`,
          advice: 'Describe those that people ask for, in their words; hide those that nobody needs.',
        },
      ];
    }),
});
