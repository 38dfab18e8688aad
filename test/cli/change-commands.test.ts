import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/clients/index.ts';
import { startLocalWorkspace, type LocalWorkspace } from '../../src/local/index.ts';
import { serializeSpace, parseSpace } from '../../src/spaces/index.ts';
import { callCli } from './call-cli.ts';
import { cliWorkspace } from './cli-workspace.ts';

const call = (args: readonly string[], confirm?: (question: string) => Promise<boolean>) =>
  callCli(args, { confirm: confirm ?? null });

let local: LocalWorkspace;
let dir: string;

beforeAll(async () => {
  const place = await cliWorkspace(startLocalWorkspace({ sample: 'tpch' }));
  ({ local, dir } = place);
  return place.close;
});

async function liveText(): Promise<string> {
  const { genie } = await connect({ host: local.host, token: local.token, warehouseId: local.warehouseId });
  return serializeSpace(parseSpace((await genie.getSpace(local.spaceId)).serializedSpace));
}

const PATCHES = `
patches:
  - id: P001
    type: update_table_comment
    lever: 1
    risk_level: low
    confidence: 0.9
    grounded_in: []
    predicted_affected_questions: []
    target: samples.tpch.nation
    new_text: One row per nation.
  - id: P002
    type: add_synonym
    lever: 1
    risk_level: low
    confidence: 0.9
    grounded_in: []
    predicted_affected_questions: []
    table: samples.tpch.customer
    column: c_acctbal
    synonym: account balance
`;

/** As people keep it in a repository. */
const inLines = (text: string): string => JSON.stringify(JSON.parse(text), null, 2);

async function patchesFile(name: string, text = PATCHES): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, text);
  return path;
}

describe('scan', () => {
  it('prints what it found in a space of a workspace and how to go on', async () => {
    const out = join(dir, 'ready.json');
    const result = await call(['scan', '--space-id', local.spaceId, '--patches-out', out]);
    expect(result).toMatchObject({ code: 0 });
    expect(result.out).toContain(
      'samples.tpch.customer refers to samples.tpch.nation by c_nationkey = n_nationkey',
    );
    expect(result.err).toMatch(/\d+ patches written/);
    const planned = await call(['plan', '--space-id', local.spaceId, '--patches', out]);
    expect(planned).toMatchObject({ code: 0, err: '' });
    expect(planned.out).toContain('Join samples.tpch.customer and samples.tpch.nation');
  });

  it('reads a file without any workspace and ends with 3 at the severity asked for', async () => {
    const file = await patchesFile('space.geniespace.json', await liveText());
    const result = await call(['scan', '--space-file', file, '--fail-on', 'warning', '--json']);
    expect(result.code).toBe(3);
    expect(JSON.parse(result.out)).toMatchObject({ counts: { error: 0 } });
  });

  it.each([
    [['scan'], 'either --space-id'],
    [['scan', '--space-file', 'nowhere.json'], 'There is no file nowhere.json'],
    [['scan', '--space-id', 'x', '--fail-on', 'fatal'], 'must be error, warning, info or never'],
  ])('called as %j says what to do', async (args, message) => {
    const { code, err } = await call(args);
    expect(code).toBeGreaterThan(0);
    expect(err).toContain(message);
  });
});

describe('plan', () => {
  it('shows difference, SQL and slots, and changes nothing', async () => {
    const before = await liveText();
    const { code, out } = await call([
      'plan',
      '--space-id',
      local.spaceId,
      '--patches',
      await patchesFile('p.yaml'),
    ]);
    expect(code).toBe(0);
    expect(out).toContain('COMMENT ON TABLE `samples`.`tpch`.`nation`');
    expect(out).toContain('account balance');
    expect(out).toContain('1 statement changes Unity Catalog');
    expect(out).toMatch(/Instruction slots \d+ → \d+ of 100/);
    expect(await liveText()).toBe(before);
  });

  it.each([
    ['says no lever', '', false],
    ['says another lever', 'lever: 1', true],
  ])('warns about the lever of a patch only if the file says one: it %s', async (_, lever, warns) => {
    const view = parseSpace(await liveText()).data_sources?.metric_views?.[0]?.identifier ?? '';
    const text = `
patches:
  - type: add_description
    table: ${view}
    text: Figures of the company.
    ${lever}
`;
    const path = await patchesFile('lever.yaml', text);
    const { code, out } = await call(['plan', '--space-id', local.spaceId, '--patches', path]);
    expect(code).toBe(0);
    expect(out.includes('belongs to lever 2')).toBe(warns);
  });

  it('shows what changes in the files of a repository, and what no file holds', async () => {
    const space = await patchesFile('planned.geniespace.json', inLines(await liveText()));
    const patches = await patchesFile('p.yaml');
    const args = ['plan', '--space-id', local.spaceId, '--patches', patches, '--space-file', space];
    const { code, out } = await call(args);
    expect(code).toBe(0);
    expect(out).toContain(`Files:\n  ${space}\n`);
    expect(out).toMatch(/^ {4}\+.*account balance/m);
    expect(out).toContain('samples.tpch.nation changes on the live side only');
    expect(await readFile(space, 'utf8')).not.toContain('account balance');
    const json = JSON.parse((await call([...args, '--json'])).out) as object;
    expect(json).toMatchObject({
      repository: {
        files: [{ path: space, preview: expect.stringContaining('account balance') as string }],
        unpersisted: [{ object: 'samples.tpch.nation' }],
      },
    });
  });

  it('names every reason why patches do not fit', async () => {
    const path = await patchesFile(
      'bad.yaml',
      PATCHES.replace('c_acctbal', 'c_acctball').replace('tpch.nation', 'tpch.natio'),
    );
    const { code, err } = await call(['plan', '--space-id', local.spaceId, '--patches', path]);
    expect(code).toBe(1);
    expect(err).toContain('c_acctbal');
    expect(err).toContain('tpch.nation');
  });
});

describe('apply and rollback', () => {
  it('applies what was confirmed and takes it back whole', async () => {
    const [before, journal] = [await liveText(), join(dir, 'journal.json')];
    const args = [
      '--space-id',
      local.spaceId,
      '--patches',
      await patchesFile('p.yaml'),
      '--journal',
      journal,
    ];
    expect(await call(['apply', ...args, '--dry-run'])).toMatchObject({ code: 0 });
    expect(await call(['apply', ...args], async () => false)).toMatchObject({ code: 0 });
    expect(await liveText()).toBe(before);

    const unasked = await call(['apply', ...args]);
    expect(unasked).toMatchObject({ code: 2 });
    expect(unasked.err).toContain('pass --yes');

    const applied = await call(['apply', ...args, '--yes']);
    expect(applied).toMatchObject({ code: 0, err: '' });
    expect(applied.out).toContain('Applied and verified');
    expect(await liveText()).toContain('account balance');
    expect(JSON.parse(await readFile(journal, 'utf8'))).toMatchObject({ state: 'verified' });
    expect((await call(['apply', ...args, '--yes'])).out).toContain('as the patches want it already');

    expect(await call(['rollback', '--journal', journal, '--yes'])).toMatchObject({ code: 0 });
    expect(await liveText()).toBe(before);
    expect((await call(['rollback', '--journal', journal, '--yes'])).out).toContain('taken back already');
  });

  it('changes the files of a repository in the same transaction, and takes them back with it', async () => {
    const [before, journal] = [await liveText(), join(dir, 'journal-of-files.json')];
    const space = await patchesFile('sales.geniespace.json', before.replaceAll('samples.', '${catalog}.'));
    const file = await readFile(space, 'utf8');
    const args = ['--space-id', local.spaceId, '--patches', await patchesFile('p.yaml')];
    const repository = ['--space-file', space, '--variables', 'catalog=samples', '--journal', journal];
    expect(await call(['apply', ...args, ...repository, '--dry-run'])).toMatchObject({ code: 0 });
    expect(await readFile(space, 'utf8')).toBe(file);

    const applied = await call(['apply', ...args, ...repository, '--yes']);
    expect(applied).toMatchObject({ code: 0, err: '' });
    expect(await liveText()).toContain('account balance');
    expect(await readFile(space, 'utf8')).toContain('account balance');
    expect(await readFile(space, 'utf8')).toContain('${catalog}.tpch.customer');

    const undone = await call(['rollback', '--journal', journal, '--yes']);
    expect(undone.out).toContain(space);
    expect(await liveText()).toBe(before);
    expect(await readFile(space, 'utf8')).toBe(file);
  });

  it('applies nothing that does not fit the files of a repository', async () => {
    const before = await liveText();
    const live = parseSpace(before);
    const tables = (live.data_sources?.tables ?? []).map((table) =>
      table.identifier === 'samples.tpch.customer'
        ? { ...table, column_configs: [{ column_name: 'c_acctbal', synonyms: ['mine'] }] }
        : table,
    );
    const text = serializeSpace({ ...live, data_sources: { ...live.data_sources, tables } });
    const space = await patchesFile('other.geniespace.json', text);
    const args = ['apply', '--space-id', local.spaceId, '--patches', await patchesFile('p.yaml')];
    const result = await call([
      ...args,
      '--space-file',
      space,
      '--journal',
      join(dir, 'not-written.json'),
      '--yes',
    ]);
    expect(result.code).toBe(1);
    expect(result.err).toContain(space);
    expect(await liveText()).toBe(before);
    expect(await readFile(space, 'utf8')).toBe(text);
  });

  it('refuses high risk without its own consent', async () => {
    const path = await patchesFile(
      'risky.yaml',
      PATCHES.replace('update_table_comment', 'remove_table')
        .replace('    new_text: One row per nation.\n', '')
        .replace('risk_level: low', 'risk_level: high'),
    );
    const result = await call(['apply', '--space-id', local.spaceId, '--patches', path, '--yes']);
    expect(result).toMatchObject({ code: 2 });
    expect(result.err).toContain('--allow-high-risk');
  });

  it('does not begin a change while an interrupted one waits', async () => {
    const journal = join(dir, 'interrupted.json');
    const args = [
      '--space-id',
      local.spaceId,
      '--patches',
      await patchesFile('p.yaml'),
      '--journal',
      journal,
    ];
    await call(['apply', ...args, '--yes']);
    const record = JSON.parse(await readFile(journal, 'utf8')) as object;
    await writeFile(journal, JSON.stringify({ ...record, state: 'done' }));
    const again = await call(['apply', ...args, '--yes']);
    expect(again).toMatchObject({ code: 2 });
    expect(again.err).toContain(`rollback --journal ${journal}`);
    expect(await call(['rollback', '--journal', journal, '--yes'])).toMatchObject({ code: 0 });
  });

  it.each([
    ['nowhere.json', 'There is no journal'],
    ['p.yaml', 'is no journal of a change'],
  ])('says so when %s is no journal', async (name, message) => {
    await patchesFile('p.yaml');
    const { code, err } = await call(['rollback', '--journal', join(dir, name), '--yes']);
    expect(code).toBeGreaterThan(0);
    expect(err).toContain(message);
  });
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('knows every command and option in %s', async (shell) => {
    const { code, out } = await call(['completion', '--shell', shell]);
    expect(code).toBe(0);
    for (const word of ['optimize', 'rollback', 'dry-run', 'space-id']) expect(out).toContain(word);
  });
});
