import { undoChange } from '../../apply/index.ts';
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
  options: {
    ...WAREHOUSE_OPTIONS,
    ...JOURNAL_OPTION,
    yes: { type: 'boolean', short: 'y', help: 'Do not ask' },
  },
  async run(values, io) {
    const files = nodeFileStore();
    const journal = journalAt(values, files);
    const record = await journal.read();
    if (record === null)
      throw new UsageError(
        `There is no journal at ${journal.path}. Pass the one of the change with --journal.`,
      );
    if (record.state === 'undone') {
      io.out(`Change ${record.change_id} was taken back already.\n`);
      return EXIT_CODES.ok;
    }
    io.out(
      [
        `Change ${record.change_id} of space ${record.space_id} (${record.state}), ${record.started_at}\n`,
        ...record.files.map(({ path }) => `  ${path}\n`),
      ].join(''),
    );
    if (!(await isConfirmed(values, io, false))) return EXIT_CODES.ok;
    const workspace = await connectFrom(values);
    await undoChange(record, portsOf(workspace, files, systemClock()), { save: journal.write });
    io.out('Everything is as it was before the change.\n');
    return EXIT_CODES.ok;
  },
};
