import { hasCode, isOptimizerError } from '../../core/index.ts';
import { nodeFileStore, systemClock } from '../../clients/index.ts';
import {
  EXIT_CODES,
  exitCodeOf,
  optimize,
  recalledPace,
  type OptimizeOptions,
} from '../../pipeline/index.ts';
import { DEFAULT_SESSION_FILE } from '../../session/index.ts';
import {
  GO_ON,
  grouped,
  stringOption,
  TAKES_BACK,
  type CliCommand,
  type CliIo,
  type CliOption,
  type CliValues,
} from '../command.ts';
import { errorAsJson } from '../explain-error.ts';
import { progressView } from '../progress-view.ts';
import { resultAsJson, summaryTable } from '../summary.ts';
import {
  budgetArguments,
  IMPROVE_OPTIONS,
  improveArguments,
  JUDGING_OPTIONS,
  judgingArguments,
  RETIRED_OPTIONS,
} from './improve-options.ts';
import { CONFIG_OPTION, withConfig } from './config-file.ts';
import { asksBeforeChanges, confirmedBy } from './confirm-changes.ts';
import { howToGoOn } from './go-on.ts';
import { localSession } from './lost-session.ts';
import { REPOSITORY_OPTIONS, repositoryArguments } from './repository-options.ts';
import { RUN_OPTIONS, runArguments, type RunArguments } from './run-options.ts';
import { TRACKING_OPTIONS, trackingArguments } from './tracking-options.ts';
import { TUNING_OPTIONS } from './tuning-options.ts';
import { connectFrom, WORKSPACE_OPTIONS } from './workspace-options.ts';

/** Option of the commands that go on with a run. */
export const RESUME_FROM_RUN = {
  'resume-from-run': {
    type: 'string',
    value: 'run-id|latest',
    help: 'Continue a run whose files are lost, from the session that MLflow holds',
  },
} as const satisfies Record<string, CliOption>;

export const optimizeCommand: CliCommand = {
  name: 'optimize',
  summary: 'Improve a space: measure, change, keep what helps',
  description: [
    'Asks the benchmark questions, finds the metadata to blame for wrong answers, changes the space and keeps',
    'only what helps. Every change can be taken back; the session file is written before each one.',
    '',
    'Needs --space-id, --benchmarks and --domain. What --max-minutes, --judges and others decide is explained in',
    'docs/guides/options.md. See first what would be tried with --dry-run.',
    '',
    'Exit codes: 0 all targets met, 1 failed, 2 wrong usage, 3 finished below target, 4 space not restored,',
    '5 deployment failed.',
    '',
    'Example:',
    '  genie-optimizer optimize --profile dev --space-id 01ef… --benchmarks golden-queries.yaml --domain sales',
  ].join('\n'),
  whenStopped: TAKES_BACK,
  whenQuit: GO_ON,
  options: {
    ...RUN_OPTIONS,
    ...CONFIG_OPTION,
    ...grouped('Workspace', WORKSPACE_OPTIONS),
    ...grouped('What is tried, and how it is proven', IMPROVE_OPTIONS),
    ...grouped('Who judges', JUDGING_OPTIONS),
    ...grouped('MLflow', TRACKING_OPTIONS),
    ...grouped('Repository and deployment', REPOSITORY_OPTIONS),
    ...grouped('Fine tuning', TUNING_OPTIONS),
    'evaluate-only': { type: 'boolean', help: 'Measure and change nothing, as evaluate does' },
    resume: { type: 'boolean', help: 'Continue the run of the session file' },
    ...RESUME_FROM_RUN,
  },
  retired: RETIRED_OPTIONS,
  run: async (given, io) => {
    const values = await withConfig(given, optimizeCommand.options, nodeFileStore());
    return runOptimize(values, io, await runArguments(values));
  },
};

/** What a command or an earlier run says of this one, where no option does. */
export type RunMode = Pick<OptimizeOptions, 'evaluateOnly' | 'dryRun' | 'resume'>;

/** Shared with `evaluate`, which is a run that may change nothing, and with `resume`. */
export async function runOptimize(
  values: CliValues,
  io: CliIo,
  args: RunArguments,
  mode: RunMode = {},
): Promise<number> {
  const evaluateOnly =
    mode.evaluateOnly === true || values['evaluate-only'] === true || values['no-lever-aware'] === true;
  const isJson = values['json'] === true;
  const onlyPlans = values['dry-run'] === true || mode.dryRun === true;
  const view = progressView(isJson ? { ...io, out: io.err, isTerminal: false } : io, { onlyPlans });
  // A question stands on a line of its own.
  const asking: CliIo = {
    ...io,
    confirm:
      io.confirm &&
      ((question) => {
        view.end();
        return io.confirm?.(question) ?? Promise.resolve(false);
      }),
  };
  const improving = { ...improveArguments(values, asking), ...(mode.dryRun === true && { dryRun: true }) };
  const tracking = await trackingArguments(values, io);
  const files = nodeFileStore();
  const resume = mode.resume ?? values['resume'] === true;
  const resumeFromRun = stringOption(values, 'resume-from-run');
  const sessionFile = args.sessionFile ?? DEFAULT_SESSION_FILE;
  const earlier = resume ? await localSession(files, sessionFile, resumeFromRun) : null;
  const workspace = await connectFrom(values, earlier === null ? undefined : recalledPace(earlier));
  const judging = judgingArguments(values, workspace, args.variables);
  const onlyMeasures = evaluateOnly || improving.dryRun === true || improving.maxIterations === 0;
  try {
    const result = await optimize(
      {
        workspace,
        ...args,
        ...improving,
        ...budgetArguments(values, asking, onlyMeasures),
        ...tracking,
        ...judging,
        ...repositoryArguments(values, workspace),
        ...(asksBeforeChanges(values, io, earlier) && { confirmPatchSet: confirmedBy(asking) }),
        evaluateOnly,
        resume,
        resumeFromRun,
        signal: io.signal,
        onEvent: view.onEvent,
      },
      { clock: systemClock(), files },
    );
    view.end();
    io.out(isJson ? resultAsJson(result) : summaryTable(result));
    return exitCodeOf(result.session);
  } catch (error) {
    view.end();
    if (hasCode(error, 'BUDGET')) {
      if (isJson) io.out(errorAsJson(error));
      io.err('Nothing was started.\n');
      return EXIT_CODES.ok;
    }
    if (!io.signal.aborted || !isOptimizerError(error)) throw error;
    if (isJson) io.out(errorAsJson(error));
    io.err(`Stopped. ${await howToGoOn(values, sessionFile, files)}\n`);
    return EXIT_CODES.failed;
  } finally {
    view.end();
  }
}
