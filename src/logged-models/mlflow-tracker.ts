import { InvariantError, messageOf } from '../core/index.ts';
import type { SplitBenchmark } from '../benchmarks/index.ts';
import type {
  CatalogEditorPort,
  CatalogPort,
  Clock,
  GeniePort,
  Run,
  SqlPort,
  TraceTables,
  TrackingService,
} from '../ports/index.ts';
import type { Session, TrackingRecord } from '../session/index.ts';
import { writeText } from './artifacts.ts';
import { createGenieModelVersion, type ModelVersion } from './create-model-version.ts';
import { finishEvaluationRun, startEvaluationRun } from './evaluation-run.ts';
import { openExperiment } from './experiment.ts';
import { findEvaluationRuns } from './find-evaluations.ts';
import { tagOutcome, type ModelOutcome } from './link-scores.ts';
import { noteRepeatability, type RepeatabilityToTrack } from './note-repeatability.ts';
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
import { settleForgotten } from './settle-forgotten.ts';
import { checkUcTraces, settleTraceStorage, type UcTraces } from './trace-storage.ts';
import type {
  EvaluationToTrack,
  StateToRecord,
  TrackedEvaluationRun,
  Tracker,
  TrackingMode,
} from './tracker.ts';

export interface MlflowTrackerOptions {
  readonly service: TrackingService;
  readonly mode: Exclude<TrackingMode, 'off'>;
  /** Name of the experiment; default derived from who is signed in. */
  readonly experiment?: string | undefined;
  /** `catalog.schema` for prompts, dataset, and traces where they are kept in tables. */
  readonly ucSchema?: string | undefined;
  /** Default `if-linked`. */
  readonly ucTraces?: UcTraces | undefined;
  /** Values of `${catalog}`, `${gold_schema}` and others in the answer keys. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
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
  /** `null`: the experiment keeps the traces. */
  readonly traceTables: TraceTables | null;
}

/** Records a run in MLflow: a server of one's own, the service of a workspace, or the embedded workspace. */
export class MlflowTracker implements Tracker {
  readonly mode: Exclude<TrackingMode, 'off'>;
  readonly #options: MlflowTrackerOptions;
  #open: OpenRun | null = null;
  #tagged: Readonly<Record<string, string>> = {};
  #suite: string | null = null;
  #toldOfTags = false;

  constructor(options: MlflowTrackerOptions) {
    this.mode = options.mode;
    this.#options = options;
  }

  async open(
    session: Session,
    questions: readonly SplitBenchmark[],
    named?: string | null,
  ): Promise<TrackingRecord> {
    const { service, clock } = this.#options;
    const { mlflow } = service;
    const { domain, session_id: sessionId } = session;
    const { ucTraces = 'if-linked', ucSchema = null } = this.#options;
    checkUcTraces(ucTraces, { mode: this.mode, flavor: mlflow.flavor });
    const experiment = await openExperiment(
      service,
      { name: named ?? this.#options.experiment ?? session.tracking?.experiment_name, domain },
      this.#call,
    );
    const { experimentId } = experiment;
    const storage = {
      wanted: ucTraces,
      experimentId,
      experimentName: experiment.name,
      ucSchema,
      warehouseId: () => this.#warehouseOf(session.space_id),
    };
    const traceTables =
      this.mode === 'full'
        ? await settleTraceStorage(mlflow, storage, (code, text) => this.#tell(code, text), this.#call)
        : null;
    const sessionRun = await openSessionRun(mlflow, { experimentId, session }, this.#call);
    const facts = { experimentId, sessionId, domain, ucSchema };
    const now = clock.now();
    const unregistered = { dataset: datasetOf(mlflow, { ...facts, now }, questions), promptVersions: {} };
    const dataset = await this.#registered('dataset', unregistered.dataset, () =>
      registerDataset(mlflow, { ...facts, now, experimentName: experiment.name }, questions, this.#call),
    );
    const promptVersions = await this.#registered('prompts', unregistered.promptVersions, () =>
      registerPrompts(mlflow, { ...facts, now }, this.#call),
    );
    this.#open = { facts, spaceId: session.space_id, sessionRun, dataset, promptVersions, traceTables };
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
      trace_tables: traceTables?.location ?? null,
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
      const why = messageOf(error);
      this.#tell(`tracking_${what}_failed`, `The ${what} could not be registered: ${why}`);
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
    const { facts, sessionRun: _run, ...open } = this.#opened();
    const { service, clock, variables = {} } = this.#options;
    const { mlflow } = service;
    const start = { ...facts, ...open, ...evaluation, variables, now: clock.now() };
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

  findEvaluations(wanted: Parameters<Tracker['findEvaluations']>[0]) {
    const { facts } = this.#opened();
    return findEvaluationRuns(this.#options.service.mlflow, { ...facts, ...wanted }, this.#call);
  }

  async noteRepeatability(found: RepeatabilityToTrack): Promise<readonly string[]> {
    const { traceTables, spaceId } = this.#opened();
    const traces = this.mode === 'full';
    const warehouseId = traces && traceTables !== null ? await this.#warehouseOf(spaceId) : null;
    return noteRepeatability(found, { traces, warehouseId }, this.#options.service.mlflow, this.#call);
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
    await this.#tag({ session, ucSchema: facts.ucSchema }, facts.experimentId);
  }

  /** Tags sum a session up and hold nothing of their own: that they cannot be written is told once. */
  async #tag(what: Parameters<typeof tagExperiment>[2], experimentId: string): Promise<void> {
    try {
      const { mlflow } = this.#options.service;
      this.#tagged = await tagExperiment(mlflow, experimentId, what, this.#tagged, this.#call);
    } catch (error) {
      if (!this.#toldOfTags)
        this.#tell('tag_write_failed', `The experiment could not be tagged: ${messageOf(error)}`);
      this.#toldOfTags = true;
    }
  }

  uploadReport(report: { readonly markdown: string; readonly json: string }): Promise<string> {
    const { facts } = this.#opened();
    const { service, clock } = this.#options;
    return uploadReport(service.mlflow, { ...facts, ...report, now: clock.now() }, this.#call);
  }

  async close(session: Session, suite: string | null): Promise<void> {
    const { sessionRun, facts } = this.#opened();
    await this.saveSession(session, suite);
    await settleForgotten(this.#options.service.mlflow, facts, this.#call);
    const status = session.finished_at === null ? 'KILLED' : 'FINISHED';
    await this.#options.service.mlflow.runs.end(sessionRun.runId, status, this.#call);
  }

  /** Warehouse of the space, which tables of traces are read and written with. */
  async #warehouseOf(spaceId: string): Promise<string | null> {
    return (await this.#options.genie.getSpace(spaceId, this.#call)).warehouseId;
  }

  #tell(code: string, message: string): void {
    this.#options.onProblem?.(code, message);
  }

  get #call(): { readonly signal: AbortSignal | undefined } {
    return { signal: this.#options.signal };
  }

  #opened(): OpenRun {
    if (this.#open === null) throw new InvariantError('The tracker was used before it was opened.');
    return this.#open;
  }
}
