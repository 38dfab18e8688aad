import { parseArgs } from 'node:util';
import { nearestName } from '../core/index.ts';
import { UsageError, type CliCommand, type CliOption, type CliValues } from './command.ts';

/**
 * Reads the words after a command's name.
 *
 * @throws {UsageError} that says what is wrong with which word, and what was probably meant
 */
export function parseWords(command: CliCommand, words: readonly string[]): CliValues {
  const options: Readonly<Record<string, CliOption>> = {
    ...command.options,
    help: { type: 'boolean', short: 'h', help: '' },
  };
  const shape = Object.fromEntries(
    Object.entries(options).map(([name, { type, short }]) => [name, { type, ...(short ? { short } : {}) }]),
  );
  try {
    return parseArgs({ args: [...words], options: shape, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    const problem = problemOf(message, options, command, words) ?? message.replace(/\.?$/, '.');
    throw new UsageError(`${problem} See genie-optimizer ${command.name} --help.`);
  }
}

/** The sentence for what Node says of the words; `null` for what it has never said so far. */
function problemOf(
  message: string,
  options: Readonly<Record<string, CliOption>>,
  { retired, name: command }: CliCommand,
  words: readonly string[],
): string | null {
  const empty = /^Option '(?:-\w, )?--([\w-]+)(?: <value>)?' argument (?:missing|is ambiguous)/.exec(message);
  if (empty?.[1] !== undefined)
    return `Option --${empty[1]} needs a value: --${empty[1]} <${options[empty[1]]?.value ?? 'value'}>.`;
  const full = /^Option '(?:-\w, )?--([\w-]+)' does not take an argument/.exec(message);
  if (full?.[1] !== undefined) return `Option --${full[1]} takes no value.`;
  const [, dashes = '', unknown] = /^Unknown option '(--?)([^']+)'/.exec(message) ?? [];
  if (unknown !== undefined) {
    const instead = retired?.[unknown];
    if (instead !== undefined) return `Option --${unknown} ${instead}`;
    // Of '-json' Node sees the '-j' only.
    const single = words.find((word) => dashes === '-' && word.startsWith(`-${unknown}`))?.slice(1);
    const near = meantName(single ?? unknown, Object.keys(options));
    return `There is no option ${dashes}${single ?? unknown}.${near === null ? '' : ` Did you mean --${near}?`}`;
  }
  const stray = /^Unexpected argument '([\s\S]*?)'/.exec(message)?.[1];
  if (stray === undefined) return null;
  const dashed = stray in options ? ` Did you mean --${stray}?` : '';
  return `'${stray}' is no option: '${command}' takes options only, and each value stands after its option.${dashed}`;
}

/** What somebody wanted who typed a beginning, or nearly the name. */
export const meantName = (typed: string, names: readonly string[]): string | null =>
  names.find((name) => typed.length > 1 && name.startsWith(typed)) ?? nearestName(typed, names);
