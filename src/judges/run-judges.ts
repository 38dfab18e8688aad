import { AbortedError, isOptimizerError, OptimizerError } from '../core/index.ts';
import type { Judge, JudgeInput, JudgeOutcome } from './judge.ts';

/** Lasting failure of a judge itself; it says nothing about the answer. */
export class JudgeError extends OptimizerError {
  constructor(judge: string, cause: unknown) {
    super(
      `Judge '${judge}' failed: ${messageOf(cause)}. The verdict is unknown; fix the judge and evaluate again.`,
      {
        code: 'JUDGE_FAILED',
        retryable: isOptimizerError(cause) && cause.retryable,
        details: { judge },
        cause,
      },
    );
  }
}

const messageOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');

/**
 * Asks all judges about one row.
 *
 * A judge that throws, or answers with something that is no outcome, is `errored`, never a no.
 *
 * @returns outcomes by judge name, in the order of the judges
 * @throws {AbortedError} when the signal fires; no other error of a judge gets out
 */
export async function runJudges(
  judges: readonly Judge[],
  input: JudgeInput,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<ReadonlyMap<string, JudgeOutcome>> {
  const outcomes = await Promise.all(
    judges.map(async (judge) => [judge.name, await runJudge(judge, input, options)] as const),
  );
  if (options.signal?.aborted === true) throw new AbortedError('Judging', options.signal.reason);
  return new Map(outcomes);
}

async function runJudge(
  judge: Judge,
  input: JudgeInput,
  options: { readonly signal?: AbortSignal | undefined },
): Promise<JudgeOutcome> {
  try {
    const outcome = await judge.judge(input, options);
    return isOutcome(outcome) ? outcome : errored(judge.name, 'it returned no outcome');
  } catch (cause) {
    return errored(judge.name, cause);
  }
}

function errored(judge: string, cause: unknown): JudgeOutcome {
  const error = new JudgeError(judge, cause);
  return { status: 'errored', error, rationale: error.message };
}

const STATUSES: ReadonlySet<string> = new Set<JudgeOutcome['status']>([
  'scored',
  'verdict',
  'excluded',
  'skipped',
  'errored',
]);

/** A user's judge may be plain JavaScript: what it returns is checked. */
function isOutcome(outcome: unknown): outcome is JudgeOutcome {
  if (typeof outcome !== 'object' || outcome === null) return false;
  const { status, value, asi } = outcome as { status?: unknown; value?: unknown; asi?: unknown };
  if (typeof status !== 'string' || !STATUSES.has(status)) return false;
  if (status !== 'scored') return true;
  return value === 'yes' || (value === 'no' && typeof asi === 'object' && asi !== null);
}
