import { grouped, type CliCommand } from '../command.ts';
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
    'Needs --space-id, --benchmarks and --domain. Exit code 0 however many answers are right, 1 when it failed.',
    '',
    'Example:',
    '  genie-optimizer evaluate --profile dev --space-id 01ef… --benchmarks golden-queries.yaml --domain sales',
  ].join('\n'),
  options: {
    ...RUN_OPTIONS,
    ...grouped('Workspace', WORKSPACE_OPTIONS),
    ...grouped('Who judges', JUDGING_OPTIONS),
    ...grouped('MLflow', TRACKING_OPTIONS),
  },
  run: async (values, io) => runOptimize(values, io, await runArguments(values), { evaluateOnly: true }),
};
