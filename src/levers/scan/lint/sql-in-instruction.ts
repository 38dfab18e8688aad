import { defineScanCheck } from '../check.ts';

const QUERY = /\bselect\b[\s\S]{3,}?\bfrom\b\s+[\w.`]+/i;

/** Whole queries in the general instruction. */
export const sqlInInstruction = defineScanCheck({
  id: 'sql_in_instruction',
  severity: 'warning',
  explains: 'The general instruction holds a whole query; Genie learns it far better as an example query.',
  isLint: true,
  find: ({ statements }) =>
    statements
      .filter(({ source, text }) => source === 'instruction' && QUERY.test(text))
      .map(({ where, text }) => ({
        where: [where],
        message: `"${text}" is a query, not a rule.`,
        advice: 'Add it as an example query with the question it answers, and remove it here.',
      })),
});
