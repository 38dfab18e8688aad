import { OptimizerError } from '../core/index.ts';

/** Where a command reads and writes; the real process, or a test's. */
export interface CliIo {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Standard output is a terminal: live view instead of plain lines. */
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Asks a person a yes-or-no question; missing where nobody can answer (no terminal). */
  readonly confirm?: ((question: string) => Promise<boolean>) | null | undefined;
}

/** Description of one option, for parsing and for `--help`. */
export interface CliOption {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** Placeholder of the value in `--help`. */
  readonly value?: string;
  readonly help: string;
  readonly default?: string;
}

export type CliValues = Readonly<Record<string, string | boolean | undefined>>;

/** A command answers for itself: its words, its options, its work. */
export interface CliCommand {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** A paragraph and examples for `--help`. */
  readonly description: string;
  readonly options: Readonly<Record<string, CliOption>>;
  /** Options of earlier tools, with what to do instead: the end of a sentence about the option. */
  readonly retired?: Readonly<Record<string, string>> | undefined;
  /** @returns the exit code */
  run(values: CliValues, io: CliIo): Promise<number>;
}

/** The command was called wrongly; the message says how to call it. */
export class UsageError extends OptimizerError {
  constructor(message: string) {
    super(message, { code: 'USAGE' });
  }
}

export function stringOption(values: CliValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** @throws {UsageError} when the option is missing */
export function requiredOption(values: CliValues, name: string, why: string): string {
  const value = stringOption(values, name);
  if (value === undefined) throw new UsageError(`Option --${name} is required: ${why}`);
  return value;
}

/** @throws {UsageError} when the value is not a whole number within the bounds */
export function numberOption(
  values: CliValues,
  name: string,
  bounds: readonly [low: number, high: number],
): number | undefined {
  const text = stringOption(values, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < bounds[0] || value > bounds[1]) {
    throw new UsageError(
      `Option --${name} must be a whole number from ${bounds[0]} to ${bounds[1]}, got '${text}'.`,
    );
  }
  return value;
}

/** @throws {UsageError} when the value is not a number within the bounds */
export function decimalOption(
  values: CliValues,
  name: string,
  bounds: readonly [low: number, high: number],
): number | undefined {
  const text = stringOption(values, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < bounds[0] || value > bounds[1]) {
    throw new UsageError(
      `Option --${name} must be a number from ${bounds[0]} to ${bounds[1]}, got '${text}'.`,
    );
  }
  return value;
}
