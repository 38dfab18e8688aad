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
  const rows = Object.entries<CliOption>({ ...command.options, help: HELP }).map(
    ([name, option]) => [flag(name, option), option] as const,
  );
  const width = Math.min(WIDEST_FLAG, Math.max(...rows.map(([text]) => text.length)));
  const named = rows.flatMap(([, { group }]) => (group === undefined ? [] : [group]));
  const groups = [undefined, ...new Set(named)];
  return [
    `Usage: genie-optimizer ${command.name} [options]`,
    '',
    command.description,
    ...groups.flatMap((group) => [
      '',
      `${group ?? 'Options'}:`,
      ...rows
        .filter(([, option]) => option.group === group)
        .map(([text, option]) => row(text, option, width)),
    ]),
    '',
  ].join('\n');
}

/** Longer flags have their explanation on the next line. */
const WIDEST_FLAG = 34;

const row = (text: string, { help, default: standard }: CliOption, width: number): string => {
  const explained = `${help}${standard ? ` (default: ${standard})` : ''}`;
  return text.length > width
    ? `  ${text}\n  ${' '.repeat(width)}  ${explained}`
    : `  ${text.padEnd(width)}  ${explained}`;
};

const HELP: CliOption = { type: 'boolean', short: 'h', help: 'Show this text' };

const flag = (name: string, option: CliOption): string =>
  `${option.short ? `-${option.short}, ` : '    '}--${name}${option.type === 'string' ? ` <${option.value ?? 'value'}>` : ''}`;
