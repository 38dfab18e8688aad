import { isOptimizerError, messageOf, OptimizerError, throwIfAborted } from '../core/index.ts';
import type { Judge, JudgeInput, JudgeOutcome } from './judge.ts';

/** Lasting failure of a judge itself; it says nothing about the answer. */
export class JudgeError extends OptimizerError {
  constructor(judge: string, cause: unknown) {
    super(
      `Judge '${judge}' failed: ${messageOf(cause).replace(/\.$/, '')}. The verdict is unknown; fix the judge and evaluate again.`,
      {
        code: 'JUDGE_FAILED',
        retryable: isOptimizerError(cause) && cause.retryable,
        details: { judge },
        cause,
      },
    );
  }
}

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
  const outcomes = await judgeOutcomes(judges, input, options);
  return new Map(judges.map(({ name }, at) => [name, outcomes[at] as JudgeOutcome]));
}

/** The same as {@link runJudges} as a list: one outcome for each judge, in their order. */
export async function judgeOutcomes(
  judges: readonly Judge[],
  input: JudgeInput,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<readonly JudgeOutcome[]> {
  const answers: unknown[] = [];
  let waiting = false;
  for (const judge of judges) {
    const answer = answerOf(judge, input, options);
    waiting ||= !isOutcome(answer);
    answers.push(answer);
  }
  // Judges that answer at once are not waited for.
  let ends: readonly unknown[] = answers;
  if (waiting) {
    try {
      ends = await Promise.all(answers);
    } catch {
      // Which judge it was, and what the others said, is read now.
      ends = await settled(judges, answers);
    }
  }
  throwIfAborted(options.signal, 'Judging');
  return ends.map((end, at) =>
    isOutcome(end) ? end : errored(judges[at]?.name ?? '', 'it returned no outcome'),
  );
}

async function settled(judges: readonly Judge[], answers: readonly unknown[]): Promise<readonly unknown[]> {
  const ends = await Promise.allSettled(answers);
  return ends.map((end, at) =>
    end.status === 'fulfilled' ? end.value : errored(judges[at]?.name ?? '', end.reason),
  );
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
