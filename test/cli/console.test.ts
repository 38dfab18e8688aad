import { EventEmitter } from 'node:events';
import { spawn } from 'node:child_process';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { canRedraw, writerTo } from '../../src/cli/console.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

class Pipe extends EventEmitter {
  readonly written: string[] = [];
  write(text: string): void {
    this.written.push(text);
  }
}

describe('an output that is closed', () => {
  it.each([
    [Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }), null],
    [Object.assign(new Error('write EIO'), { code: 'EIO' }), null],
    [Object.assign(new Error('no space left'), { code: 'ENOSPC' }), 'no space left'],
  ])('by %s is written to no more, and said once', (error, reason) => {
    const pipe = new Pipe();
    const gone: (string | null)[] = [];
    const write = writerTo(pipe, (why) => gone.push(why));
    write('first');
    pipe.emit('error', error);
    pipe.emit('error', error);
    write('second');
    expect(pipe.written).toEqual(['first']);
    expect(gone).toEqual([reason]);
  });

  it('ends the command without a word', async () => {
    const child = spawn(execPath, [MAIN, 'optimize', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
      child.once('close', (...ended) => resolve(ended));
    });
    expect({ code, signal, err }).toEqual({ code: 0, signal: null, err: '' });
  });
});

it.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: true }, { TERM: 'xterm', NO_COLOR: '1' }, true],
  [{ isTTY: true }, { TERM: 'dumb' }, false],
  [{ isTTY: false }, {}, false],
  [{}, {}, false],
])('redraws lines on %j with %j: %s', (output, env, redraws) => {
  expect(canRedraw(output, env)).toBe(redraws);
});
