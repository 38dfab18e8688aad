import { isOptimizerError, messageOf } from '../core/index.ts';
import { classifyGenieError, type ExclusionReason } from '../judges/index.ts';

/** A failure of one statement, taken apart. */
export interface StatementFailure {
  /** `transport`: the statement may never have run; it says nothing about the text. */
  readonly kind: 'statement' | 'transport';
  readonly errorClass: string | null;
  readonly message: string;
}

/** Longest message kept in a row. @see spec/evaluation.md §6.3 */
const MAX_MESSAGE = 500;

/** Tells a statement that failed from a call that failed. */
export function statementFailure(error: unknown): StatementFailure {
  const message = messageOf(error).slice(0, MAX_MESSAGE);
  if (!isOptimizerError(error)) return { kind: 'transport', errorClass: null, message };
  const { errorClass } = error.details;
  const statement =
    error.code === 'SQL_STATEMENT_FAILED' ||
    error.name === 'SqlStatementError' ||
    typeof errorClass === 'string';
  // A statement that may succeed when repeated failed for a reason that lies in the warehouse.
  const kind = statement && !error.retryable ? 'statement' : 'transport';
  return { kind, errorClass: typeof errorClass === 'string' ? errorClass : null, message };
}

/**
 * Why a row does not count when its answer key fails: Genie is never blamed for that.
 *
 * @see spec/evaluation.md §6.3, §8
 */
export function groundTruthExclusion(failure: StatementFailure): ExclusionReason {
  const { exclusion } = classifyGenieError(failure.errorClass, failure.message);
  if (
    exclusion === 'permission_blocked' ||
    exclusion === 'parameterized_sql' ||
    exclusion === 'infrastructure'
  )
    return exclusion;
  return failure.kind === 'transport' ? 'infrastructure' : 'ground_truth_failed';
}

/**
 * Why a row does not count when Genie's statement fails; `null`: the failure is Genie's own.
 *
 * A table that is not there, an unknown function and a misspelt column are Genie's errors; a
 * permission we lack, an unbound parameter and a warehouse that is away are not.
 */
export function genieExclusion(failure: StatementFailure): ExclusionReason | null {
  if (failure.kind === 'transport')
    return isPermission(failure.message) ? 'permission_blocked' : 'infrastructure';
  return classifyGenieError(failure.errorClass, failure.message).exclusion;
}

/** Errors that every further question would meet as well: the evaluation stops with them. */
const FATAL_CODES: ReadonlySet<string> = new Set([
  'AUTHENTICATION_FAILED',
  'SPACE_NOT_FOUND',
  'INVALID_OPTION',
  'INVARIANT',
]);

/** Whether going on with other questions is pointless. */
export const isFatal = (error: unknown): boolean => isOptimizerError(error) && FATAL_CODES.has(error.code);

/** Why a question could not be put to Genie. */
export function askExclusion(error: unknown): ExclusionReason {
  const permission =
    isOptimizerError(error) &&
    (error.name === 'PermissionError' || /PERMISSION|UNAUTHENTICATED|FORBIDDEN/.test(error.code));
  return permission ? 'permission_blocked' : 'infrastructure';
}

const isPermission = (message: string): boolean => /permission denied|\b403\b/i.test(message);
