import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS, runCli } from '../../src/cli/run-cli.ts';
import type { LocalWorkspace } from '../../src/local/index.ts';
import { callCli, recordingIo, TEST_VERSION } from './call-cli.ts';
import { cliWorkspace, runFlags } from './cli-workspace.ts';

let local: LocalWorkspace;
let dir: string;
beforeAll(async () => {
  const place = await cliWorkspace();
  ({ local, dir } = place);
  await writeFile(
    join(dir, 'patches.yaml'),
    `patches:
  - type: add_synonym
    table: town.library.members
    column: full_name
    synonym: reader
`,
  );
  return place.close;
});

/** The options of one call of a command that ends well, after the ones before it in this order. */
const CALLS: readonly (readonly [string, () => readonly string[]])[] = [
  ['discover', () => []],
  [
    'scan',
    () => ['--space-id', local.spaceId, '--fail-on', 'never', '--patches-out', join(dir, 'scan.json')],
  ],
  ['plan', () => [...patches(), '--out', join(dir, 'plan.json')]],
  ['apply', () => [...patches(), '--dry-run']],
  ['apply', () => [...patches(), '--yes', '--journal', join(dir, 'j.json')]],
  ['apply', () => [...patches(), '--yes', '--journal', join(dir, 'j.json')]],
  ['rollback', () => ['--journal', join(dir, 'j.json'), '--dry-run']],
  ['rollback', () => ['--journal', join(dir, 'j.json'), '--yes']],
  ['rollback', () => ['--journal', join(dir, 'j.json'), '--yes']],
  ['evaluate', () => run()],
  ['optimize', () => [...run(), '--dry-run']],
  ['resume', () => ['--session-file', join(dir, 's.json')]],
  ['report', () => ['--session-file', join(dir, 's.json')]],
];
const patches = () => ['--space-id', local.spaceId, '--patches', join(dir, 'patches.yaml')];
const run = () => runFlags(local, join(dir, 's.json'), dir);

describe('--json', () => {
  it('leaves one document on standard output, for every command that has a result', async () => {
    for (const [name, options] of CALLS) {
      const { code, out } = await callCli([name, ...options(), '--json']);
      expect({ name, code }).toEqual({ name, code: 0 });
      expect(JSON.parse(out), name).toBeInstanceOf(Object);
    }
    const called = new Set([...CALLS.map(([name]) => name), 'demo', 'local']);
    const known = COMMANDS.filter(({ options }) => 'json' in options).map(({ name }) => name);
    expect([...called].sort()).toEqual(known.sort());
  });

  it.each(COMMANDS.filter(({ options }) => 'json' in options).map(({ name }) => name))(
    'tells an error of %s as a document, and in words on the side',
    async (name) => {
      const { code, out, err } = await callCli([name, '--json', '--nonsense']);
      expect(code).toBe(2);
      expect(JSON.parse(out)).toMatchObject({
        error: { code: 'USAGE', message: expect.stringContaining('--nonsense') as string, retryable: false },
        exit_code: 2,
      });
      expect(err).toContain(`There is no option --nonsense. See genie-optimizer ${name} --help.`);
    },
  );

  it('tells of a run that was stopped, too', async () => {
    const { io, said } = recordingIo({ signal: AbortSignal.abort() });
    expect(await runCli(['evaluate', ...run(), '--json'], io, TEST_VERSION)).toBe(1);
    expect(JSON.parse(said.out)).toMatchObject({ error: { code: 'ABORTED_BY_CALLER' }, exit_code: 1 });
  });

  it('prints what a served workspace is reached by', async () => {
    const stop = new AbortController();
    const { io, said } = recordingIo({ signal: stop.signal });
    const heard = { ...io, out: (text: string) => (io.out(text), stop.abort()) };
    const sample = ['--sample', 'test/fixtures/local-sample', '--port', '0'];
    expect(await runCli(['local', ...sample, '--json'], heard, TEST_VERSION)).toBe(0);
    expect(JSON.parse(said.out)).toMatchObject({
      host: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
      token: expect.any(String) as string,
      space_id: local.spaceId,
      variables: { catalog: 'town', gold_schema: 'library' },
    });
  });
});

it('never prints the token, whatever fails', async () => {
  const secret = `dapi${'0123456789abcdef'.repeat(2)}`;
  const before = process.env['DATABRICKS_TOKEN'];
  process.env['DATABRICKS_TOKEN'] = secret;
  const wrong = await Promise.all([
    callCli(['discover', '--json']),
    callCli(['evaluate', ...run()]),
    callCli(['apply', ...patches(), '--yes']),
    callCli(['discover', '--host', 'http://127.0.0.1:1']),
  ]);
  process.env['DATABRICKS_TOKEN'] = before;
  expect(wrong.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
  expect(JSON.stringify(wrong)).not.toContain(secret);
});
