import { loadBenchmarks, type BenchmarkSuite } from '../../benchmarks/index.ts';
import { nodeFileStore } from '../../clients/index.ts';
import type { FileStore } from '../../ports/index.ts';
import { readStoredSuite, recalledMode } from '../../pipeline/index.ts';
import { DEFAULT_SESSION_FILE, type Session } from '../../session/index.ts';
import {
  GO_ON,
  grouped,
  stringOption,
  TAKES_BACK,
  UsageError,
  type CliCommand,
  type CliIo,
  type CliOption,
  type CliValues,
} from '../command.ts';
import { CONFIG_OPTION, withConfig } from './config-file.ts';
import { IMPROVE_OPTIONS, JUDGING_OPTIONS, RETIRED_OPTIONS } from './improve-options.ts';
import { findLostRun, localSession, type LostRun } from './lost-session.ts';
import { RESUME_FROM_RUN, runOptimize } from './optimize.ts';
import { pairsOption } from './pairs-option.ts';
import { REPOSITORY_OPTIONS } from './repository-options.ts';
import { RUN_OPTIONS } from './run-options.ts';
import { TRACKING_OPTIONS, trackingArguments } from './tracking-options.ts';
import { TUNING_OPTIONS } from './tuning-options.ts';
import { connectFrom, WORKSPACE_OPTIONS } from './workspace-options.ts';

const { 'space-id': _spaceId, domain, benchmarks, ...OTHER_RUN_OPTIONS } = RUN_OPTIONS;

/** Options whose usual value is the one the run began with, not that of a new run. */
const fromTheRun = (options: Readonly<Record<string, CliOption>>): Readonly<Record<string, CliOption>> =>
  Object.fromEntries(Object.entries(options).map(([name, option]) => [name, { ...option, default: '' }]));

export const resumeCommand: CliCommand = {
  name: 'resume',
  summary: 'Go on with a run that was stopped or killed',
  description: [
    'Continues the run of the session file: takes back the change that was under way, if any, and goes on with the',
    'next lever. Space, questions, variables, pace and the way changes are proven come from the run itself, unless',
    'given again. A run that only measured goes on measuring. Call it in the folder the run was started in; name',
    'judges, model and jobs as you did then.',
    '',
    'Examples:',
    '  genie-optimizer resume --profile dev',
    '  genie-optimizer resume --profile dev --resume-from-run latest --domain sales    its files are lost',
  ].join('\n'),
  whenStopped: TAKES_BACK,
  whenQuit: GO_ON,
  options: {
    benchmarks: { ...benchmarks, help: 'Golden queries, for a run that was stopped before it had read them' },
    ...OTHER_RUN_OPTIONS,
    'output-dir': { ...OTHER_RUN_OPTIONS['output-dir'], default: 'as in the run' },
    ...RESUME_FROM_RUN,
    domain: { ...domain, help: 'With --resume-from-run latest: names the experiment, as the run did' },
    ...CONFIG_OPTION,
    ...grouped('Workspace', fromTheRun(WORKSPACE_OPTIONS)),
    ...grouped('What is tried, and how it is proven', fromTheRun(IMPROVE_OPTIONS)),
    ...grouped('Who judges', JUDGING_OPTIONS),
    ...grouped('MLflow', TRACKING_OPTIONS),
    ...grouped('Repository and deployment', REPOSITORY_OPTIONS),
    ...grouped('Fine tuning', fromTheRun(TUNING_OPTIONS)),
  },
  retired: RETIRED_OPTIONS,
  async run(words, io) {
    const files = nodeFileStore();
    const values = await withConfig(words, resumeCommand.options, files);
    const sessionFile = stringOption(values, 'session-file') ?? DEFAULT_SESSION_FILE;
    const from = stringOption(values, 'resume-from-run');
    const found = await localSession(files, sessionFile, from);
    const lost = found === null && from !== undefined ? await lostRun(from, values, io) : null;
    const session = found ?? lost?.session;
    if (session === undefined)
      throw new UsageError(
        `There is no session file '${sessionFile}'. Name the one of your run with --session-file. If its files are lost and it was tracked in MLflow: --resume-from-run latest.`,
      );
    const suite = lost?.suite ?? (await suiteOf(session, values, files));
    const given = pairsOption(values, 'variables');
    return runOptimize(
      lost === null ? values : { ...values, 'resume-from-run': lost.runId },
      io,
      {
        spaceId: session.space_id,
        benchmarks: suite,
        variables: { ...suite.variables, ...given },
        sessionFile,
        outputDir: stringOption(values, 'output-dir') ?? outputDirOf(session),
      },
      { resume: true, ...recalledMode(session) },
    );
  },
};

async function lostRun(from: string, values: CliValues, io: CliIo): Promise<LostRun> {
  const workspace = await connectFrom(values);
  const { mlflow = workspace.tracking } = await trackingArguments(values, io);
  return findLostRun(from, values, mlflow, { signal: io.signal });
}

async function suiteOf(session: Session, values: CliValues, files: FileStore): Promise<BenchmarkSuite> {
  const file = stringOption(values, 'benchmarks');
  const isLost = session.suite_ref !== null && (await files.read(session.suite_ref)) === null;
  // A run of MLflow names its questions by a path that this machine may never have had.
  const stored = isLost && file !== undefined ? null : await readStoredSuite(files, session.suite_ref);
  if (stored !== null) return stored;
  if (file === undefined)
    throw new UsageError(
      `Run ${session.session_id} was stopped before it had read its questions. Name them with --benchmarks.`,
    );
  return loadBenchmarks(file, { domain: session.domain });
}

/** Where the run keeps its files, from the path of its questions: `<folder>/<session id>/benchmarks.json`. */
const outputDirOf = ({ suite_ref: path, session_id: id }: Session): string | undefined =>
  path?.split(`/${id}/`)[0];
