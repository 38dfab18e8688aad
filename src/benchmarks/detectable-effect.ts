import { InvalidOptionError } from '../core/index.ts';

/** Error rates of the paired sign test, and the share of answers that flip by themselves in either direction. */
export const DETECTABLE_EFFECT_DEFAULTS = { alpha: 0.05, power: 0.8, flipRate: 0.02 } as const;

export interface DetectableEffect {
  readonly questions: number;
  /** Fewest wins without a single loss that the test believes; `null` when the suite is too small for any. */
  readonly fewestWins: number | null;
  /** Smallest true gain in percentage points that is found with the wanted power; `null` when none is. */
  readonly smallestGainPp: number | null;
}

/**
 * What a suite of this size can show at all, by the exact one-sided paired sign test.
 *
 * @param questions - questions that are compared before and after
 * @throws {InvalidOptionError} for shares outside 0–1
 */
export function detectableEffect(
  questions: number,
  options: { readonly alpha?: number; readonly power?: number; readonly flipRate?: number } = {},
): DetectableEffect {
  const { alpha, power, flipRate } = { ...DETECTABLE_EFFECT_DEFAULTS, ...options };
  for (const [name, value] of Object.entries({ alpha, power }))
    if (!(value > 0 && value < 1))
      throw new InvalidOptionError(name, `must lie between 0 and 1, not ${value}`);
  if (!(flipRate >= 0 && flipRate < 0.5))
    throw new InvalidOptionError('flipRate', `must lie from 0 to below 0.5, not ${flipRate}`);
  const wins = Math.ceil(Math.log(alpha) / Math.log(0.5));
  const fewestWins = wins <= questions ? wins : null;
  if (fewestWins === null) return { questions, fewestWins, smallestGainPp: null };
  const critical = criticalWins(questions, alpha);
  const largest = 1 - 2 * flipRate;
  if (powerOf(questions, largest, flipRate, critical) < power)
    return { questions, fewestWins, smallestGainPp: null };
  let [low, high] = [0, largest];
  while (high - low > 0.0005) {
    const middle = (low + high) / 2;
    if (powerOf(questions, middle, flipRate, critical) >= power) high = middle;
    else low = middle;
  }
  return { questions, fewestWins, smallestGainPp: Math.ceil(high * 1000) / 10 };
}

/** For every number of changed answers, the fewest wins among them that chance explains with less than `alpha`. */
function criticalWins(questions: number, alpha: number): number[] {
  return Array.from({ length: questions + 1 }, (_, changed) => {
    let tail = 0;
    let wins = changed + 1;
    while (wins > 0) {
      tail += Math.exp(logChoose(changed, wins - 1) - changed * Math.LN2);
      if (tail > alpha) break;
      wins -= 1;
    }
    return wins;
  });
}

function powerOf(questions: number, gain: number, flipRate: number, critical: readonly number[]): number {
  const winRate = gain + flipRate;
  const changeRate = winRate + flipRate;
  let power = 0;
  for (let changed = 0; changed <= questions; changed += 1) {
    const share = binomial(questions, changed, changeRate);
    if (share < 1e-9) continue;
    let tail = 0;
    for (let wins = critical[changed] ?? changed + 1; wins <= changed; wins += 1)
      tail += binomial(changed, wins, changeRate === 0 ? 0 : winRate / changeRate);
    power += share * tail;
  }
  return power;
}

function binomial(total: number, hits: number, rate: number): number {
  if (rate <= 0) return hits === 0 ? 1 : 0;
  if (rate >= 1) return hits === total ? 1 : 0;
  return Math.exp(logChoose(total, hits) + hits * Math.log(rate) + (total - hits) * Math.log1p(-rate));
}

const logChoose = (total: number, hits: number): number =>
  logFactorial(total) - logFactorial(hits) - logFactorial(total - hits);

/** Stirling's series; exact to 12 digits from 10 on, below it the product itself. */
function logFactorial(n: number): number {
  if (n < 10)
    return Math.log(Array.from({ length: n }, (_, at) => at + 1).reduce((product, at) => product * at, 1));
  return (
    n * Math.log(n) -
    n +
    0.5 * Math.log(2 * Math.PI * n) +
    1 / (12 * n) -
    1 / (360 * n ** 3) +
    1 / (1260 * n ** 5)
  );
}
