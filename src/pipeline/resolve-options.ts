import { InvalidOptionError, nameParts, seededRandom } from '../core/index.ts';
import { THRESHOLDS } from '../evaluation/index.ts';
import { JUDGE_MODES } from '../judges/index.ts';
import { STRATEGIES } from '../levers/index.ts';
import { TRACKING_MODES } from '../logged-models/index.ts';
import type { Clock, FileStore } from '../ports/index.ts';
import { ALPHA_SPENDING } from './acceptance/alpha-spending.ts';
import {
  ACCEPTANCE_NAMES,
  OPTIMIZE_DEFAULTS,
  type OptimizeOptions,
  type ResolvedOptions,
} from './options.ts';

/** Inclusive bounds of the numeric options. */
const BOUNDS = {
  maxIterations: [0, 1000],
  maxObjects: [1, 100],
  maxPatches: [1, 100],
  propagationMs: [0, 600_000],
  sliceTolerancePp: [0, 100],
  regressionThresholdPp: [0, 100],
  heldOutMaxGapPp: [0, 100],
  concurrency: [1, 32],
  acceptanceK: [1, 100],
  maxRounds: [1, 100],
  alpha: [0, 0.5],
  alphaRegression: [0, 0.5],
} as const;

const CHOICES = {
  corrections: ['propose', 'auto', 'off'],
  staleKeys: ['exclude', 'keep'],
  stallPolicy: ['finish-sweep', 'stop'],
  acceptance: ACCEPTANCE_NAMES,
  isolation: ['live', 'clone'],
  alphaSpending: ALPHA_SPENDING,
  tracking: TRACKING_MODES,
} as const;

/**
 * Fills in defaults and checks every number at the door.
 *
 * @throws {InvalidOptionError} naming the option and its bound
 */
export function resolveOptions(
  options: OptimizeOptions,
  system: { readonly clock: Clock; readonly files: FileStore },
): ResolvedOptions {
  checkValues(options);
  checkSpace(options);
  checkTargets(options);
  checkAcceptance(options);
  checkModels(options);
  checkTracking(options);
  checkDeployment(options);
  const clock = options.clock ?? system.clock;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return {
    ...OPTIMIZE_DEFAULTS,
    p0Mode: 'never-regress',
    disabledLevers: [],
    variables: {},
    tracking: options.experiment === undefined ? 'off' : 'full',
    newSessionId: () => `run_${clock.now().toISOString().replaceAll(/[-:.]/g, '')}_${randomSuffix()}`,
    ...(given as unknown as OptimizeOptions),
    targets: targetsOf(options),
    clock,
    files: options.files ?? system.files,
  } as ResolvedOptions;
}

function checkValues(options: OptimizeOptions): void {
  for (const [name, [low, high]] of Object.entries(BOUNDS)) {
    const value = options[name as keyof typeof BOUNDS];
    if (value !== undefined && !(Number.isFinite(value) && value >= low && value <= high)) {
      throw new InvalidOptionError(name, `must be between ${low} and ${high}, got ${String(value)}`, {
        value,
      });
    }
  }
  const { maxMinutes } = options;
  if (maxMinutes !== undefined && maxMinutes !== null && !(maxMinutes > 0 && maxMinutes <= 1_000_000))
    throw new InvalidOptionError('maxMinutes', `must be above 0 and at most 1000000, got ${maxMinutes}`);
  for (const [name, choices] of Object.entries(CHOICES)) {
    const value = options[name as keyof typeof CHOICES];
    if (value !== undefined) oneOf(name, value, choices);
  }
}

function checkSpace({ spaceId, ucSchema }: OptimizeOptions): void {
  if (!/^[0-9a-f]{32}$/i.test(spaceId)) {
    throw new InvalidOptionError(
      'spaceId',
      `must be the 32 hex characters of the space's URL, got '${spaceId}'`,
    );
  }
  if (ucSchema !== undefined && nameParts(ucSchema).length !== 2)
    throw new InvalidOptionError('ucSchema', `must be 'catalog.schema', got '${ucSchema}'`);
}

/** Of every judge that has to reach one. */
const targetsOf = ({ targets }: OptimizeOptions): Record<string, number> =>
  Object.fromEntries(Object.entries({ ...THRESHOLDS, ...targets }).filter(([, target]) => target > 0));

function checkTargets({ targets = {}, requireRepeatability, finalRepeatability }: OptimizeOptions): void {
  for (const [judge, target] of Object.entries(targets)) {
    oneOf('targets', judge, Object.keys(THRESHOLDS));
    if (!(target >= 0 && target <= 100))
      throw new InvalidOptionError('targets', `of ${judge} must be between 0 and 100, got ${target}`, {
        judge,
      });
  }
  if (requireRepeatability === true && finalRepeatability === false)
    throw new InvalidOptionError(
      'requireRepeatability',
      'needs finalRepeatability, which asks again at the end',
    );
}

function checkAcceptance({ acceptance, isolation, strategy }: OptimizeOptions): void {
  if (acceptance === 'sequential' && isolation === 'live') {
    throw new InvalidOptionError(
      'acceptance',
      "'sequential' needs isolation: 'clone', since it asks the space before and after the change in turns",
    );
  }
  if (typeof strategy === 'string') oneOf('strategy', strategy, Object.keys(STRATEGIES));
}

function checkModels({ judges, chatModel }: OptimizeOptions): void {
  if (typeof judges !== 'string') return;
  oneOf('judges', judges, JUDGE_MODES);
  if (judges !== 'structural' && chatModel === undefined)
    throw new InvalidOptionError('chatModel', `must be given for judges: '${judges}'`);
}

function checkTracking(options: OptimizeOptions): void {
  const isTracked = (options.tracking ?? 'off') !== 'off' || options.experiment !== undefined;
  const hasMlflow = options.mlflow !== undefined || options.workspace.tracking !== undefined;
  if ((isTracked || options.resumeFromRun !== undefined) && !hasMlflow) {
    throw new InvalidOptionError(
      'mlflow',
      "is needed to track a run, or to resume one from there: pass it, or a workspace made by connect(), or set tracking: 'off'",
    );
  }
  const mode = options.tracking ?? (options.experiment === undefined ? 'off' : 'full');
  for (const name of ['ucTraces', 'requireUcTraces'] as const) {
    if (options[name] === true && mode !== 'full')
      throw new InvalidOptionError(name, "needs tracking: 'full': without it there are no traces");
  }
  if (isTracked) return;
  const unused = "needs tracking: 'full' or 'summary', or an experiment";
  if (options.allowMissingModel === false)
    throw new InvalidOptionError('allowMissingModel', `is false, which ${unused}`);
  if (options.requireTracking === true) throw new InvalidOptionError('requireTracking', unused);
}

function checkDeployment({ deployTarget, bundles, repo, genieJob }: OptimizeOptions): void {
  if (deployTarget === undefined) {
    if (genieJob !== undefined) throw new InvalidOptionError('genieJob', 'needs deployTarget');
    return;
  }
  if (bundles === undefined)
    throw new InvalidOptionError('bundles', 'is needed with deployTarget; pass a BundleClient');
  if (repo?.space === undefined) {
    throw new InvalidOptionError(
      'repo',
      "must name the space's file with deployTarget: a deployment overwrites what its files do not hold",
    );
  }
}

function oneOf(name: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value)) {
    throw new InvalidOptionError(name, `must be one of ${choices.join(', ')}, got '${value}'`, { value });
  }
}

const randomSuffix = (): string =>
  Math.trunc(seededRandom(`${process.pid}:${performance.now()}`)() * 0xff_ff_ff)
    .toString(16)
    .padStart(6, '0');
