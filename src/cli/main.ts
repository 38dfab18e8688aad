#!/usr/bin/env node
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { createInterface } from 'node:readline/promises';
import { canRedraw, writerTo } from './console.ts';
import { quitNotice, runCli, stoppingNotice } from './run-cli.ts';

// The SQL parser is WebAssembly: compiling it twice, quickly and then well, costs seconds of processor time at start
// and gains nothing in a command's life (`npm run bench:local` measures both start and answers).
setFlagsFromString('--liftoff-only');

const { version } = createRequire(import.meta.url)('genie-optimizer/package.json') as { version: string };

const cancel = new AbortController();
const err = writerTo(process.stderr, () => undefined);
let isLost = false;
// A reader that left, as `head -1` does, wants no more: the work ends as if it was interrupted.
const out = writerTo(process.stdout, (reason) => {
  if (reason !== null) err(`Error [OUTPUT]: Standard output cannot be written: ${reason}.\n`);
  isLost = reason !== null;
  if (isLost) process.exitCode = 1;
  cancel.abort();
});

let interrupts = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interrupts++;
    if (interrupts > 1) {
      err(quitNotice(process.argv.slice(2)));
      process.exit(130);
    }
    err(`\n${stoppingNotice(process.argv.slice(2))}\n`);
    cancel.abort();
  });
}

/** Anything but yes is no. */
async function askYesNo(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal: cancel.signal });
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

const exitCode = await runCli(
  process.argv.slice(2),
  {
    out,
    err,
    isTerminal: canRedraw(process.stdout, process.env),
    get columns() {
      return process.stdout.columns ?? 100;
    },
    env: process.env,
    signal: cancel.signal,
    confirm: process.stdin.isTTY ? askYesNo : null,
  },
  version,
);
process.exitCode = isLost ? 1 : exitCode;
