import { changeRecordSchema, type ChangePorts, type ChangeRecord } from '../../apply/index.ts';
import { OptimizerError } from '../../core/index.ts';
import type { Clock, FileStore, Workspace } from '../../ports/index.ts';
import { stringOption, type CliOption, type CliValues } from '../command.ts';

const DEFAULT_JOURNAL = 'genie-optimizer-change.json';

export const JOURNAL_OPTION = {
  journal: {
    type: 'string',
    value: 'file',
    help: 'Record of the change, written before each step',
    default: DEFAULT_JOURNAL,
  },
} as const satisfies Record<string, CliOption>;

/** The journal file that the options name. */
export function journalAt(values: CliValues, files: FileStore) {
  const path = stringOption(values, 'journal') ?? DEFAULT_JOURNAL;
  return {
    path,
    /** `null` when there is no file. @throws {OptimizerError} code `JOURNAL_DAMAGED` */
    async read(): Promise<ChangeRecord | null> {
      const text = await files.read(path);
      if (text === null) return null;
      try {
        return changeRecordSchema.parse(JSON.parse(text));
      } catch (cause) {
        throw new OptimizerError(
          `${path} is no journal of a change. Pass the right file with --journal; nothing was touched.`,
          { code: 'JOURNAL_DAMAGED', details: { path }, cause },
        );
      }
    },
    write: (record: ChangeRecord): Promise<void> => files.write(path, `${JSON.stringify(record, null, 2)}\n`),
  };
}

export const portsOf = (workspace: Workspace, files: FileStore, clock: Clock): ChangePorts => ({
  genie: workspace.genie,
  sql: workspace.sql,
  catalog: workspace.catalog,
  files,
  clock,
});
