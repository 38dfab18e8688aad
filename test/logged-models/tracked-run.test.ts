import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  connect,
  connectMlflow,
  IdentityClient,
  WorkspaceFilesClient,
  type ConnectedWorkspace,
  type MlflowClient,
} from '../../src/clients/index.ts';
import { startLocalWorkspace, type LocalWorkspace } from '../../src/local/index.ts';
import { describeTrackedRun, type WrittenByTracker } from '../contracts/tracked-run.ts';
import { memoryMlflow, type MemoryMlflow } from './memory-mlflow.ts';

const SAMPLE = fileURLToPath(new URL('../fixtures/local-sample', import.meta.url));

let local: LocalWorkspace;
let workspace: ConnectedWorkspace;
let mlflow: MlflowClient;
let memory: MemoryMlflow;

beforeAll(async () => {
  local = await startLocalWorkspace({ sample: SAMPLE });
  const { host, token, warehouseId } = local;
  workspace = await connect({ host, token, warehouseId, startsPerMinute: null });
  mlflow = await connectMlflow({ trackingUri: 'databricks', host, token });
  memory = memoryMlflow();
});
afterAll(() => local.close());

const inMemory: WrittenByTracker = {};
describeTrackedRun('memory', () => ({
  service: { mlflow: memory },
  workspace,
  spaceId: local.spaceId,
  experiment: 'library',
  written: inMemory,
}));

const embedded: WrittenByTracker = {};
describeTrackedRun('the embedded workspace', () => ({
  service: {
    mlflow,
    identity: new IdentityClient({ http: workspace.http }),
    folders: new WorkspaceFilesClient({ http: workspace.http }),
  },
  workspace,
  spaceId: local.spaceId,
  experiment: '/Users/me@example.com/genie-optimization/library',
  ucSchema: 'town.library',
  written: embedded,
}));

describe('what the tracked run left in memory', () => {
  it('has one trace per question with one assessment per judge, the expected answer, and its blame', () => {
    const { traceList, linkedTraces } = memory;
    expect(traceList).toHaveLength(6);
    expect(linkedTraces.get(inMemory.evaluationRunId ?? '')).toEqual(['t1', 't2', 't3']);
    const [, wrong] = traceList;
    expect(wrong?.trace).toMatchObject({
      modelId: inMemory.baselineModelId,
      runId: inMemory.evaluationRunId,
      tags: { question_id: 'q2', iteration: '0', eval_scope: 'full' },
      root: { startedMs: Date.parse('2026-03-15T08:00:00.000Z'), children: [{ name: 'ask_genie' }, {}] },
    });
    expect(wrong?.assessments.map(({ name, value, source }) => [name, value.kind, source.type])).toEqual([
      ['result_correctness', 'feedback', 'CODE'],
      ['schema_accuracy', 'feedback', 'LLM_JUDGE'],
      ['completeness', 'failed', 'CODE'],
      ['arbiter', 'feedback', 'CODE'],
      ['expected_response', 'expectation', 'CODE'],
      ['expected_asset', 'expectation', 'CODE'],
      ['repeatability', 'feedback', 'CODE'],
    ]);
    expect(JSON.parse(wrong?.assessments[1]?.metadata?.['genie_opt.asi'] ?? 'null')).toMatchObject({
      failure_type: 'wrong_table',
    });
  });

  it('has the judges prompts once, and every question in the dataset', () => {
    expect(memory.runList.filter(({ runName }) => runName.startsWith('register_prompts_'))).toHaveLength(1);
    expect(memory.datasetRecords.get(inMemory.datasetName ?? '')).toHaveLength(3);
  });
});
