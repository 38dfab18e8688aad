import { compareCodeUnits } from '../../core/index.ts';
import type { AnalyzedRow } from '../alignment/row-analysis.ts';
import type { Draft, Generator } from './draft.ts';

interface Rule {
  readonly text: string;
  readonly reason: string;
  /** Whether the answer broke a rule that its key follows. */
  readonly applies: (row: AnalyzedRow) => boolean;
  /** Whether the key of a question in its scope follows the rule; a rule that keys contradict is not proposed. */
  readonly inScope: (row: AnalyzedRow) => boolean;
  readonly follows: (row: AnalyzedRow) => boolean;
}

const SUPERLATIVE =
  /\b(?:most|highest|largest|biggest|greatest|best|lowest|smallest|fewest|least|worst|longest|shortest)\b/i;
const TOP_N =
  /\b(?:top|bottom|first|highest|largest|lowest|best|worst)\s+(?:\d+|two|three|four|five|six|seven|eight|nine|ten)\b/i;
const SINGULAR = /\b(?:which|what|who)\b(?!.*\b(?:top|bottom)\b)/i;
const LISTING = /^\s*(?:which|list|what are|show (?:me )?(?:all|the))\b/i;

const parsed = (row: AnalyzedRow): boolean =>
  row.row.facts.expected.engine === 'ast' && row.row.facts.generated?.engine === 'ast';
const expected = (row: AnalyzedRow) => row.row.facts.expected;
const generated = (row: AnalyzedRow) => row.row.facts.generated;
const isOneOfMost = (row: AnalyzedRow): boolean =>
  SUPERLATIVE.test(row.row.question) &&
  SINGULAR.test(row.row.question) &&
  !TOP_N.test(row.row.question) &&
  expected(row).groupBy.length > 0;

/** Rules on order, limit and repetition that statements show and no other metadata can say. */
const RULES: readonly Rule[] = [
  {
    text: 'When a question asks for the top, highest, bottom or lowest N, order by the asked figure (descending for top and highest) and return exactly N rows.',
    reason: 'the answers did not order or cut off a ranking',
    inScope: (row) => TOP_N.test(row.row.question),
    follows: (row) => expected(row).limit !== null && expected(row).orderBy.length > 0,
    applies: (row) => generated(row)?.limit !== expected(row).limit || generated(row)?.orderBy.length === 0,
  },
  {
    text: 'When a question asks which single one has the most, highest, least or lowest of something, order by that figure and return one row.',
    reason: 'the answers returned more than the one row asked for',
    inScope: isOneOfMost,
    follows: (row) => expected(row).limit === 1,
    applies: (row) => generated(row)?.limit !== 1,
  },
  {
    text: 'When a question asks which things there are without a figure, return each one once (SELECT DISTINCT).',
    reason: 'the answers repeated values',
    inScope: (row) => LISTING.test(row.row.question) && expected(row).aggregates.length === 0,
    follows: (row) => expected(row).distinct || expected(row).groupBy.length > 0,
    applies: (row) => generated(row)?.distinct === false && generated(row)?.groupBy.length === 0,
  },
];

/** A rule needs this share of the questions in its scope to follow it. */
const MIN_FOLLOWING_SHARE = 0.8;

/** Proposes the rules that answers broke and answer keys agree on. */
export const proposeRules: Generator = ({ rows }) =>
  RULES.flatMap((rule): Draft[] => {
    const scope = rows.filter((row) => expected(row).engine === 'ast' && rule.inScope(row));
    const following = scope.filter(rule.follows);
    const broken = following.filter((row) => row.failed && parsed(row) && rule.applies(row));
    if (broken.length === 0 || following.length < MIN_FOLLOWING_SHARE * scope.length) return [];
    return [
      {
        failure_type: 'missing_instruction',
        question_ids: broken.map((row) => row.row.question_id).sort(compareCodeUnits),
        changes: [{ type: 'add_instruction', text: rule.text }],
        reason: rule.reason,
        confidence: Math.min(0.8, 0.45 + 0.1 * broken.length),
      },
    ];
  });
