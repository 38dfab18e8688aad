import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeFileStore } from '../../../src/clients/index.ts';
import type { FileStore } from '../../../src/ports/index.ts';
import { memoryFileStore } from '../../../src/testing/index.ts';

const NAMES = ['b.sql', 'a/c.sql', 'a/.b.sql.1.tmp', '.git/config', 'aside.sql'];

async function onDisk(): Promise<{ store: FileStore; root: string; close: () => Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'genie-list-'));
  for (const name of NAMES) {
    await mkdir(join(root, name, '..'), { recursive: true });
    await writeFile(join(root, name), 'x');
  }
  return { store: nodeFileStore(), root, close: () => rm(root, { recursive: true, force: true }) };
}

const inMemory = async () => ({
  store: memoryFileStore(Object.fromEntries(NAMES.map((name) => [`repo/${name}`, 'x']))),
  root: 'repo',
  close: async () => undefined,
});

describe.each([
  ['on disk', onDisk],
  ['in memory', inMemory],
])('files of a folder %s', (_name, make) => {
  it('are listed with those below it, sorted, without hidden ones', async () => {
    const { store, root, close } = await make();
    expect(await store.list?.(root)).toEqual(
      ['a/c.sql', 'aside.sql', 'b.sql'].map((name) => `${root}/${name}`),
    );
    expect(await store.list?.(`${root}/a/`)).toEqual([`${root}/a/c.sql`]);
    expect(await store.list?.(`${root}/nothing`)).toEqual([]);
    await close();
  });
});
