import { describe, expect, it } from 'vitest';
import {
  lockSession,
  LOCK_STALE_MS,
  SessionLockedError,
  type LockOwner,
} from '../../src/pipeline/session-lock.ts';
import { fakeClock, memoryFileStore } from '../../src/testing/index.ts';
import { scriptedRun, synonym, TEN_QUESTIONS } from '../scenarios/scripted-run.ts';

const owner = (pid: number, host: string, ...alive: readonly number[]): LockOwner => ({
  pid,
  host,
  isAlive: (other) => alive.includes(other),
});
const FILE = 'session.json';

describe('the lock of a session file', () => {
  it('is refused to a second run and free again after the first', async () => {
    const at = { files: memoryFileStore(), clock: fakeClock(), sessionFile: FILE };
    const first = await lockSession({ ...at, id: 'a' }, owner(1, 'here', 1, 2));
    await expect(lockSession({ ...at, id: 'b' }, owner(2, 'here', 1, 2))).rejects.toThrow(SessionLockedError);
    await first.release();
    const second = await lockSession({ ...at, id: 'b' }, owner(2, 'here', 1, 2));
    await first.release();
    expect(at.files.texts.has(`${FILE}.lock`)).toBe(true);
    await second.release();
    expect(at.files.texts.size).toBe(0);
  });

  it('of a killed process is taken over at once on the same machine', async () => {
    const at = { files: memoryFileStore(), clock: fakeClock(), sessionFile: FILE };
    await lockSession({ ...at, id: 'a' }, owner(1, 'here', 1));
    await expect(lockSession({ ...at, id: 'b' }, owner(2, 'here', 2))).resolves.toBeDefined();
  });

  it('of another machine is taken over once it has been silent long enough, and not while it beats', async () => {
    const at = { files: memoryFileStore(), clock: fakeClock(), sessionFile: FILE };
    const first = await lockSession({ ...at, id: 'a' }, owner(1, 'there', 1));
    const claim = () => lockSession({ ...at, id: 'b' }, owner(2, 'here', 2));
    await at.clock.sleep(LOCK_STALE_MS);
    await first.beat();
    await expect(claim()).rejects.toThrow('process 1 on there');
    await at.clock.sleep(LOCK_STALE_MS + 1);
    await expect(claim()).resolves.toBeDefined();
  });

  it('keeps beating when the clock is set back, and is not lost to a clock that is', async () => {
    const clock = fakeClock();
    const at = { files: memoryFileStore(), clock, sessionFile: FILE };
    const first = await lockSession({ ...at, id: 'a' }, owner(1, 'there', 1));
    const written = () => at.files.texts.get(`${FILE}.lock`);
    const before = written();
    clock.advance(-3_600_000);
    await expect(lockSession({ ...at, id: 'b' }, owner(2, 'here', 2))).rejects.toThrow(SessionLockedError);
    await first.beat();
    expect(written()).not.toBe(before);
    await clock.sleep(LOCK_STALE_MS + 1);
    await expect(lockSession({ ...at, id: 'b' }, owner(2, 'here', 2))).resolves.toBeDefined();
  });

  it.each([
    ['was cut short', '{"id'],
    ['is empty', ''],
    ['names no moment', '{"id":"a","pid":1,"host":"there","at":"yesterday"}'],
  ])('that %s protects nothing', async (_, text) => {
    const at = {
      files: memoryFileStore({ [`${FILE}.lock`]: text }),
      clock: fakeClock(),
      sessionFile: FILE,
    };
    await expect(lockSession({ ...at, id: 'b' }, owner(2, 'here', 2))).resolves.toBeDefined();
  });

  it('of a run is held and given up while the clock goes backwards, and the run ends as any other', async () => {
    const expected = await scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2)] : [])).run();
    const files = memoryFileStore();
    const clock = fakeClock();
    const now = (): Date => {
      clock.advance(-61_000);
      return clock.now();
    };
    const backwards = scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2)] : []), {
      files,
      clock: { ...clock, now },
    });
    const { session } = await backwards.run();
    const trail = ({ iterations }: typeof session) =>
      iterations.map(({ lever, outcome }) => [lever, outcome]);
    expect(trail(session)).toEqual(trail(expected.session));
    expect([...files.texts.keys()].filter((path) => path.endsWith('.lock'))).toEqual([]);
  });

  it('session-state 8.5.7: two runs cannot work with one session file', async () => {
    const first = scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2)] : []));
    const second: unknown[] = [];
    await first.run({
      phases: {
        baseline: async (_ctx, _input, runDefault) => {
          second.push(await first.run().catch((error: unknown) => error));
          return runDefault();
        },
        propose: () => ({ proposals: [] }),
      },
    });
    expect(second).toEqual([expect.any(SessionLockedError)]);
    expect([...first.files.texts.keys()].filter((path) => path.endsWith('.lock'))).toEqual([]);
  });
});
