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
  const answers: unknown[] = [];
  let waiting = false;
  for (const judge of judges) {
    const answer = answerOf(judge, input, options);
    waiting ||= !isOutcome(answer);
    answers.push(answer);
  }
  // Judges that answer at once are not waited for.
  const ends = waiting ? await endsOf(judges, answers) : answers;
  const outcomes = new Map<string, JudgeOutcome>();
  for (let at = 0; at < judges.length; at++) {
    const [name, end] = [judges[at]?.name ?? '', ends[at]];
    outcomes.set(name, isOutcome(end) ? end : errored(name, 'it returned no outcome'));
  }
  if (options.signal?.aborted === true) throw new AbortedError('Judging', options.signal.reason);
  return outcomes;
}

/** What the judges answered in the end; failures are told apart only once there is one. */
async function endsOf(judges: readonly Judge[], answers: readonly unknown[]): Promise<readonly unknown[]> {
  try {
    return await Promise.all(answers);
  } catch {
    // Which judge it was, and what the others said, is read below.
    const settled = await Promise.allSettled(answers);
    return settled.map((end, at) =>
      end.status === 'fulfilled' ? end.value : errored(judges[at]?.name ?? '', end.reason),
    );
  }
}

function answerOf(
  judge: Judge,
  input: JudgeInput,
  options: { readonly signal?: AbortSignal | undefined },
): unknown {
  try {
    return judge.judge(input, options);
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
  if (typeof outcome !== 'object' || outcome === null || outcome instanceof Promise) return false;
  const { status, value, asi } = outcome as { status?: unknown; value?: unknown; asi?: unknown };
  if (typeof status !== 'string' || !STATUSES.has(status)) return false;
  if (status !== 'scored') return true;
  return value === 'yes' || (value === 'no' && typeof asi === 'object' && asi !== null);
}
