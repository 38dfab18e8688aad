import { nodeFileStore } from '../../clients/index.ts';
import { EXIT_CODES } from '../../pipeline/index.ts';
import { requiredOption, stringOption, type CliCommand } from '../command.ts';
import { readPatchSet } from './patch-set-file.ts';
import { fileEditsFor, PLANNED_FILE_OPTIONS, planAsJson, textOfFiles } from './plan-files.ts';
import { planFor, textOfPlan } from './plan-view.ts';
import { SPACE_OPTIONS, spaceFrom } from './space-source.ts';
import { WAREHOUSE_OPTIONS } from './workspace-options.ts';

export const planCommand: CliCommand = {
  name: 'plan',
  summary: 'Show exactly what patches would change, and change nothing',
  description: [
    'Checks a patch set against a space and Unity Catalog and prints the difference, the SQL, the slots it',
    'takes and its risk. Patches that conflict or do not fit are named, all at once. With --space-id, the files of',
    'your repository can be named too: their edits are part of the plan.',
    '',
    'Examples:',
    '  genie-optimizer plan --profile dev --space-id 01ef… --patches patches.yaml',
    '  genie-optimizer plan --space-file sales.geniespace.json --patches patches.yaml',
    '  genie-optimizer plan --profile dev --space-id 01ef… --patches patches.yaml --space-file sales.geniespace.json',
  ].join('\n'),
  options: {
    ...WAREHOUSE_OPTIONS,
    ...SPACE_OPTIONS,
    ...PLANNED_FILE_OPTIONS,
    'space-file': {
      type: 'string',
      value: 'file',
      help: "With --space-id: the space's JSON in your repository. Without: read the space from it, unconnected",
    },
    patches: { type: 'string', value: 'file', help: 'Patch set in YAML or JSON' },
    out: { type: 'string', value: 'file', help: 'Write the plan as JSON' },
    json: { type: 'boolean', help: 'Print the plan as JSON' },
  },
  async run(values, io) {
    const files = nodeFileStore();
    const path = requiredOption(values, 'patches', 'a patch set in YAML or JSON (docs/patch-language.md).');
    const patchesFor = await readPatchSet(files, path);
    const isLive = stringOption(values, 'space-id') !== undefined;
    const source = await spaceFrom(isLive ? { ...values, 'space-file': undefined } : values, {
      files,
      signal: io.signal,
    });
    const planned = planFor(source, patchesFor(source));
    const edits = isLive ? await fileEditsFor(values, planned.plan, files) : null;
    const json = `${JSON.stringify(planAsJson(planned.plan, edits), null, 2)}\n`;
    const text = `${textOfPlan(planned, source.name)}${edits === null ? '' : textOfFiles(edits)}`;
    const out = stringOption(values, 'out');
    if (out !== undefined) await files.write(out, json);
    io.out(values['json'] === true ? json : text);
    return EXIT_CODES.ok;
  },
};
