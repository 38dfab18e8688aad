import {
  assignSplits,
  isQuarantined,
  type BenchmarkSuite,
  type SplitBenchmark,
} from '../benchmarks/index.ts';
import {
  rescoreHistory,
  type CorrectedKeys,
  type CorrectionCandidate,
  type EvaluationResult,
} from '../evaluation/index.ts';
import type { Iteration, Session } from '../session/index.ts';
import { parseSpace, type Space } from '../spaces/index.ts';
import { loadIteration, rescoredPath, saveEvaluation } from './evaluation-store.ts';
import { runFolder, saveSuite } from './prepare-suite.ts';
import { queueForPerson } from './queue-for-person.ts';
import { noteRescored } from './rescored-asks.ts';
import type { Run, Standing } from './run.ts';

/** A stored evaluation and the space it asked. */
export interface PastEvaluation {
  readonly evaluation: EvaluationResult;
  /** `null` where an older session does not say. */
  readonly space: Space | null;
}

/** Every full evaluation of the run so far, under the answer keys as they are now, oldest first. */
export async function pastEvaluations({ ctx, recorder, accepted }: Run): Promise<PastEvaluation[]> {
  const { iterations, initial_config: initial } = recorder.current();
  const past: PastEvaluation[] = [];
  for (const iteration of iterations) {
    if (iteration.rows_ref === null) continue;
    const { evaluation } = await loadIteration(ctx.options.files, iteration, accepted.catalog);
    past.push({ evaluation, space: spaceOf(iteration, initial) });
  }
  return past;
}

/** The space as an iteration found it. */
function spaceOf(iteration: Iteration, initialConfig: string | null): Space | null {
  const text = iteration.lever === 0 ? initialConfig : (iteration.apply_log?.post_config ?? null);
  return text === null ? null : parseSpace(text);
}

/** What a correction is made with; nothing of it asks Genie. */
export const correctingWith = ({ ctx, accepted }: Run) => ({
  sql: ctx.workspace.sql,
  catalog: accepted.catalog,
  variables: ctx.options.variables,
  clock: ctx.clock,
  signal: ctx.signal,
});

/**
 * The hook of the options, for candidates it has not turned down in this run already: nobody is asked the same
 * twice.
 */
export function confirmOnce({ ctx, recorder }: Run): Run['ctx']['options']['confirmCorrection'] {
  const { confirmCorrection: confirm } = ctx.options;
  if (confirm === undefined) return undefined;
  const declined = new Set(
    recorder
      .current()
      .proposed_corrections.flatMap((item) => (item['declined'] === true ? [keyOf(item)] : [])),
  );
  return async (candidate, check) => (declined.has(keyOf(candidate)) ? false : confirm(candidate, check));
}

const keyOf = (item: Readonly<Record<string, unknown>> | CorrectionCandidate): string =>
  JSON.stringify([item.question_id, item.new_gt]);

/** Answer keys after a look at them, with everything measured so far scored under them. */
export interface KeysInForce extends Pick<Run, 'suite' | 'accepted' | 'tip'> {
  /** The evaluation that is not in the session yet, under these keys. */
  readonly candidate: Standing | null;
  /** Where the candidate's rows under these keys are; absent when no key changed. */
  readonly candidateRef?: string | undefined;
  /** What the session keeps of it, to be written with what was decided under these keys. */
  readonly keep: (session: Session) => Partial<Session>;
  /** Questions whose key was corrected. */
  readonly corrected: readonly string[];
  readonly refreshAdvised: boolean;
}

/**
 * Scores everything again under corrected keys, from stored answers.
 *
 * Files are written under new names, and the session names them only with `keep`: a run killed before that goes
 * on from the old keys and comes to the same end.
 *
 * @param name - goes into the names of those files
 */
export async function applyKeys(
  run: Run,
  found: CorrectedKeys,
  past: readonly PastEvaluation[],
  candidate: Standing | null,
  name: string,
): Promise<KeysInForce> {
  const { ctx, suite } = run;
  const notes = notesOf(run, found);
  await queueForPerson(run, found.remediation);
  const changed = changedQuestions(suite, found.questions);
  if (changed.length === 0) {
    const { accepted, tip } = run;
    return { suite, accepted, tip, candidate, keep: notes, corrected: [], refreshAdvised: false };
  }
  const next = { ...suite, questions: [...withSplits(found, suite.questions)] };
  const suiteRef = await saveSuite(ctx, next, `${runFolder(ctx)}/benchmarks-${name}.json`);
  const all = candidate === null ? past : [...past, { ...candidate, space: candidate.state.space }];
  const scored = new Map<number, EvaluationResult>();
  const refs = new Map<number, string>();
  for (const { evaluation, space } of all) {
    if (space === null) continue;
    const [again] = await rescoreHistory([evaluation], next.questions, {
      ...correctingWith(run),
      rescoring: { space, judges: ctx.judges, groundTruth: ctx.groundTruth },
    });
    if (again === undefined) continue;
    const path = rescoredPath(runFolder(ctx), evaluation.iteration, name);
    await saveEvaluation(ctx.options.files, path, again.evaluation);
    scored.set(evaluation.iteration, again.evaluation);
    refs.set(evaluation.iteration, path);
    noteRescored(ctx.asks, again.evaluation, next.questions);
  }
  await ctx.asks.flush();
  const underNewKeys = (standing: Standing): Standing => ({
    ...standing,
    evaluation: scored.get(standing.evaluation.iteration) ?? standing.evaluation,
  });
  const accepted = underNewKeys(run.accepted);
  const at = ctx.clock.now().toISOString();
  return {
    suite: next,
    accepted,
    tip: underNewKeys(run.tip),
    candidate: candidate && underNewKeys(candidate),
    candidateRef: candidate === null ? undefined : refs.get(candidate.evaluation.iteration),
    corrected: found.records.map(({ question_id }) => question_id),
    refreshAdvised: found.refreshAdvised,
    keep: (session) => ({
      ...notes(session),
      suite_ref: suiteRef,
      benchmark_corrections: withRecords(session, found),
      benchmark_corrections_applied_at:
        candidate === null || found.records.length === 0
          ? session.benchmark_corrections_applied_at
          : candidate.evaluation.iteration,
      rebaselined_at: at,
      excluded_questions: [...session.excluded_questions, ...putAside(changed, next)],
      benchmark_fingerprint: accepted.evaluation.benchmark_fingerprint,
      best_overall_accuracy: accepted.evaluation.overall_accuracy,
      remaining_failures: [...accepted.evaluation.failures],
      iterations: session.iterations.map((entry) =>
        rescoredEntry(entry, scored.get(entry.iteration), refs.get(entry.iteration)),
      ),
    }),
  };
}

/** From here on the run stands under these answer keys; to be called when the session says so. */
export function takeOver(
  run: Run,
  { suite, accepted, tip }: Pick<KeysInForce, 'suite' | 'accepted' | 'tip'>,
): void {
  run.suite = suite;
  run.accepted = accepted;
  run.tip = tip;
}

/** An iteration with its figures under corrected keys beside those that were measured. */
export const rescoredEntry = (
  entry: Iteration,
  evaluation: EvaluationResult | undefined,
  ref: string | undefined,
): Iteration =>
  evaluation === undefined || ref === undefined
    ? entry
    : {
        ...entry,
        rescored_accuracy: evaluation.overall_accuracy,
        rescored_scores: { ...evaluation.scores },
        rescored_ref: ref,
        ...(entry.label && {
          label: { ...entry.label, answer_key_version: evaluation.benchmark_fingerprint },
        }),
      };

/** Candidates that wait; those of other questions that waited before go on waiting. */
function notesOf({ ctx }: Run, found: CorrectedKeys): KeysInForce['keep'] {
  const settled = new Set([
    ...found.proposed.map(({ question_id }) => question_id),
    ...found.records.map(({ question_id }) => question_id),
  ]);
  const declined = ctx.options.confirmCorrection !== undefined && ctx.options.corrections === 'propose';
  return ({ proposed_corrections: before }) => ({
    proposed_corrections: [
      ...before.filter(({ question_id }) => !settled.has(question_id)),
      ...found.proposed.map((item) => ({ ...item, ...(declined && { declined }) })),
    ],
  });
}

const changedQuestions = (
  suite: BenchmarkSuite,
  questions: CorrectedKeys['questions'],
): CorrectedKeys['questions'] => {
  const before = new Map(suite.questions.map((question) => [question.id, question]));
  return questions.filter((question) => {
    const old = before.get(question.id);
    return (
      old !== undefined &&
      (old.expected_sql !== question.expected_sql || isQuarantined(old) !== isQuarantined(question))
    );
  });
};

const putAside = (
  changed: CorrectedKeys['questions'],
  { questions }: BenchmarkSuite,
): Session['excluded_questions'] => {
  const ids = new Set(changed.map(({ id }) => id));
  return questions
    .filter((question) => ids.has(question.id) && isQuarantined(question))
    .map(({ id, quarantine_reason: reason }) => ({
      question_id: id,
      reason_code: 'quarantined',
      detail: reason ?? 'It waits for a person.',
    }));
};

/** A question is corrected to the same key once, however often that is found. */
const withRecords = (session: Session, found: CorrectedKeys): Session['benchmark_corrections'] => {
  const known = new Set(session.benchmark_corrections.map(keyOf));
  return [
    ...session.benchmark_corrections,
    ...found.records.filter((record) => !known.has(keyOf({ ...record }))).map((record) => ({ ...record })),
  ];
};

const withSplits = (
  { questions }: Pick<CorrectedKeys, 'questions'>,
  before: readonly SplitBenchmark[],
): readonly SplitBenchmark[] => {
  const splits = new Map(before.map(({ id, split }) => [id, split]));
  return assignSplits(questions.map((question) => ({ ...question, split: splits.get(question.id) })))
    .questions;
};
