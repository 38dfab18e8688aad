import { hostname } from 'node:os';
import * as z from 'zod';
import { OptimizerError } from '../core/index.ts';
import type { Clock, FileStore } from '../ports/index.ts';

/** A holder that has not been heard of for so long is taken for dead. @see spec/session-state.md §8.4 */
export const LOCK_STALE_MS = 15 * 60_000;
/** How often a running holder says that it lives. */
const BEAT_MS = 60_000;

/** Another run works with this session file. */
export class SessionLockedError extends OptimizerError {
  constructor(path: string, holder: { readonly pid: number; readonly host: string; readonly at: string }) {
    super(
      `Session file '${path}' is in use by process ${holder.pid} on ${holder.host}, last heard of at ${holder.at}. Wait for that run, stop it, or name another session file. If it is gone, delete '${lockPath(path)}'.`,
      { code: 'SESSION_LOCKED', details: { path, pid: holder.pid, host: holder.host } },
    );
  }
}

const lockSchema = z.object({
  id: z.string(),
  pid: z.number().int(),
  host: z.string(),
  at: z.iso.datetime(),
});

export interface SessionLock {
  /** Says that the run lives; writes at most once a minute. */
  beat(): Promise<void>;
  /** Gives the session file free, if it is still ours. */
  release(): Promise<void>;
}

/** The process that wants the lock, and how to find out about others on its machine. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  readonly isAlive: (pid: number) => boolean;
}

const lockPath = (sessionFile: string): string => `${sessionFile}.lock`;

/**
 * Claims a session file for one run. A lock left by a killed process is taken over at once on the same
 * machine, else after {@link LOCK_STALE_MS}.
 *
 * @throws {SessionLockedError}
 */
export async function lockSession(
  at: { readonly files: FileStore; readonly clock: Clock; readonly sessionFile: string; readonly id: string },
  owner: LockOwner = thisProcess(),
): Promise<SessionLock> {
  const { files, clock, sessionFile, id } = at;
  const path = lockPath(sessionFile);
  const held = async () => parseLock(await files.read(path));
  const write = () =>
    files.write(
      path,
      `${JSON.stringify({ id, pid: owner.pid, host: owner.host, at: clock.now().toISOString() })}\n`,
    );
  const holder = await held();
  if (holder !== null && isHeld(holder, clock.now(), owner))
    throw new SessionLockedError(sessionFile, holder);
  try {
    await write();
  } catch (error) {
    await files.remove(path);
    throw error;
  }
  // Two processes may have found it free at once: the one that wrote last has it.
  const winner = await held();
  if (winner !== null && winner.id !== id) throw new SessionLockedError(sessionFile, winner);
  let last = clock.now().getTime();
  return {
    async beat() {
      const sinceLast = clock.now().getTime() - last;
      // A clock that was set back must not make the holder look dead.
      if (sinceLast >= 0 && sinceLast < BEAT_MS) return;
      last = clock.now().getTime();
      await write();
    },
    async release() {
      if ((await held())?.id === id) await files.remove(path);
    },
  };
}

type Lock = z.infer<typeof lockSchema>;

function isHeld(holder: Lock, now: Date, owner: LockOwner): boolean {
  if (now.getTime() - Date.parse(holder.at) > LOCK_STALE_MS) return false;
  return holder.host !== owner.host || owner.isAlive(holder.pid);
}

/** A lock that cannot be read protects nothing: its writer was killed while writing. */
function parseLock(text: string | null): Lock | null {
  if (text === null) return null;
  try {
    return lockSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

const thisProcess = (): LockOwner => ({
  pid: process.pid,
  host: hostname(),
  isAlive(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      // Not ours to signal, but there.
      return error instanceof Error && 'code' in error && error.code === 'EPERM';
    }
  },
});
