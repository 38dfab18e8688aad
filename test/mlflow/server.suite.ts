import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  connect,
  connectMlflow,
  encodeOtlpRequest,
  type ConnectedWorkspace,
} from '../../src/clients/index.ts';
import { startLocalWorkspace, type LocalWorkspace } from '../../src/local/index.ts';
import { describeMlflowPort, openSourceNames, type WrittenToMlflow } from '../contracts/mlflow-port.ts';
import { describeTrackedRun, type WrittenByTracker } from '../contracts/tracked-run.ts';

const { uri, writtenPath } = inject('mlflow');
const mlflow = await connectMlflow({ trackingUri: uri, sources: { env: {} } });
const written: WrittenToMlflow = {};
const tracked: WrittenByTracker = {};
const otlp = { traceHex: randomBytes(16).toString('hex'), bytes: '', experimentId: '' };

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
  writeFileSync(writtenPath, JSON.stringify({ ...written, tracked, otlp }));
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
  it('takes spans in protobuf, as tables of Unity Catalog do', async () => {
    const { bytes } = encodeOtlpRequest(
      {
        name: 'ask',
        type: 'CHAIN',
        startedMs: 1_790_000_000_123,
        endedMs: 1_790_000_001_623,
        inputs: { question: 'Wie viele? €' },
        children: [
          {
            name: 'sql',
            type: 'TOOL',
            startedMs: 1_790_000_000_200,
            endedMs: 1_790_000_001_000,
            error: 'broke',
          },
        ],
      },
      { traceHex: otlp.traceHex, traceId: `tr-${otlp.traceHex}` },
      (length) => randomBytes(length).toString('hex'),
    );
    otlp.experimentId = await mlflow.experiments.ensure(`spans ${process.pid}`);
    otlp.bytes = Buffer.from(bytes).toString('base64');
    const answer = await fetch(`${uri}/v1/traces`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-protobuf',
        'x-mlflow-experiment-id': otlp.experimentId,
      },
      body: bytes,
    });
    expect([answer.status, await answer.text()]).toEqual([200, expect.any(String)]);
  });

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
