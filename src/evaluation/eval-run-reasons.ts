import type { FailureType } from '../asi/index.ts';
import type { ExclusionReason } from '../judges/index.ts';

/** What a reason of Genie's own evaluation means here: a failure of the answer, or a row that does not count. */
export type EvalRunReason =
  | { readonly failureType: FailureType; readonly clause: string | null; readonly text: string }
  | { readonly exclusion: ExclusionReason; readonly text: string };

const fails = (failureType: FailureType, clause: string | null, text: string): EvalRunReason => ({
  failureType,
  clause,
  text,
});

const FILTER = fails('missing_filter', 'WHERE', 'a filter is missing or wrong');
const JOIN = fails('wrong_join', 'JOIN', 'a join is missing or wrong');
const AGGREGATION = fails('wrong_aggregation', 'GROUP BY', 'an aggregation is missing or wrong');
const COLUMNS = fails('wrong_column', 'SELECT', 'tables or columns are wrong');

/**
 * Every assessment reason of the API, deprecated ones included. @see spec/databricks-apis.md §2.4
 *
 * An answer key that returns nothing is a defect of the benchmark, not of the space.
 */
export const EVAL_RUN_REASONS = {
  EMPTY_RESULT: fails('other', null, 'the answer has no rows'),
  RESULT_MISSING_ROWS: fails('missing_filter', 'WHERE', 'rows are missing'),
  RESULT_EXTRA_ROWS: fails('missing_filter', 'WHERE', 'there are rows too many'),
  RESULT_MISSING_COLUMNS: fails('wrong_column', 'SELECT', 'columns are missing'),
  RESULT_EXTRA_COLUMNS: fails('wrong_column', 'SELECT', 'there are columns too many'),
  SINGLE_CELL_DIFFERENCE: fails('wrong_aggregation', 'SELECT', 'the one value differs'),
  COLUMN_TYPE_DIFFERENCE: fails('wrong_column', 'SELECT', 'a column has another type'),
  EMPTY_GOOD_SQL: { exclusion: 'ground_truth_failed', text: 'the answer key itself returned nothing' },
  TRANSIENT_ERROR: { exclusion: 'infrastructure', text: 'the evaluation run met a passing error' },
  LLM_JUDGE_MISSING_OR_INCORRECT_FILTER: FILTER,
  LLM_JUDGE_INCOMPLETE_OR_PARTIAL_OUTPUT: fails('wrong_column', 'SELECT', 'the output is incomplete'),
  LLM_JUDGE_MISINTERPRETATION_OF_USER_REQUEST: fails(
    'missing_instruction',
    null,
    'the question was read in another sense',
  ),
  LLM_JUDGE_INSTRUCTION_COMPLIANCE_OR_MISSING_BUSINESS_LOGIC: fails(
    'missing_instruction',
    null,
    'business logic or an instruction was not followed',
  ),
  LLM_JUDGE_INCORRECT_METRIC_CALCULATION: fails('wrong_measure', 'SELECT', 'a figure is worked out wrongly'),
  LLM_JUDGE_INCORRECT_TABLE_OR_FIELD_USAGE: COLUMNS,
  LLM_JUDGE_INCORRECT_FUNCTION_USAGE: fails('tvf_parameter_error', 'FROM', 'a function is used wrongly'),
  LLM_JUDGE_MISSING_OR_INCORRECT_JOIN: JOIN,
  LLM_JUDGE_MISSING_OR_INCORRECT_AGGREGATION: AGGREGATION,
  LLM_JUDGE_FORMATTING_ERROR: fails('other', null, 'the form of the output is wrong'),
  LLM_JUDGE_OTHER: fails('other', null, 'another reason'),
  LLM_JUDGE_MISSING_JOIN: JOIN,
  LLM_JUDGE_WRONG_FILTER: FILTER,
  LLM_JUDGE_WRONG_AGGREGATION: AGGREGATION,
  LLM_JUDGE_WRONG_COLUMNS: COLUMNS,
  LLM_JUDGE_SYNTAX_ERROR: fails('other', null, 'the statement has an error of syntax'),
  LLM_JUDGE_SEMANTIC_ERROR: fails('other', null, 'the statement means something else'),
} as const satisfies Readonly<Record<string, EvalRunReason>>;

/** What a reason means; one that is not known yet is a failure of no certain kind. */
export const evalRunReason = (code: string): EvalRunReason =>
  (EVAL_RUN_REASONS as Readonly<Record<string, EvalRunReason>>)[code] ??
  fails('other', null, 'a reason that this version does not know');
