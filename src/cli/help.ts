import type { CliCommand, CliOption } from './command.ts';

/** Overview of all commands. */
export function overview(commands: readonly CliCommand[], version: string): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const lines = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return [
    `genie-optimizer ${version}: makes a Databricks Genie Space answer better`,
    '',
    'It asks your space questions whose right answers you know, finds the metadata to blame for wrong ones, changes',
    'it, and keeps only what is shown to help. Everything it changes can be taken back.',
    '',
    'Usage: genie-optimizer <command> [options]',
    '',
    'Start here:',
    '  genie-optimizer demo        a whole run on a simulated workspace: needs no Databricks and no network',
    '  genie-optimizer evaluate    measure your space; changes nothing',
    '  genie-optimizer optimize    improve it',
    '',
    'Commands:',
    ...lines,
    '',
    'Examples:',
    '  genie-optimizer demo',
    '  genie-optimizer evaluate --profile dev --space-id 01ef… --benchmarks golden-queries.yaml --domain sales',
    '',
    "'genie-optimizer <command> --help' explains a command. Exit codes: 0 done, 1 failed, 2 called wrongly,",
    '3 finished below target, 4 a change could not be taken back, 5 deployment failed.',
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

/** Explanations are broken so that no line is longer. */
const WIDEST_LINE = 118;

function row(text: string, { help, default: standard }: CliOption, width: number): string {
  const explained = `${help}${standard ? ` (default: ${standard})` : ''}`;
  const indent = ' '.repeat(width + 4);
  const lines = wrapped(explained, WIDEST_LINE - indent.length);
  return text.length > width
    ? `  ${text}\n${indent}${lines.join(`\n${indent}`)}`
    : `  ${text.padEnd(width)}  ${lines.join(`\n${indent}`)}`;
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

const HELP: CliOption = { type: 'boolean', short: 'h', help: 'Show this text' };

const flag = (name: string, option: CliOption): string =>
  `${option.short ? `-${option.short}, ` : '    '}--${name}${option.type === 'string' ? ` <${option.value ?? 'value'}>` : ''}`;
