import { nodeFileStore } from '../../clients/index.ts';
import { EXIT_CODES, recalledTargets } from '../../pipeline/index.ts';
import { readStoredRows, renderReport } from '../../report/index.ts';
import { DEFAULT_SESSION_FILE, loadSession } from '../../session/index.ts';
import { stringOption, UsageError, type CliCommand } from '../command.ts';

export const reportCommand: CliCommand = {
  name: 'report',
  summary: 'Write the report of a run again, from its session',
  description: [
    'Renders the report of a finished, running or broken-off run from its session file and the rows stored beside',
    'it. Asks nothing and touches no space. Call it in the folder the run was started in: the session names its',
    'rows by relative paths, and what is missing is shown as n/a.',
    '',
    'Examples:',
    '  genie-optimizer report',
    '  genie-optimizer report --session-file runs/optimization-progress.json --out report.md',
    '  genie-optimizer report --json',
  ].join('\n'),
  options: {
    'session-file': {
      type: 'string',
      value: 'file',
      help: 'Record of the run',
      default: DEFAULT_SESSION_FILE,
    },
    out: { type: 'string', value: 'file', help: 'Write the report there instead of printing it' },
    json: { type: 'boolean', help: 'The report as JSON' },
  },
  async run(values, io) {
    const files = nodeFileStore();
    const path = stringOption(values, 'session-file') ?? DEFAULT_SESSION_FILE;
    const session = await loadSession(files, path);
    if (session === null) {
      throw new UsageError(
        `There is no session file '${path}'. Name the one of your run with --session-file, or start a run with optimize.`,
      );
    }
    const out = stringOption(values, 'out');
    const facts = {
      session,
      rows: await readStoredRows(session.iterations, (name) => files.read(name)),
      evaluator: session.iterations.at(-1)?.label?.evaluator ?? 'unknown',
      targets: recalledTargets(session),
      path: out ?? session.report_path,
    };
    const text = renderReport(facts, { format: values['json'] === true ? 'json' : 'md' });
    if (out === undefined) io.out(text);
    else {
      await files.write(out, text);
      io.err(`The report of run ${session.session_id} was written to ${out}.\n`);
    }
    return EXIT_CODES.ok;
  },
};
