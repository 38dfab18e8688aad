import {
  hasCode,
  InvalidOptionError,
  isOptimizerError,
  type NewId,
  seededRandom,
  timeOrderedIds,
} from '../../core/index.ts';
import type { BundlePort, Clock, FileStore, JobsPort } from '../../ports/index.ts';
import type { TemplateVariables } from '../../sql/index.ts';
import type { FileEdit } from '../../session/index.ts';
import { classifyFailure, type DeployFailure, type DeployFailureCode } from './classify-failure.ts';
import { escalationOf, type DeployEscalation } from './escalation.ts';
import { DEPLOY_FIXERS, type Fixer } from './fix-space-file.ts';
import { runJob } from './run-job.ts';

/** @see spec/control-levers.md §5 */
export const DEPLOY_DEFAULTS = {
  maxAttempts: 3,
  pollMs: 30_000,
  jobTimeoutMs: 3_600_000,
  retryDelayMs: 30_000,
} as const;

export interface DeployPorts {
  readonly bundles: BundlePort;
  /** Without it the command line tool runs the job, and the report has no link to the run. */
  readonly jobs?: JobsPort | undefined;
  /** Only for `sourceFile`. */
  readonly files?: FileStore | undefined;
  readonly clock: Clock;
}

export interface DeployOptions {
  readonly target: string;
  /** Key of a job to run after the deployment, or its name; default none. */
  readonly job?: string | undefined;
  readonly jobParameters?: Readonly<Record<string, string>> | undefined;
  /** File of the space, which the fixers repair. Without it nothing is repaired. */
  readonly sourceFile?: string | undefined;
  /** Variables of the bundle that are always given. */
  readonly bundleVariables?: Readonly<Record<string, string>> | undefined;
  /**
   * Values that repairs may use: for a bundle variable that turns out to be required, and for placeholders that the
   * deployment does not resolve, which are then written out in the source file.
   */
  readonly variables?: TemplateVariables | undefined;
  /** Repairs by failure, beside the default ones; `null` switches one off. */
  readonly fixers?: Readonly<Partial<Record<DeployFailureCode, Fixer | null>>> | undefined;
  /** A second opinion on a failure that nothing repairs: `retry` repeats the deployment unchanged. */
  readonly onFailure?: ((failure: DeployFailure, attempt: number) => 'retry' | 'stop') | undefined;
  /** Validates only. */
  readonly dryRun?: boolean | undefined;
  /** Attempts in all, 1–10. */
  readonly maxAttempts?: number | undefined;
  readonly pollMs?: number | undefined;
  readonly jobTimeoutMs?: number | undefined;
  /** Wait before a deployment is repeated unchanged. */
  readonly retryDelayMs?: number | undefined;
  readonly newId?: NewId | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type DeployStepName = 'validate' | 'deploy' | 'job';

export interface DeployStep {
  readonly attempt: number;
  readonly step: DeployStepName;
  readonly started_at: string;
  readonly ended_at: string;
  /** `null` when it succeeded. */
  readonly failure: DeployFailure | null;
  readonly run_id: string | null;
  readonly run_url: string | null;
}

/** A repair between two attempts. */
export interface DeployFix {
  readonly attempt: number;
  /** `FILE_INCOMPLETE`: the file lacked what was accepted; found after the deployment. */
  readonly code: DeployFailureCode | 'FILE_INCOMPLETE';
  readonly changes: readonly string[];
}

export type DeployStatus =
  'SUCCESS' | 'VALIDATED' | 'VALIDATE_FAILED' | 'DEPLOY_FAILED' | 'JOB_FAILED' | 'ESCALATED';

export interface DeployReport {
  /** `ESCALATED`: no attempt is left. A failure that nothing repairs stops at once with the name of its step. */
  readonly status: DeployStatus;
  readonly steps: readonly DeployStep[];
  readonly fixes: readonly DeployFix[];
  /** Files that the repairs changed, with both sides. */
  readonly files: readonly FileEdit[];
  readonly run_url: string | null;
  /** `null` on success. */
  readonly escalation: DeployEscalation | null;
}

const FAILED = { validate: 'VALIDATE_FAILED', deploy: 'DEPLOY_FAILED', job: 'JOB_FAILED' } as const;

/**
 * Validates and deploys a bundle, runs its job and waits for it; what is known to be repairable is repaired in the
 * source file and tried again.
 *
 * A failed deployment is a result, not an error; only cancelling and unusable options throw.
 * @throws {InvalidOptionError} @throws {AbortedError}
 * @see spec/control-levers.md §5
 */
export async function deployBundle(ports: DeployPorts, options: DeployOptions): Promise<DeployReport> {
  const maxAttempts = options.maxAttempts ?? DEPLOY_DEFAULTS.maxAttempts;
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1 || maxAttempts > 10)
    throw new InvalidOptionError(
      'maxAttempts',
      `must be an integer between 1 and 10, got ${String(maxAttempts)}`,
    );
  if (options.sourceFile !== undefined && ports.files === undefined)
    throw new InvalidOptionError('files', 'is needed to repair sourceFile');

  const steps: DeployStep[] = [];
  const fixes: DeployFix[] = [];
  const edits = new Map<string, FileEdit>();
  let bundleVariables: Readonly<Record<string, string>> = options.bundleVariables ?? {};
  const report = (status: DeployStatus): DeployReport => {
    const isWell = status === 'SUCCESS' || status === 'VALIDATED';
    return {
      status,
      steps,
      fixes,
      files: [...edits.values()].filter(({ before, after }) => before !== after),
      run_url: steps.findLast(({ run_url }) => run_url !== null)?.run_url ?? null,
      escalation: isWell ? null : escalationOf(status, steps, fixes),
    };
  };

  for (let attempt = 1; ; attempt += 1) {
    const failed = await attemptOnce(ports, options, bundleVariables, attempt, steps);
    if (failed === null) return report(options.dryRun === true ? 'VALIDATED' : 'SUCCESS');
    const { failure, step } = failed;
    const variable = missingVariable(failure, bundleVariables, options.variables);
    const fixed = variable === null ? await fixedSource(ports, options, failure) : null;
    const again = failure.transient || options.onFailure?.(failure, attempt) === 'retry';
    if (variable === null && fixed === null && !again) return report(FAILED[step]);
    if (attempt >= maxAttempts) return report('ESCALATED');
    if (variable !== null) {
      bundleVariables = { ...bundleVariables, ...variable };
      const changes = Object.keys(variable).map((name) => `bundle variable ${name} given`);
      fixes.push({ attempt, code: failure.code, changes });
    } else if (fixed !== null) {
      const { path, after } = fixed.edit;
      await ports.files?.write(path, after);
      edits.set(path, { path, before: edits.get(path)?.before ?? fixed.edit.before, after });
      fixes.push({ attempt, code: failure.code, changes: fixed.changes });
    } else
      await ports.clock.sleep(options.retryDelayMs ?? DEPLOY_DEFAULTS.retryDelayMs, {
        signal: options.signal,
      });
  }
}

/** The steps of one attempt up to the first that fails; `null` when none does. */
async function attemptOnce(
  ports: DeployPorts,
  options: DeployOptions,
  bundleVariables: Readonly<Record<string, string>>,
  attempt: number,
  steps: DeployStep[],
): Promise<{ readonly step: DeployStepName; readonly failure: DeployFailure } | null> {
  const { bundles, clock } = ports;
  const { target, job, signal, jobParameters: parameters } = options;
  const pollMs = options.pollMs ?? DEPLOY_DEFAULTS.pollMs;
  const timeoutMs = options.jobTimeoutMs ?? DEPLOY_DEFAULTS.jobTimeoutMs;
  const common = { target, variables: bundleVariables, signal };
  const todo: readonly (readonly [DeployStepName, () => Promise<unknown>])[] = [
    ['validate', () => bundles.validate(common)],
    ...(options.dryRun === true ? [] : [['deploy', () => bundles.deploy(common)] as const]),
    ...(options.dryRun === true || job === undefined
      ? []
      : [
          [
            'job',
            () => runJob(ports, { job, target, bundleVariables, parameters, pollMs, timeoutMs, signal }),
          ] as const,
        ]),
  ];
  for (const [step, work] of todo) {
    const started_at = clock.now().toISOString();
    const record = (failure: DeployFailure | null, trace: unknown): void =>
      void steps.push({
        attempt,
        step,
        started_at,
        ended_at: clock.now().toISOString(),
        failure,
        ...traceOf(trace),
      });
    try {
      record(null, await work());
    } catch (error) {
      if (signal?.aborted === true || !isOptimizerError(error)) throw error;
      const failure = classifyFailure(error);
      record(failure, error.details);
      return { step, failure };
    }
  }
  return null;
}

/** The run that a result or an error tells of. */
function traceOf(value: unknown): { run_id: string | null; run_url: string | null } {
  const { runId, runUrl } = { ...(value as { runId?: unknown; runUrl?: unknown } | undefined) };
  const text = (part: unknown): string | null => (typeof part === 'string' ? part : null);
  return { run_id: text(runId), run_url: text(runUrl) };
}

/** The value of a bundle variable that was missed, when it is known and was not given yet. */
function missingVariable(
  { code, subject }: DeployFailure,
  given: Readonly<Record<string, string>>,
  known: TemplateVariables = {},
): Readonly<Record<string, string>> | null {
  if (code !== 'MISSING_VARIABLE' || subject === null || Object.hasOwn(given, subject)) return null;
  const value = Object.hasOwn(known, subject) ? known[subject] : undefined;
  return value === undefined ? null : { [subject]: value };
}

/** The source file after the repair of a failure; `null` when there is none. Nothing is written. */
async function fixedSource(
  { files, clock }: DeployPorts,
  { sourceFile: path, fixers = {}, variables = {}, newId }: DeployOptions,
  failure: DeployFailure,
) {
  const fixer = fixers[failure.code] === undefined ? DEPLOY_FIXERS[failure.code] : fixers[failure.code];
  if (path === undefined || files === undefined || fixer === undefined || fixer === null) return null;
  const before = await files.read(path);
  if (before === null) return null;
  const ids = newId ?? timeOrderedIds(() => clock.now().getTime(), seededRandom(before));
  const fixed = tryFix(fixer, before, { failure, variables, newId: ids });
  return fixed === null || fixed.text === before
    ? null
    : { edit: { path, before, after: fixed.text }, changes: fixed.changes };
}

/** A file that cannot be parsed cannot be repaired; the deployment's own failure is the news. */
function tryFix(fixer: Fixer, text: string, context: Parameters<Fixer>[1]): ReturnType<Fixer> {
  try {
    return fixer(text, context);
  } catch (error) {
    if (hasCode(error, 'TEXT_FORMAT')) return null;
    throw error;
  }
}
