import { mkdir } from 'node:fs/promises';
import { loadBenchmarks } from '../../benchmarks/index.ts';
import { connect, nodeFileStore, systemClock } from '../../clients/index.ts';
import { isOptimizerError } from '../../core/index.ts';
import { startLocalWorkspace } from '../../local/index.ts';
import { EXIT_CODES, optimize } from '../../pipeline/index.ts';
import { numberOption, stringOption, TAKES_BACK, type CliCommand, type CliValues } from '../command.ts';
import { progressView } from '../progress-view.ts';
import { errorAsJson } from '../explain-error.ts';
import { shellWord } from '../shell-word.ts';
import { resultAsJson, summaryTable } from '../summary.ts';

/** Where the demo keeps everything it writes. */
const DEMO_DIR = 'genie-optimizer-demo';

/** Patch sets the demo may try: more than the default, since asking the simulator costs nothing. */
const DEMO_MAX_ITERATIONS = '12';

export const demoCommand: CliCommand = {
  name: 'demo',
  summary: 'Run a whole optimization on a simulated workspace, offline, in under a minute',
  description: [
    'Starts the embedded workspace with a sample, runs optimize() on it over HTTP and shows what happens.',
    'The answers come from a simulator of Genie, not from Genie: the numbers show how the optimizer works,',
    'not how well it does on your space.',
    '',
    'Examples:',
    '  genie-optimizer demo',
    '  genie-optimizer demo --sample ./my-sample',
    '  genie-optimizer demo --resume                continue a run that was interrupted',
  ].join('\n'),
  whenStopped: TAKES_BACK,
  whenQuit: "'genie-optimizer demo --resume' goes on.",
  options: {
    sample: {
      type: 'string',
      value: 'name|folder',
      help: 'Shipped sample, or a folder of your own',
      default: 'tpch',
    },
    dir: {
      type: 'string',
      value: 'folder',
      help: 'Where to write session, report and workspace state',
      default: DEMO_DIR,
    },
    port: { type: 'string', value: 'number', help: 'Port of the embedded workspace', default: 'a free one' },
    'max-iterations': {
      type: 'string',
      value: 'number',
      help: 'Patch sets that may be tried',
      default: DEMO_MAX_ITERATIONS,
    },
    seed: { type: 'string', value: 'number', help: 'Seed of the simulator', default: '1' },
    variance: {
      type: 'string',
      value: '0..100',
      help: 'How unsteady the simulator answers, percent',
      default: '0',
    },
    resume: { type: 'boolean', help: 'Continue the interrupted run of this folder' },
    json: { type: 'boolean', help: 'Print the result as JSON' },
  },
  async run(values, io) {
    const dir = stringOption(values, 'dir') ?? DEMO_DIR;
    const stateFile = `${dir}/workspace.duckdb`;
    const sessionFile = `${dir}/optimization-progress.json`;
    const maxIterations = numberOption(values, 'max-iterations', [0, 1000]) ?? Number(DEMO_MAX_ITERATIONS);
    const port = numberOption(values, 'port', [0, 65_535]) ?? 0;
    const variance = (numberOption(values, 'variance', [0, 100]) ?? 0) / 100;
    const seed = numberOption(values, 'seed', [0, 1_000_000]) ?? 1;
    await mkdir(dir, { recursive: true });
    if (values['resume'] !== true) {
      await nodeFileStore().remove(stateFile);
      await nodeFileStore().remove(sessionFile);
    }

    const local = await startLocalWorkspace({
      sample: stringOption(values, 'sample') ?? 'tpch',
      port,
      variance,
      seed,
      stateFile,
    });
    const isJson = values['json'] === true;
    const tell = isJson ? io.err : io.out;
    const view = progressView(isJson ? { ...io, out: io.err, isTerminal: false } : io);
    try {
      tell(`Embedded workspace at ${local.host} with sample '${local.sample.name}' (a simulator of Genie)\n`);
      const workspace = await connect({
        host: local.host,
        token: local.token,
        warehouseId: local.warehouseId,
        startsPerMinute: null,
      });
      const benchmarks = await loadBenchmarks(local.sample.benchmarksPath, { domain: local.sample.domain });
      const result = await optimize(
        {
          workspace,
          spaceId: local.spaceId,
          benchmarks,
          variables: local.sample.variables,
          maxIterations,
          propagationMs: 0,
          resume: values['resume'] === true,
          sessionFile,
          outputDir: dir,
          signal: io.signal,
          onEvent: view.onEvent,
        },
        { clock: systemClock(), files: nodeFileStore() },
      );
      view.end();
      io.out(isJson ? resultAsJson(result) : summaryTable(result));
      return EXIT_CODES.ok;
    } catch (error) {
      view.end();
      if (isOptimizerError(error) && io.signal.aborted) {
        if (isJson) io.out(errorAsJson(error));
        io.err(`Stopped. To go on from here:\n  ${sameDemo(values)}\n`);
        return EXIT_CODES.failed;
      }
      throw error;
    } finally {
      await local.close();
    }
  },
};

/** The command that goes on with a demo, with the options it was given. */
const sameDemo = (values: CliValues): string =>
  [
    'genie-optimizer demo --resume',
    ...Object.entries(values).flatMap(([name, value]) =>
      typeof value === 'string' && value !== '' ? [`--${name}`, shellWord(value)] : [],
    ),
  ].join(' ');
