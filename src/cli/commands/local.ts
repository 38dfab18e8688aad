import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openAiChatModel } from '../../clients/index.ts';
import {
  modelGenie,
  startLocalWorkspace,
  type LocalGenieEngine,
  type LocalWorkspace,
} from '../../local/index.ts';
import { EXIT_CODES } from '../../pipeline/index.ts';
import {
  numberOption,
  requiredOption,
  stringOption,
  type CliCommand,
  UsageError,
  type CliIo,
  type CliValues,
} from '../command.ts';
import { shellWord } from '../shell-word.ts';
import { EVALUATION_JOB, evaluationJob } from './local-evaluation-job.ts';
import { RECORDING_OPTIONS, serveRecording } from './local-recording.ts';

export const localCommand: CliCommand = {
  name: 'local',
  summary: 'Serve the simulated workspace, for humans and other tools',
  description: [
    'Serves a sample over the REST surface of a Databricks workspace, on the loopback interface, until interrupted.',
    'The answers come from a simulator of Genie, or with --genie-url from a language model of yours;',
    'its key, if it needs one, is read from GENIE_MODEL_API_KEY.',
    '',
    `The job '${EVALUATION_JOB}' measures a space of it in a process of its own.`,
    '',
    'With --record it stands in front of a real workspace instead and writes down what is asked and answered,',
    'without secrets; with --replay it serves such a recording.',
    '',
    'Examples:',
    '  genie-optimizer local --sample tpch --port 8080',
    '  genie-optimizer local --record ./recording --profile dev',
    '  genie-optimizer local --replay ./recording',
    '  genie-optimizer local --genie-url http://127.0.0.1:11434/v1 --genie-model qwen3',
  ].join('\n'),
  options: {
    sample: {
      type: 'string',
      value: 'name|folder',
      help: 'Shipped sample, or a folder of your own',
      default: 'tpch',
    },
    port: { type: 'string', value: 'number', help: 'Port to listen on', default: '8080' },
    variance: {
      type: 'string',
      value: '0..100',
      help: 'How unsteady the simulator answers, percent',
      default: '0',
    },
    'genie-url': {
      type: 'string',
      value: 'url',
      help: 'Endpoint that speaks the OpenAI protocol, to answer in place of the simulator',
    },
    'genie-model': { type: 'string', value: 'name', help: 'Model at --genie-url' },
    'state-file': {
      type: 'string',
      value: 'file',
      help: 'Keep spaces, catalog changes and MLflow in this file',
    },
    hostname: {
      type: 'string',
      value: 'address',
      help: 'Interface to listen on; 0.0.0.0 lets other machines reach it',
      default: '127.0.0.1',
    },
    ...RECORDING_OPTIONS,
    json: { type: 'boolean', help: 'Print where and what it serves as JSON; for --sample' },
  },
  async run(values, io) {
    if (await serveRecording(values, io)) return EXIT_CODES.ok;
    const hostname = stringOption(values, 'hostname');
    const stateFile = stringOption(values, 'state-file');
    const genie = modelOf(values, io);
    const local = await startLocalWorkspace({
      sample: stringOption(values, 'sample') ?? 'tpch',
      port: numberOption(values, 'port', [0, 65_535]) ?? 8080,
      variance: (numberOption(values, 'variance', [0, 100]) ?? 0) / 100,
      ...(genie === undefined ? {} : { genie }),
      ...(stateFile === undefined ? {} : { stateFile }),
      ...(hostname === undefined ? {} : { hostname }),
    });
    const folder = await mkdtemp(join(tmpdir(), 'genie-optimizer-local-'));
    local.addJob(evaluationJob(local, [process.execPath, process.argv[1] ?? ''], folder));
    io.out(
      values['json'] === true
        ? servedAsJson(local)
        : [
            `Workspace:  ${local.host}  (sample '${local.sample.name}', ${genie === undefined ? 'a simulator of Genie' : 'a language model as Genie'})`,
            `Space:      ${local.spaceId}`,
            `Warehouse:  ${local.warehouseId}`,
            '',
            'In another shell:',
            `  export DATABRICKS_HOST=${local.host} DATABRICKS_TOKEN=${local.token}`,
            `  ${evaluateCommandLine(local)}`,
            '',
            `'genie-optimizer optimize' takes the same options and improves the space; 'genie-optimizer discover' lists all spaces.`,
            'Press Ctrl-C to stop.',
            '',
          ].join('\n'),
    );
    await new Promise<void>((stop) => {
      if (io.signal.aborted) stop();
      io.signal.addEventListener('abort', () => stop(), { once: true });
    });
    await local.close();
    await rm(folder, { recursive: true, force: true });
    return EXIT_CODES.ok;
  },
};

/** Measures the served space, ready to be pasted into a shell. */
const evaluateCommandLine = ({ sample, spaceId, warehouseId }: LocalWorkspace): string => {
  const variables = Object.entries(sample.variables).map(([name, value]) => `${name}=${value}`);
  return [
    'genie-optimizer',
    'evaluate',
    '--warehouse-id',
    warehouseId,
    '--space-id',
    spaceId,
    '--benchmarks',
    resolve(sample.benchmarksPath),
    '--domain',
    sample.domain,
    ...(variables.length === 0 ? [] : ['--variables', variables.join(',')]),
    '--starts-per-minute',
    '1000',
  ]
    .map(shellWord)
    .join(' ');
};

function modelOf(values: CliValues, io: CliIo): LocalGenieEngine | undefined {
  if (values['genie-url'] === undefined && values['genie-model'] === undefined) return undefined;
  const baseUrl = requiredOption(values, 'genie-url', 'it says where the model of --genie-model answers.');
  const model = requiredOption(values, 'genie-model', 'it names the model at --genie-url.');
  if (!URL.canParse(baseUrl)) throw new UsageError(`Option --genie-url is no address: ${baseUrl}`);
  const apiKey = io.env['GENIE_MODEL_API_KEY'];
  return modelGenie({
    chatModel: openAiChatModel({ baseUrl, model, ...(apiKey === undefined ? {} : { apiKey }) }),
  });
}

/** All that a script needs to use the served workspace. */
const servedAsJson = ({ host, token, spaceId, warehouseId, sample }: LocalWorkspace): string =>
  `${JSON.stringify(
    {
      host,
      token,
      space_id: spaceId,
      warehouse_id: warehouseId,
      sample: sample.name,
      benchmarks: resolve(sample.benchmarksPath),
      domain: sample.domain,
      variables: sample.variables,
    },
    null,
    2,
  )}\n`;
