import { exitCodeOfError, EXIT_CODES } from '../pipeline/index.ts';
import type { CliCommand, CliIo } from './command.ts';
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
import { errorAsJson, explainError } from './explain-error.ts';
import { commandHelp, overview } from './help.ts';
import { meantName, parseWords } from './parse-words.ts';

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
 * With `--json`, standard output holds one JSON document whatever happens: the result, or the error.
 *
 * @param args - words after the program's name
 * @returns the exit code, see `EXIT_CODES`
 */
export async function runCli(args: readonly string[], io: CliIo, version: string): Promise<number> {
  // `help optimize` is what some people type for `optimize --help`, `--discover` what an earlier tool wanted.
  const [name, ...rest] =
    args[0] === 'help' && args[1] !== undefined && !args[1].startsWith('-')
      ? [args[1], '--help']
      : args.includes('--discover') && (args[0]?.startsWith('-') === true || args[0] === 'optimize')
        ? ['discover', ...args.filter((word, at) => word !== '--discover' && (at > 0 || word !== 'optimize'))]
        : args;
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
    if (command === undefined) throw new UsageError(unknownCommand(name, rest));
    const values = parseWords(command, rest);
    if (values['help'] === true) {
      io.out(commandHelp(command));
      return EXIT_CODES.ok;
    }
    return await command.run(values, io);
  } catch (error) {
    if (args.includes('--json')) io.out(errorAsJson(error));
    io.err(`${explainError(error)}\n`);
    return exitCodeOfError(error);
  }
}

/** What a person who interrupts a command line is told. */
export function stoppingNotice([name]: readonly string[]): string {
  const outcome = COMMANDS.find((command) => command.name === name)?.whenStopped;
  return `Stopping.${outcome === undefined ? '' : ` ${outcome}`} Press again to quit at once.`;
}

/** What a person who interrupts it once more is told; empty where there is nothing to do. */
export function quitNotice([name]: readonly string[]): string {
  const advice = COMMANDS.find((command) => command.name === name)?.whenQuit;
  return advice === undefined ? '' : `\n${advice}\n`;
}

function unknownCommand(name: string, rest: readonly string[]): string {
  const names = COMMANDS.map((command) => command.name);
  const later = rest.find((word) => names.includes(word));
  if (name.startsWith('-') && later !== undefined)
    return `The command comes first, then its options: genie-optimizer ${later} ${[name, ...rest].filter((word) => word !== later).join(' ')}`;
  const near = meantName(name, names);
  return `There is no command '${name}'.${near ? ` Did you mean '${near}'?` : ''} See genie-optimizer --help.`;
}
