import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { sha256 } from '../../core/index.ts';
import { FileAccessError } from '../system/file-store.ts';
import { type StartLedger, waitBeforeStart } from './conversation-limiter.ts';

const stateSchema = z.object({ latestMs: z.number(), heldUntilMs: z.number() });

type State = z.infer<typeof stateSchema>;

/** How long to wait while another process holds the lock. */
const LOCK_WAIT_MS = 10;

/**
 * A lock is held for a few milliseconds; one that we meet this often, five seconds long, was left by a process that
 * died. Counted and not timed: clocks differ between machines, and jump when a machine wakes up.
 */
const ABANDONED_AFTER_LOOKS = 500;

/**
 * Remembers the latest start in a file, so that processes on one machine share the limit of one workspace.
 *
 * Two small files per host lie in the folder: the moment of the latest start, and a lock that exists while it is
 * being read and written. A process that dies with the lock holds up the others for five seconds.
 */
export class SharedLedger implements StartLedger {
  readonly #folder: string;
  readonly #stateFile: string;
  readonly #lockFile: string;
  #heldUntilMs = 0;
  #seenLock: { readonly owner: string; readonly looks: number } | null = null;

  constructor(folder: string, host: string) {
    const name = `genie-optimizer-${sha256(host).slice(0, 16)}`;
    this.#folder = folder;
    this.#stateFile = join(folder, `${name}.json`);
    this.#lockFile = join(folder, `${name}.lock`);
  }

  async claim(now: () => number, spacingMs: number): Promise<number> {
    try {
      const owner = await this.#lock();
      if (owner === null) return LOCK_WAIT_MS;
      try {
        return await this.#claimLocked(now, spacingMs);
      } finally {
        // Taken for dead while we slept, we no longer own the lock that lies there.
        if ((await ownerOf(this.#lockFile)) === owner) await rm(this.#lockFile, { force: true });
      }
    } catch (error) {
      throw new FileAccessError('write', this.#stateFile, error);
    }
  }

  /** Written down for the others with the next claim, which follows at once: the refused call is repeated. */
  holdUntil(atMs: number): void {
    this.#heldUntilMs = Math.max(this.#heldUntilMs, atMs);
  }

  async #claimLocked(now: () => number, spacingMs: number): Promise<number> {
    const state = await this.#read();
    const nowMs = now();
    const heldUntilMs = Math.max(state.heldUntilMs, this.#heldUntilMs);
    const waitMs = waitBeforeStart(nowMs, spacingMs, state.latestMs, heldUntilMs);
    const next: State = { latestMs: waitMs <= 0 ? nowMs : state.latestMs, heldUntilMs };
    if (next.latestMs !== state.latestMs || next.heldUntilMs !== state.heldUntilMs) await this.#write(next);
    return waitMs;
  }

  /** Unreadable content counts as no start at all: the file is ours, and a wrong wait would be worse. */
  async #read(): Promise<State> {
    const none: State = { latestMs: 0, heldUntilMs: 0 };
    try {
      return stateSchema.parse(JSON.parse(await readFile(this.#stateFile, 'utf8')));
    } catch (error) {
      if (error instanceof z.ZodError || error instanceof SyntaxError || hasCode(error, 'ENOENT'))
        return none;
      throw error;
    }
  }

  /** Whole or not at all, so that a kill cannot make the others forget the latest start. */
  async #write(state: State): Promise<void> {
    const temporary = `${this.#stateFile}.${randomUUID()}.tmp`;
    const file = await open(temporary, 'wx');
    await file.writeFile(JSON.stringify(state));
    await file.close();
    await rename(temporary, this.#stateFile);
  }

  /** Takes the lock and returns its mark; `null` while another process holds it. */
  async #lock(): Promise<string | null> {
    const owner = randomUUID();
    await mkdir(this.#folder, { recursive: true });
    try {
      const file = await open(this.#lockFile, 'wx');
      await file.writeFile(owner);
      await file.close();
      this.#seenLock = null;
      return owner;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
      await this.#breakAbandonedLock();
      return null;
    }
  }

  async #breakAbandonedLock(): Promise<void> {
    const owner = await ownerOf(this.#lockFile);
    if (owner === null) return;
    this.#seenLock = { owner, looks: this.#seenLock?.owner === owner ? this.#seenLock.looks + 1 : 1 };
    if (this.#seenLock.looks < ABANDONED_AFTER_LOOKS) return;
    this.#seenLock = null;
    const aside = `${this.#lockFile}.${randomUUID()}`;
    try {
      await rename(this.#lockFile, aside);
      // Somebody else was quicker, and what we moved is their fresh lock: give it back.
      if ((await ownerOf(aside)) !== owner) await link(aside, this.#lockFile);
    } catch (error) {
      if (!hasCode(error, 'ENOENT') && !hasCode(error, 'EEXIST')) throw error;
    } finally {
      await rm(aside, { force: true });
    }
  }
}

/** Text of a lock; `null` when it has just been released. */
async function ownerOf(lockFile: string): Promise<string | null> {
  try {
    return await readFile(lockFile, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
