import type { Session } from '../../src/session/index.ts';
import { memoryFileStore, type MemoryFileStore, type MemoryWorkspace } from '../../src/testing/index.ts';
import { mortalProcess } from './mortal-process.ts';
import { withChanged } from './with-changed.ts';

/** A run in a process that dies: its files, and the workspace it works in. */
export interface MortalRun {
  readonly files: MemoryFileStore;
  readonly wrap: (workspace: MemoryWorkspace) => MemoryWorkspace;
  /** The files as the next process finds them. */
  readonly survivors: () => MemoryFileStore;
}

/**
 * A run that dies right after a write to its files, or right after a write to a space, whose answer is lost then.
 *
 * @param afterUpdate - told the id of the space
 */
export function mortalRun(
  after: (writes: number, text: string) => boolean,
  afterUpdate: (spaceId: string) => boolean = () => false,
): MortalRun {
  const { mortal, files, dies } = mortalProcess(memoryFileStore(), { after });
  const wrap = (workspace: MemoryWorkspace): MemoryWorkspace => {
    const genie = mortal(workspace.genie);
    const updateSpace: typeof genie.updateSpace = async (...args) => {
      const answer = await genie.updateSpace(...args);
      return afterUpdate(args[0]) ? dies() : answer;
    };
    return {
      ...workspace,
      genie: withChanged(genie, 'updateSpace', updateSpace),
      sql: mortal(workspace.sql),
    };
  };
  return { files, wrap, survivors: () => memoryFileStore(Object.fromEntries(files.texts)) };
}

/** Whether a text that was written is a session at some moment. */
export const isSession =
  (moment: (session: Session) => boolean) =>
  (_writes: number, text: string): boolean =>
    text.includes('"session_id"') &&
    text.includes('"iterations_used"') &&
    moment(JSON.parse(text) as Session);
