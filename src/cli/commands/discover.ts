import { EXIT_CODES } from '../../pipeline/index.ts';
import type { CliCommand } from '../command.ts';
import { connectFrom, CONNECT_OPTIONS } from './workspace-options.ts';

export const discoverCommand: CliCommand = {
  name: 'discover',
  summary: 'List the spaces of a workspace',
  description: [
    'Prints the id and title of every space you can see. The id is what other commands want as --space-id.',
    '',
    'Example:',
    '  genie-optimizer discover --profile dev',
  ].join('\n'),
  options: { ...CONNECT_OPTIONS, json: { type: 'boolean', help: 'Print as JSON' } },
  async run(values, io) {
    const workspace = await connectFrom(values);
    const spaces = await workspace.genie.listSpaces({ signal: io.signal });
    io.out(
      values['json'] === true
        ? `${JSON.stringify(spaces, null, 2)}\n`
        : spaces.map((space) => `${space.spaceId}  ${space.title}\n`).join('') ||
            'No space is visible to you.\n',
    );
    return EXIT_CODES.ok;
  },
};
