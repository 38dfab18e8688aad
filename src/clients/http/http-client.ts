import type * as z from 'zod';
import { AbortedError, type Random } from '../../core/index.ts';
import type { CallOptions, Clock, Logger } from '../../ports/index.ts';
import { type Credentials, NO_CREDENTIALS } from '../auth/credentials.ts';
import { systemClock } from '../system/clock.ts';
import { readErrorBody } from './error-body.ts';
import {
  AuthenticationError,
  NetworkError,
  RateLimitedError,
  RequestError,
  type RequestFacts,
  RequestTimeoutError,
  ResponseFormatError,
} from './errors.ts';
import { normalizeHost } from './host.ts';
import { errorForResponse } from './map-error.ts';
import type { ApiPath } from './path.ts';
import { encodeQuery, type Query } from './query.ts';
import { retryAfterMs } from './retry-after.ts';
import {
  attemptsFor,
  mayRetry,
  RETRY_DEFAULTS,
  retryDelayMs,
  type RetryLimits,
  type RetryMode,
} from './retry-policy.ts';
import { SecretScrubber } from './scrub.ts';
import {
  exchange,
  textOfResponse,
  type TransportFailure,
  type TransportResponse,
  urlOf,
} from './transport.ts';
import { userAgent } from './user-agent.ts';
import { parseWireJson } from './wire-json.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One call to a service; `path` comes from the {@link path} tag. */
export interface HttpCall extends CallOptions {
  readonly method: HttpMethod;
  readonly path: ApiPath;
  /** A text is sent as it is, for pre-signed links. */
  readonly query?: Query | string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is; excludes `json`. */
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: `safe` for GET, PUT and DELETE, `rejected` for PATCH, `rate-limited` for POST. */
  readonly retry?: RetryMode;
  /** Limit of one attempt, body included. */
  readonly timeoutMs?: number;
  /** Runs before every attempt, retries included: waits for a rate slot. */
  readonly beforeAttempt?: (options: CallOptions) => Promise<void>;
  /** Told when the server asks to slow down, so that a shared limiter can hold back other calls too. */
  readonly onRateLimited?: (delayMs: number) => void;
}

export interface HttpClientOptions {
  readonly host: string;
  readonly credentials?: Credentials;
  /** Sent with every call, for workspaces behind a unified host. */
  readonly workspaceId?: string | null;
  /** Default limit of one attempt. */
  readonly timeoutMs?: number;
  readonly retry?: Partial<RetryLimits>;
  readonly random?: Random;
  readonly clock?: Clock;
  readonly logger?: Logger | undefined;
}

/** @see spec/databricks-apis.md §1.10 */
export const HTTP_DEFAULTS = { timeoutMs: 60_000, longestServerMessage: 1_000 } as const;

const DEFAULT_RETRY: Readonly<Record<HttpMethod, RetryMode>> = {
  GET: 'safe',
  PUT: 'safe',
  DELETE: 'safe',
  PATCH: 'rejected',
  POST: 'rate-limited',
};

/**
 * The one place through which requests leave: address, sign-in, time limits, retries, typed errors, redaction.
 *
 * @throws {RequestError} one of its subclasses from every call
 * @throws {AbortedError} when the caller's signal fires
 */
export class HttpClient {
  readonly host: string;
  readonly #credentials: Credentials;
  readonly #options: HttpClientOptions;
  readonly #limits: RetryLimits;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #scrubber = new SecretScrubber();

  constructor(options: HttpClientOptions) {
    this.host = normalizeHost(options.host);
    this.#options = options;
    this.#credentials = options.credentials ?? NO_CREDENTIALS;
    this.#limits = { ...RETRY_DEFAULTS, ...options.retry };
    this.#clock = options.clock ?? systemClock();
    this.#random = options.random ?? Math.random;
  }

  /** Sends a call and checks the JSON of the answer; an empty body counts as `{}`. */
  async request<T>(call: HttpCall & { readonly schema: z.ZodType<T> }): Promise<T> {
    return this.#perform(call, (response) => this.#parse(call, response, call.schema));
  }

  /** Sends a call and hands on the raw body. */
  async requestBytes(call: HttpCall): Promise<Uint8Array<ArrayBuffer>> {
    return this.#perform(call, (response) => response.bytes);
  }

  /** An error about an answer that came whole but cannot be right, with the facts of its call. */
  formatError(call: Pick<HttpCall, 'method' | 'path'>, problem: string): ResponseFormatError {
    return new ResponseFormatError(
      `${call.method} ${call.path} on ${this.host}: ${problem}`,
      this.#facts(call),
      false,
    );
  }

  async #perform<T>(call: HttpCall, read: (response: TransportResponse) => T): Promise<T> {
    const { default: pRetry } = await import('p-retry');
    const mode = call.retry ?? DEFAULT_RETRY[call.method];
    const startedAt = this.#now();
    let usedAuthorization: string | null = null;
    let renewed = false;

    const attempt = async (): Promise<T> => {
      await call.beforeAttempt?.({ signal: call.signal });
      usedAuthorization = await this.#credentials.authorization({ signal: call.signal });
      return read(await this.#exchange(call, usedAuthorization));
    };
    const shouldRetry = async (error: unknown, attemptNumber: number): Promise<boolean> => {
      if (
        error instanceof AuthenticationError &&
        !renewed &&
        usedAuthorization !== null &&
        this.#credentials.invalidate !== undefined
      ) {
        renewed = true;
        this.#credentials.invalidate(usedAuthorization);
        return true;
      }
      if (!mayRetry(error, mode) || attemptNumber >= attemptsFor(error, this.#limits)) return false;
      const delayMs = retryDelayMs(error, attemptNumber, this.#limits, this.#random);
      if (this.#now() + delayMs > startedAt + this.#limits.budgetMs) return false;
      if (error instanceof RateLimitedError) call.onRateLimited?.(delayMs);
      this.#options.logger?.debug(`Sending ${call.method} ${call.path} again in ${delayMs} ms`, {
        attempt: attemptNumber,
        error: error instanceof RequestError ? error.toJSON() : undefined,
      });
      await this.#clock.sleep(delayMs, { signal: call.signal });
      return true;
    };

    try {
      throwIfAborted(call);
      return await pRetry(attempt, {
        retries: Math.max(this.#limits.maxAttempts, this.#limits.maxRateLimitedAttempts),
        // Waiting goes through our clock in `shouldRetry`.
        minTimeout: 0,
        shouldRetry: ({ error, attemptNumber }) => shouldRetry(error, attemptNumber),
      });
    } catch (error) {
      throwIfAborted(call);
      throw error;
    }
  }

  async #exchange(call: HttpCall, authorization: string | null): Promise<TransportResponse> {
    const timeoutMs = call.timeoutMs ?? this.#options.timeoutMs ?? HTTP_DEFAULTS.timeoutMs;
    if (authorization !== null) this.#scrubber.addAuthorization(authorization);
    const workspaceId = this.#options.workspaceId ?? null;
    const result = await exchange({
      method: call.method,
      url: urlOf(
        this.host,
        call.path,
        typeof call.query === 'string' ? call.query : encodeQuery(call.query ?? {}),
      ),
      headers: {
        accept: 'application/json',
        'user-agent': userAgent(this.#credentials.type),
        ...(authorization === null ? {} : { authorization }),
        ...(workspaceId === null ? {} : { 'x-databricks-workspace-id': workspaceId }),
        ...call.headers,
      },
      json: call.json,
      body: call.body,
      timeoutMs,
      signal: call.signal,
    });
    if (!result.ok) throw this.#failure(call, result.failure, timeoutMs);
    const { response } = result;
    if (response.status >= 200 && response.status < 300) return response;
    throw this.#responseError(call, response);
  }

  #failure(call: HttpCall, failure: TransportFailure, timeoutMs: number): RequestError | AbortedError {
    const facts = this.#facts(call);
    if (failure.kind === 'aborted') return abortedError(call);
    if (failure.kind === 'timeout') return new RequestTimeoutError(facts, timeoutMs);
    const reason = [failure.code, this.#scrubber.scrub(failure.message)]
      .filter((part) => part !== null)
      .join(': ');
    return new NetworkError(
      `${call.method} ${call.path} did not reach ${this.host} or broke off (${reason}). Check the host name, the network and the proxy.`,
      facts,
      failure.code,
    );
  }

  #responseError(call: HttpCall, response: TransportResponse): RequestError {
    const body = readErrorBody(textOfResponse(response));
    const message = body.message === '' ? response.statusText : body.message;
    const facts = {
      ...this.#facts(call, response),
      status: response.status,
      errorCode: body.errorCode === null ? null : this.#scrubber.scrub(body.errorCode),
      serverMessage: this.#scrubber.scrub(message).slice(0, HTTP_DEFAULTS.longestServerMessage),
      requestId: body.requestId ?? requestIdOf(response),
      retryAfterMs: body.retryDelayMs ?? retryAfterMs(response.headers, this.#clock.now()),
      violations: body.violations.map((violation) => this.#scrubber.scrub(violation)),
    };
    return errorForResponse(facts, body, this.#credentials);
  }

  #parse<T>(call: HttpCall, response: TransportResponse, schema: z.ZodType<T>): T {
    const text = textOfResponse(response).trim();
    const facts = this.#facts(call, response);
    let json: unknown;
    try {
      json = text === '' ? {} : parseWireJson(text);
    } catch {
      const isPage = text.startsWith('<');
      throw new ResponseFormatError(
        `${call.method} ${call.path} on ${this.host} answered ${isPage ? 'a web page' : 'text that is no JSON'} (${response.status}). ` +
          (isPage
            ? 'Check that the host is a workspace and not a login page or proxy.'
            : 'The answer may have been cut off on the way.'),
        facts,
        !isPage,
      );
    }
    const result = schema.safeParse(json);
    if (result.success) return result.data;
    const problems = result.error.issues
      .slice(0, 5)
      .map((issue) => `${issue.path.join('.') || '(whole answer)'}: ${issue.message}`);
    throw new ResponseFormatError(
      `${call.method} ${call.path} on ${this.host} answered in a form we do not know (${problems.join('; ')}). ` +
        'The API may have changed: look for a newer version of genie-optimizer.',
      facts,
      false,
      { problems },
    );
  }

  #facts(call: Pick<HttpCall, 'method' | 'path'>, response?: TransportResponse): RequestFacts {
    return {
      host: this.host,
      method: call.method,
      path: call.path,
      status: response?.status ?? null,
      errorCode: null,
      serverMessage: '',
      requestId: response === undefined ? null : requestIdOf(response),
      retryAfterMs: null,
      violations: [],
    };
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}

const requestIdOf = (response: TransportResponse): string | null =>
  response.headers.get('x-request-id') ?? response.headers.get('x-databricks-request-id');

const abortedError = (call: HttpCall): AbortedError =>
  new AbortedError(`${call.method} ${call.path}`, call.signal?.reason);

function throwIfAborted(call: HttpCall): void {
  if (call.signal?.aborted === true) throw abortedError(call);
}
