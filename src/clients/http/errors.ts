import { OptimizerError } from '../../core/index.ts';

/** What a failed request knows about itself. Holds no header and no query string, so no credential. */
export interface RequestFacts {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  /** HTTP status; `null` when no response arrived. */
  readonly status: number | null;
  /** Code of the service (`RESOURCE_DOES_NOT_EXIST`, …); `null` when it sent none. */
  readonly errorCode: string | null;
  /** Message of the service, shortened and without secrets; empty when it sent none. */
  readonly serverMessage: string;
  /** Id to quote to the vendor's support; `null` when the server sent none. */
  readonly requestId: string | null;
  /** How long the server asked us to wait, in milliseconds. */
  readonly retryAfterMs: number | null;
  /** Further `details` entries of the body (field violations, quota subjects), as they came. */
  readonly violations: readonly string[];
}

interface RequestErrorOptions {
  readonly code: string;
  readonly retryable?: boolean;
  readonly facts: RequestFacts;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Base of everything that can go wrong between sending a request and holding a checked answer. */
export class RequestError extends OptimizerError {
  readonly facts: RequestFacts;

  constructor(message: string, { code, retryable = false, facts, details = {} }: RequestErrorOptions) {
    super(message, { code, retryable, details: { ...facts, ...details } });
    // Already part of `details`; listed twice, an inspected error becomes unreadable.
    Object.defineProperty(this, 'facts', { value: facts, enumerable: false });
    this.facts = facts;
  }
}

type ErrorExtras = Readonly<Record<string, unknown>>;

/** The server refuses the request as it stands (400 and other 4xx); repeating it will not help. */
export class BadRequestError extends RequestError {
  constructor(message: string, facts: RequestFacts, code = 'BAD_REQUEST', details: ErrorExtras = {}) {
    super(message, { code, facts, details });
  }
}

/** The credentials are missing, wrong or expired (401, or 403 for an invalid access token). */
export class AuthenticationError extends RequestError {
  constructor(message: string, facts: RequestFacts) {
    super(message, { code: 'AUTHENTICATION_FAILED', facts });
  }
}

/** The caller is known but may not do this (403). */
export class PermissionDeniedError extends RequestError {
  constructor(message: string, facts: RequestFacts, details: ErrorExtras = {}) {
    super(message, { code: 'PERMISSION_DENIED', facts, details });
  }
}

/** The addressed object does not exist or is hidden from the caller (404). */
export class NotFoundError extends RequestError {
  constructor(message: string, facts: RequestFacts, code = 'NOT_FOUND', details: ErrorExtras = {}) {
    super(message, { code, facts, details });
  }
}

/** No space has this id, or the caller cannot see it. */
export class SpaceNotFoundError extends NotFoundError {
  constructor(spaceId: string, facts: RequestFacts) {
    super(
      `No space ${spaceId} on ${facts.host}. Check the id (the 32 characters after /genie/rooms/ in the address bar), ` +
        'that the host is the right workspace, and that the space was shared with you.',
      facts,
      'SPACE_NOT_FOUND',
      { spaceId },
    );
  }
}

/** The object exists already or was changed by somebody else (409). */
export class ConflictError extends RequestError {
  constructor(message: string, facts: RequestFacts, code = 'CONFLICT', details: ErrorExtras = {}) {
    super(message, { code, facts, details });
  }
}

/** A space changed between our read and our write; nothing was written. */
export class SpaceConflictError extends ConflictError {
  constructor(spaceId: string, facts: RequestFacts) {
    super(
      `Space ${spaceId} was changed by somebody else since it was read, so nothing was written. ` +
        'Read it again, apply the change to the new content, and write with the new etag.',
      facts,
      'SPACE_CONFLICT',
      { spaceId },
    );
  }
}

/** The service refuses the content of a space; deterministic, so repeating does not help. */
export class SpaceRejectedError extends BadRequestError {
  constructor(spaceId: string, facts: RequestFacts) {
    super(
      `The service refused the new content of space ${spaceId}, and nothing was written: ${facts.serverMessage}`,
      facts,
      'SPACE_REJECTED',
      { spaceId },
    );
  }
}

/** Too many requests (429), still so after the retries allowed. */
export class RateLimitedError extends RequestError {
  constructor(message: string, facts: RequestFacts) {
    super(message, { code: 'RATE_LIMITED', retryable: true, facts });
  }
}

/** The server failed (5xx). */
export class ServerError extends RequestError {
  constructor(message: string, facts: RequestFacts) {
    super(message, { code: 'SERVER_ERROR', retryable: facts.status !== 501, facts });
  }
}

/** The connection failed or broke before a whole answer arrived. */
export class NetworkError extends RequestError {
  /** @param networkCode - system code such as `ECONNREFUSED`; `null` when the runtime gave none */
  constructor(message: string, facts: RequestFacts, networkCode: string | null) {
    // A name that does not resolve is a wrong host far more often than a passing failure.
    super(message, {
      code: 'NETWORK_ERROR',
      retryable: networkCode !== 'ENOTFOUND',
      facts,
      details: { networkCode },
    });
  }
}

/** One attempt took longer than its time limit. */
export class RequestTimeoutError extends RequestError {
  constructor(facts: RequestFacts, timeoutMs: number) {
    super(
      `${facts.method} ${facts.path} on ${facts.host} gave no answer within ${timeoutMs} ms. ` +
        'Check the connection, or pass a larger timeoutMs.',
      { code: 'REQUEST_TIMEOUT', retryable: true, facts, details: { timeoutMs } },
    );
  }
}

/** The answer is not what the API promises: not JSON, HTML, a wrong shape, or pages that repeat. */
export class ResponseFormatError extends RequestError {
  /** @param unreadable - the body was no JSON at all, which may pass; a wrong shape will not */
  constructor(message: string, facts: RequestFacts, unreadable: boolean, details: ErrorExtras = {}) {
    super(message, { code: 'RESPONSE_FORMAT', retryable: unreadable, facts, details });
  }
}
