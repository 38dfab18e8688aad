import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { nodeFileStore, systemClock } from '../../src/clients/index.ts';
import { rejection } from './support/server.ts';

describe('nodeFileStore', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'file-store-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const store = nodeFileStore();

  it('reads back what was written, in folders that it makes', async () => {
    const path = join(folder, 'deep', 'er', 'file.json');
    await store.write(path, 'first ä\n');
    await store.write(path, 'second');
    expect(await store.read(path)).toBe('second');
  });

  it('leaves no temporary file behind, whether writing succeeds or fails', async () => {
    const path = join(folder, 'clean', 'file.txt');
    await store.write(path, 'text');
    const error = await rejection(store.write(join(folder, 'clean'), 'a folder stands here'));
    expect(error).toHaveProperty('code', 'FILE_ACCESS');
    expect(await readdir(join(folder, 'clean'))).toEqual(['file.txt']);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('lets readers see the old or the new text, never a part', async () => {
    const path = join(folder, 'race.txt');
    const texts = ['a'.repeat(200_000), 'b'.repeat(100_000)];
    await store.write(path, texts[0] ?? '');
    const writing = Promise.all(
      Array.from({ length: 10 }, (_, index) => store.write(path, texts[index % 2] ?? '')),
    );
    const seen = await Promise.all(Array.from({ length: 40 }, () => store.read(path)));
    await writing;
    expect(seen.filter((text) => text === null || !texts.includes(text))).toEqual([]);
  });

  it('gives null for a missing file, and forgets files without complaint', async () => {
    const path = join(folder, 'gone.txt');
    expect(await store.read(path)).toBeNull();
    await store.remove(path);
    await store.write(path, 'x');
    await store.remove(path);
    expect(await store.read(path)).toBeNull();
  });

  it('says which path could not be read, and why', async () => {
    await writeFile(join(folder, 'plain'), '');
    await expect(store.read(join(folder, 'plain', 'below'))).rejects.toThrow(
      /Could not read .*below \(ENOTDIR\)/,
    );
  });
});

describe('systemClock', () => {
  it('sleeps exactly the time it was given', async () => {
    vi.useFakeTimers();
    try {
      let awake = false;
      const sleeping = systemClock()
        .sleep(1500)
        .then(() => (awake = true));
      await vi.advanceTimersByTimeAsync(1499);
      expect(awake).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      await sleeping;
      expect(awake).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('passes on the reason of the signal, before and during sleep', async () => {
    const reason = new RangeError('enough');
    expect(await rejection(systemClock().sleep(60_000, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    const controller = new AbortController();
    const sleeping = rejection(systemClock().sleep(60_000, { signal: controller.signal }));
    controller.abort(reason);
    expect(await sleeping).toBe(reason);
  });

  it('can sleep longer than one timer lasts', async () => {
    const controller = new AbortController();
    const sleeping = rejection(systemClock().sleep(2 ** 40, { signal: controller.signal }));
    controller.abort('enough');
    expect(await sleeping).toBe('enough');
  });
});
