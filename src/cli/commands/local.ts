import { startLocalWorkspace } from '../../local/index.ts';
import { EXIT_CODES } from '../../pipeline/index.ts';
import { numberOption, stringOption, type CliCommand } from '../command.ts';

export const localCommand: CliCommand = {
  name: 'local',
  summary: 'Serve the simulated workspace, for humans and other tools',
  description: [
    'Serves a sample over the REST surface of a Databricks workspace, on the loopback interface, until interrupted.',
    'The answers come from a simulator of Genie.',
    '',
    'Example:',
    '  genie-optimizer local --sample tpch --port 8080',
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
    'state-file': { type: 'string', value: 'file', help: 'Keep changes of the spaces in this file' },
  },
  async run(values, io) {
    const stateFile = stringOption(values, 'state-file');
    const local = await startLocalWorkspace({
      sample: stringOption(values, 'sample') ?? 'tpch',
      port: numberOption(values, 'port', [0, 65_535]) ?? 8080,
      variance: (numberOption(values, 'variance', [0, 100]) ?? 0) / 100,
      ...(stateFile === undefined ? {} : { stateFile }),
    });
    io.out(
      [
        `Workspace:  ${local.host}  (sample '${local.sample.name}', a simulator of Genie)`,
        `Space:      ${local.spaceId}`,
        `Warehouse:  ${local.warehouseId}`,
        '',
        'In another shell:',
        `  export DATABRICKS_HOST=${local.host} DATABRICKS_TOKEN=${local.token}`,
        '  genie-optimizer discover',
        '',
        'Press Ctrl-C to stop.',
        '',
      ].join('\n'),
    );
    await new Promise<void>((resolve) => {
      if (io.signal.aborted) resolve();
      io.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await local.close();
    return EXIT_CODES.ok;
  },
};
