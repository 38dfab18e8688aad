import { redactSecrets } from './redact.ts';

/** Marks errors of this library across two installed copies, where `instanceof` fails. */
const BRAND = Symbol.for('genie-optimizer.error');

export interface OptimizerErrorOptions {
  /** Stable, UPPER_SNAKE identifier of the condition; callers switch on it. */
  readonly code: string;
  /** Whether the same call may succeed when repeated unchanged. Default `false`. */
  readonly retryable?: boolean;
  /** Facts a program can act on. Secrets are redacted when the error is serialised. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * Base of every error thrown by this library.
 *
 * The message says what happened, where, and what to do next.
 */
export class OptimizerError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, options: OptimizerErrorOptions) {
    super(redactSecrets(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? {};
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Serialises without stack and with secrets redacted; safe for logs and session files. */
  toJSON(): { name: string; code: string; message: string; retryable: boolean; details: unknown } {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      retryable: this.retryable,
      details: redactSecrets(this.details),
    };
  }
}

/** Whether `value` is an {@link OptimizerError}, from this or another installed copy of the library. */
export function isOptimizerError(value: unknown): value is OptimizerError {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/** Whether `value` is an {@link OptimizerError} of one condition. */
export const hasCode = (value: unknown, code: string): value is OptimizerError =>
  isOptimizerError(value) && value.code === code;

/** What anything that was thrown says of itself, for a sentence or a log; not redacted. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A value handed to the library breaks a stated bound; the message names the option and the bound. */
export class InvalidOptionError extends OptimizerError {
  constructor(option: string, problem: string, details: Readonly<Record<string, unknown>> = {}) {
    super(`Option '${option}' ${problem}.`, { code: 'INVALID_OPTION', details: { option, ...details } });
  }
}

/** An optional peer dependency is not installed; the message names the install command. */
export class MissingPeerError extends OptimizerError {
  constructor(packageName: string, neededFor: string, cause?: unknown) {
    super(
      `${neededFor} needs the optional package '${packageName}'. Install it with: npm install ${packageName}`,
      {
        code: 'MISSING_PEER',
        details: { packageName, neededFor },
        cause,
      },
    );
  }
}

/** A state the library promised never to reach; always a defect worth reporting. */
export class InvariantError extends OptimizerError {
  constructor(message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(`${message} This is a defect of genie-optimizer: please report it with the details.`, {
      code: 'INVARIANT',
      details,
    });
  }
}

/** The operation was cancelled through its `AbortSignal`. */
export class AbortedError extends OptimizerError {
  constructor(what: string, cause?: unknown) {
    super(`${what} was cancelled.`, { code: 'ABORTED_BY_CALLER', cause });
  }
}

/**
 * Ends what a signal has stopped.
 *
 * @param what - as the subject of a sentence
 * @throws {AbortedError}
 */
export function throwIfAborted(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted === true) throw new AbortedError(what, signal.reason);
}
