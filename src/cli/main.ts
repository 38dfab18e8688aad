#!/usr/bin/env node
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { createInterface } from 'node:readline/promises';
import { runCli, stoppingNotice } from './run-cli.ts';

// The SQL parser is WebAssembly: compiling it twice, quickly and then well, costs seconds of processor time at start
// and gains nothing in a command's life (`npm run bench:local` measures both start and answers).
setFlagsFromString('--liftoff-only');

const { version } = createRequire(import.meta.url)('genie-optimizer/package.json') as { version: string };

const cancel = new AbortController();
let interrupts = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupts++;
    if (interrupts > 1) process.exit(130);
    process.stderr.write(`\n${stoppingNotice(process.argv.slice(2))}\n`);
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

process.exitCode = await runCli(
  process.argv.slice(2),
  {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isTerminal: process.stdout.isTTY,
    columns: process.stdout.columns ?? 100,
    env: process.env,
    signal: cancel.signal,
    confirm: process.stdin.isTTY ? askYesNo : null,
  },
  version,
);
