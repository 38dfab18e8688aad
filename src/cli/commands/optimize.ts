import { nodeFileStore, systemClock } from '../../clients/index.ts';
import { exitCodeOf, optimize, type OptimizeOptions, type OptimizeResult } from '../../pipeline/index.ts';
import { numberOption, type CliCommand, type CliIo, type CliValues } from '../command.ts';
import { progressView } from '../progress-view.ts';
import { summaryTable } from '../summary.ts';
import { RUN_OPTIONS, runArguments } from './run-options.ts';
import { connectFrom, WORKSPACE_OPTIONS } from './workspace-options.ts';

export const optimizeCommand: CliCommand = {
  name: 'optimize',
  summary: 'Improve a space: measure, change, keep what helps',
  description: [
    'Asks the benchmark questions, finds the metadata to blame for wrong answers, changes the space and keeps',
    'only what helps. Every change can be taken back; the session file is written before each one.',
    '',
    'Exit codes: 0 all targets met, 1 failed, 2 wrong usage, 3 finished below target, 4 space not restored.',
    '',
    'Example:',
    '  genie-optimizer optimize --profile dev --space-id 01ef… --benchmarks golden-queries.yaml --domain sales',
  ].join('\n'),
  options: {
    ...WORKSPACE_OPTIONS,
    ...RUN_OPTIONS,
    'max-iterations': { type: 'string', value: 'number', help: 'Patch sets that may be tried', default: '5' },
    resume: { type: 'boolean', help: 'Continue the run of the session file' },
  },
  run: (values, io) =>
    runOptimize(values, io, { maxIterations: numberOption(values, 'max-iterations', [0, 1000]) }),
};

/** Shared with `evaluate`, which is a run that may change nothing. */
export async function runOptimize(
  values: CliValues,
  io: CliIo,
  mode: Pick<OptimizeOptions, 'maxIterations' | 'evaluateOnly'>,
): Promise<number> {
  const args = await runArguments(values);
  const workspace = await connectFrom(values);
  const view = progressView(values['json'] === true ? { ...io, out: io.err, isTerminal: false } : io);
  try {
    const result = await optimize(
      {
        workspace,
        ...args,
        ...mode,
        resume: values['resume'] === true,
        signal: io.signal,
        onEvent: view.onEvent,
      },
      { clock: systemClock(), files: nodeFileStore() },
    );
    view.end();
    io.out(values['json'] === true ? `${JSON.stringify(jsonOf(result), null, 2)}\n` : summaryTable(result));
    return exitCodeOf(result);
  } finally {
    view.end();
  }
}

const jsonOf = ({ space: _space, ...result }: OptimizeResult) => result;
