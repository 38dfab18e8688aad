import { InvariantError } from '../core/index.ts';
import type { SplitBenchmark } from '../benchmarks/index.ts';
import type {
  CatalogEditorPort,
  CatalogPort,
  Clock,
  GeniePort,
  Run,
  SqlPort,
  TrackingService,
} from '../ports/index.ts';
import type { Session, TrackingRecord } from '../session/index.ts';
import { readText, writeText } from './artifacts.ts';
import { createGenieModelVersion, type ModelVersion } from './create-model-version.ts';
import { finishEvaluationRun, ROWS_FILE, startEvaluationRun } from './evaluation-run.ts';
import { openExperiment } from './experiment.ts';
import { INTERRUPTED_REASON, MODEL_FILTERS, tagOutcome, type ModelOutcome } from './link-scores.ts';
import { promoteBestModel, type Promotion } from './promote-model.ts';
import {
  datasetOf,
  registerDataset,
  registerPrompts,
  type RegisteredDataset,
  type RegistrationFacts,
} from './registrations.ts';
import { uploadReport } from './report-run.ts';
import { openSessionRun, SUITE_FILE, tagExperiment, writeSession } from './session-run.ts';
import type {
  EvaluationToTrack,
  StateToRecord,
  TrackedEvaluationRun,
  Tracker,
  TrackingMode,
} from './tracker.ts';

/** What asking again showed, in the run of the evaluation that it began with. @see spec/repeatability.md §4.1 */
const REPEATABILITY_FILE = 'evaluation/repeatability.json';

export interface MlflowTrackerOptions {
  readonly service: TrackingService;
  readonly mode: Exclude<TrackingMode, 'off'>;
  /** Name of the experiment; default derived from who is signed in. */
  readonly experiment?: string | undefined;
  /** `catalog.schema` for prompts and dataset. */
  readonly ucSchema?: string | undefined;
  readonly genie: GeniePort;
  /** For the metadata of a version. */
  readonly sql: SqlPort;
  readonly catalog?: CatalogPort | undefined;
  readonly editor?: CatalogEditorPort | undefined;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** What could not be registered although the run can go on. */
  readonly onProblem?: ((code: string, message: string) => void) | undefined;
}

/** What is known once a run is open. */
interface OpenRun {
  readonly facts: Omit<RegistrationFacts, 'now'>;
  readonly spaceId: string;
  readonly sessionRun: Run;
  readonly dataset: RegisteredDataset;
  readonly promptVersions: Readonly<Record<string, string>>;
}

/** Records a run in MLflow: a server of one's own, the service of a workspace, or the embedded workspace. */
export class MlflowTracker implements Tracker {
  readonly mode: Exclude<TrackingMode, 'off'>;
  readonly #options: MlflowTrackerOptions;
  #open: OpenRun | null = null;
  #tagged: Readonly<Record<string, string>> = {};
  #suite: string | null = null;

  constructor(options: MlflowTrackerOptions) {
    this.mode = options.mode;
    this.#options = options;
  }

  async open(session: Session, questions: readonly SplitBenchmark[]): Promise<TrackingRecord> {
    const { service, clock } = this.#options;
    const { mlflow } = service;
    const { domain, session_id: sessionId } = session;
    const experiment = await openExperiment(
      service,
      { name: this.#options.experiment ?? session.tracking?.experiment_name, domain },
      this.#call,
    );
    const { experimentId } = experiment;
    const sessionRun = await openSessionRun(mlflow, { experimentId, session }, this.#call);
    const facts = { experimentId, sessionId, domain, ucSchema: this.#options.ucSchema ?? null };
    const now = clock.now();
    const unregistered = { dataset: datasetOf(mlflow, { ...facts, now }, questions), promptVersions: {} };
    const dataset = await this.#registered('dataset', unregistered.dataset, () =>
      registerDataset(mlflow, { ...facts, now, experimentName: experiment.name }, questions, this.#call),
    );
    const promptVersions = await this.#registered('prompts', unregistered.promptVersions, () =>
      registerPrompts(mlflow, { ...facts, now }, this.#call),
    );
    if (this.mode === 'full' && mlflow.flavor === 'databricks' && facts.ucSchema !== null) {
      this.#options.onProblem?.(
        'uc_traces_unavailable',
        'Traces are kept in the experiment, not in Unity Catalog: the experiment has to be linked to a schema for that before its first trace.',
      );
    }
    this.#open = { facts, spaceId: session.space_id, sessionRun, dataset, promptVersions };
    return {
      models: {},
      states: {},
      uc_changes: {},
      pending_model_id: null,
      provisional_model_ids: [],
      evaluation_runs: {},
      accepted_model_id: null,
      best_model_id: null,
      promoted_model_id: null,
      ...session.tracking,
      experiment_id: experimentId,
      experiment_name: experiment.name,
      session_run_id: sessionRun.runId,
      dataset_name: dataset.name,
      prompt_versions: { ...promptVersions },
    };
  }

  /** Registering is for `full` only, and no reason to record nothing. */
  async #registered<T>(what: string, otherwise: T, register: () => Promise<T>): Promise<T> {
    if (this.mode !== 'full') return otherwise;
    try {
      return await register();
    } catch (error) {
      if (this.#options.signal?.aborted === true) throw error;
      const why = error instanceof Error ? error.message : String(error);
      this.#options.onProblem?.(`tracking_${what}_failed`, `The ${what} could not be registered: ${why}`);
      return otherwise;
    }
  }

  async createModel({ readFrom, ...state }: StateToRecord): Promise<ModelVersion> {
    const { facts, spaceId, promptVersions } = this.#opened();
    const { service, sql, genie } = this.#options;
    return createGenieModelVersion(
      {
        ...state,
        config: await genie.getSpace(readFrom, this.#call),
        experimentId: facts.experimentId,
        sessionId: facts.sessionId,
        domain: facts.domain,
        spaceId,
        promptVersions,
        ucSchema: facts.ucSchema ?? undefined,
      },
      { mlflow: service.mlflow, sql },
      this.#call,
    );
  }

  async startEvaluation(evaluation: EvaluationToTrack): Promise<TrackedEvaluationRun> {
    const { facts, spaceId, dataset } = this.#opened();
    const { mlflow } = this.#options.service;
    const start = {
      ...facts,
      ...evaluation,
      spaceId,
      dataset,
      now: this.#options.clock.now(),
    };
    const run = await startEvaluationRun(start, mlflow, this.#call);
    let isOver = false;
    const end = (): void => {
      if (isOver) throw new InvariantError(`MLflow run ${run.runId} of an evaluation has ended already.`);
      isOver = true;
    };
    return {
      runId: run.runId,
      finish: async (found) => {
        end();
        return finishEvaluationRun(
          run,
          start,
          { ...found, traces: this.mode === 'full' },
          mlflow,
          this.#call,
        );
      },
      fail: async (reason) => {
        end();
        await mlflow.runs.log(run.runId, { tags: { 'genie_opt.failure': reason.slice(0, 250) } }, this.#call);
        await mlflow.runs.end(run.runId, 'FAILED', this.#call);
        if (start.modelId !== null && start.scope === 'full')
          await tagOutcome(mlflow, start.modelId, 'evaluation_failed', reason, this.#call);
      },
    };
  }

  async findEvaluations({ iteration, scope }: Parameters<Tracker['findEvaluations']>[0]) {
    const { facts } = this.#opened();
    const { mlflow } = this.#options.service;
    const runs = await mlflow.runs.search(
      {
        experimentIds: [facts.experimentId],
        filter: `${MODEL_FILTERS.ofSession(facts.sessionId)} AND tags.\`genie_opt.kind\` = 'evaluation'`,
      },
      this.#call,
    );
    const found: { readonly runId: string; readonly text: string }[] = [];
    for (const run of runs) {
      const isWanted =
        run.status === 'FINISHED' &&
        run.params['eval_scope'] === scope &&
        run.params['iteration'] === String(iteration);
      const text = isWanted ? await readText(mlflow, run, ROWS_FILE, this.#call) : null;
      if (text !== null) found.push({ runId: run.runId, text });
    }
    return found;
  }

  async noteRepeatability({
    runId,
    iteration: step,
    metrics,
    json,
  }: Parameters<Tracker['noteRepeatability']>[0]): Promise<void> {
    const { mlflow } = this.#options.service;
    const run = await mlflow.runs.get(runId, this.#call);
    await writeText(mlflow, run, REPEATABILITY_FILE, json, this.#call);
    const values = Object.entries(metrics).map(([key, value]) => ({ key, value, step }));
    await mlflow.runs.log(runId, { metrics: values }, this.#call);
  }

  tagOutcome(modelId: string, outcome: ModelOutcome, reason: string): Promise<void> {
    return tagOutcome(this.#options.service.mlflow, modelId, outcome, reason.slice(0, 250), this.#call);
  }

  promote(best: Parameters<Tracker['promote']>[0]): Promise<Promotion> {
    const { service, genie, catalog, editor } = this.#options;
    const { spaceId } = this.#opened();
    return promoteBestModel(
      // Never restores: a space that somebody edited meanwhile is not ours to overwrite.
      { ...best, spaceId, restore: false },
      { mlflow: service.mlflow, genie, catalog, editor },
      this.#call,
    );
  }

  async saveSession(session: Session, suite: string | null): Promise<void> {
    const { sessionRun, facts } = this.#opened();
    const { mlflow } = this.#options.service;
    if (suite !== null && suite !== this.#suite) {
      await writeText(mlflow, sessionRun, SUITE_FILE, suite, this.#call);
      this.#suite = suite;
    }
    await writeSession(mlflow, sessionRun, session, this.#call);
    this.#tagged = await tagExperiment(mlflow, facts.experimentId, session, this.#tagged, this.#call);
  }

  uploadReport(report: { readonly markdown: string; readonly json: string }): Promise<string> {
    const { facts } = this.#opened();
    const { service, clock } = this.#options;
    return uploadReport(service.mlflow, { ...facts, ...report, now: clock.now() }, this.#call);
  }

  async close(session: Session, suite: string | null): Promise<void> {
    const { sessionRun, facts } = this.#opened();
    await this.saveSession(session, suite);
    await this.#settleForgotten(facts);
    const status = session.finished_at === null ? 'KILLED' : 'FINISHED';
    await this.#options.service.mlflow.runs.end(sessionRun.runId, status, this.#call);
  }

  /** A process that dies right after making a version leaves one that nobody judges. */
  async #settleForgotten({ experimentId, sessionId }: OpenRun['facts']): Promise<void> {
    const { models } = this.#options.service.mlflow;
    const filter = MODEL_FILTERS.ofSession(sessionId);
    const found = await models.search({ experimentIds: [experimentId], filter }, this.#call);
    for (const { modelId, tags } of found) {
      if (tags['outcome'] === 'pending') await this.tagOutcome(modelId, 'rolled_back', INTERRUPTED_REASON);
    }
  }

  get #call(): { readonly signal: AbortSignal | undefined } {
    return { signal: this.#options.signal };
  }

  #opened(): OpenRun {
    if (this.#open === null) throw new InvariantError('The tracker was used before it was opened.');
    return this.#open;
  }
}
