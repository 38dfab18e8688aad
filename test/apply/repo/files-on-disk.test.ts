import { chmod, lstat, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyChangeSet, planFileEdits, readSpace } from '../../../src/apply/index.ts';
import { nodeFileStore } from '../../../src/clients/index.ts';
import { makePatch, planPatchSet } from '../../../src/patch-dsl/index.ts';
import { ANYTHING_GOES, SNAPSHOT } from '../../patch-dsl/sample-world.ts';
import { faultWorld, SPACE_ID } from '../fault-world.ts';

const store = nodeFileStore();
const TABLE = 'table_name: orders\ncomment: Old.\ncolumns: []\n';

let folder: string;
const path = (name: string): string => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genie-files-'));
  await writeFile(path('kept-elsewhere.yaml'), TABLE);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const snapshot = {
  ...SNAPSHOT,
  catalog: {
    ...SNAPSHOT.catalog,
    tables: SNAPSHOT.catalog.tables.map((table) =>
      table.name === 'main.sales.orders' ? { ...table, comment: 'Old.' } : table,
    ),
  },
};
const patches = [
  makePatch('update_table_comment', { target: 'main.sales.orders', new_text: 'New.' }, { id: 'P001' }),
];

/** Plans a change of the live side and of a folder of files on disk; `apply` makes it. */
async function planFor(tables: string) {
  const planned = planPatchSet(snapshot, patches, ANYTHING_GOES);
  if (!planned.ok) throw new Error(JSON.stringify(planned.errors));
  const { plan } = planned;
  const world = faultWorld({ ...snapshot, files: {}, plan });
  const before = world.state();
  const { ports, save } = world.ports();
  const { files } = await planFileEdits(plan, { files: store, tables });
  const from = await readSpace(ports.genie, SPACE_ID);
  const apply = () =>
    applyChangeSet(
      { change_id: 'c1', spaceId: SPACE_ID, from, plan, files },
      { ...ports, files: store },
      { save },
    );
  return { apply, world, before };
}

describe('a file of the repository', () => {
  it('that is a link stays one; the file that it leads to changes', async () => {
    await store.write(path('gold/README.yaml'), 'about: nothing\n');
    await symlink('../kept-elsewhere.yaml', path('gold/orders.yaml'));
    const { apply } = await planFor(path('gold'));
    await apply();
    expect((await lstat(path('gold/orders.yaml'))).isSymbolicLink()).toBe(true);
    expect(await readFile(path('kept-elsewhere.yaml'), 'utf8')).toContain('comment: New.');
  });

  it('that leads nowhere is no file', async () => {
    await store.write(path('gold/orders.yaml'), TABLE);
    await symlink('../gone.yaml', path('gold/lost.yaml'));
    await symlink('.', path('gold/round'));
    expect(await store.list?.(path('gold'))).toEqual([path('gold/orders.yaml')]);
  });

  it('that is read-only is not replaced, and the change is on no side', async () => {
    await store.write(path('gold/orders.yaml'), TABLE);
    await chmod(path('gold/orders.yaml'), 0o444);
    const { apply, world, before } = await planFor(path('gold'));
    await expect(apply()).rejects.toMatchObject({
      code: 'FILE_ACCESS',
      message: expect.stringContaining('read-only') as string,
    });
    expect(world.state()).toEqual(before);
    expect(await readFile(path('gold/orders.yaml'), 'utf8')).toBe(TABLE);
    expect(world.journal.record?.state).toBe('undone');
  });

  it('keeps its rights', async () => {
    await store.write(path('gold/orders.yaml'), TABLE);
    await chmod(path('gold/orders.yaml'), 0o750);
    const { apply } = await planFor(path('gold'));
    await apply();
    expect((await stat(path('gold/orders.yaml'))).mode & 0o777).toBe(0o750);
  });

  it('that is edited between plan and apply is left alone, and the change is on no side', async () => {
    await store.write(path('gold/orders.yaml'), TABLE);
    const { apply, world, before } = await planFor(path('gold'));
    await writeFile(path('gold/orders.yaml'), `# Mine\n${TABLE}`);
    await expect(apply()).rejects.toMatchObject({ code: 'FILE_EDITED_ELSEWHERE' });
    expect(world.state()).toEqual(before);
    expect(await readFile(path('gold/orders.yaml'), 'utf8')).toBe(`# Mine\n${TABLE}`);
  });
});
