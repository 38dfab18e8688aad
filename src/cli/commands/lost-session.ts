import type { BenchmarkSuite } from '../../benchmarks/index.ts';
import { hasCode } from '../../core/index.ts';
import type { CallOptions, FileStore, TrackingService } from '../../ports/index.ts';
import { findSessionRun, loadTrackedSession, openExperiment } from '../../logged-models/index.ts';
import { loadSession, type Session } from '../../session/index.ts';
import { requiredOption, stringOption, type CliValues } from '../command.ts';

/** A run whose files are lost, as MLflow holds it. */
export interface LostRun {
  readonly session: Session;
  /** `null`: it was stopped before it had read its questions. */
  readonly suite: BenchmarkSuite | null;
  readonly runId: string;
}

/**
 * Finds the run of `--resume-from-run`: by its id, or the latest of the experiment.
 *
 * @throws {UsageError} `latest` without an experiment or a domain to name one
 * @throws {TrackedSessionError} MLflow holds no session there
 */
export async function findLostRun(
  from: string,
  values: CliValues,
  service: TrackingService,
  options: CallOptions,
): Promise<LostRun> {
  const runId = from === 'latest' ? await latestRun(values, service, options) : from;
  const { session, suite } = await loadTrackedSession(service.mlflow, runId, null, options);
  return { session, suite: suite === null ? null : (JSON.parse(suite) as BenchmarkSuite), runId };
}

async function latestRun(values: CliValues, service: TrackingService, options: CallOptions): Promise<string> {
  const experiment = stringOption(values, 'experiment');
  const domain =
    experiment === undefined
      ? requiredOption(
          values,
          'domain',
          "with --resume-from-run latest, it or --experiment names the run's place.",
        )
      : '';
  const { name } = await openExperiment(service, { name: experiment, domain }, options);
  return findSessionRun(service.mlflow, name, options);
}

/**
 * The session of this machine; `null` when there is none, or it is damaged and MLflow has a copy to go on from.
 *
 * @throws {SessionFileError}
 */
export async function localSession(
  files: FileStore,
  sessionFile: string,
  resumeFromRun: string | undefined,
): Promise<Session | null> {
  try {
    return await loadSession(files, sessionFile);
  } catch (error) {
    if (resumeFromRun === undefined || !hasCode(error, 'SESSION_FILE')) throw error;
    return null;
  }
}
