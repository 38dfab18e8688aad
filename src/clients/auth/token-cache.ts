import type { CallOptions, Clock } from '../../ports/index.ts';
import { untilSignal } from '../until-signal.ts';

export interface Token {
  readonly value: string;
  /** When it ends; `null` when unknown. */
  readonly expiresAt: number | null;
}

/** A token is renewed this long before its end, or in its last fifth when it lives shorter. */
const RENEW_BEFORE_MS = 300_000;

/**
 * Keeps a token until shortly before it expires. However many callers wait, one request is made.
 *
 * When renewing fails while the old token still holds, the old one is used.
 */
export class TokenCache {
  readonly #fetchToken: (options: CallOptions) => Promise<Token>;
  readonly #clock: Clock;
  #current: { readonly token: Token; readonly renewAt: number } | null = null;
  #pending: Promise<Token> | null = null;

  constructor(fetchToken: (options: CallOptions) => Promise<Token>, clock: Clock) {
    this.#fetchToken = fetchToken;
    this.#clock = clock;
  }

  async get(options: CallOptions = {}): Promise<string> {
    const now = this.#clock.now().getTime();
    if (this.#current !== null && now < this.#current.renewAt) return this.#current.token.value;
    // Shared by all who wait, so no single caller's signal may end it.
    this.#pending ??= this.#renew();
    // The HTTP layer turns the bare reason into its own error.
    const token = await untilSignal(this.#pending, options.signal, () => options.signal?.reason);
    return token.value;
  }

  /** Forgets a token that was refused, unless it has been replaced meanwhile. */
  invalidate(value: string): void {
    if (this.#current?.token.value === value) this.#current = null;
  }

  async #renew(): Promise<Token> {
    try {
      const token = await this.#fetchToken({});
      const now = this.#clock.now().getTime();
      const { expiresAt } = token;
      const renewAt =
        expiresAt === null
          ? Number.POSITIVE_INFINITY
          : expiresAt - Math.min(RENEW_BEFORE_MS, (expiresAt - now) / 5);
      this.#current = { token, renewAt };
      return token;
    } catch (error) {
      const old = this.#current?.token;
      if (old !== undefined && old.expiresAt !== null && this.#clock.now().getTime() < old.expiresAt)
        return old;
      throw error;
    } finally {
      this.#pending = null;
    }
  }
}
