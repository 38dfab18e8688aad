import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../scripts/python-environment.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'genie-optimizer-python-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program in the place of Python: says its version, copies itself as a virtual environment, and fails to install. */
function fakePython(version: string, pipSays: string): string {
  const file = join(folder, `python-${version.replace(' ', '.')}`);
  const script = `#!${process.execPath}
// Works as a module and as a script, wherever the copy lies.
const fs = process.getBuiltinModule('node:fs');
const [, , flag, name, target] = process.argv;
if (flag === '-c') console.log(${JSON.stringify(version)});
else if (name === 'venv') {
  fs.mkdirSync(target + '/bin', { recursive: true });
  fs.copyFileSync(process.argv[1], target + '/bin/python');
} else {
  console.error(${JSON.stringify(pipSays)});
  process.exitCode = 1;
}
`;
  writeFileSync(file, script, { mode: 0o755 });
  return file;
}

const start = (script: string, python: string) =>
  run(process.execPath, [fileURLToPath(new URL(`../../scripts/${script}.ts`, import.meta.url))], {
    timeoutMs: 60_000,
    env: { ...process.env, PYTHON: python },
  });

describe.each(['test-mlflow', 'test-python-sdk'])('scripts/%s.ts', (script) => {
  it.each([
    ['there is no Python', () => '/no/such/python', 'does not run here'],
    ['Python is too old for the packages', () => fakePython('3 9', ''), 'is Python 3.9'],
    [
      'the package index cannot be reached',
      () => fakePython('3 12', 'NewConnectionError: Failed to establish a new connection'),
      'the package index cannot be reached',
    ],
  ])('skips with a sentence when %s', async (_when, python, sentence) => {
    const { exitCode, output } = await start(script, python());
    expect(output).toMatch(/SKIPPED test:[a-z-]+: /);
    expect(output).toContain(sentence);
    expect(exitCode).toBe(0);
  });

  it('fails when the packages cannot be installed for another reason', async () => {
    const { exitCode, output } = await start(script, fakePython('3 13', 'ERROR: No space left on device'));
    expect(output).toContain('No space left on device');
    expect(exitCode).toBe(1);
  });
});
