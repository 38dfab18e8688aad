import { questionsInScope } from '../benchmarks/index.ts';
import { counted } from '../core/index.ts';
import { confirmLosses } from './confirm-losses.ts';
import type { P0Result, SliceResult } from './phases.ts';
import { judgeP0 } from './phases/p0-gate.ts';
import { judgeSlice } from './phases/slice-gate.ts';
import { ask, phaseOf, type Run, type Standing } from './run.ts';
import type { Failure, Trying } from './trying.ts';

/** A change in place that nobody has judged yet. */
export type Candidate = Pick<Standing, 'state' | 'catalog'>;

/** What every evaluation of a candidate has in common. */
export const requestFor = (run: Run, { state, catalog }: Candidate) => ({
  iteration: run.recorder.current().current_iteration + 1,
  state,
  catalog,
  reference: run.accepted.evaluation.rows,
});

/** Slice gate, then P0 gate; fills in the attempt's `gates` and returns the failure, if any. */
export async function runGates(run: Run, trying: Trying, candidate: Candidate): Promise<Failure | null> {
  return (await sliceGate(run, trying, candidate)) ?? (await p0Gate(run, trying, candidate));
}

async function sliceGate(
  run: Run,
  { lever, selection, gates }: Trying,
  candidate: Candidate,
): Promise<Failure | null> {
  const { ctx, suite } = run;
  const touched = {
    patchedObjects: selection.plan.touched,
    predictedQuestionIds: selection.proposals.flatMap((proposal) => [...proposal.question_ids]),
  };
  const slice = await phaseOf(
    run,
    'sliceGate',
    {
      ...requestFor(run, candidate),
      scope: 'slice',
      questions: questionsInScope(suite, 'slice', touched),
    },
    async (input) => {
      const answers = input.questions.length === 0 ? null : await ask(ctx, input, run.place.candidateId);
      const look = (contested: readonly string[] = []) =>
        judgeSlice(answers, input.reference, ctx.options.sliceTolerancePp, contested);
      const first = look();
      if (first.status !== 'failed') return first;
      return look((await confirmLosses(run, candidate, first.losses, lever)).contested);
    },
    lever,
  );
  gates.slice = slice;
  const detail = sliceDetail(slice);
  ctx.emit({ type: 'gate_finished', gate: 'slice', status: slice.status, detail });
  return slice.passed === false ? { stage: 'slice', reason: 'slice_gate_failed', detail } : null;
}

async function p0Gate(run: Run, { lever, gates }: Trying, candidate: Candidate): Promise<Failure | null> {
  const { ctx, suite } = run;
  const p0: P0Result = await phaseOf(
    run,
    'p0Gate',
    { ...requestFor(run, candidate), scope: 'p0', questions: questionsInScope(suite, 'p0') },
    async (input) => {
      const answers = input.questions.length === 0 ? null : await ask(ctx, input, run.place.candidateId);
      const look = (contested: readonly string[] = []) =>
        judgeP0(answers, input.reference, ctx.options.p0Mode, contested);
      const first = look();
      if (first.status !== 'failed' || ctx.options.p0Mode === 'zero-failures') return first;
      return look((await confirmLosses(run, candidate, first.failures, lever)).contested);
    },
    lever,
  );
  gates.p0 = p0;
  ctx.emit({ type: 'gate_finished', gate: 'p0', status: p0.status, detail: p0.failures.join(', ') });
  if (p0.passed !== false) return null;
  return {
    stage: 'p0',
    reason: 'p0_gate_failed',
    detail: `P0 questions that are wrong now: ${p0.failures.join(', ')}`,
  };
}

const sliceDetail = (slice: SliceResult): string =>
  slice.accuracy === null || slice.reference_accuracy === null
    ? counted(slice.question_ids.length, 'question')
    : `${slice.accuracy.toFixed(1)} % on ${counted(slice.question_ids.length, 'question')}, before ${slice.reference_accuracy.toFixed(1)} %`;
