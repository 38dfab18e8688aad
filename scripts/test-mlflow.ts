/**
 * Runs the MLflow contract suite against a real server, then reads back with MLflow's own Python client.
 *
 * `npm run test:mlflow`. Skips with a sentence where Python or its package index is missing.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pythonEnvironment, run } from './python-environment.ts';
import { MLFLOW_VALUES } from '../test/contracts/mlflow-values.ts';

const START_TIMEOUT_MS = 120_000;
const SUITE_TIMEOUT_MS = 5 * 60_000;
const READ_TIMEOUT_MS = 3 * 60_000;

const pathOf = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** One worker, everything below one folder, reachable from this machine only. */
function serverArguments(port: number, folder: string): string[] {
  const options = {
    host: '127.0.0.1',
    port: String(port),
    workers: '1',
    'backend-store-uri': `sqlite:///${join(folder, 'store.db')}`,
    'artifacts-destination': join(folder, 'artifacts'),
  };
  return [
    '-m',
    'mlflow',
    'server',
    '--serve-artifacts',
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
  ];
}

/** Ends the server and the workers that it started. */
async function stop(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  kill(server.pid, 'SIGTERM');
  await Promise.race([ended, sleep(10_000, undefined, { ref: false })]);
  kill(server.pid, 'SIGKILL');
}

/** Signals the process group, which is the server's own because it was started detached. */
function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // Nobody left to signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function isUp(uri: string): Promise<boolean> {
  return fetch(`${uri}/health`, { signal: AbortSignal.timeout(5000) }).then(
    (response) => response.ok,
    () => false,
  );
}

async function main(): Promise<number> {
  const environment = await pythonEnvironment(
    'mlflow',
    new URL('../test/mlflow/requirements.txt', import.meta.url),
  );
  if ('skip' in environment) {
    console.log(`SKIPPED test:mlflow: ${environment.skip}`);
    return 0;
  }
  if ('failure' in environment) {
    console.error(environment.failure);
    return 1;
  }
  const { python } = environment;
  const folder = mkdtempSync(join(tmpdir(), 'genie-optimizer-mlflow-'));
  const logPath = join(folder, 'server.log');
  const log = openSync(logPath, 'a');
  const port = await freePort();
  const uri = `http://127.0.0.1:${port}`;
  const server = spawn(python, serverArguments(port, folder), {
    cwd: folder,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, DO_NOT_TRACK: 'true' },
  });
  const interrupted = new AbortController();
  const { signal } = interrupted;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interrupted.abort());
  // Nothing between this machine and itself.
  const env = { ...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };
  try {
    const startedAt = Date.now();
    while (!(await isUp(uri))) {
      if (signal.aborted) return 1;
      if (server.exitCode !== null || Date.now() - startedAt > START_TIMEOUT_MS) {
        console.error(`The MLflow server did not start:\n${readFileSync(logPath, 'utf8').slice(-3000)}`);
        return 1;
      }
      await sleep(250);
    }
    const writtenPath = join(folder, 'written.json');
    const suite = await run(
      process.execPath,
      [pathOf('node_modules/vitest/vitest.mjs'), 'run', '--config', pathOf('vitest.mlflow.config.ts')],
      {
        timeoutMs: SUITE_TIMEOUT_MS,
        show: true,
        signal,
        env: { ...env, MLFLOW_TEST_URI: uri, MLFLOW_TEST_WRITTEN: writtenPath },
      },
    );
    if (suite.exitCode !== 0) return 1;
    const valuesPath = join(folder, 'values.json');
    writeFileSync(valuesPath, JSON.stringify(MLFLOW_VALUES));
    const reader = await run(python, [pathOf('test/mlflow/read_back.py'), uri, writtenPath, valuesPath], {
      timeoutMs: READ_TIMEOUT_MS,
      signal,
      env: { ...env, PYTHONWARNINGS: 'ignore' },
    });
    console.log(reader.output.trim());
    return reader.exitCode === 0 ? 0 : 1;
  } finally {
    await stop(server);
    closeSync(log);
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
