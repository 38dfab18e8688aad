import { lexSql, significantTokens, type SqlFacts } from '../../sql/index.ts';
import type { AnalyzedRow } from '../alignment/row-analysis.ts';
import type { Draft, GeneratorContext } from './draft.ts';
import { siblingEdits, type SiblingEdit } from './sibling-edits.ts';

/** An example teaches one shape and little else, so it ranks behind whatever metadata can say. */
const SIBLING_CONFIDENCE = 0.35;

/**
 * Shows the shape of a statement by an example of a sibling question: the same shape with other years, another
 * grain, another figure, another grouping.
 *
 * Only for shapes that no name, join, figure or rule can state (a share of a total, a period beside the one before),
 * which the answer lacked. Of all siblings the nearest is taken that gives no benchmark away; none is written where
 * each of them would.
 *
 * @param isFree - whether texts quote no protected one
 * @see decisions.md 12
 */
export const proposeSiblings = (
  rows: readonly AnalyzedRow[],
  context: GeneratorContext,
  isFree: (texts: readonly string[]) => boolean,
): readonly Draft[] =>
  rows.flatMap((row): Draft[] => {
    if (!lacksShape(row)) return [];
    const sibling = siblingsOf(row, context).find(({ question, sql }) => isFree([question, sql]));
    return sibling === undefined
      ? []
      : [
          {
            failure_type: 'missing_instruction',
            question_ids: [row.row.question_id],
            changes: [{ type: 'add_example_sql', ...sibling }],
            reason:
              'no name or rule can say the shape of its statement, and an example of a sibling shows it',
            confidence: SIBLING_CONFIDENCE,
          },
        ];
  });

const hasShape = ({ projections, ctes, setOperation }: SqlFacts): boolean =>
  setOperation || ctes.length > 0 || projections.some(({ text }) => /\bover\s*\(/i.test(text));

/** Whether a key needs a shape of statement that no metadata can say, and the answer has another one. */
export const lacksShape = ({ failed, row: { facts } }: AnalyzedRow): boolean =>
  failed &&
  facts.expected.engine === 'ast' &&
  hasShape(facts.expected) &&
  (facts.generated === null || (facts.generated.engine === 'ast' && !hasShape(facts.generated)));

interface Sibling {
  readonly question: string;
  readonly sql: string;
}

/** Every sibling of a question, those with the fewest differences first. */
function siblingsOf(row: AnalyzedRow, context: GeneratorContext): Sibling[] {
  const { question, expected_sql } = row.row;
  return subsetsOf(siblingEdits(row, context)).flatMap((edits): Sibling[] => {
    const sibling = {
      question: edits.reduce((text, { inQuestion }) => inQuestion(text), question),
      sql: edits.reduce(editSql, expected_sql.trim()),
    };
    return sibling.question === question || sibling.sql === expected_sql.trim() ? [] : [sibling];
  });
}

/** All choices of at least one, smaller ones first; equal sizes in the order of the items. */
const subsetsOf = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: 2 ** items.length - 1 }, (_, at) =>
    items.filter((__, bit) => ((at + 1) >> bit) % 2 === 1),
  ).sort((a, b) => a.length - b.length);

const COUNT_ROWS = ['count', '(', '*', ')'];

/** Rewrites a statement token by token; counting rows is one token. */
function editSql(sql: string, { inSql }: SiblingEdit): string {
  const tokens = significantTokens(lexSql(sql));
  let text = '';
  let from = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    const isCount = COUNT_ROWS.every((part, offset) => tokens[at + offset]?.text.toLowerCase() === part);
    const last = isCount ? tokens[at + COUNT_ROWS.length - 1] : token;
    const end = last?.end ?? token.end;
    text +=
      sql.slice(from, token.start) + (inSql(sql.slice(token.start, end)) ?? sql.slice(token.start, end));
    from = end;
    if (isCount) at += COUNT_ROWS.length - 1;
  }
  return text + sql.slice(from);
}
