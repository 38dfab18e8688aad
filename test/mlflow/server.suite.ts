import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { connectMlflow } from '../../src/clients/index.ts';
import { describeMlflowPort, openSourceNames, type WrittenToMlflow } from '../contracts/mlflow-port.ts';

const { uri, writtenPath } = inject('mlflow');
const mlflow = await connectMlflow({ trackingUri: uri, sources: { env: {} } });
const written: WrittenToMlflow = {};

// The reader in Python starts from these ids.
afterAll(() => writeFileSync(writtenPath, JSON.stringify(written)));

describeMlflowPort('a real MLflow server', () => ({
  mlflow,
  names: openSourceNames(String(process.pid)),
  written,
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
