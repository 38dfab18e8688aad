import { loadBenchmarks, type BenchmarkSuite } from '../../benchmarks/index.ts';
import { nodeFileStore } from '../../clients/index.ts';
import type { FileStore } from '../../ports/index.ts';
import { readStoredSuite } from '../../pipeline/index.ts';
import { DEFAULT_SESSION_FILE, loadSession, type Session } from '../../session/index.ts';
import {
  grouped,
  stringOption,
  TAKES_BACK,
  UsageError,
  type CliCommand,
  type CliValues,
} from '../command.ts';
import { IMPROVE_OPTIONS, JUDGING_OPTIONS, RETIRED_OPTIONS } from './improve-options.ts';
import { runOptimize } from './optimize.ts';
import { REPOSITORY_OPTIONS } from './repository-options.ts';
import { parseVariables, RUN_OPTIONS } from './run-options.ts';
import { TRACKING_OPTIONS } from './tracking-options.ts';
import { WORKSPACE_OPTIONS } from './workspace-options.ts';

const { 'space-id': _spaceId, domain: _domain, benchmarks, ...OTHER_RUN_OPTIONS } = RUN_OPTIONS;

export const resumeCommand: CliCommand = {
  name: 'resume',
  summary: 'Go on with a run that was stopped or killed',
  description: [
    'Continues the run of the session file: takes back the change that was under way, if any, and goes on with the',
    'next lever. Space, questions, variables, pace and the way changes are proven come from the run itself, unless',
    'given again. Call it in the folder the run was started in; name judges, model and jobs as you did then.',
    '',
    'Example:',
    '  genie-optimizer resume --profile dev',
  ].join('\n'),
  whenStopped: TAKES_BACK,
  options: {
    benchmarks: { ...benchmarks, help: 'Golden queries, for a run that was stopped before it had read them' },
    ...OTHER_RUN_OPTIONS,
    ...grouped('Workspace', WORKSPACE_OPTIONS),
    ...grouped('What is tried, and how it is proven', IMPROVE_OPTIONS),
    ...grouped('Who judges', JUDGING_OPTIONS),
    ...grouped('MLflow', TRACKING_OPTIONS),
    ...grouped('Repository and deployment', REPOSITORY_OPTIONS),
  },
  retired: RETIRED_OPTIONS,
  async run(values, io) {
    const files = nodeFileStore();
    const sessionFile = stringOption(values, 'session-file') ?? DEFAULT_SESSION_FILE;
    const session = await loadSession(files, sessionFile);
    if (session === null)
      throw new UsageError(
        `There is no session file '${sessionFile}'. Name the one of your run with --session-file. If its files are lost and it was tracked in MLflow: optimize --resume-from-run latest.`,
      );
    const suite = await suiteOf(session, values, files);
    const given = parseVariables(stringOption(values, 'variables'));
    return runOptimize(
      values,
      io,
      {
        spaceId: session.space_id,
        benchmarks: suite,
        variables: { ...suite.variables, ...given },
        sessionFile,
        outputDir: stringOption(values, 'output-dir') ?? outputDirOf(session),
      },
      { resume: true },
    );
  },
};

async function suiteOf(session: Session, values: CliValues, files: FileStore): Promise<BenchmarkSuite> {
  const stored = await readStoredSuite(files, session.suite_ref);
  if (stored !== null) return stored;
  const file = stringOption(values, 'benchmarks');
  if (file === undefined)
    throw new UsageError(
      `Run ${session.session_id} was stopped before it had read its questions. Name them with --benchmarks.`,
    );
  return loadBenchmarks(file, { domain: session.domain });
}

/** Where the run keeps its files, from the path of its questions: `<folder>/<session id>/benchmarks.json`. */
const outputDirOf = ({ suite_ref: path, session_id: id }: Session): string | undefined =>
  path?.split(`/${id}/`)[0];
