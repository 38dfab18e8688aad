import { InvalidOptionError } from '../../core/index.ts';
import type { Random } from '../../core/index.ts';

/** Waiting times of a log-normal shape: half of them below `medianMs`, 95 of 100 below `p95Ms`. */
export interface LatencyDistribution {
  readonly medianMs: number;
  readonly p95Ms: number;
}

/** Always the same milliseconds, or a distribution of them. */
export type Latency = number | LatencyDistribution;

/** Standard deviations from the median to the 95th percentile. */
const Z_95 = 1.6449;

/** One waiting time in milliseconds. */
export function sampleLatency(latency: Latency, random: Random): number {
  if (typeof latency === 'number') return latency;
  const { medianMs, p95Ms } = latency;
  // A normal variate from two uniform ones; 1 − x keeps the logarithm finite.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.round(medianMs * (p95Ms / medianMs) ** (normal / Z_95));
}

/** @throws {InvalidOptionError} */
export function checkLatency(option: string, latency: Latency): void {
  if (typeof latency === 'number') {
    if (!(latency >= 0)) throw new InvalidOptionError(option, `must be 0 or more, got ${latency}`);
    return;
  }
  const { medianMs, p95Ms } = latency;
  if (!(medianMs > 0 && p95Ms >= medianMs && Number.isFinite(p95Ms)))
    throw new InvalidOptionError(
      option,
      `must have a medianMs of more than 0 and a p95Ms of at least that, got ${medianMs} and ${p95Ms}`,
    );
}
