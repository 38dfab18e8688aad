import type { CliCommand } from '../command.ts';
import { runOptimize } from './optimize.ts';
import { JUDGING_OPTIONS } from './improve-options.ts';
import { RUN_OPTIONS, runArguments } from './run-options.ts';
import { TRACKING_OPTIONS } from './tracking-options.ts';
import { WORKSPACE_OPTIONS } from './workspace-options.ts';

export const evaluateCommand: CliCommand = {
  name: 'evaluate',
  summary: 'Measure a space and change nothing',
  description: [
    'Asks the benchmark questions once and reports what is right, what is wrong and why. The space is not touched.',
    '',
    'Example:',
    '  genie-optimizer evaluate --profile dev --space-id 01ef… --benchmarks golden-queries.yaml --domain sales',
  ].join('\n'),
  options: { ...WORKSPACE_OPTIONS, ...RUN_OPTIONS, ...TRACKING_OPTIONS, ...JUDGING_OPTIONS },
  run: async (values, io) => runOptimize(values, io, await runArguments(values), { evaluateOnly: true }),
};
