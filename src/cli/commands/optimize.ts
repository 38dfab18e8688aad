import { hasCode, isOptimizerError } from '../../core/index.ts';
import { nodeFileStore, systemClock } from '../../clients/index.ts';
import {
  EXIT_CODES,
  exitCodeOf,
  optimize,
  recalledPace,
  type OptimizeOptions,
  type OptimizeResult,
} from '../../pipeline/index.ts';
import { DEFAULT_SESSION_FILE, loadSession } from '../../session/index.ts';
import {
  grouped,
  stringOption,
  TAKES_BACK,
  type CliCommand,
  type CliIo,
  type CliValues,
} from '../command.ts';
import { progressView } from '../progress-view.ts';
import { summaryTable } from '../summary.ts';
import {
  budgetArguments,
  IMPROVE_OPTIONS,
  improveArguments,
  JUDGING_OPTIONS,
  judgingArguments,
  RETIRED_OPTIONS,
} from './improve-options.ts';
import { REPOSITORY_OPTIONS, repositoryArguments } from './repository-options.ts';
import { RUN_OPTIONS, runArguments, type RunArguments } from './run-options.ts';
import { TRACKING_OPTIONS, trackingArguments } from './tracking-options.ts';
import { connectFrom, WORKSPACE_OPTIONS } from './workspace-options.ts';

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
  options: {
    ...RUN_OPTIONS,
    ...grouped('Workspace', WORKSPACE_OPTIONS),
    ...grouped('What is tried, and how it is proven', IMPROVE_OPTIONS),
    ...grouped('Who judges', JUDGING_OPTIONS),
    ...grouped('MLflow', TRACKING_OPTIONS),
    ...grouped('Repository and deployment', REPOSITORY_OPTIONS),
    'evaluate-only': { type: 'boolean', help: 'Measure and change nothing, as evaluate does' },
    resume: { type: 'boolean', help: 'Continue the run of the session file' },
    'resume-from-run': {
      type: 'string',
      value: 'run-id|latest',
      help: 'Continue a run whose files are lost, from the session that MLflow holds',
    },
  },
  retired: RETIRED_OPTIONS,
  run: async (values, io) => runOptimize(values, io, await runArguments(values)),
};

/** Shared with `evaluate`, which is a run that may change nothing, and with `resume`. */
export async function runOptimize(
  values: CliValues,
  io: CliIo,
  args: RunArguments,
  mode: Pick<OptimizeOptions, 'evaluateOnly' | 'resume'> = {},
): Promise<number> {
  const evaluateOnly = mode.evaluateOnly ?? values['evaluate-only'] === true;
  const improving = improveArguments(values, io);
  const tracking = await trackingArguments(values, io);
  const files = nodeFileStore();
  const resume = mode.resume ?? values['resume'] === true;
  const earlier = resume ? await loadSession(files, args.sessionFile ?? DEFAULT_SESSION_FILE) : null;
  const workspace = await connectFrom(values, earlier === null ? undefined : recalledPace(earlier));
  const judging = judgingArguments(values, workspace, args.variables);
  const onlyMeasures = evaluateOnly || improving.dryRun === true || improving.maxIterations === 0;
  const view = progressView(values['json'] === true ? { ...io, out: io.err, isTerminal: false } : io, {
    onlyPlans: improving.dryRun === true,
  });
  try {
    const result = await optimize(
      {
        workspace,
        ...args,
        ...improving,
        ...budgetArguments(values, io, onlyMeasures),
        ...tracking,
        ...judging,
        ...repositoryArguments(values, workspace),
        evaluateOnly,
        resume,
        resumeFromRun: stringOption(values, 'resume-from-run'),
        signal: io.signal,
        onEvent: view.onEvent,
      },
      { clock: systemClock(), files },
    );
    view.end();
    io.out(values['json'] === true ? `${JSON.stringify(jsonOf(result), null, 2)}\n` : summaryTable(result));
    return exitCodeOf(result.session);
  } catch (error) {
    view.end();
    if (hasCode(error, 'BUDGET')) {
      io.err('Nothing was started.\n');
      return EXIT_CODES.ok;
    }
    if (!io.signal.aborted || !isOptimizerError(error)) throw error;
    const session = args.sessionFile === undefined ? '' : ` --session-file ${args.sessionFile}`;
    io.err(`Stopped. 'genie-optimizer resume${session}' goes on from here.\n`);
    return EXIT_CODES.failed;
  } finally {
    view.end();
  }
}

/** With `run_id`, the MLflow run of the last evaluation: what `--job-mode` reads when this command is the job. */
function jsonOf({ space: _space, ...result }: OptimizeResult) {
  const { iterations, tracking } = result.session;
  const last = iterations.at(-1)?.iteration;
  return { run_id: tracking?.evaluation_runs[String(last)] ?? null, ...result };
}
