import type { SpaceState } from '../apply/index.ts';
import type { BenchmarkSuite } from '../benchmarks/index.ts';
import { hashOf } from '../core/index.ts';
import type { EvaluationResult, EvaluationRow } from '../evaluation/index.ts';
import type { CatalogSnapshot } from '../ports/index.ts';
import { referencedObjects, type Space } from '../spaces/index.ts';
import type { RunContext } from './context.ts';
import { askMaker } from './ask-ledger.ts';
import type { Place } from './isolation.ts';
import type { PhaseId } from './phase-ids.ts';
import type { EvaluationRequest, PhaseInput, PhaseOutput } from './phases.ts';
import type { Recorder } from './recorder.ts';
import { runPhase } from './run-phase.ts';

/** A state of the space together with what its evaluation found. */
export interface Standing {
  readonly state: SpaceState;
  /** Unity Catalog as it was then. */
  readonly catalog: CatalogSnapshot;
  readonly evaluation: EvaluationResult;
}

/** A run in progress: where it stands and the means to go on. */
export interface Run {
  readonly ctx: RunContext;
  /** The questions as this run asks them. */
  suite: BenchmarkSuite;
  readonly recorder: Recorder;
  /** The last accepted state. */
  accepted: Standing;
  /** The state of the live space; ahead of `accepted` while a change awaits its proof. */
  tip: Standing;
  /** Where changes are tried; the space itself until the first change of a run that works on copies. */
  place: Place;
}

/** Runs a phase of this run, noting it in the session's audit. */
export const phaseOf = <P extends PhaseId>(
  run: Pick<Run, 'ctx' | 'recorder'>,
  phase: P,
  input: PhaseInput<P>,
  runDefault: (input: PhaseInput<P>) => Promise<PhaseOutput<P>>,
  lever: number | null = null,
): Promise<PhaseOutput<P>> =>
  runPhase(run.ctx, phase, input, runDefault, (entry) => run.recorder.note(entry), lever);

/** Asks the questions of a request through the run's evaluator, with progress as events. */
export async function ask(
  ctx: RunContext,
  request: EvaluationRequest,
  spaceId: string,
): Promise<EvaluationResult> {
  const configHash = configHashOf(request);
  const key = { iteration: request.iteration, configHash };
  const askOf = askMaker(configHash, request.questions);
  const note = (row: EvaluationRow): void => {
    ctx.answers.add(key, row);
    ctx.asks.add(askOf(row));
  };
  const measure = (): Promise<EvaluationResult> =>
    ctx.evaluator.evaluate({
      spaceId,
      questions: request.questions,
      scope: request.scope,
      iteration: request.iteration,
      space: request.state.space,
      catalog: request.catalog,
      configHash,
      answered: { config_hash: configHash, rows: ctx.answers.of(key) },
      onRow: note,
      signal: ctx.signal,
      onProgress: (progress) => {
        const perQuestionMs = progress.done === 0 ? null : progress.elapsedMs / progress.done;
        ctx.emit({
          type: 'question_done',
          scope: request.scope,
          questionId: progress.questionId,
          done: progress.done,
          total: progress.total,
          accuracyPct:
            progress.evaluatedSoFar === 0 ? null : (100 * progress.correctSoFar) / progress.evaluatedSoFar,
          elapsedMs: progress.elapsedMs,
          remainingMs: perQuestionMs === null ? null : perQuestionMs * (progress.total - progress.done),
        });
      },
    });
  const by = {
    stateHash: configHash,
    evaluator: ctx.evaluator,
    onAdopted: (rows: readonly EvaluationRow[]) => {
      const known = new Set(ctx.answers.of(key).map(({ question_id: id }) => id));
      for (const row of rows) if (!known.has(row.question_id)) note(row);
    },
  };
  const result = await ctx.tracking.evaluate(request, by, measure);
  await ctx.answers.flush();
  await ctx.asks.flush();
  ctx.emit({
    type: 'evaluation_finished',
    scope: request.scope,
    iteration: request.iteration,
    accuracyPct: result.overall_accuracy,
    correct: result.correct_count,
    evaluated: result.evaluated_count,
    excluded: result.excluded_count,
  });
  return result;
}

/** What an answer depends on: the space, and what Unity Catalog says of its objects. */
export const configHashOf = ({ state, catalog }: Pick<EvaluationRequest, 'state' | 'catalog'>): string =>
  hashOf([state.hash, catalog]);

/** Unity Catalog as far as a space refers to it. */
export const readCatalog = (
  ctx: Pick<RunContext, 'workspace' | 'signal'>,
  space: Space,
): Promise<CatalogSnapshot> =>
  ctx.workspace.catalog.snapshot(referencedObjects(space), { signal: ctx.signal });
