import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { changeRecordSchema, isUnfinished, readSpace, undoChange } from '../../src/apply/index.ts';
import { connect, nodeFileStore, systemClock } from '../../src/clients/index.ts';
import { startLocalWorkspace, type LocalWorkspace } from '../../src/local/index.ts';
import { makePatch, planPatchSet } from '../../src/patch-dsl/index.ts';
import { referencedObjects } from '../../src/spaces/index.ts';

let local: LocalWorkspace;
let dir: string;

beforeAll(async () => {
  local = await startLocalWorkspace({ sample: 'tpch' });
  dir = await mkdtemp(join(tmpdir(), 'genie-kill-'));
});

afterAll(async () => {
  await local.close();
  await rm(dir, { recursive: true, force: true });
});

const address = () => ({ host: local.host, token: local.token, warehouseId: local.warehouseId });

/** Space, catalog and file, as anybody would read them. */
async function world(filePath: string) {
  const { genie, catalog } = await connect(address());
  const { space, text } = await readSpace(genie, local.spaceId);
  const snapshot = await catalog.snapshot(referencedObjects(space));
  return { space, text, catalog: snapshot, file: await readFile(filePath, 'utf8') };
}

/** Ends with the signal that killed it, or `null`. */
function runChild(setting: object): Promise<{ signal: string | null; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [
      join(import.meta.dirname, 'kill-child.ts'),
      JSON.stringify(setting),
    ]);
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', reject);
    child.on('exit', (_code, signal) => resolve({ signal, out, err }));
  });
}

it('is before or after a kill -9 at every effect on a real workspace, once the journal was followed', async () => {
  const files = {
    planPath: join(dir, 'plan.json'),
    filePath: join(dir, 'repo.json'),
    journalPath: join(dir, 'journal.json'),
  };
  await writeFile(files.filePath, 'old');
  const before = await world(files.filePath);
  const planned = planPatchSet({ space: before.space, catalog: before.catalog }, [
    makePatch(
      'update_table_comment',
      { target: 'samples.tpch.nation', new_text: 'One row per nation.' },
      { id: 'P001' },
    ),
    makePatch(
      'update_tvf_comment',
      { function: 'main.genie_demo.top_customers', sections: { best_for: 'best customers' } },
      { id: 'P002' },
    ),
    makePatch(
      'add_synonym',
      { table: 'samples.tpch.customer', column: 'c_acctbal', synonym: 'balance' },
      { id: 'P003' },
    ),
  ]);
  expect(planned).toMatchObject({ ok: true });
  await writeFile(files.planPath, JSON.stringify(planned.ok ? planned.plan : null));
  const setting = { ...address(), ...files, spaceId: local.spaceId };
  const effects = 4;

  // After an effect and before its acknowledgement is the moment that only the journal can tell of.
  const killings = [
    { killAt: 1, when: 'before' },
    ...Array.from({ length: effects }, (_, at) => ({ killAt: at + 1, when: 'after' })),
  ];
  for (const killing of killings) {
    const { signal, err } = await runChild({ ...setting, ...killing });
    expect({ signal, err }).toEqual({ signal: 'SIGKILL', err: '' });
    const record = changeRecordSchema.parse(JSON.parse(await readFile(files.journalPath, 'utf8')));
    expect(isUnfinished(record)).toBe(true);
    const { genie, sql, catalog } = await connect(address());
    await undoChange(
      record,
      { genie, sql, catalog, files: nodeFileStore(), clock: systemClock() },
      {
        save: (undone) => writeFile(files.journalPath, JSON.stringify(undone)),
      },
    );
    expect(await world(files.filePath), JSON.stringify(killing)).toEqual(before);
  }

  expect(await runChild({ ...setting, killAt: 0 })).toEqual({ signal: null, out: String(effects), err: '' });
  const after = await world(files.filePath);
  expect(after.file).toBe('new');
  expect(after.text).toContain('balance');
  expect(after.catalog.functions.find(({ name }) => name.endsWith('top_customers'))?.comment).toContain(
    'best customers',
  );
}, 180_000);
