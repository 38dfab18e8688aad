/**
 * Uses the embedded workspace through the official Python SDK of Databricks.
 *
 * `npm run test:python-sdk`. Skips with a sentence where Python or its package index is missing.
 */
import { fileURLToPath } from 'node:url';
import { startLocalWorkspace } from '../src/local/index.ts';
import { pythonEnvironment, run } from './python-environment.ts';

const TIMEOUT_MS = 5 * 60_000;

const pathOf = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

async function main(): Promise<number> {
  const requirements = new URL('../test/python-sdk/requirements.txt', import.meta.url);
  const environment = await pythonEnvironment('sdk', requirements);
  if ('skip' in environment) {
    console.log(`SKIPPED test:python-sdk: ${environment.skip}`);
    return 0;
  }
  if ('failure' in environment) {
    console.error(environment.failure);
    return 1;
  }
  const workspace = await startLocalWorkspace({ sample: pathOf('test/fixtures/local-sample') });
  try {
    const used = await run(
      environment.python,
      [pathOf('test/python-sdk/use_workspace.py'), workspace.spaceId, 'How many members do we have?'],
      {
        timeoutMs: TIMEOUT_MS,
        env: {
          PATH: process.env['PATH'],
          HOME: process.env['HOME'],
          DATABRICKS_HOST: workspace.host,
          DATABRICKS_TOKEN: workspace.token,
          DATABRICKS_WAREHOUSE_ID: workspace.warehouseId,
          // No profile of the person at this machine may answer in place of the embedded workspace.
          DATABRICKS_CONFIG_FILE: pathOf('test/python-sdk/no-profiles'),
        },
      },
    );
    console.log(used.output.trim());
    return used.exitCode === 0 ? 0 : 1;
  } finally {
    await workspace.close();
  }
}

process.exitCode = await main();
