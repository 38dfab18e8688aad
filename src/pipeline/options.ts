import type { BenchmarkSuite } from '../benchmarks/index.ts';
import { InvalidOptionError, seededRandom } from '../core/index.ts';
import type { Evaluator } from '../evaluation/index.ts';
import type { Judge } from '../judges/index.ts';
import type { Clock, FileStore, Workspace } from '../ports/index.ts';
import { DEFAULT_SESSION_FILE } from '../session/index.ts';
import { ALPHA_SPENDING, type AlphaSpending } from './acceptance/alpha-spending.ts';
import { ACCEPTANCE_DEFAULTS } from './acceptance/rules.ts';
import type { EventListener } from './events.ts';
import type { PhaseHandlers } from './phases.ts';

/** Defaults of `optimize()`; documentation and tests read them from here. @see spec/pipeline.md §1 */
export const OPTIMIZE_DEFAULTS = {
  maxIterations: 5,
  maxObjects: 5,
  maxPatches: 12,
  propagationMs: 30_000,
  sliceTolerancePp: 5,
  regressionThresholdPp: 2,
  heldOutMaxGapPp: 10,
  concurrency: 8,
  acceptance: 'paired',
  isolation: 'clone',
  alphaSpending: 'none',
  acceptanceK: ACCEPTANCE_DEFAULTS.k,
  maxRounds: ACCEPTANCE_DEFAULTS.maxRounds,
  alphaRegression: ACCEPTANCE_DEFAULTS.alphaRegression,
  outputDir: 'docs/genie_space_optimizer',
  sessionFile: DEFAULT_SESSION_FILE,
} as const;

export interface OptimizeOptions {
  readonly workspace: Workspace;
  /** The space to improve, 32 hex characters. */
  readonly spaceId: string;
  readonly benchmarks: BenchmarkSuite;
  /** Values of `${catalog}`, `${gold_schema}` and others in the answer keys. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Replacements of single phases; each sees what the default saw and passes the same output schema. */
  readonly phases?: PhaseHandlers | undefined;
  readonly onEvent?: EventListener | undefined;
  /** Measures once and changes nothing: no lever, no held-out question. Status `evaluated`. */
  readonly evaluateOnly?: boolean | undefined;
  /** Patch sets that may reach the space, over all sweeps of levers 1–5. `0` measures and changes nothing. */
  readonly maxIterations?: number | undefined;
  readonly maxObjects?: number | undefined;
  readonly maxPatches?: number | undefined;
  /** Wait after a change before asking, milliseconds. */
  readonly propagationMs?: number | undefined;
  readonly sliceTolerancePp?: number | undefined;
  readonly regressionThresholdPp?: number | undefined;
  readonly heldOutMaxGapPp?: number | undefined;
  /**
   * How a change is proven: `paired` asks the questions that turned again, a fixed number of times;
   * `sequential` as often as needed; `threshold` not at all, so it keeps what luck brought.
   */
  readonly acceptance?: AcceptanceName | undefined;
  /** `clone` works on two copies and writes to the space once, at the end; `live` in the space itself. */
  readonly isolation?: 'live' | 'clone' | undefined;
  /** Chance of accepting a change that does not help, 0–0.5. Default 0.02 (`paired`), 0.01 (`sequential`). */
  readonly alpha?: number | undefined;
  /** How `alpha` is shared among the candidates of a run. */
  readonly alphaSpending?: AlphaSpending | undefined;
  /** Fresh asks per arm and question of the paired rule, 1–100. */
  readonly acceptanceK?: number | undefined;
  /** Most rounds of the sequential rule, 1–100. */
  readonly maxRounds?: number | undefined;
  /** Level at which a single question counts as broken, 0–0.5. */
  readonly alphaRegression?: number | undefined;
  /** A P0 question may fail only if it failed before (`never-regress`), or never (`zero-failures`). */
  readonly p0Mode?: 'never-regress' | 'zero-failures' | undefined;
  /** Lets train questions become example SQL. */
  readonly allowTrainExamples?: boolean | undefined;
  /** Accept patch types of high risk without asking. */
  readonly forceApply?: boolean | undefined;
  /** What to do when the answer keys do not seem to belong to their questions. Default `stop`: measure, change nothing. */
  readonly answerKeyCheck?: 'stop' | 'warn' | undefined;
  /** Levers never used. */
  readonly disabledLevers?: readonly number[] | undefined;
  /** Questions asked at once. */
  readonly concurrency?: number | undefined;
  readonly judges?: readonly Judge[] | undefined;
  readonly evaluator?: Evaluator | undefined;
  /** Continue the run recorded in `sessionFile`. Without a file a new run starts. */
  readonly resume?: boolean | undefined;
  readonly sessionFile?: string | undefined;
  readonly outputDir?: string | undefined;
  readonly files?: FileStore | undefined;
  readonly clock?: Clock | undefined;
  readonly newSessionId?: (() => string) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The rules by which a change is accepted. @see decisions 7 */
export const ACCEPTANCE_NAMES = ['paired', 'sequential', 'threshold'] as const;
export type AcceptanceName = (typeof ACCEPTANCE_NAMES)[number];

/** Options after defaults and checks. */
export type ResolvedOptions = {
  readonly [K in keyof typeof OPTIMIZE_DEFAULTS]: (typeof OPTIMIZE_DEFAULTS)[K] extends number
    ? number
    : string;
} & Omit<OptimizeOptions, keyof typeof OPTIMIZE_DEFAULTS | 'clock' | 'files'> & {
    readonly acceptance: AcceptanceName;
    readonly isolation: 'live' | 'clone';
    readonly alphaSpending: AlphaSpending;
    readonly clock: Clock;
    readonly files: FileStore;
    readonly p0Mode: 'never-regress' | 'zero-failures';
    readonly disabledLevers: readonly number[];
    readonly variables: Readonly<Record<string, string>>;
    readonly newSessionId: () => string;
  };

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
  acceptance: ACCEPTANCE_NAMES,
  isolation: ['live', 'clone'],
  alphaSpending: ALPHA_SPENDING,
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
  for (const [name, [low, high]] of Object.entries(BOUNDS)) {
    const value = options[name as keyof typeof BOUNDS];
    if (value !== undefined && !(Number.isFinite(value) && value >= low && value <= high)) {
      throw new InvalidOptionError(name, `must be between ${low} and ${high}, got ${String(value)}`, {
        value,
      });
    }
  }
  for (const [name, choices] of Object.entries(CHOICES)) {
    const value = options[name as keyof typeof CHOICES];
    if (value !== undefined && !(choices as readonly string[]).includes(value)) {
      throw new InvalidOptionError(name, `must be one of ${choices.join(', ')}, got '${value}'`, { value });
    }
  }
  if (options.acceptance === 'sequential' && options.isolation === 'live') {
    throw new InvalidOptionError(
      'acceptance',
      "'sequential' needs isolation: 'clone', since it asks the space before and after the change in turns",
    );
  }
  if (!/^[0-9a-f]{32}$/i.test(options.spaceId)) {
    throw new InvalidOptionError(
      'spaceId',
      `must be the 32 hex characters of the space's URL, got '${options.spaceId}'`,
    );
  }
  const clock = options.clock ?? system.clock;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return {
    ...OPTIMIZE_DEFAULTS,
    p0Mode: 'never-regress',
    disabledLevers: [],
    variables: {},
    newSessionId: () => `run_${clock.now().toISOString().replaceAll(/[-:.]/g, '')}_${randomSuffix()}`,
    ...(given as unknown as OptimizeOptions),
    clock,
    files: options.files ?? system.files,
  } as ResolvedOptions;
}

const randomSuffix = (): string =>
  Math.trunc(seededRandom(`${process.pid}:${performance.now()}`)() * 0xff_ff_ff)
    .toString(16)
    .padStart(6, '0');
