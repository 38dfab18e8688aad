import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  applyChangeSet,
  planFileEdits,
  readSpace,
  undoChange,
  type ChangePorts,
  type ChangeRecord,
  type RepoEdits,
} from '../../../src/apply/index.ts';
import { connect, nodeFileStore, systemClock } from '../../../src/clients/index.ts';
import { OptimizerError } from '../../../src/core/index.ts';
import { startLocalWorkspace, type LocalWorkspace } from '../../../src/local/index.ts';
import { createFunctionSql, makePatch, planPatchSet, type PatchPlan } from '../../../src/patch-dsl/index.ts';
import type { CatalogSnapshot, FileStore } from '../../../src/ports/index.ts';
import { referencedObjects } from '../../../src/spaces/index.ts';

let local: LocalWorkspace;
let folder: string;
let ports: ChangePorts;
let plan: PatchPlan;
let edits: RepoEdits;

const store = nodeFileStore();
const path = (name: string): string => join(folder, name);
const templated = (text: string): string => text.replaceAll('samples.tpch.', '${catalog}.${gold_schema}.');

async function put(name: string, text: string): Promise<void> {
  await mkdir(dirname(path(name)), { recursive: true });
  await writeFile(path(name), text);
}

/** Space, catalog and files, as anybody would read them. */
async function world() {
  const { space, text } = await readSpace(ports.genie, local.spaceId);
  const catalog: CatalogSnapshot = await ports.catalog.snapshot(referencedObjects(space));
  const paths = await store.list?.(folder);
  const files = await Promise.all((paths ?? []).map(async (each) => [each, await readFile(each, 'utf8')]));
  return { text, catalog, files: Object.fromEntries(files) as Record<string, string> };
}

beforeAll(async () => {
  local = await startLocalWorkspace({ sample: 'tpch' });
  folder = await mkdtemp(join(tmpdir(), 'genie-repo-'));
  const { genie, sql, catalog } = await connect(local);
  ports = { genie, sql, catalog, files: store, clock: systemClock() };
  const from = await readSpace(genie, local.spaceId);
  const snapshot = await catalog.snapshot(referencedObjects(from.space));
  const fn = snapshot.functions.find(({ name }) => name.endsWith('.top_customers'));
  const orders = snapshot.tables.find(({ name }) => name === 'samples.tpch.orders');
  if (fn === undefined || orders === undefined) throw new Error('The sample has changed.');
  await put('src/sales.geniespace.json', `${templated(JSON.stringify(JSON.parse(from.text), null, 2))}\n`);
  await put('src/tvfs/customers.sql', `-- kept\n${createFunctionSql(fn)};\n`);
  await put(
    'gold/orders.yaml',
    `# kept\ntable_name: orders\ncomment: ${JSON.stringify(orders.comment ?? '')}\ncolumns: []\n`,
  );
  const planned = planPatchSet(
    { space: from.space, catalog: snapshot },
    [
      makePatch(
        'update_table_comment',
        { target: orders.name, new_text: 'One row per order of a customer.' },
        { id: 'P001' },
      ),
      makePatch(
        'update_tvf_comment',
        { function: fn.name, comment: "The best customers, by what they've paid." },
        { id: 'P002' },
      ),
      makePatch('add_synonym', { table: orders.name, column: 'o_clerk', synonym: 'agent' }, { id: 'P003' }),
    ],
    { descriptionsIn: 'catalog' },
  );
  if (!planned.ok) throw new Error(JSON.stringify(planned.errors));
  ({ plan } = planned);
  edits = await planFileEdits(plan, {
    files: store,
    space: path('src/sales.geniespace.json'),
    functions: path('src/tvfs'),
    tables: path('gold'),
    variables: { catalog: 'samples', gold_schema: 'tpch' },
    persist: 'required',
  });
});

afterAll(async () => {
  await local.close();
  await rm(folder, { recursive: true, force: true });
});

const save = async (): Promise<void> => undefined;

const apply = async (files: FileStore = store) =>
  applyChangeSet(
    {
      change_id: 'c1',
      spaceId: local.spaceId,
      from: await readSpace(ports.genie, local.spaceId),
      plan,
      files: edits.files,
    },
    { ...ports, files },
    { save },
  );

describe('a change of live side and repository', () => {
  it('is on both sides or on none, whichever file cannot be written', async () => {
    expect(edits.files.map((edit) => edit.path.slice(folder.length + 1)).sort()).toEqual([
      'gold/orders.yaml',
      'src/sales.geniespace.json',
      'src/tvfs/customers.sql',
    ]);
    const before = await world();
    for (const [at] of edits.files.entries()) {
      let writes = 0;
      const broken: FileStore = {
        ...store,
        write: async (to, text) => {
          if (writes++ === at) throw new OptimizerError('The disk is full.', { code: 'FILE_ACCESS' });
          await store.write(to, text);
        },
      };
      await expect(apply(broken)).rejects.toMatchObject({ code: 'FILE_ACCESS' });
      expect(await world(), `write ${at + 1}`).toEqual(before);
    }
  });

  it('is taken back when a file does not read back as it was written', async () => {
    const before = await world();
    let isLost = true;
    const lying: FileStore = {
      ...store,
      write: async (to, text) => {
        if (!isLost) await store.write(to, text);
        isLost = false;
      },
    };
    await expect(apply(lying)).rejects.toMatchObject({ code: 'FILE_VERIFICATION' });
    expect(await world()).toEqual(before);
  });

  it('is on both sides when nothing fails, and off both when it is undone', async () => {
    const before = await world();
    const { record } = await apply();
    const after = await world();
    expect(after.text).toContain('agent');
    expect(after.catalog.tables.find(({ name }) => name === 'samples.tpch.orders')?.comment).toBe(
      'One row per order of a customer.',
    );
    expect(after.files[path('gold/orders.yaml')]).toBe(
      before.files[path('gold/orders.yaml')]?.replace(
        /comment: .*/,
        'comment: "One row per order of a customer."',
      ),
    );
    expect(after.files[path('src/tvfs/customers.sql')]).toContain("they\\'ve paid");
    expect(after.files[path('src/sales.geniespace.json')]).toContain('"agent"');
    expect(after.files[path('src/sales.geniespace.json')]).toContain('"${catalog}.${gold_schema}.orders"');
    await undoChange(record satisfies ChangeRecord, ports, { save });
    expect(await world()).toEqual(before);
  });
});
