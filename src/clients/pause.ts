import { throwIfAborted } from '../core/index.ts';
import type { CallOptions, Clock } from '../ports/index.ts';

/**
 * Sleeps, and turns a signal into the error of this library.
 *
 * @param what - what is being waited for, as the subject of a sentence
 * @throws {AbortedError}
 */
export async function pause(clock: Clock, ms: number, { signal }: CallOptions, what: string): Promise<void> {
  try {
    await clock.sleep(ms, { signal });
  } catch (error) {
    throwIfAborted(signal, what);
    throw error;
  }
}
