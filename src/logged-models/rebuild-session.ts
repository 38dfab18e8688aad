import * as z from 'zod';
import type { CallOptions, LoggedModel, MlflowPort, Run } from '../ports/index.ts';
import { parseSpace, serializeSpace, spaceHash } from '../spaces/index.ts';
import { paretoOf, startSession, type Iteration, type Session } from '../session/index.ts';
import { readJson, readText } from './artifacts.ts';
import { ROWS_FILE } from './evaluation-run.ts';
import { INTERRUPTED_REASON, MODEL_FILTERS } from './link-scores.ts';
import { readStoredConfig, sourceOf } from './stored-model.ts';

/** What MLflow does not hold of a session. */
export interface RebuildFacts {
  readonly host: string;
  readonly maxIterations: number;
  readonly isolation: Session['isolation'];
  readonly now: string;
  /** Where the rows of an evaluation stand in the files of a run. */
  readonly rowsPath: (sessionId: string, iteration: number) => string;
}

/** A session with the stored rows of its full evaluations. */
export interface TrackedSession {
  readonly session: Session;
  /** Text of the stored evaluation, by iteration; what could not be found is left out. */
  readonly evaluations: ReadonlyMap<number, string>;
  /** Text of the questions as the run asks them; `null` when they were not settled yet, or are lost. */
  readonly suite: string | null;
}

/** As much of a stored evaluation as an entry of a session repeats. */
const storedSchema = z.looseObject({
  finished_at: z.string(),
  overall_accuracy: z.number().nullable(),
  adjusted_accuracy: z.number().nullable(),
  total_questions: z.number(),
  evaluated_count: z.number(),
  correct_count: z.number(),
  excluded_count: z.number(),
  failures: z.array(z.string()),
  scores: z.record(z.string(), z.number()),
  benchmark_fingerprint: z.string(),
});

const patchesSchema = z.array(z.looseObject({ id: z.string(), type: z.string() }));

/**
 * Builds a session from the versions and evaluation runs that it left in MLflow, when the session itself is lost.
 *
 * States that nobody judged any more are left out, so they are tried again; decision records and corrections are
 * lost. `null` when no evaluated state can be found.
 * @see spec/session-state.md §8.3
 */
export async function rebuildSession(
  mlflow: Pick<MlflowPort, 'runs' | 'models' | 'artifacts'>,
  sessionRun: Run,
  facts: RebuildFacts,
  options?: CallOptions,
): Promise<TrackedSession | null> {
  const { experimentId, tags } = sessionRun;
  const sessionId = tags['genie_opt.session_id'] ?? '';
  const recorded = await mlflow.models.search(
    { experimentIds: [experimentId], filter: MODEL_FILTERS.ofSession(sessionId) },
    options,
  );
  const models = recorded.filter((model) => model.tags['outcome_reason'] !== INTERRUPTED_REASON);
  const runs = await mlflow.runs.search(
    {
      experimentIds: [experimentId],
      filter: `${MODEL_FILTERS.ofSession(sessionId)} AND tags.\`genie_opt.kind\` = 'evaluation'`,
    },
    options,
  );
  const evaluations = new Map<number, string>();
  const found = new Map<number, RebuiltState>();
  for (const run of runs) {
    const model = models.find(({ modelId }) => run.evaluatedModelIds.includes(modelId));
    if (run.params['eval_scope'] !== 'full' || run.status !== 'FINISHED' || model === undefined) continue;
    const state = await rebuiltState(
      mlflow,
      run,
      model,
      (iteration) => facts.rowsPath(sessionId, iteration),
      options,
    );
    if (state === null) continue;
    found.set(state.iteration.iteration, state);
    evaluations.set(state.iteration.iteration, state.rows);
  }
  const states = [...found.values()].sort((a, b) => a.iteration.iteration - b.iteration.iteration);
  const [first] = states;
  const last = states.findLast(({ iteration }) => iteration.accepted);
  if (first === undefined || last === undefined || first.iteration.iteration !== 0) return null;

  const iterations = states.map(({ iteration }) => iteration);
  const tried = new Set(models.map((model) => Number(model.tags['genie_opt.lever'] ?? 0)));
  const started = startSession({
    sessionId,
    spaceId: tags['genie_opt.space_id'] ?? '',
    domain: tags['genie_opt.domain'] ?? '',
    ...facts,
  });
  return {
    evaluations,
    suite: null,
    session: {
      ...started,
      ...paretoOf(
        iterations,
        Object.fromEntries(states.map(({ iteration, modelId }) => [String(iteration.iteration), modelId])),
      ),
      iterations,
      current_iteration: Math.max(...iterations.map(({ iteration }) => iteration)),
      iterations_used: tried.size - 1,
      next_lever: [1, 2, 3, 4, 5, 6].find((lever) => !tried.has(lever)) ?? null,
      best_iteration: last.iteration.iteration,
      best_overall_accuracy: last.iteration.overall_accuracy,
      remaining_failures: last.iteration.failures,
      benchmark_fingerprint: last.iteration.benchmark_fingerprint,
      initial_config: first.config,
      accepted_config: last.config,
      lever_audit: Object.fromEntries(
        Object.entries(started.lever_audit).map(([lever, audit]) => [
          lever,
          { ...audit, attempted: tried.has(Number(lever)) },
        ]),
      ),
      warnings: [
        'The session was rebuilt from MLflow: decision records and corrections of the earlier part are lost.',
      ],
    },
  };
}

interface RebuiltState {
  readonly iteration: Iteration;
  /** Canonical text of the space. */
  readonly config: string;
  readonly rows: string;
  readonly modelId: string;
}

async function rebuiltState(
  mlflow: Pick<MlflowPort, 'runs' | 'models' | 'artifacts'>,
  run: Run,
  model: LoggedModel,
  rowsPath: (iteration: number) => string,
  options?: CallOptions,
): Promise<RebuiltState | null> {
  const outcome = z.enum(['accepted', 'rolled_back']).safeParse(model.tags['outcome']).data;
  const rows = await readText(mlflow, run, ROWS_FILE, options);
  const { run: creation } = await sourceOf(mlflow, model.modelId, options);
  if (outcome === undefined || rows === null || creation === null) return null;
  const config = (await readStoredConfig(mlflow, creation, options))?.['serialized_space'];
  const stored = storedSchema.safeParse(JSON.parse(rows));
  if (typeof config !== 'string' || !stored.success) return null;
  const { data } = stored;
  const space = parseSpace(config);
  const iteration = Number(run.params['iteration']);
  return {
    rows,
    modelId: model.modelId,
    config: serializeSpace(space),
    iteration: {
      iteration,
      lever: Number(model.tags['genie_opt.lever'] ?? 0),
      eval_scope: 'full',
      timestamp: data.finished_at,
      overall_accuracy: data.overall_accuracy,
      adjusted_accuracy: data.adjusted_accuracy,
      total_questions: data.total_questions,
      evaluated_count: data.evaluated_count,
      correct_count: data.correct_count,
      excluded_count: data.excluded_count,
      failures: data.failures,
      scores: data.scores,
      thresholds_passed: run.metrics['thresholds_passed'] === 1,
      config_hash: spaceHash(space),
      benchmark_fingerprint: data.benchmark_fingerprint,
      rows_ref: rowsPath(iteration),
      patch_set:
        patchesSchema.safeParse(await readJson(mlflow, creation, 'patches/patch_set.json', options)).data ??
        [],
      slice_result: null,
      p0_result: null,
      decision: null,
      accepted: outcome === 'accepted',
      outcome,
      cross_iteration_repeatability: null,
      arbiter_actions: [],
      next_action: 'Rebuilt from MLflow.',
    },
  };
}
