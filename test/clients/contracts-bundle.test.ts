import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { BundleClient, type CommandResult } from '../../src/clients/index.ts';
import { describeBundlePort, type ToolAnswer } from '../contracts/bundle-port.ts';

/** The command line tool as a function: no process is started. */
const played: string[][] = [];
beforeEach(() => void played.splice(0));

function play(
  answer: ToolAnswer,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<CommandResult> {
  const { stdout = '', stderr = '', exitCode = 0, hangs = false } = answer;
  const stopped: CommandResult = { exitCode: null, stdout: '', stderr: '', failure: 'ABORT_ERR' };
  if (signal?.aborted === true) return Promise.resolve(stopped);
  if (!hangs) return Promise.resolve({ exitCode, stdout, stderr, failure: null });
  if (signal === undefined)
    return Promise.resolve({ ...stopped, failure: `gave no answer within ${timeoutMs} ms` });
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(stopped), { once: true }));
}

describeBundlePort('BundleClient on a tool that is played', () => ({
  calls: () => played,
  bundle: (answer, options = {}) =>
    new BundleClient({
      folder: '/bundle',
      ...options,
      sources: {
        env: { PATH: '/bin' },
        findProgram: () => Promise.resolve('/bin/databricks'),
        runCommand: (_file, args, { timeoutMs, signal }) => {
          if (signal?.aborted !== true) played.push([...args]);
          return play(answer, timeoutMs, signal);
        },
      },
    }),
}));

/** A program on the PATH. Padded, because a small file of this name is the old tool, which knows no bundles. */
const PROGRAM = `#!${process.execPath}
const fs = require('node:fs');
const path = require('node:path');
const here = path.dirname(process.argv[1]);
fs.appendFileSync(path.join(here, 'calls.jsonl'), JSON.stringify(process.argv.slice(2)) + '\\n');
const { stdout = '', stderr = '', exitCode = 0, hangs = false } = JSON.parse(fs.readFileSync(path.join(here, 'answer.json'), 'utf8'));
process.stdout.write(stdout);
process.stderr.write(stderr);
if (hangs) setInterval(() => {}, 1000);
else process.exitCode = exitCode;
//${'.'.repeat(1024 * 1024)}
`;

let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'genie-optimizer-path-')));
  writeFileSync(join(folder, 'databricks'), PROGRAM, { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => writeFileSync(join(folder, 'calls.jsonl'), ''));

describeBundlePort('BundleClient on a program in the PATH', () => ({
  calls: () =>
    readFileSync(join(folder, 'calls.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as string[]),
  bundle: (answer, options = {}) => {
    writeFileSync(join(folder, 'answer.json'), JSON.stringify(answer));
    return new BundleClient({ folder, ...options, sources: { env: { PATH: folder } } });
  },
}));
