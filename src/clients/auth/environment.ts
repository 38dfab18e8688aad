import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { CallOptions, Clock, FileStore } from '../../ports/index.ts';
import { systemClock } from '../system/clock.ts';
import { nodeFileStore } from '../system/file-store.ts';

/** How a program ended. `failure` is set when it could not be run to its end. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly failure: string | null;
}

export interface CommandOptions extends CallOptions {
  readonly timeoutMs: number;
  /** Folder to run in; default: the one of this process. */
  readonly cwd?: string | undefined;
}

/** Everything outside the options that signing in may look at. */
export interface AuthSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Pick<FileStore, 'read'>;
  readonly homeFolder: string;
  readonly workingFolder: string;
  readonly clock: Clock;
  /** Full path of a program, or `null`. @param searchPath - value of the PATH variable */
  readonly findProgram: (name: string, searchPath: string) => Promise<string | null>;
  readonly runCommand: (
    file: string,
    args: readonly string[],
    options: CommandOptions,
  ) => Promise<CommandResult>;
}

/** The process that we run in: the only place of the clients that reads environment variables. */
export function processSources(overrides: Partial<AuthSources> = {}): AuthSources {
  return {
    env: process.env,
    files: nodeFileStore(),
    homeFolder: homedir(),
    workingFolder: process.cwd(),
    clock: systemClock(),
    findProgram,
    runCommand,
    ...overrides,
  };
}

/** The old command line tool was a small script of the same name, and cannot do what we need. */
const SMALLEST_CLI_BYTES = 1024 * 1024;

async function findProgram(name: string, searchPath: string): Promise<string | null> {
  const names = process.platform === 'win32' ? [`${name}.exe`] : [name];
  for (const folder of searchPath.split(delimiter).filter((item) => item !== '')) {
    for (const candidate of names.map((item) => join(folder, item))) {
      if (await isProgram(candidate)) return candidate;
    }
  }
  return null;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    const { size } = await stat(file);
    return size >= SMALLEST_CLI_BYTES;
  } catch {
    // Not there or not executable: the same answer.
    return false;
  }
}

async function runCommand(
  file: string,
  args: readonly string[],
  { timeoutMs, signal, cwd }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(
      file,
      [...args],
      { timeout: timeoutMs, signal, cwd, windowsHide: true, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) resolve({ exitCode: 0, stdout, stderr, failure: null });
        else if (typeof error.code === 'number')
          resolve({ exitCode: error.code, stdout, stderr, failure: null });
        else
          resolve({
            exitCode: null,
            stdout,
            stderr,
            failure:
              error.killed === true
                ? `gave no answer within ${timeoutMs} ms`
                : (error.code ?? 'could not be started'),
          });
      },
    );
  });
}
