import { OptimizerError } from '../core/index.ts';
import type { CallOptions, MlflowPort, Run } from '../ports/index.ts';
import { loadSession, type Session } from '../session/index.ts';
import { readText, writeJson } from './artifacts.ts';
import { ROWS_FILE } from './evaluation-run.ts';
import { rebuildSession, type RebuildFacts, type TrackedSession } from './rebuild-session.ts';

/** The session as an artifact of its run. @see spec/session-state.md §7 */
export const SESSION_FILE = 'session/optimization-progress.json';

/** The questions as the run asks them, beside the session. */
export const SUITE_FILE = 'session/benchmarks.json';

/** Longest tag value that every server takes. */
const TAG_LIMIT = 4000;

/** There is no such session in MLflow, or it is not whole. */
export class TrackedSessionError extends OptimizerError {
  constructor(where: string, problem: string, cause?: unknown) {
    super(
      `${where} ${problem} Name the run with genie_opt.kind = 'session', or resume from the session file.`,
      {
        code: 'TRACKED_SESSION',
        details: { where },
        cause,
      },
    );
  }
}

/** The run that holds a session: the one already there when a run is resumed, else a new one. */
export async function openSessionRun(
  { runs }: Pick<MlflowPort, 'runs'>,
  { experimentId, session }: { readonly experimentId: string; readonly session: Session },
  options?: CallOptions,
): Promise<Run> {
  const filter = `tags.\`genie_opt.session_id\` = '${session.session_id}' AND tags.\`genie_opt.kind\` = 'session'`;
  const [known] = await runs.search({ experimentIds: [experimentId], filter, limit: 1 }, options);
  if (known !== undefined) return known;
  return runs.start(
    {
      experimentId,
      name: `genie_opt_session_${session.session_id}`,
      tags: {
        'genie_opt.session_id': session.session_id,
        'genie_opt.kind': 'session',
        'genie_opt.space_id': session.space_id,
        'genie_opt.domain': session.domain,
      },
    },
    options,
  );
}

/** Stores the session whole in its run. */
export const writeSession = (
  mlflow: Pick<MlflowPort, 'artifacts'>,
  run: Run,
  session: Session,
  options?: CallOptions,
): Promise<void> => writeJson(mlflow, run, SESSION_FILE, session, options);

/**
 * Sums the session up in tags of its experiment, for people and for a resume without a file.
 *
 * @param known - tags as written last; those that are the same are not written again
 * @returns the tags as they are now
 */
export async function tagExperiment(
  { experiments }: Pick<MlflowPort, 'experiments'>,
  experimentId: string,
  { session, ucSchema }: { readonly session: Session; readonly ucSchema: string | null },
  known: Readonly<Record<string, string>> = {},
  options?: CallOptions,
): Promise<Readonly<Record<string, string>>> {
  const tags = experimentTags(session, ucSchema);
  const changed = Object.entries(tags).filter(([key, value]) => known[key] !== value);
  for (const [key, value] of changed)
    await experiments.setTag(experimentId, `genie_opt.${key}`, value.slice(0, TAG_LIMIT), options);
  return tags;
}

const experimentTags = (session: Session, ucSchema: string | null): Record<string, string> => {
  const text = (value: string | number | null | undefined): string =>
    value === null || value === undefined ? '' : String(value);
  const { tracking } = session;
  return {
    session_id: session.session_id,
    space_id: session.space_id,
    domain: session.domain,
    uc_schema: text(ucSchema),
    status: session.status,
    convergence_reason: text(session.convergence_reason),
    current_iteration: text(session.current_iteration),
    max_iterations: text(session.max_iterations),
    best_iteration: text(session.best_iteration),
    best_overall_accuracy: text(session.best_overall_accuracy),
    best_model_id: text(tracking?.best_model_id),
    promoted_model_id: text(tracking?.promoted_model_id),
    accepted_model_id: text(tracking?.accepted_model_id),
    progress_run_id: text(tracking?.session_run_id),
    maturity_level: session.lever_audit['6']?.attempted === true ? 'L2' : 'L1',
    repeatability_pct: text(session.repeatability_test?.average_repeatability_pct),
    lever_audit: JSON.stringify(session.lever_audit),
    pending: session.pending === null ? '' : JSON.stringify(session.pending),
    updated_at: session.updated_at,
  };
};

/**
 * Reads a session back from the run that holds it, so that it can be resumed without its files.
 *
 * @param rebuild - what is needed to build it from versions and evaluations when the run does not hold it any more
 * @throws {TrackedSessionError} the run holds no session, and it cannot be rebuilt
 * @throws {SessionFileError} the stored session is damaged, or of a version that is not known
 */
export async function loadTrackedSession(
  mlflow: Pick<MlflowPort, 'runs' | 'models' | 'artifacts'>,
  runId: string,
  rebuild: RebuildFacts | null = null,
  options?: CallOptions,
): Promise<TrackedSession> {
  const run = await mlflow.runs.get(runId, options);
  const text = await readText(mlflow, run, SESSION_FILE, options);
  if (text === null) {
    const rebuilt = rebuild === null ? null : await rebuildSession(mlflow, run, rebuild, options);
    if (rebuilt === null) throw new TrackedSessionError(`Run ${runId}`, `holds no '${SESSION_FILE}'.`);
    return rebuilt;
  }
  const session = await loadSession(
    {
      read: () => Promise.resolve(text),
      write: () => Promise.resolve(),
      remove: () => Promise.resolve(),
    },
    `${SESSION_FILE} of run ${runId}`,
  );
  if (session === null) throw new TrackedSessionError(`Run ${runId}`, 'holds an empty session.');
  const evaluations = new Map<number, string>();
  for (const [iteration, evaluationRunId] of Object.entries(session.tracking?.evaluation_runs ?? {})) {
    const evaluationRun = await mlflow.runs.get(evaluationRunId, options);
    const rows = await readText(mlflow, evaluationRun, ROWS_FILE, options);
    if (rows !== null) evaluations.set(Number(iteration), rows);
  }
  return { session, evaluations, suite: await readText(mlflow, run, SUITE_FILE, options) };
}

/**
 * The run that holds the latest session of an experiment, by the experiment's own tag.
 *
 * @throws {TrackedSessionError} there is no such experiment, or it holds no session
 */
export async function findSessionRun(
  { experiments }: Pick<MlflowPort, 'experiments'>,
  experimentName: string,
  options?: CallOptions,
): Promise<string> {
  const experiment = await experiments.findByName(experimentName, options);
  if (experiment === null) throw new TrackedSessionError(`Experiment '${experimentName}'`, 'does not exist.');
  const runId = experiment.tags['genie_opt.progress_run_id'] ?? '';
  if (runId === '') throw new TrackedSessionError(`Experiment '${experimentName}'`, 'holds no session.');
  return runId;
}
