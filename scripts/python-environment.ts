import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../.cache/', import.meta.url));

/** First version that every pinned package supports, and the first that is too new for some. */
const OLDEST_MINOR = 11;
const FIRST_UNTRIED_MINOR = 14;

const INSTALL_TIMEOUT_MS = 10 * 60_000;

export interface Ended {
  /** `null` when it was stopped or could not be started. */
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs a program to its end, at most `timeoutMs`; its output is kept, and shown with `show`. */
export function run(
  file: string,
  args: readonly string[],
  options: {
    readonly timeoutMs: number;
    readonly env?: NodeJS.ProcessEnv;
    readonly show?: boolean;
    readonly signal?: AbortSignal;
  },
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(file, [...args], {
      env: options.env ?? process.env,
      stdio: options.show === true ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      killSignal: 'SIGKILL',
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    // The time limit of `spawn` would keep this process alive after a program that could not be started.
    const limit = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
    const end = (ended: Ended): void => {
      clearTimeout(limit);
      resolve(ended);
    };
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) => end({ exitCode: null, output: error.message }));
    child.on('close', (exitCode) => end({ exitCode, output }));
  });
}

export type PythonEnvironment =
  | { readonly python: string }
  /** A sentence that says why there is none; nothing is wrong with the code under test. */
  | { readonly skip: string }
  | { readonly failure: string };

/**
 * A virtual environment with exactly the packages of a requirements file, made once and kept in `.cache/`.
 *
 * @param requirements - every package pinned, those that others need included
 */
export async function pythonEnvironment(name: string, requirements: URL): Promise<PythonEnvironment> {
  const system = process.env['PYTHON'] ?? 'python3';
  const version = await run(system, ['-c', 'import sys; print(*sys.version_info[:2])'], {
    timeoutMs: 30_000,
  });
  if (version.exitCode !== 0) return { skip: `'${system}' does not run here (set PYTHON to its path).` };
  const [major = 0, minor = 0] = version.output.trim().split(' ').map(Number);
  if (major !== 3 || minor < OLDEST_MINOR || minor >= FIRST_UNTRIED_MINOR) {
    return {
      skip: `'${system}' is Python ${major}.${minor}; the pinned packages are for 3.${OLDEST_MINOR} to 3.${FIRST_UNTRIED_MINOR - 1}.`,
    };
  }
  const pins = await readFile(requirements, 'utf8');
  const key = createHash('sha256').update(`${major}.${minor}\n${pins}`).digest('hex').slice(0, 12);
  const folder = join(CACHE, `python-${name}-${key}`);
  const python = join(
    folder,
    process.platform === 'win32' ? 'Scripts' : 'bin',
    process.platform === 'win32' ? 'python.exe' : 'python',
  );
  const complete = join(folder, '.complete');
  if (existsSync(complete)) return { python };

  // What an interrupted installation left is of no use.
  await rm(folder, { recursive: true, force: true });
  await mkdir(CACHE, { recursive: true });
  console.log(`Installing Python packages for ${name} into .cache/ (once, some minutes) …`);
  const made = await run(system, ['-m', 'venv', folder], { timeoutMs: 120_000 });
  if (made.exitCode !== 0)
    return { skip: `'${system}' cannot make virtual environments: ${lastLine(made.output)}` };
  const installed = await run(
    python,
    [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-input',
      '--no-deps',
      '--disable-pip-version-check',
      '-r',
      fileURLToPath(requirements),
    ],
    { timeoutMs: INSTALL_TIMEOUT_MS },
  );
  if (installed.exitCode !== 0) {
    await rm(folder, { recursive: true, force: true });
    if (installed.exitCode === null)
      return { skip: `the package index did not deliver within ${INSTALL_TIMEOUT_MS / 60_000} minutes.` };
    return INDEX_UNREACHABLE.test(installed.output)
      ? { skip: `the package index cannot be reached: ${lastLine(installed.output)}` }
      : { failure: `The packages could not be installed:\n${installed.output.slice(-3000)}` };
  }
  await writeFile(complete, '');
  return { python };
}

/** How pip says that it cannot get at its index; an index that knows no version of a package counts as none. */
const INDEX_UNREACHABLE =
  /NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|ConnectionError|Temporary failure in name resolution|Could not fetch URL|\(from versions: none\)/;

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
