import { undoChange, type ChangeRecord } from '../../apply/index.ts';
import { nodeFileStore, systemClock } from '../../clients/index.ts';
import { EXIT_CODES } from '../../pipeline/index.ts';
import { UsageError, type CliCommand } from '../command.ts';
import { JOURNAL_OPTION, journalAt, portsOf } from './change-journal.ts';
import { isConfirmed } from './confirm.ts';
import { connectFrom, WAREHOUSE_OPTIONS } from './workspace-options.ts';

export const rollbackCommand: CliCommand = {
  name: 'rollback',
  summary: 'Take an applied or interrupted change back',
  description: [
    'Restores space, Unity Catalog and files to what the journal holds, last effect first. Edits that somebody',
    'else made since to other places stay. Safe to repeat. Call it in the folder that `apply` was called in: the',
    'journal names files as that call did.',
    '',
    'Exit code 4: something could not be put back; the message names it.',
    '',
    'Example:',
    '  genie-optimizer rollback --profile dev --journal genie-optimizer-change.json',
  ].join('\n'),
  whenStopped: 'What is being put back is put back to its end first.',
  whenQuit: "Call 'genie-optimizer rollback' again: it is safe to repeat.",
  options: {
    ...WAREHOUSE_OPTIONS,
    ...JOURNAL_OPTION,
    'dry-run': { type: 'boolean', help: 'Show the change that would be taken back, and stop' },
    yes: { type: 'boolean', short: 'y', help: 'Do not ask' },
    json: { type: 'boolean', help: 'Print the journal entry as JSON, as it is at the end' },
  },
  async run(values, io) {
    const files = nodeFileStore();
    const journal = journalAt(values, files);
    const record = await journal.read();
    if (record === null)
      throw new UsageError(
        `There is no journal at ${journal.path}. Pass the one of the change with --journal.`,
      );
    const end = (last: ChangeRecord, sentence: string): number => {
      io.out(values['json'] === true ? `${JSON.stringify(last, null, 2)}\n` : sentence);
      return EXIT_CODES.ok;
    };
    if (record.state === 'undone') return end(record, `Change ${record.change_id} was taken back already.\n`);
    (values['json'] === true ? io.err : io.out)(
      [
        `Change ${record.change_id} of space ${record.space_id} (${record.state}), ${record.started_at}\n`,
        ...record.files.map(({ path }) => `  ${path}\n`),
      ].join(''),
    );
    if (values['dry-run'] === true) return end(record, '');
    if (!(await isConfirmed(values, io, false, 'Take this change back?')))
      return end(record, 'Nothing was changed.\n');
    const workspace = await connectFrom(values);
    const undone = await undoChange(record, portsOf(workspace, files, systemClock()), {
      save: journal.write,
    });
    return end(undone, 'Everything is as it was before the change.\n');
  },
};
