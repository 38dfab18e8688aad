import { OptimizerError } from '../core/index.ts';

/** Where a command reads and writes; the real process, or a test's. */
export interface CliIo {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Standard output is a terminal: live view instead of plain lines. */
  readonly isTerminal: boolean;
  /** Width of the terminal now; it may change meanwhile. */
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
  /** The words the value must be one of, for shells to complete. */
  readonly choices?: readonly string[];
  /** Heading in `--help`; without it the option comes first. */
  readonly group?: string;
}

/** Puts options under a heading of `--help`. */
export const grouped = <T extends Readonly<Record<string, CliOption>>>(group: string, options: T): T =>
  Object.fromEntries(Object.entries(options).map(([name, option]) => [name, { ...option, group }])) as T;

/** An option whose value is one of some words. */
export const choice = <const T extends string>(
  choices: readonly T[],
  rest: { readonly help: string; readonly default?: string },
): CliOption & { readonly type: 'string'; readonly default: string; readonly choices: readonly T[] } => ({
  type: 'string',
  value: choices.join('|'),
  choices,
  default: '',
  ...rest,
});

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
  /** What becomes of its work when it is interrupted, as a sentence; without it the command just ends. */
  readonly whenStopped?: string | undefined;
  /** What to do after it was quit at once, as a sentence. */
  readonly whenQuit?: string | undefined;
  /** @returns the exit code */
  run(values: CliValues, io: CliIo): Promise<number>;
}

/** `whenStopped` of commands that change a space step by step. */
export const TAKES_BACK = 'A change that is under way is taken back.';

/** `whenQuit` of commands that go on with a run. */
export const GO_ON = "The session file has all that was done: 'genie-optimizer resume' goes on from there.";

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

/** An option without a value: `true` when it is given, else nothing is said. */
export const flagOption = (values: CliValues, name: string): true | undefined =>
  values[name] === true ? true : undefined;

/**
 * Reads several options that must all be given.
 *
 * @param wanted - names, with what each is for
 * @throws {UsageError} naming every one that is missing
 */
export function requiredOptions<K extends string>(
  values: CliValues,
  wanted: Readonly<Record<K, string>>,
): Readonly<Record<K, string>> {
  const entries = Object.entries<string>(wanted);
  const missing = entries.filter(([name]) => stringOption(values, name) === undefined);
  const [first] = missing;
  if (missing.length === 1 && first !== undefined)
    throw new UsageError(`Option --${first[0]} is required: ${first[1]}`);
  if (missing.length > 1)
    throw new UsageError(
      ['These options are required:', ...missing.map(([name, why]) => `  --${name}: ${why}`)].join('\n'),
    );
  return Object.fromEntries(entries.map(([name]) => [name, stringOption(values, name) ?? ''])) as Record<
    K,
    string
  >;
}

/** @throws {UsageError} when the option is missing */
export function requiredOption(values: CliValues, name: string, why: string): string {
  const value = stringOption(values, name);
  if (value === undefined) throw new UsageError(`Option --${name} is required: ${why}`);
  return value;
}

/**
 * Reads an option that takes one of some words.
 *
 * @throws {UsageError} naming the words
 */
export function wordOption<T extends string>(
  values: CliValues,
  name: string,
  words: readonly T[],
): T | undefined {
  const value = stringOption(values, name);
  if (value === undefined) return undefined;
  const known = words.find((word) => word === value);
  if (known === undefined)
    throw new UsageError(`Option --${name} must be ${words.join(', ')}, got '${value}'.`);
  return known;
}

type Bounds = readonly [low: number, high: number];

/** @throws {UsageError} when the value is not a whole number within the bounds */
export const numberOption = (values: CliValues, name: string, bounds: Bounds): number | undefined =>
  boundedOption(values, name, bounds, { isValid: Number.isInteger, what: 'a whole number' });

/** @throws {UsageError} when the value is not a number within the bounds */
export const decimalOption = (values: CliValues, name: string, bounds: Bounds): number | undefined =>
  boundedOption(values, name, bounds, { isValid: Number.isFinite, what: 'a number' });

function boundedOption(
  values: CliValues,
  name: string,
  [low, high]: Bounds,
  { isValid, what }: { readonly isValid: (value: number) => boolean; readonly what: string },
): number | undefined {
  const text = stringOption(values, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!isValid(value) || value < low || value > high)
    throw new UsageError(`Option --${name} must be ${what} from ${low} to ${high}, got '${text}'.`);
  return value;
}
