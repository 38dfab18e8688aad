import { nodeFileStore } from '../../clients/index.ts';
import { EXIT_CODES } from '../../pipeline/index.ts';
import { requiredOption, stringOption, type CliCommand } from '../command.ts';
import { readPatchSet } from './patch-set-file.ts';
import { planFor, textOfPlan } from './plan-view.ts';
import { SPACE_OPTIONS, spaceFrom } from './space-source.ts';
import { WORKSPACE_OPTIONS } from './workspace-options.ts';

export const planCommand: CliCommand = {
  name: 'plan',
  summary: 'Show exactly what patches would change, and change nothing',
  description: [
    'Checks a patch set against a space and Unity Catalog and prints the difference, the SQL, the slots it',
    'takes and its risk. Patches that conflict or do not fit are named, all at once.',
    '',
    'Examples:',
    '  genie-optimizer plan --profile dev --space-id 01ef… --patches patches.yaml',
    '  genie-optimizer plan --space-file sales.geniespace.json --patches patches.yaml',
  ].join('\n'),
  options: {
    ...WORKSPACE_OPTIONS,
    ...SPACE_OPTIONS,
    patches: { type: 'string', value: 'file', help: 'Patch set in YAML or JSON' },
    out: { type: 'string', value: 'file', help: 'Write the plan as JSON' },
    json: { type: 'boolean', help: 'Print the plan as JSON' },
  },
  async run(values, io) {
    const files = nodeFileStore();
    const path = requiredOption(values, 'patches', 'a patch set in YAML or JSON (docs/patch-language.md).');
    const patches = await readPatchSet(files, path);
    const source = await spaceFrom(values, { files, signal: io.signal });
    const planned = planFor(source, patches);
    const json = `${JSON.stringify(planned.plan, null, 2)}\n`;
    io.out(values['json'] === true ? json : textOfPlan(planned, source.name));
    const out = stringOption(values, 'out');
    if (out !== undefined) await files.write(out, json);
    return EXIT_CODES.ok;
  },
};
