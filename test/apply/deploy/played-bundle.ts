import { BundleError } from '../../../src/clients/index.ts';
import { OptimizerError } from '../../../src/core/index.ts';
import type { BundlePort, JobRun, JobsPort, TaskOutput } from '../../../src/ports/index.ts';

/** A step of the tool: `null` succeeds, a text is what it says when it fails. */
type Said = string | null;

/** A bundle tool that plays a script; each list is used up call by call, then all is well. */
export function playedBundle(script: {
  readonly validate?: readonly Said[];
  readonly deploy?: readonly (Said | (() => Promise<Said>))[];
  readonly run?: readonly Said[];
}) {
  const calls: { readonly step: string; readonly variables: Readonly<Record<string, string>> }[] = [];
  const left = {
    validate: [...(script.validate ?? [])],
    deploy: [...(script.deploy ?? [])],
    run: [...(script.run ?? [])],
  };
  const play = async (
    step: keyof typeof left,
    variables: Readonly<Record<string, string>> = {},
  ): Promise<void> => {
    calls.push({ step, variables });
    const next = left[step].shift() ?? null;
    const said = typeof next === 'function' ? await next() : next;
    if (said !== null) throw new BundleError(step, 'bundle', said, 1);
  };
  const bundles: BundlePort = {
    validate: (options) => play('validate', options?.variables),
    deploy: (options) => play('deploy', options?.variables),
    run: (_key, options) => play('run', options?.variables),
    resources: async () => [{ type: 'jobs', key: 'genie_spaces_deployment_job', id: '7', url: null }],
    generateSpace: async () => undefined,
  };
  return { bundles, calls, steps: () => calls.map(({ step }) => step) };
}

const running = (lifeCycleState: string): JobRun => ({
  runId: '70',
  lifeCycleState,
  resultState: null,
  message: '',
  pageUrl: 'https://workspace/run/70',
  tasks: [],
});

/** A job that goes through some states and ends. */
export function playedJobs(ending: Partial<JobRun>, output: Partial<TaskOutput> | null = null) {
  const states = ['PENDING', 'RUNNING'];
  const started: { jobId: string; parameters: unknown; token: unknown }[] = [];
  const jobs: JobsPort = {
    findByName: async () => [],
    runNow: async (jobId, options) => {
      started.push({ jobId, parameters: options?.parameters, token: options?.idempotencyToken });
      return '70';
    },
    getRun: async () => {
      const state = states.shift();
      return state === undefined
        ? { ...running('TERMINATED'), resultState: 'SUCCESS', ...ending }
        : running(state);
    },
    waitForRun: () => Promise.reject(new OptimizerError('Not used.', { code: 'TEST' })),
    taskOutput: async () => {
      if (output === null) throw new OptimizerError('Gone.', { code: 'NOT_FOUND' });
      return { result: null, truncated: false, error: null, ...output };
    },
    cancelRun: async () => undefined,
  };
  return { jobs, started };
}
