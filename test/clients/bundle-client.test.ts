import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BundleClient, BundleError } from '../../src/clients/index.ts';
import { PLANTED_TOKEN, rejection } from './support/server.ts';

/** A program in the place of the command line tool: writes down how it was called and answers from a file. */
const PROGRAM = `#!${process.execPath}
const fs = require('node:fs');
const path = require('node:path');
const here = path.dirname(process.argv[1]);
fs.appendFileSync(path.join(here, 'calls.jsonl'), JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd() }) + '\\n');
const { stdout = '', stderr = '', exitCode = 0 } = JSON.parse(fs.readFileSync(path.join(here, 'answer.json'), 'utf8'));
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = exitCode;
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

const bundle = (options: { readonly profile?: string } = {}): BundleClient =>
  new BundleClient({ folder, cliPath: join(folder, 'databricks'), sources: { env: {} }, ...options });

describe('bundles through the command line tool', () => {
  it('runs in the folder of the bundle, without a shell', async () => {
    await bundle().run('evaluate', { parameters: { note: 'a b; $(rm) "x"' } });
    expect(calls()).toEqual([
      { args: ['bundle', 'run', 'evaluate', '--params', 'note=a b; $(rm) "x"'], cwd: folder },
    ]);
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
