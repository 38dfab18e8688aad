import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conversationLimiter, SharedLedger } from '../../src/clients/index.ts';
import { FakeClock } from './support/fake-clock.ts';
import { rejection } from './support/server.ts';

const HOST = 'https://workspace.example.com';
const MINUTE_MS = 60_000;

/** A process of the operating system, and all that it writes until it ends. */
function childProcess(folder: string, startsPerMinute: number, starts: number, hold = '') {
  const script = fileURLToPath(new URL('support/limited-process.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    [
      '--experimental-strip-types',
      '--disable-warning=ExperimentalWarning',
      script,
      folder,
      HOST,
      String(startsPerMinute),
      String(starts),
      hold,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const output = new Promise<string>((resolve) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('close', () => resolve(text));
  });
  return { child, output };
}

const momentsIn = (output: string): number[] => output.trim().split('\n').map(Number);

describe('processes that share a folder', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limiter-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** A limiter with a ledger of its own, as another process would have. */
  const another = (clock: FakeClock, startsPerMinute = 5, place = folder, host = HOST) =>
    conversationLimiter({ startsPerMinute, clock, ledger: new SharedLedger(place, host) });

  it('together never start more in any minute than one alone may', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 8 }),
        fc.array(
          fc.record({
            process: fc.integer({ min: 0, max: 2 }),
            pauseMs: fc.integer({ min: 0, max: 30_000 }),
          }),
          { minLength: 1, maxLength: 8 },
        ),
        async (startsPerMinute, calls) => {
          const clock = new FakeClock();
          const place = join(folder, String(runs++));
          // The moment that a process claims is the last at which it looked at the clock.
          const looks = [0, 0, 0];
          const processes = looks.map((_, index) => {
            const watched = Object.assign(new FakeClock(), {
              now: () => {
                looks[index] = clock.now().getTime();
                return clock.now();
              },
              sleep: clock.sleep.bind(clock),
            });
            return another(watched, startsPerMinute, place);
          });
          const starts: number[] = [];
          const pending: Promise<void>[] = [];
          for (const { process, pauseMs } of calls) {
            clock.advance(pauseMs);
            const start = processes[process]?.acquire() ?? Promise.reject(new RangeError('no such process'));
            pending.push(start.then(() => void starts.push(looks[process] ?? 0)));
          }
          await Promise.all(pending);
          const busiest = Math.max(
            ...starts.map(
              (start) => starts.filter((other) => other >= start && other <= start + MINUTE_MS).length,
            ),
          );
          expect(busiest).toBeLessThanOrEqual(startsPerMinute);
          expect(starts).toHaveLength(calls.length);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('know of a start after the process that made it is gone', async () => {
    const clock = new FakeClock();
    await another(clock).acquire();
    const begin = clock.now().getTime();
    await another(clock).acquire();
    expect(clock.now().getTime() - begin).toBe(12_001);
  });

  it('know of a pause that the server asked another one for', async () => {
    const clock = new FakeClock();
    const refused = another(clock);
    refused.holdBack(30_000);
    const begin = clock.now().getTime();
    await refused.acquire();
    await another(clock).acquire();
    expect(clock.now().getTime() - begin).toBe(30_000 + 12_001);
  });

  it('count each workspace alone', async () => {
    const clock = new FakeClock();
    await another(clock).acquire();
    await another(clock, 5, folder, 'https://other.example.com').acquire();
    expect(clock.sleeps).toEqual([]);
  });

  it('take over a lock that a dead process left, after five seconds', async () => {
    const clock = new FakeClock();
    await another(clock).acquire();
    const [state = ''] = await readdir(folder);
    await writeFile(join(folder, state.replace('.json', '.lock')), 'of a dead process');
    const begin = clock.now().getTime();
    await another(clock).acquire();
    const waited = clock.now().getTime() - begin;
    expect(waited).toBeGreaterThanOrEqual(12_001);
    expect(waited).toBeLessThan(12_001 + 5_100);
    expect(await readdir(folder)).toEqual([state]);
  });

  it('are kept apart although they are real ones, started together', async () => {
    const startsPerMinute = 600;
    const processes = [0, 1].map(() => childProcess(folder, startsPerMinute, 5));
    const outputs = await Promise.all(processes.map(({ output }) => output));
    const starts = outputs.flatMap(momentsIn).toSorted((a, b) => a - b);
    expect(starts).toHaveLength(10);
    const pauses = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(MINUTE_MS / startsPerMinute);
    expect((await readdir(folder)).filter((name) => !name.endsWith('.json'))).toEqual([]);
  });

  it('go on after one of them was killed with the lock in its hands', async () => {
    const { child, output } = childProcess(folder, 5, 1, 'hold');
    await once(child.stdout, 'data');
    const clock = new FakeClock();
    const waiting = another(clock).acquire();
    child.kill('SIGKILL');
    expect(await output).toBe('holding\n');
    await waiting;
    const [state = '', ...others] = await readdir(folder);
    expect([state.endsWith('.json'), others]).toEqual([true, []]);
  });

  it('begin anew when the file was damaged', async () => {
    const clock = new FakeClock();
    await another(clock).acquire();
    const [state = ''] = await readdir(folder);
    await writeFile(join(folder, state), '{"latestMs":');
    await another(clock).acquire();
    expect(clock.sleeps).toEqual([]);
  });

  it('say which file cannot be used', async () => {
    await mkdir(join(folder, 'sub'));
    await writeFile(join(folder, 'sub', 'plain'), '');
    const error = await rejection(another(new FakeClock(), 5, join(folder, 'sub', 'plain')).acquire());
    expect(error).toHaveProperty('code', 'FILE_ACCESS');
  });
});
