import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect, connectMlflow, type ConnectedWorkspace } from '../../src/clients/index.ts';
import { startLocalWorkspace, type LocalWorkspace } from '../../src/local/index.ts';
import { describeMlflowPort, openSourceNames, type WrittenToMlflow } from '../contracts/mlflow-port.ts';
import { describeTrackedRun, type WrittenByTracker } from '../contracts/tracked-run.ts';

const { uri, writtenPath } = inject('mlflow');
const mlflow = await connectMlflow({ trackingUri: uri, sources: { env: {} } });
const written: WrittenToMlflow = {};
const tracked: WrittenByTracker = {};

const SAMPLE = fileURLToPath(new URL('../fixtures/local-sample', import.meta.url));
let local: LocalWorkspace;
let workspace: ConnectedWorkspace;
beforeAll(async () => {
  local = await startLocalWorkspace({ sample: SAMPLE });
  const { host, token, warehouseId } = local;
  workspace = await connect({ host, token, warehouseId, startsPerMinute: null });
});

// The reader in Python starts from these ids.
afterAll(async () => {
  writeFileSync(writtenPath, JSON.stringify({ ...written, tracked }));
  await local.close();
});

describeMlflowPort('a real MLflow server', () => ({
  mlflow,
  names: openSourceNames(String(process.pid)),
  written,
}));

describeTrackedRun('a real MLflow server', () => ({
  service: { mlflow },
  workspace,
  spaceId: local.spaceId,
  experiment: `tracked run ${process.pid}`,
  written: tracked,
}));

describe('a real MLflow server', () => {
  it('gives a deleted experiment back under its name', async () => {
    const name = `deleted ${process.pid}`;
    const id = await mlflow.experiments.ensure(name);
    await fetch(`${uri}/api/2.0/mlflow/experiments/delete`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ experiment_id: id }),
    });
    expect(await mlflow.experiments.findByName(name)).toMatchObject({ isDeleted: true });
    expect(await mlflow.experiments.ensure(name)).toBe(id);
    expect(await mlflow.experiments.findByName(name)).toMatchObject({ isDeleted: false });
  });
});
