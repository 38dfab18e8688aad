import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeFileStore } from '../../src/clients/index.ts';
import { withConfig } from '../../src/cli/commands/config-file.ts';
import { improveArguments } from '../../src/cli/commands/improve-options.ts';
import { optimizeCommand } from '../../src/cli/commands/optimize.ts';
import { trackingArguments } from '../../src/cli/commands/tracking-options.ts';
import type { OptimizeOptions } from '../../src/pipeline/index.ts';
import { callCli, recordingIo } from './call-cli.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'genie-config-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function config(text: string): Promise<string> {
  const path = join(dir, 'run.yaml');
  await writeFile(path, text);
  return path;
}
const read = async (text: string, given: Record<string, string> = {}) =>
  withConfig({ ...given, config: await config(text) }, optimizeCommand.options, nodeFileStore());

describe('--config', () => {
  it('gives the options that no flag gives, under their names as flags or in code', async () => {
    const values = await read(
      [
        'spaceId: 01ef',
        'max-iterations: 3',
        'variables: { catalog: main, gold_schema: sales }',
        'disabledLevers: [2, 3]',
        'dryRun: true',
        'experiment:',
      ].join('\n'),
      { 'max-iterations': '7' },
    );
    expect(values).toMatchObject({
      'space-id': '01ef',
      'max-iterations': '7',
      variables: 'catalog=main,gold_schema=sales',
      'disabled-levers': '2,3',
      'dry-run': true,
      experiment: undefined,
    });
  });

  it('may be empty, or left out', async () => {
    expect(Object.keys(await read(''))).toEqual(['config']);
    expect(await withConfig({ yes: true }, optimizeCommand.options, nodeFileStore())).toEqual({ yes: true });
  });

  it.each([
    ['maxIteration: 3', "there is no option 'maxIteration'. Did you mean 'max-iterations'?"],
    ['config: other.yaml', "there is no option 'config'"],
    ['dry-run: 1', "'dry-run' must be true or false"],
    ['alpha: true', "'alpha' needs a value"],
    ['- 1', 'must hold options with their values'],
    ['a: [', 'is no YAML'],
  ])('with %j is refused with what to do', async (text, message) => {
    const { code, err } = await callCli(['optimize', '--config', await config(text)]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('names the file that is missing', async () => {
    const { code, err } = await callCli(['evaluate', '--config', 'nowhere.yaml']);
    expect(code).toBe(1);
    expect(err).toContain('There is no file nowhere.yaml');
  });
});

describe('options of fine tuning', () => {
  it('reach the run', async () => {
    const values = await read(
      [
        'targets: { result_correctness: 95, completeness: 0 }',
        'require-repeatability: true',
        'stall-policy: stop',
        'p0-mode: zero-failures',
        'disabled-levers: 4',
        'max-objects: 2',
        'max-patches: 3',
        'propagation-ms: 0',
        'slice-tolerance-pp: 1.5',
        'regression-threshold-pp: 1',
        'held-out-max-gap-pp: 4',
        'alpha-spending: online',
        'alpha-regression: 0.05',
        'max-rounds: 9',
        'answer-key-check: warn',
        'no-key-validation: true',
        'allow-train-examples: true',
        'asset-roles: { town.library.loans: monitoring }',
        'concurrency: 2',
      ].join('\n'),
    );
    expect(improveArguments(values, recordingIo().io)).toMatchObject({
      targets: { result_correctness: 95, completeness: 0 },
      requireRepeatability: true,
      stallPolicy: 'stop',
      p0Mode: 'zero-failures',
      disabledLevers: [4],
      maxObjects: 2,
      maxPatches: 3,
      propagationMs: 0,
      sliceTolerancePp: 1.5,
      regressionThresholdPp: 1,
      heldOutMaxGapPp: 4,
      alphaSpending: 'online',
      alphaRegression: 0.05,
      maxRounds: 9,
      answerKeyCheck: 'warn',
      validateKeys: false,
      allowTrainExamples: true,
      assetRoles: { 'town.library.loans': 'monitoring' },
      concurrency: 2,
    });
  });

  it('leave everything to the library where they are not given', () => {
    const given = Object.entries(improveArguments({}, recordingIo().io));
    expect(given.filter(([, value]) => value !== undefined)).toEqual([]);
  });

  it('of tracking reach the run, too', async () => {
    const flags = ['uc-traces', 'require-uc-traces', 'require-tracking'].map((name) => [name, true] as const);
    const values = { ...Object.fromEntries(flags), 'allow-missing-model': 'false' };
    expect(await trackingArguments(values, { env: {} })).toMatchObject({
      ucTraces: true,
      requireUcTraces: true,
      requireTracking: true,
      allowMissingModel: false,
    });
  });

  it.each([
    ['introspect', [6]],
    ['gepa', undefined],
  ])('--optimization-tier %s decides on lever 6', (tier, disabledLevers) => {
    const read = improveArguments({ 'optimization-tier': tier }, recordingIo().io);
    expect(read.disabledLevers).toEqual(disabledLevers);
  });
});

/** How each option of `optimize()` is given on the command line; `null`: it is no plain data, or the command's own. */
const FLAGS: Readonly<Record<keyof Required<OptimizeOptions>, string | null>> = {
  workspace: 'profile',
  spaceId: 'space-id',
  benchmarks: 'benchmarks',
  variables: 'variables',
  evaluateOnly: 'evaluate-only',
  maxIterations: 'max-iterations',
  maxObjects: 'max-objects',
  maxPatches: 'max-patches',
  propagationMs: 'propagation-ms',
  sliceTolerancePp: 'slice-tolerance-pp',
  regressionThresholdPp: 'regression-threshold-pp',
  targets: 'targets',
  requireRepeatability: 'require-repeatability',
  stallPolicy: 'stall-policy',
  heldOutMaxGapPp: 'held-out-max-gap-pp',
  acceptance: 'acceptance',
  isolation: 'isolation',
  alpha: 'alpha',
  alphaSpending: 'alpha-spending',
  acceptanceK: 'acceptance-k',
  maxRounds: 'max-rounds',
  alphaRegression: 'alpha-regression',
  p0Mode: 'p0-mode',
  allowTrainExamples: 'allow-train-examples',
  assetRoles: 'asset-roles',
  forceApply: 'allow-high-risk',
  answerKeyCheck: 'answer-key-check',
  disabledLevers: 'disabled-levers',
  concurrency: 'concurrency',
  judges: 'judges',
  chatModel: 'model',
  strategy: 'strategy',
  corrections: 'corrections',
  validateKeys: 'no-key-validation',
  staleKeys: 'keep-stale',
  finalRepeatability: 'no-repeatability',
  dryRun: 'dry-run',
  maxMinutes: 'max-minutes',
  evaluator: 'job-mode',
  secondOpinion: 'second-opinion',
  resume: 'resume',
  resumeFromRun: 'resume-from-run',
  sessionFile: 'session-file',
  outputDir: 'output-dir',
  tracking: 'tracking',
  requireTracking: 'require-tracking',
  allowMissingModel: 'allow-missing-model',
  experiment: 'experiment',
  ucSchema: 'uc-schema',
  ucTraces: 'uc-traces',
  requireUcTraces: 'require-uc-traces',
  repo: 'space-file',
  deployTarget: 'deploy-target',
  genieJob: 'genie-job',
  bundles: 'bundle-dir',
  confirmBudget: 'yes',
  // Questions to a person on a terminal.
  confirmCorrection: null,
  generateQuestions: null,
  approveRisk: null,
  confirmPatchSet: null,
  // Code; the command wires its own, and a server of MLFLOW_TRACKING_URI.
  phases: null,
  onEvent: null,
  mlflow: null,
  jobs: null,
  files: null,
  clock: null,
  newSessionId: null,
  signal: null,
};

it('reaches every option of optimize() that is plain data', () => {
  const flags = Object.values(FLAGS).filter((flag) => flag !== null);
  expect(flags.filter((flag) => !(flag in optimizeCommand.options))).toEqual([]);
});
