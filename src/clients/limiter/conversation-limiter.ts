import { AbortedError, InvalidOptionError, throwIfAborted } from '../../core/index.ts';
import type { CallOptions, Clock } from '../../ports/index.ts';
import { pause } from '../pause.ts';
import { systemClock } from '../system/clock.ts';
import { untilSignal } from '../until-signal.ts';

/** Hands out the right to start a conversation, one at a time. */
export interface ConversationLimiter {
  /** Resolves when the next conversation may start. @throws {AbortedError} */
  acquire(options?: CallOptions): Promise<void>;
  /** Lets nobody start for this long: the server said that it has had enough. */
  holdBack(ms: number): void;
}

/** The documented best-effort quota of the API. @see spec/databricks-apis.md §2.2 */
export const LIMITER_DEFAULTS = { startsPerMinute: 5 } as const;

export const MINUTE_MS = 60_000;

const WAITING = 'Waiting for a conversation slot';

/** When the latest conversation started, kept somewhere that all participants see. */
export interface StartLedger {
  /**
   * Claims the next start if it is due. The time is read when nobody else can claim.
   *
   * @returns 0 when the start is ours, else the milliseconds to wait before asking again
   */
  claim(now: () => number, spacingMs: number): Promise<number>;
  /** Forbids starts before this moment. */
  holdUntil(atMs: number): void;
}

/**
 * Spaces conversation starts evenly, so that no minute, wherever it begins, sees more than the limit.
 *
 * @param options.startsPerMinute - 1 to 1,000; `null` sets no limit, for the embedded workspace
 * @throws {InvalidOptionError}
 */
export function conversationLimiter(options: {
  readonly startsPerMinute?: number | null | undefined;
  readonly clock?: Clock;
  readonly ledger?: StartLedger;
}): ConversationLimiter {
  const startsPerMinute =
    options.startsPerMinute === undefined ? LIMITER_DEFAULTS.startsPerMinute : options.startsPerMinute;
  if (startsPerMinute === null) return unlimited(options.clock ?? systemClock());
  if (!(startsPerMinute > 0 && startsPerMinute <= 1000)) {
    throw new InvalidOptionError(
      'startsPerMinute',
      'must be more than 0 and at most 1000, or null for no limit',
      { startsPerMinute },
    );
  }
  return new SpacedLimiter(
    spacingFor(startsPerMinute),
    options.clock ?? systemClock(),
    options.ledger ?? new MemoryLedger(),
  );
}

/** One millisecond more than the even share, so that a minute with both ends counted still holds the limit. */
export const spacingFor = (startsPerMinute: number): number => Math.floor(MINUTE_MS / startsPerMinute) + 1;

class SpacedLimiter implements ConversationLimiter {
  readonly #spacingMs: number;
  readonly #clock: Clock;
  readonly #ledger: StartLedger;
  /** Resolves when the callers before have their turn behind them: first come, first served. */
  #turn: Promise<void> = Promise.resolve();

  constructor(spacingMs: number, clock: Clock, ledger: StartLedger) {
    this.#spacingMs = spacingMs;
    this.#clock = clock;
    this.#ledger = ledger;
  }

  async acquire(options: CallOptions = {}): Promise<void> {
    const before = this.#turn;
    const mine = untilSignal(before, options.signal, () => abortedError(options.signal)).then(() =>
      this.#claim(options),
    );
    // An abandoned place must not let the next caller overtake those still in front.
    this.#turn = mine.then(
      () => undefined,
      () => before,
    );
    await mine;
  }

  holdBack(ms: number): void {
    this.#ledger.holdUntil(this.#clock.now().getTime() + ms);
  }

  async #claim(options: CallOptions): Promise<void> {
    for (;;) {
      throwIfAborted(options.signal, WAITING);
      const waitMs = await this.#ledger.claim(() => this.#clock.now().getTime(), this.#spacingMs);
      if (waitMs <= 0) return;
      await pause(this.#clock, waitMs, options, WAITING);
    }
  }
}

/** Remembers the latest start within this process. */
export class MemoryLedger implements StartLedger {
  #latestMs = Number.NEGATIVE_INFINITY;
  #heldUntilMs = Number.NEGATIVE_INFINITY;

  claim(now: () => number, spacingMs: number): Promise<number> {
    const nowMs = now();
    const waitMs = waitBeforeStart(nowMs, spacingMs, this.#latestMs, this.#heldUntilMs);
    if (waitMs <= 0) this.#latestMs = nowMs;
    return Promise.resolve(waitMs);
  }

  holdUntil(atMs: number): void {
    this.#heldUntilMs = Math.max(this.#heldUntilMs, atMs);
  }
}

/** Milliseconds until a start is due. A clock set back makes us wait one spacing anew, never longer. */
export function waitBeforeStart(
  nowMs: number,
  spacingMs: number,
  latestMs: number,
  heldUntilMs: number,
): number {
  return Math.max(0, Math.min(latestMs + spacingMs - nowMs, spacingMs), heldUntilMs - nowMs);
}

/** Without a limit, only a server that asks for a pause is heeded. */
function unlimited(clock: Clock): ConversationLimiter {
  const ledger = new MemoryLedger();
  return new SpacedLimiter(0, clock, ledger);
}

const abortedError = (signal: AbortSignal | undefined): AbortedError =>
  new AbortedError(WAITING, signal?.reason);
