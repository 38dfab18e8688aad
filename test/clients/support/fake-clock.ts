import type { Clock } from '../../../src/ports/index.ts';

/** Time that passes only by sleeping, at once; every sleep is recorded. */
export class FakeClock implements Clock {
  readonly sleeps: number[] = [];
  #nowMs: number;

  constructor(start = '2026-10-01T12:00:00Z') {
    this.#nowMs = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  async sleep(ms: number, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    signal?.throwIfAborted();
    this.sleeps.push(ms);
    this.#nowMs += ms;
    // Lets whatever else is due run first, as a real timer would.
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}
