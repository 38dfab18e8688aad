import { benchmarkFingerprint, type Benchmark } from '../benchmarks/index.ts';
import { InvalidOptionError, throwIfAborted } from '../core/index.ts';
import { judgeOutcomes, type Judge, type JudgeOutcome } from '../judges/index.ts';
import type { Clock } from '../ports/index.ts';
import { accuracyOf, judgeTotals } from './accuracy.ts';
import type { AskPool } from './ask-pool.ts';
import { EvaluationError } from './evaluation-error.ts';
import type { EvaluationResult, EvaluationRow } from './evaluation-result.ts';
import type { EvaluationRequest } from './evaluator.ts';
import { judgedRow } from './judged-row.ts';
import type { Prediction, Predictor } from './prediction.ts';

/**
 * Questions under way at once.
 *
 * One question at a time would leave most conversation starts unused: at 5 a minute, eight keep the
 * rate limit busy while an answer with its judging takes up to 96 s.
 */
export const DEFAULT_CONCURRENCY = 8;

export interface HarnessOptions extends Pick<
  EvaluationRequest,
  'questions' | 'scope' | 'iteration' | 'onRow' | 'onProgress' | 'signal'
> {
  readonly predict: Predictor;
  readonly judges: readonly Judge[];
  /** Hash of what gives the answers. */
  readonly configHash: string;
  /** Questions under way at once, 1–64. */
  readonly concurrency?: number | undefined;
  /** Rows that are there already, by question id: those questions are not predicted again. */
  readonly kept?: ReadonlyMap<string, EvaluationRow> | undefined;
  /** Every ask is recorded here. */
  readonly askPool?: AskPool | undefined;
  readonly clock?: Pick<Clock, 'now'> | undefined;
  /** Name in the result. Default `custom`. */
  readonly evaluator?: string | undefined;
}

/** Reasons that lie outside question and answer. */
const OUTSIDE: ReadonlySet<string> = new Set(['infrastructure', 'permission_blocked']);

/**
 * Judges answers from anywhere and adds up: what {@link evaluate} does once it has Genie's.
 *
 * Rows come in the order of the questions and none is left out. Judges that failed on a row are asked
 * once more at the end, one after another; a row judged anew is reported again.
 *
 * @throws {AbortedError} when the signal fires
 * @throws {EvaluationError} when every question was lost to infrastructure or permissions
 * @throws {InvalidOptionError} for repeated ids of questions or names of judges, and concurrency out of bounds
 */
export async function evaluateWith(options: HarnessOptions): Promise<EvaluationResult> {
  const { questions, clock = { now: () => new Date() } } = options;
  checkOptions(options);
  const startedAt = clock.now();
  const rows = await predictAndJudge(options, () => clock.now().getTime() - startedAt.getTime());
  const [first] = rows;
  if (
    first !== undefined &&
    rows.every(({ exclusion }) => exclusion !== null && OUTSIDE.has(exclusion.reason_code))
  ) {
    throw new EvaluationError(rows.length, first.exclusion?.reason_detail ?? 'an unknown reason');
  }
  const judges = judgeTotals(rows);
  return {
    iteration: options.iteration,
    scope: options.scope,
    started_at: startedAt.toISOString(),
    finished_at: clock.now().toISOString(),
    ...accuracyOf(rows),
    scores: judges.scores,
    rows,
    benchmark_fingerprint: benchmarkFingerprint(questions),
    config_hash: options.configHash,
    degraded_judges: judges.degraded,
    evaluator: options.evaluator ?? 'custom',
  };
}

/** A row on which judges failed, with what they need to try again. */
interface Doubtful {
  readonly at: number;
  readonly prediction: Prediction;
  /** One for each judge, in their order. */
  readonly outcomes: readonly JudgeOutcome[];
}

async function predictAndJudge(
  options: HarnessOptions,
  elapsed: () => number,
): Promise<readonly EvaluationRow[]> {
  const { questions, judges, predict, kept, signal, askPool, onRow } = options;
  const rows: EvaluationRow[] = [];
  rows.length = questions.length;
  const doubtful: Doubtful[] = [];
  const progress = progressOf(options, elapsed);
  const one = async (benchmark: Benchmark, at: number): Promise<void> => {
    const before = kept?.get(benchmark.id);
    if (before !== undefined) {
      rows[at] = before;
      return;
    }
    const prediction = await predict(benchmark, { signal });
    const outcomes = await judgeOutcomes(judges, prediction.input, { signal });
    const row = judgedRow(prediction, judges, outcomes);
    rows[at] = row;
    if (outcomes.some(({ status }) => status === 'errored')) doubtful.push({ at, prediction, outcomes });
    if (prediction.asked) askPool?.add(askOf(row, options.configHash));
    onRow?.(row);
    progress(row);
  };
  await eachWithin(options.concurrency ?? DEFAULT_CONCURRENCY, questions, one, signal);
  for (const { at, prediction, outcomes } of doubtful) {
    const row = judgedRow(prediction, judges, await judgeAgain(judges, prediction, outcomes, signal));
    rows[at] = row;
    onRow?.(row);
  }
  return rows;
}

const askOf = (row: EvaluationRow, config_hash: string) => ({
  config_hash,
  question_id: row.question_id,
  verdict: row.correct === null ? ('excluded' as const) : row.correct ? ('pass' as const) : ('fail' as const),
});

/** Asks the judges that failed, once more and one after another: most failures are passing ones. @see spec/judges.md §5 */
async function judgeAgain(
  judges: readonly Judge[],
  { input }: Prediction,
  outcomes: Doubtful['outcomes'],
  signal: AbortSignal | undefined,
): Promise<Doubtful['outcomes']> {
  const ends: JudgeOutcome[] = [];
  for (const [at, outcome] of outcomes.entries()) {
    const again =
      outcome.status === 'errored' ? await judgeOutcomes(judges.slice(at, at + 1), input, { signal }) : [];
    ends.push(again[0] ?? outcome);
  }
  return ends;
}

/** Counts finished rows for whoever watches; does nothing when nobody does. */
function progressOf(
  { questions, kept, onProgress }: HarnessOptions,
  elapsed: () => number,
): (row: EvaluationRow) => void {
  if (onProgress === undefined) return () => undefined;
  const before = questions.flatMap(({ id }) => kept?.get(id) ?? []);
  let done = before.length;
  let correct = before.filter((row) => row.correct === true).length;
  let evaluated = before.filter((row) => row.correct !== null).length;
  return (row) => {
    done += 1;
    evaluated += row.correct === null ? 0 : 1;
    correct += row.correct === true ? 1 : 0;
    onProgress({
      done,
      total: questions.length,
      questionId: row.question_id,
      correct: row.correct,
      correctSoFar: correct,
      evaluatedSoFar: evaluated,
      excludedSoFar: done - evaluated,
      elapsedMs: elapsed(),
    });
  };
}

/** Works through a list with so many at once; after the first failure nothing new is begun. */
export async function eachWithin<T>(
  concurrency: number,
  items: readonly T[],
  work: (item: T, at: number) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const at = next++;
      const item = items[at];
      if (item === undefined) continue;
      try {
        throwIfAborted(signal, 'The evaluation');
        await work(item, at);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  } catch (error) {
    throwIfAborted(signal, 'The evaluation');
    throw error;
  }
}

function checkOptions({ questions, concurrency, judges }: HarnessOptions): void {
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= 64))
    throw new InvalidOptionError('concurrency', `must be a whole number from 1 to 64, got ${concurrency}`);
  rejectRepeated(
    'questions',
    questions.map(({ id }) => id),
  );
  rejectRepeated(
    'judges',
    judges.map(({ name }) => name),
  );
}

function rejectRepeated(option: string, names: readonly string[]): void {
  const seen = new Set<string>();
  const repeated = names.find((name) => seen.size === seen.add(name).size);
  if (repeated !== undefined)
    throw new InvalidOptionError(option, `must not repeat '${repeated}'`, { repeated });
}
