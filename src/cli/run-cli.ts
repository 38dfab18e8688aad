import { parseArgs } from 'node:util';
import { isOptimizerError, nearestName } from '../core/index.ts';
import { exitCodeOfError, EXIT_CODES } from '../pipeline/index.ts';
import type { CliCommand, CliIo, CliOption, CliValues } from './command.ts';
import { UsageError } from './command.ts';
import { applyCommand } from './commands/apply.ts';
import { completionCommand } from './commands/completion.ts';
import { discoverCommand } from './commands/discover.ts';
import { demoCommand } from './commands/demo.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { localCommand } from './commands/local.ts';
import { optimizeCommand } from './commands/optimize.ts';
import { planCommand } from './commands/plan.ts';
import { reportCommand } from './commands/report.ts';
import { resumeCommand } from './commands/resume.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { scanCommand } from './commands/scan.ts';
import { commandHelp, overview } from './help.ts';

export const COMMANDS: readonly CliCommand[] = [
  demoCommand,
  optimizeCommand,
  resumeCommand,
  evaluateCommand,
  scanCommand,
  planCommand,
  applyCommand,
  rollbackCommand,
  reportCommand,
  discoverCommand,
  localCommand,
  completionCommand(() => COMMANDS),
];

/**
 * Runs one command line; never throws.
 *
 * @param args - words after the program's name
 * @returns the exit code, see `EXIT_CODES`
 */
export async function runCli(args: readonly string[], io: CliIo, version: string): Promise<number> {
  // `help optimize` is what some people type for `optimize --help`.
  const [name, ...rest] = args[0] === 'help' && args[1] !== undefined ? [args[1], '--help'] : args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    io.out(overview(COMMANDS, version));
    return name === undefined ? EXIT_CODES.usage : EXIT_CODES.ok;
  }
  if (name === '--version' || name === '-v') {
    io.out(`${version}\n`);
    return EXIT_CODES.ok;
  }
  try {
    const command = COMMANDS.find((candidate) => candidate.name === name);
    if (command === undefined) throw new UsageError(unknownCommand(name));
    const values = parse(command, rest);
    if (values['help'] === true) {
      io.out(commandHelp(command));
      return EXIT_CODES.ok;
    }
    return await command.run(values, io);
  } catch (error) {
    io.err(`${explain(error)}\n`);
    return exitCodeOfError(error);
  }
}

/** What a person who interrupts a command line is told. */
export function stoppingNotice([name]: readonly string[]): string {
  const outcome = COMMANDS.find((command) => command.name === name)?.whenStopped;
  return `Stopping.${outcome === undefined ? '' : ` ${outcome}`} Press again to quit at once.`;
}

function unknownCommand(name: string): string {
  const near = nearestName(
    name,
    COMMANDS.map((command) => command.name),
  );
  return `There is no command '${name}'.${near ? ` Did you mean '${near}'?` : ''} See genie-optimizer --help.`;
}

function parse(command: CliCommand, args: readonly string[]): CliValues {
  const options: Readonly<Record<string, CliOption>> = {
    ...command.options,
    help: { type: 'boolean', short: 'h', help: '' },
  };
  const shape = Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      { type: option.type, ...(option.short ? { short: option.short } : {}) },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options: shape, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    const empty = /^Option '(?:-\w, )?--([\w-]+)(?: <value>)?' argument (?:missing|is ambiguous)/.exec(
      message,
    )?.[1];
    if (empty !== undefined)
      throw new UsageError(
        `Option --${empty} needs a value: --${empty} <${options[empty]?.value ?? 'value'}>. See genie-optimizer ${command.name} --help.`,
      );
    const unknown = /'--?([\w-]+)/.exec(message)?.[1];
    const retired = unknown === undefined ? undefined : command.retired?.[unknown];
    if (retired !== undefined) throw new UsageError(`Option --${unknown} ${retired}`);
    const near =
      unknown === undefined || unknown in options ? null : nearestName(unknown, Object.keys(options));
    throw new UsageError(
      `${message}${near ? ` Did you mean --${near}?` : ''} See genie-optimizer ${command.name} --help.`,
    );
  }
}

/** The message of an error with its code; the causes of unexpected ones too. */
function explain(error: unknown): string {
  if (isOptimizerError(error)) return `Error [${error.code}]: ${error.message}`;
  return `Unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
