import type { ExclusionReason } from './judge.ts';

/** What an error of Genie's statement means. */
export interface GenieErrorClass {
  /** Set when the error says nothing about Genie's answer. */
  readonly exclusion: ExclusionReason | null;
  /** Label of the failure. */
  readonly label: string;
  readonly clause: string;
  /** Object named in the message, lower case and unquoted. */
  readonly object: string | null;
}

interface Rule {
  readonly pattern: RegExp;
  readonly label?: string;
  readonly clause?: string;
  readonly exclusion?: ExclusionReason;
}

const INFRASTRUCTURE =
  /not in the current catalog|set the current catalog|(?:catalog|schema) '?[\w`.]*'? ?(?:does not exist|not found)|(?:CATALOG|SCHEMA)_NOT_FOUND|RESOURCE_DOES_NOT_EXIST|ECONNRESET|ETIMEDOUT|ECONNREFUSED|TEMPORARILY_UNAVAILABLE|warehouse .*(?:stopped|deleted)|\b50[0-9]\b|timed? ?out/i;

/** First match wins. @see spec/judges.md §3.1 */
const RULES: readonly Rule[] = [
  { pattern: /UNBOUND_SQL_PARAMETER/, exclusion: 'parameterized_sql' },
  {
    pattern: /INSUFFICIENT_PERMISSIONS|PERMISSION_DENIED|permission denied|does not have \w+ on/i,
    exclusion: 'permission_blocked',
  },
  { pattern: /METRIC_VIEW_JOIN_NOT_SUPPORTED/, label: 'wrong_join', clause: 'JOIN' },
  {
    pattern:
      /UNRESOLVABLE_TABLE_VALUED_FUNCTION|UNRESOLVED_ROUTINE|WRONG_NUM_ARGS|REQUIRED_PARAMETER_NOT_FOUND|UNRECOGNIZED_PARAMETER_NAME/,
    label: 'tvf_parameter_error',
    clause: 'FROM',
  },
  { pattern: /UNRESOLVED_COLUMN.*\bJOIN\b/is, label: 'wrong_join', clause: 'JOIN' },
  {
    pattern: /UNRESOLVED_COLUMN|UNRESOLVED_FIELD|FIELD_NOT_FOUND|AMBIGUOUS_REFERENCE/,
    label: 'wrong_column',
    clause: 'SELECT',
  },
  { pattern: /TABLE_OR_VIEW_NOT_FOUND|cannot be found/i, label: 'wrong_table', clause: 'FROM' },
  {
    pattern: /MISSING_AGGREGATION|MISSING_GROUP_BY|UNRESOLVED_GROUP/,
    label: 'wrong_aggregation',
    clause: 'GROUP BY',
  },
  { pattern: /PARSE_SYNTAX_ERROR|ParseException|syntax error/i, label: 'syntax_error', clause: 'SELECT' },
  { pattern: INFRASTRUCTURE, exclusion: 'infrastructure' },
];

/** Reads error class and message of Genie's own statement. */
export function classifyGenieError(errorClass: string | null, message: string): GenieErrorClass {
  const text = `${errorClass ?? ''} ${message}`;
  const rule = RULES.find(({ pattern }) => pattern.test(text));
  return {
    exclusion: rule?.exclusion ?? null,
    label: rule?.label ?? 'other',
    clause: rule?.clause ?? 'SELECT',
    object: namedObject(message),
  };
}

/** The first name in backticks, which is what these messages complain about. */
function namedObject(message: string): string | null {
  const match = /`[^`]+`(?:\.`[^`]+`)*/.exec(message);
  return match === null ? null : match[0].replaceAll('`', '').toLowerCase();
}
