import { applyChangeSet, isUnfinished, type RepoEdits } from '../../apply/index.ts';
import { nodeFileStore, systemClock } from '../../clients/index.ts';
import type { PatchPlan } from '../../patch-dsl/index.ts';
import { EXIT_CODES } from '../../pipeline/index.ts';
import { requiredOption, TAKES_BACK, UsageError, type CliCommand } from '../command.ts';
import { JOURNAL_OPTION, journalAt, portsOf } from './change-journal.ts';
import { isConfirmed } from './confirm.ts';
import { readPatchSet } from './patch-set-file.ts';
import { fileEditsFor, PLANNED_FILE_OPTIONS, planAsJson, textOfFiles } from './plan-files.ts';
import { isHighRisk, planFor, textOfPlan } from './plan-view.ts';
import { spaceFrom } from './space-source.ts';
import { WAREHOUSE_OPTIONS } from './workspace-options.ts';

export const applyCommand: CliCommand = {
  name: 'apply',
  summary: 'Apply patches to a space, whole or not at all',
  description: [
    'Shows the plan, asks, and applies it: statements of Unity Catalog, then the space, then the files of your',
    'repository that the options name, each read back. When',
    "anything fails, everything is taken back. The journal is written before each step: after a kill, 'rollback'",
    'puts the world back. An edit that somebody else makes meanwhile is merged, or nothing is written.',
    '',
    'Examples:',
    '  genie-optimizer apply --profile dev --space-id 01ef… --patches patches.yaml --dry-run',
    '  genie-optimizer apply --profile dev --space-id 01ef… --patches patches.yaml --yes',
    '  genie-optimizer apply --profile dev --space-id 01ef… --patches patches.yaml --space-file sales.geniespace.json',
  ].join('\n'),
  whenStopped: TAKES_BACK,
  whenQuit: "'genie-optimizer rollback' takes back what was begun.",
  options: {
    ...WAREHOUSE_OPTIONS,
    'space-id': { type: 'string', value: 'id', help: 'The space (32 hex characters of its URL)' },
    patches: { type: 'string', value: 'file', help: 'Patch set in YAML or JSON' },
    ...PLANNED_FILE_OPTIONS,
    ...JOURNAL_OPTION,
    'dry-run': { type: 'boolean', help: 'Show the plan and stop' },
    yes: { type: 'boolean', short: 'y', help: 'Do not ask' },
    'allow-high-risk': { type: 'boolean', help: 'Apply high-risk patches too without asking' },
    json: { type: 'boolean', help: 'Print the journal entry as JSON, or the plan when nothing is applied' },
  },
  async run(values, io) {
    const files = nodeFileStore();
    requiredOption(values, 'space-id', "the id in the space's URL; 'genie-optimizer discover' lists them.");
    const path = requiredOption(values, 'patches', 'a patch set in YAML or JSON (docs/patch-language.md).');
    const patchesFor = await readPatchSet(files, path);
    const journal = journalAt(values, files);
    const earlier = await journal.read();
    if (earlier !== null && isUnfinished(earlier))
      throw new UsageError(
        `${journal.path} holds a change that was interrupted. Take it back first: genie-optimizer rollback --journal ${journal.path}`,
      );
    const source = await spaceFrom({ ...values, 'space-file': undefined }, { files, signal: io.signal });
    const planned = planFor(source, patchesFor(source));
    const edits = await fileEditsFor(values, planned.plan, files);
    const text = `${textOfPlan(planned, source.name)}${edits === null ? '' : textOfFiles(edits)}`;
    (values['json'] === true ? io.err : io.out)(text);
    const { workspace } = source;
    const leave = (reason: string, sentence = ''): number => {
      io.out(values['json'] === true ? notApplied(reason, planned.plan, edits) : sentence);
      return EXIT_CODES.ok;
    };
    if (planned.plan.patches.length === 0 || workspace === null) return leave('nothing_to_change');
    if (values['dry-run'] === true) return leave('dry_run');
    if (!(await isConfirmed(values, io, isHighRisk(planned.plan))))
      return leave('not_confirmed', 'Nothing was changed.\n');
    const clock = systemClock();
    const { record } = await applyChangeSet(
      {
        change_id: `change_${planned.plan.after_hash.slice(0, 12)}`,
        spaceId: requiredOption(values, 'space-id', ''),
        from: source,
        plan: planned.plan,
        files: edits?.files,
      },
      portsOf(workspace, files, clock),
      { save: journal.write, signal: io.signal },
    );
    io.out(
      values['json'] === true
        ? `${JSON.stringify(record, null, 2)}\n`
        : `Applied and verified${record.merged ? ', together with an edit made meanwhile' : ''}. Take it back with: genie-optimizer rollback --journal ${journal.path}\n`,
    );
    return EXIT_CODES.ok;
  },
};

/** What `--json` prints when there is no journal entry to print. */
const notApplied = (reason: string, plan: PatchPlan, edits: RepoEdits | null): string =>
  `${JSON.stringify({ state: 'not_applied', reason, plan: planAsJson(plan, edits) }, null, 2)}\n`;
