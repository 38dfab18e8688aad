import type { Random } from '../../core/index.ts';
import {
  NetworkError,
  RateLimitedError,
  RequestError,
  RequestTimeoutError,
  ResponseFormatError,
  ServerError,
} from './errors.ts';

/**
 * When a failed call may be sent again.
 *
 * - `safe`: reading, or writing the same thing twice does no harm: passing failures of every kind
 * - `rejected`: only when the answer says that nothing was done (429, 503)
 * - `rate-limited`: only on 429, for calls that start something
 * - `never`
 */
export type RetryMode = 'safe' | 'rejected' | 'rate-limited' | 'never';

/** Bounds of retrying one call. */
export interface RetryLimits {
  /** Attempts in all when the connection or the server fails. */
  readonly maxAttempts: number;
  /** Attempts in all when the server asks us to slow down. */
  readonly maxRateLimitedAttempts: number;
  /** A wait that would end later than this after the first attempt is not begun. */
  readonly budgetMs: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

/** @see spec/databricks-apis.md §1.10 */
export const RETRY_DEFAULTS: RetryLimits = {
  maxAttempts: 5,
  maxRateLimitedAttempts: 20,
  budgetMs: 300_000,
  baseDelayMs: 500,
  maxDelayMs: 10_000,
};

/** Texts with which a service announces a passing failure under a status that does not say so. */
const PASSING_FAILURE =
  /Please try again later or try a faster operation|RPC token bucket limit has been exceeded|ClusterNotReadyException/;

const PASSING_STATUS: ReadonlySet<number> = new Set([408, 425, 502, 503, 504]);

/** Whether `mode` allows to send the call again after this error. */
export function mayRetry(error: unknown, mode: RetryMode): boolean {
  if (!(error instanceof RequestError) || mode === 'never') return false;
  if (error instanceof RateLimitedError) return true;
  if (mode === 'rate-limited') return false;
  if (mode === 'rejected') return error.facts.status === 503;
  if (
    error instanceof NetworkError ||
    error instanceof RequestTimeoutError ||
    error instanceof ResponseFormatError
  )
    return error.retryable;
  return (
    (error.facts.status !== null && PASSING_STATUS.has(error.facts.status)) ||
    (error instanceof ServerError && error.retryable && PASSING_FAILURE.test(error.facts.serverMessage))
  );
}

/** Attempts in all for an error of this kind. */
export const attemptsFor = (error: unknown, limits: RetryLimits): number =>
  error instanceof RateLimitedError ? limits.maxRateLimitedAttempts : limits.maxAttempts;

/**
 * How long to wait before the next attempt: what the server asked for, else exponential with jitter between half
 * and the whole of the step.
 *
 * @param attempt - number of the attempt that failed, from 1
 */
export function retryDelayMs(error: unknown, attempt: number, limits: RetryLimits, random: Random): number {
  const asked = error instanceof RequestError ? error.facts.retryAfterMs : null;
  // Clients that were refused together must not come back together.
  if (asked !== null) return asked + Math.round(random() * Math.min(250, limits.baseDelayMs));
  const step = Math.min(limits.maxDelayMs, limits.baseDelayMs * 2 ** (attempt - 1));
  return Math.round(step / 2 + (random() * step) / 2);
}
