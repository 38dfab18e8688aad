import { nodeFileStore } from '../../clients/index.ts';
import { counted } from '../../core/index.ts';
import { SCAN_SEVERITIES, scanSpace, type ScanReport, type ScanSeverity } from '../../levers/index.ts';
import { EXIT_CODES } from '../../pipeline/index.ts';
import { choice, stringOption, UsageError, type CliCommand } from '../command.ts';
import { patchSetText } from './patch-set-file.ts';
import { SPACE_OPTIONS, spaceFrom } from './space-source.ts';
import { WAREHOUSE_OPTIONS } from './workspace-options.ts';

export const scanCommand: CliCommand = {
  name: 'scan',
  summary: 'Check a space for well-known problems, without asking Genie',
  description: [
    'Looks for missing descriptions and joins, contradictions between instructions, broken examples, limits',
    'that are near and more. Asks Genie nothing and runs no question. Some findings come with a patch that',
    'mends them: --patches-out writes these to a file for plan and apply.',
    '',
    'Exit codes: 0 nothing at or above --fail-on, 3 something was found.',
    '',
    'Examples:',
    '  genie-optimizer scan --profile dev --space-id 01ef…',
    '  genie-optimizer scan --space-file sales.geniespace.json --fail-on error',
  ].join('\n'),
  options: {
    ...WAREHOUSE_OPTIONS,
    ...SPACE_OPTIONS,
    'fail-on': choice(['error', 'warning', 'info', 'never'], {
      help: 'Least severity that ends with code 3',
      default: 'error',
    }),
    'patches-out': { type: 'string', value: 'file', help: 'Write the ready patches as a patch set' },
    json: { type: 'boolean', help: 'Print the report as JSON' },
  },
  async run(values, io) {
    const failOn = failOnOption(stringOption(values, 'fail-on') ?? 'error');
    const files = nodeFileStore();
    const { space, catalog, name } = await spaceFrom(values, { files, signal: io.signal });
    const report = await scanSpace(space, { catalog });
    const out = stringOption(values, 'patches-out');
    if (out !== undefined) {
      await files.write(out, patchSetText(report.patches));
      io.err(`${counted(report.patches.length, 'patch', 'patches')} written to ${out}.\n`);
    }
    io.out(values['json'] === true ? `${JSON.stringify(report, null, 2)}\n` : textOfReport(report, name));
    const failing = failOn === 'never' ? [] : SCAN_SEVERITIES.slice(0, SCAN_SEVERITIES.indexOf(failOn) + 1);
    return failing.some((severity) => report.counts[severity] > 0) ? EXIT_CODES.notConverged : EXIT_CODES.ok;
  },
};

function failOnOption(value: string): ScanSeverity | 'never' {
  const known = [...SCAN_SEVERITIES, 'never' as const].find((word) => word === value);
  if (known === undefined)
    throw new UsageError(`Option --fail-on must be error, warning, info or never, got '${value}'.`);
  return known;
}

function textOfReport({ findings, counts, patches }: ScanReport, name: string): string {
  const lines = findings.flatMap((finding) => [
    `${finding.severity.toUpperCase().padEnd(8)}${finding.message}`,
    `        ${finding.advice}${finding.patches.length > 0 ? ` Ready: ${finding.patches.map(({ id }) => id).join(', ')}.` : ''}`,
  ]);
  return [
    `Scan of ${name}`,
    '',
    ...(lines.length > 0 ? [...lines, ''] : []),
    `${counted(counts.error, 'error')}, ${counted(counts.warning, 'warning')}, ${counted(counts.info, 'hint')}; ${counted(patches.length, 'ready patch', 'ready patches')}.`,
    '',
  ].join('\n');
}
