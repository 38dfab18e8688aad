import type { CliCommand, CliOption } from './command.ts';

/** Overview of all commands. */
export function overview(commands: readonly CliCommand[], version: string): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const lines = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return [
    `genie-optimizer ${version}: makes a Databricks Genie Space answer better`,
    '',
    'Usage: genie-optimizer <command> [options]',
    '',
    'Commands:',
    ...lines,
    '',
    "Start with 'genie-optimizer demo': a whole run on a simulated workspace, offline, in under a minute.",
    "'genie-optimizer <command> --help' explains a command.",
    '',
  ].join('\n');
}

/** Help of one command. */
export function commandHelp(command: CliCommand): string {
  const rows = Object.entries({ ...command.options, help: HELP }).map(
    ([name, option]) => [flag(name, option), option] as const,
  );
  const width = Math.max(...rows.map(([text]) => text.length));
  return [
    `Usage: genie-optimizer ${command.name} [options]`,
    '',
    command.description,
    '',
    'Options:',
    ...rows.map(
      ([text, option]) =>
        `  ${text.padEnd(width)}  ${option.help}${option.default ? ` (default: ${option.default})` : ''}`,
    ),
    '',
  ].join('\n');
}

const HELP: CliOption = { type: 'boolean', short: 'h', help: 'Show this text' };

const flag = (name: string, option: CliOption): string =>
  `${option.short ? `-${option.short}, ` : '    '}--${name}${option.type === 'string' ? ` <${option.value ?? 'value'}>` : ''}`;
