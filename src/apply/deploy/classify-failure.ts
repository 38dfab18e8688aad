import { hasCode, isOptimizerError, messageOf } from '../../core/index.ts';

/** What a failed step of a deployment comes from. */
export const DEPLOY_FAILURES = [
  'UNSORTED_ARRAY',
  'UNKNOWN_FIELD',
  'INVALID_ID',
  'STRING_NOT_ARRAY',
  'TOO_MANY_ITEMS',
  'UNRESOLVED_TEMPLATE',
  'MISSING_VARIABLE',
  'SCHEMA_RETRIEVAL',
  'TABLE_NOT_VIEW',
  'FUNCTION_DDL',
  'AUTH',
  'RESOURCE_CONFLICT',
  'PATH_RESOLUTION',
  'MALFORMED_JSON',
  'TRANSIENT',
  'TIMEOUT',
  'UNKNOWN',
] as const;
export type DeployFailureCode = (typeof DEPLOY_FAILURES)[number];

export interface DeployFailure {
  readonly code: DeployFailureCode;
  /** What the tool or the job said, without secrets. */
  readonly message: string;
  /** The field, id or variable that the message names; `null` when it names none. */
  readonly subject: string | null;
  /** Whether the same deployment may succeed when repeated unchanged. */
  readonly transient: boolean;
  /** What a person can do. */
  readonly advice: string;
}

interface Matcher {
  readonly code: DeployFailureCode;
  readonly pattern: RegExp;
  readonly advice: string;
}

/**
 * Messages of the service and the tool, first match wins; a first group names the subject.
 *
 * @see spec/control-levers.md §3, §5
 */
const MATCHERS: readonly Matcher[] = [
  {
    code: 'UNSORTED_ARRAY',
    pattern: /([\w.]*) ?must be sorted(?: by|\b)/i,
    advice: 'Sort the lists of the space file by their keys.',
  },
  {
    code: 'UNKNOWN_FIELD',
    pattern: /Cannot find field:? '?(\w+)'? in message/i,
    advice: 'Remove the field from the space file.',
  },
  {
    code: 'INVALID_ID',
    pattern: /Invalid ID format|ids? must be 32|missing (?:required )?(?:field )?'?id'?\b/i,
    advice: 'Give every part of the space file an id of 32 lower-case hex digits.',
  },
  {
    code: 'STRING_NOT_ARRAY',
    pattern: /Expected an array for '?([\w.]+)'?/i,
    advice: 'Write this field as a list of strings.',
  },
  {
    code: 'TOO_MANY_ITEMS',
    pattern: /Exceeded maximum number/i,
    advice: 'Keep at most 50 functions and 50 benchmark questions.',
  },
  {
    code: 'MISSING_VARIABLE',
    pattern: /no value assigned to required variable '?([\w.-]+)'?/i,
    advice: 'Give the bundle variable a value for this target.',
  },
  {
    code: 'UNRESOLVED_TEMPLATE',
    pattern: /PARSE_SYNTAX_ERROR[^]*?\$\{([^}]*)\}|\$\{(?!var\.|bundle\.|workspace\.)(\w+)\}/,
    advice: 'Resolve the placeholder before the file is deployed, or pass its value in variables.',
  },
  {
    code: 'SCHEMA_RETRIEVAL',
    pattern: /Failed to retrieve schema from unity catalog/i,
    advice: 'Check that all tables and functions exist and may be read, and configure fewer columns.',
  },
  {
    code: 'TABLE_NOT_VIEW',
    pattern: /EXPECT_TABLE_NOT_VIEW|Cannot alter a view/i,
    advice: 'Change the definition of the metric view instead.',
  },
  {
    code: 'FUNCTION_DDL',
    pattern: /PARSE_SYNTAX_ERROR[^]*near '?FUNCTION/i,
    advice: 'Replace the function whole: its comment cannot be altered alone.',
  },
  {
    code: 'AUTH',
    pattern:
      /(?<!line )\b40[13]\b|unauthori[sz]ed|forbidden|permission[_ ]denied|cannot configure default credentials|invalid (?:access )?token/i,
    advice: 'Check the profile, its sign-in and its rights in the target.',
  },
  {
    code: 'RESOURCE_CONFLICT',
    pattern:
      /(?<!line )\b409\b|\bABORTED\b|RESOURCE_CONFLICT|ALREADY_EXISTS|already exists|deployment lock|lock held/i,
    advice: 'Wait for the other deployment, or bind the existing resource to the bundle.',
  },
  {
    code: 'PATH_RESOLUTION',
    pattern:
      /no such file or directory|file .* (?:not found|does not exist)|unable to (?:locate|find) (?:bundle|file)|path .* is not contained/i,
    advice: 'Correct the path in the bundle.',
  },
  {
    code: 'MALFORMED_JSON',
    pattern:
      /(?:malformed|invalid|cannot (?:parse|unmarshal)) json|unexpected end of JSON|invalid character .* looking for/i,
    advice: 'Correct the JSON of the space file.',
  },
  {
    code: 'TRANSIENT',
    pattern:
      /\b(?:429|502|503|504)\b|temporarily unavailable|REQUEST_LIMIT_EXCEEDED|ECONNRE|ETIMEDOUT|EAI_AGAIN|connection reset|timed? ?out/i,
    advice: 'Repeat it later.',
  },
];

/** Failures that pass by themselves. */
const PASSING: ReadonlySet<DeployFailureCode> = new Set(['TRANSIENT', 'RESOURCE_CONFLICT']);

/** What a failed step comes from, by what was said. */
export function classifyFailure(error: unknown): DeployFailure {
  const message = messageOf(error);
  const reason = isOptimizerError(error) ? error.details['reason'] : undefined;
  const said = typeof reason === 'string' ? reason : message;
  if (hasCode(error, 'DEPLOY_JOB_TIMEOUT'))
    return {
      code: 'TIMEOUT',
      message,
      subject: null,
      transient: false,
      advice: 'Look at the run, or allow more time.',
    };
  for (const { code, pattern, advice } of MATCHERS) {
    const match = pattern.exec(said);
    if (match === null) continue;
    const subject = match.slice(1).find((group) => group !== undefined && group !== '') ?? null;
    return { code, message: said, subject, transient: PASSING.has(code), advice };
  }
  const transient = isOptimizerError(error) && error.retryable;
  return {
    code: transient ? 'TRANSIENT' : 'UNKNOWN',
    message: said,
    subject: null,
    transient,
    advice: transient ? 'Repeat it later.' : 'Run the step by hand to see all of its output.',
  };
}
