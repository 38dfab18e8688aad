import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const base = mkdtempSync(join(tmpdir(), 'genie-optimizer-demo-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the built command line in a process of its own. */
function demo(args: readonly string[], killWhen: (output: string) => boolean = () => false): Promise<Ended> {
  const child = spawn(process.execPath, ['dist/cli.js', 'demo', ...args], { cwd: root });
  let output = '';
  return new Promise((resolve) => {
    const onData = (chunk: Buffer) => {
      output += chunk.toString();
      if (killWhen(output)) child.kill('SIGKILL');
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', onData);
    child.on('close', (code) => resolve({ code, output }));
  });
}

const sessionOf = (dir: string) =>
  JSON.parse(readFileSync(join(dir, 'optimization-progress.json'), 'utf8')) as {
    best_overall_accuracy: number;
    accepted_config: string;
    held_out_result: unknown;
  };

describe('the demo', () => {
  const undisturbed = join(base, 'undisturbed');
  let first: Ended;
  beforeAll(async () => {
    first = await demo(['--dir', undisturbed]);
  }, 180_000);

  it('ends with code 0, a table and the paths of report and session', () => {
    expect(first.code).toBe(0);
    expect(first.output).toMatch(/Train \+ validation questions +\d+\.\d % +\d+\.\d % +\+\d+\.\d/);
    expect(first.output).toMatch(/Report: .*_optimization_.*\.md/);
    expect(first.output).toMatch(/Session: .*optimization-progress\.json/);
    expect(first.output).toMatch(/\d+\/\d+ questions · \d+\.\d % right so far · \d+ s left/);
  });

  it.each([
    ['during the baseline', /baseline: 20\//],
    ['while a change is being judged', /Lever 1: trying[\s\S]*sliceGate/],
    ['between two levers', /Lever 2: (accepted|rejected|provisional|skipped)/],
    ['during the held-out questions', /heldOut: \d/],
  ])(
    'killed %s and resumed ends with the same accuracy',
    async (_, moment) => {
      const dir = mkdtempSync(join(base, 'killed-'));
      const killed = await demo(['--dir', dir], (output) => moment.test(output));
      expect(killed.code).toBeNull();
      await wait(50);
      const resumed = await demo(['--dir', dir, '--resume']);
      expect(resumed.code, resumed.output).toBe(0);
      expect(sessionOf(dir)).toMatchObject({
        best_overall_accuracy: sessionOf(undisturbed).best_overall_accuracy,
        accepted_config: sessionOf(undisturbed).accepted_config,
        held_out_result: sessionOf(undisturbed).held_out_result,
      });
    },
    240_000,
  );

  it('says which port is in use and what to do', async () => {
    const dir = join(base, 'port');
    const server = spawn(process.execPath, [
      '-e',
      "require('node:http').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })",
    ]);
    const port = await new Promise<string>((resolve) =>
      server.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())),
    );
    const { code, output } = await demo(['--dir', dir, '--port', port]);
    server.kill();
    expect(code).toBe(1);
    expect(output).toContain('PORT_IN_USE');
    expect(output).toContain(port);
  });

  it('says which folder is missing when the sample is not there', async () => {
    const { code, output } = await demo(['--dir', join(base, 'sample'), '--sample', './no-such-folder']);
    expect(code).toBe(1);
    expect(output).toContain('no-such-folder');
  });
});
