import { ApiError } from './api-error.ts';

/** Refuses questions beyond a number per minute, all spaces together, as the service does. */
export class StartLimiter {
  readonly #perMinute: number | null;
  readonly #now: () => number;
  #starts: number[] = [];

  /** @param perMinute - `null` for no limit */
  constructor(perMinute: number | null, now: () => number) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** @throws {ApiError} 429 with Retry-After */
  take(): void {
    if (this.#perMinute === null) return;
    const now = this.#now();
    this.#starts = this.#starts.filter((start) => now - start < 60_000);
    const oldest = this.#starts[0];
    if (this.#starts.length >= this.#perMinute && oldest !== undefined) {
      const seconds = Math.max(1, Math.ceil((oldest + 60_000 - now) / 1000));
      throw new ApiError(
        429,
        'REQUEST_LIMIT_EXCEEDED',
        `Exceeded the limit of ${this.#perMinute} questions per minute. Please try again later.`,
        { 'Retry-After': String(seconds) },
      );
    }
    this.#starts.push(now);
  }
}
