import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BundleClient, BundleError } from '../../src/clients/index.ts';
import { AbortedError } from '../../src/core/index.ts';
import { PLANTED_TOKEN, rejection } from './support/server.ts';

/** A program in the place of the command line tool: writes down how it was called and answers from a file. */
const PROGRAM = `#!${process.execPath}
const fs = require('node:fs');
const path = require('node:path');
const here = path.dirname(process.argv[1]);
fs.appendFileSync(path.join(here, 'calls.jsonl'), JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd() }) + '\\n');
const { stdout = '', stderr = '', exitCode = 0, hangs = false } = JSON.parse(fs.readFileSync(path.join(here, 'answer.json'), 'utf8'));
process.stdout.write(stdout);
process.stderr.write(stderr);
if (hangs) setInterval(() => {}, 1000);
else process.exitCode = exitCode;
`;

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'genie-optimizer-cli-')));
  writeFileSync(join(folder, 'databricks'), PROGRAM, { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  writeFileSync(join(folder, 'calls.jsonl'), '');
  answer({});
});

interface Answer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
  readonly hangs?: boolean;
}

function answer(given: Answer): void {
  writeFileSync(join(folder, 'answer.json'), JSON.stringify(given));
}

const calls = (): { readonly args: readonly string[]; readonly cwd: string }[] =>
  readFileSync(join(folder, 'calls.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { args: string[]; cwd: string });

const bundle = (options: { readonly profile?: string; readonly timeoutMs?: number } = {}): BundleClient =>
  new BundleClient({ folder, cliPath: join(folder, 'databricks'), sources: { env: {} }, ...options });

describe('bundles through the command line tool', () => {
  it.each<[string, (client: BundleClient) => Promise<unknown>, string[]]>([
    ['validate', (client) => client.validate(), ['validate', '--output', 'json']],
    ['deploy', (client) => client.deploy(), ['deploy', '--auto-approve']],
    ['run', (client) => client.run('evaluate'), ['run', 'evaluate']],
    [
      'run with parameters',
      (client) => client.run('evaluate', { parameters: { scope: 'p0', note: 'a b; $(rm) "x"' } }),
      ['run', 'evaluate', '--params', 'scope=p0,note=a b; $(rm) "x"'],
    ],
    [
      'generate',
      (client) => client.generateSpace('01f0abc', 'sales'),
      ['generate', 'genie-space', '--existing-id', '01f0abc', '--key', 'sales', '--force'],
    ],
  ])('%s runs in the folder of the bundle, without a shell', async (_what, call, args) => {
    await call(bundle());
    expect(calls()).toEqual([{ args: ['bundle', ...args], cwd: folder }]);
  });

  it('hands on target, profile and variables', async () => {
    await bundle({ profile: 'dev' }).deploy({ target: 'prod', variables: { catalog: 'main', x: 'a=b' } });
    expect(calls()[0]?.args).toEqual([
      'bundle',
      'deploy',
      '--auto-approve',
      '--target',
      'prod',
      '--profile',
      'dev',
      '--var',
      'catalog=main',
      '--var',
      'x=a=b',
    ]);
  });

  it('lists the resources of a summary, deployed or not', async () => {
    const resources = {
      jobs: { evaluate: { id: 42, url: 'https://workspace/jobs/42', tasks: [] } },
      genie_spaces: { sales: { title: 'Sales' } },
    };
    answer({ stdout: JSON.stringify({ bundle: { name: 'b' }, resources }) });
    expect(await bundle().resources()).toEqual([
      { type: 'jobs', key: 'evaluate', id: '42', url: 'https://workspace/jobs/42' },
      { type: 'genie_spaces', key: 'sales', id: null, url: null },
    ]);
    answer({ stdout: '{}' });
    expect(await bundle().resources()).toEqual([]);
    answer({ stdout: 'Name: b\nTarget: dev\n' });
    expect(await rejection(bundle().resources())).toHaveProperty('code', 'BUNDLE_FAILED');
  });

  it('fails with the line that names the error, and without what is secret', async () => {
    answer({
      stderr: `Uploading…\nError: cannot reach host, sent token=${PLANTED_TOKEN}\nsee log\n`,
      exitCode: 1,
    });
    const error = await rejection(bundle().deploy());
    expect(error).toBeInstanceOf(BundleError);
    expect((error as BundleError).message).toContain('deploy failed');
    expect((error as BundleError).message).toContain('Error: cannot reach host');
    expect(JSON.stringify(error) + String(error)).not.toContain(PLANTED_TOKEN);
    expect((error as BundleError).details).toMatchObject({ command: 'deploy', exitCode: 1 });
  });

  it('is stopped at the time limit and by the signal', async () => {
    answer({ hangs: true });
    expect(String(await rejection(bundle({ timeoutMs: 300 }).deploy()))).toContain('within 300 ms');
    const stop = new AbortController();
    const deployed = rejection(bundle().deploy({ signal: stop.signal }));
    stop.abort();
    expect(await deployed).toBeInstanceOf(AbortedError);
  });

  it('refuses keys that look like options, and parameters that would be split', async () => {
    expect(await rejection(bundle().run('--help'))).toHaveProperty('code', 'INVALID_OPTION');
    expect(await rejection(bundle().generateSpace('id', '-k'))).toHaveProperty('code', 'INVALID_OPTION');
    expect(await rejection(bundle().run('evaluate', { parameters: { a: '1,b=2' } }))).toHaveProperty(
      'code',
      'INVALID_OPTION',
    );
    expect(calls()).toEqual([]);
  });

  it('says when the tool is not installed, and finds the path in the environment', async () => {
    const nowhere = new BundleClient({ folder, sources: { env: { PATH: folder } } });
    // Of the size of a script: the old tool of the same name, which knows no bundles.
    expect(await rejection(nowhere.deploy())).toHaveProperty('code', 'CLI_NOT_FOUND');
    const path = join(folder, 'databricks');
    await new BundleClient({ folder, sources: { env: { DATABRICKS_CLI_PATH: path } } }).deploy();
    expect(calls()).toHaveLength(1);
    const gone = new BundleClient({ folder, cliPath: join(folder, 'gone'), sources: { env: {} } });
    expect(String(await rejection(gone.deploy()))).toContain('ENOENT');
  });
});
