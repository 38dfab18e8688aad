import type { CliIo } from '../../src/cli/command.ts';
import { runCli } from '../../src/cli/run-cli.ts';

/** Version that commands called by these tests say they have. */
export const TEST_VERSION = '9.9.9';

/** A console that writes down what it is told; without `confirm` nobody can be asked. */
export function recordingIo(changes: Partial<CliIo> = {}) {
  const said = { out: '', err: '' };
  const io: CliIo = {
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    isTerminal: false,
    columns: 100,
    env: {},
    signal: new AbortController().signal,
    confirm: null,
    ...changes,
  };
  return { io, said };
}

/** Runs one command line and returns its exit code and all it said. */
export async function callCli(args: readonly string[], changes: Partial<CliIo> = {}) {
  const { io, said } = recordingIo(changes);
  return { code: await runCli(args, io, TEST_VERSION), ...said };
}
