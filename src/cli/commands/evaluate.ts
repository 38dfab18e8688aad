import { EVAL_SCOPES, questionsInScope, type BenchmarkSuite } from '../../benchmarks/index.ts';
import { nodeFileStore } from '../../clients/index.ts';
import {
  choice,
  GO_ON,
  grouped,
  UsageError,
  wordOption,
  type CliCommand,
  type CliValues,
} from '../command.ts';
import { CONFIG_OPTION, withConfig } from './config-file.ts';
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
  whenQuit: GO_ON,
  options: {
    ...RUN_OPTIONS,
    ...CONFIG_OPTION,
    scope: choice(EVAL_SCOPES, {
      help: 'Which questions, as an evaluation job is told; full and slice ask all but the held-out ones',
      default: 'full',
    }),
    ...grouped('Workspace', WORKSPACE_OPTIONS),
    ...grouped('Who judges', JUDGING_OPTIONS),
    ...grouped('MLflow', TRACKING_OPTIONS),
  },
  run: async (given, io) => {
    const values = await withConfig(given, evaluateCommand.options, nodeFileStore());
    const args = await runArguments(values);
    const benchmarks = inScope(args.benchmarks, values);
    return runOptimize(values, io, { ...args, benchmarks }, { evaluateOnly: true });
  },
};

/**
 * The questions of `--scope` as a suite of their own, in which none is held out.
 *
 * What a slice is cut by only the caller of a job knows: it gets every row, and takes those it wants.
 */
function inScope(suite: BenchmarkSuite, values: CliValues): BenchmarkSuite {
  const scope = wordOption(values, 'scope', EVAL_SCOPES) ?? 'full';
  if (scope === 'full' || scope === 'slice') return suite;
  const questions = questionsInScope(suite, scope);
  if (questions.length === 0)
    throw new UsageError(`No question of the domain '${suite.domain}' is in --scope ${scope}.`);
  return { ...suite, questions: questions.map((question) => ({ ...question, split: 'train' as const })) };
}
