import type { JsonBodyType } from 'msw';
import {
  type CatalogClient,
  type CatalogEditor,
  type ConversationsClient,
  type EvalRunsClient,
  type GenieClient,
  type IdentityClient,
  type JobsClient,
  type MlflowClient,
  type SqlClient,
  type WorkspaceFilesClient,
} from '../../../src/clients/index.ts';
import type { ChatModel } from '../../../src/ports/index.ts';

/** One of each client, on one connection. */
export interface Clients {
  readonly genie: GenieClient;
  readonly conversations: ConversationsClient;
  readonly evalRuns: EvalRunsClient;
  readonly sql: SqlClient;
  readonly catalog: CatalogClient;
  readonly catalogEditor: CatalogEditor;
  readonly mlflow: MlflowClient;
  readonly jobs: JobsClient;
  readonly files: WorkspaceFilesClient;
  readonly identity: IdentityClient;
  readonly chat: ChatModel;
}

/**
 * What sending a call twice would do.
 *
 * - `harmless`: reading, or writing the same again
 * - `doubtful`: writes that append, or that somebody may have overtaken
 * - `costly`: starts something that runs, counts or costs
 */
export type Repetition = 'harmless' | 'doubtful' | 'costly';

/** A call that takes one request when all is well; that request meets the fault. */
export interface Probe {
  /** As it is written in code. */
  readonly call: string;
  readonly repetition: Repetition;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  /** What the server answers when all is well. */
  readonly answer: JsonBodyType;
  /** The answer is handed on as bytes, so its form is nobody's concern. */
  readonly readsBytes?: boolean;
  readonly run: (clients: Clients) => Promise<unknown>;
}

const SPACE = { space_id: 's1', title: 'Sales', serialized_space: '{"version":2}', etag: 'e1' };
const MESSAGE = { message_id: 'm1', conversation_id: 'c1', status: 'COMPLETED', content: 'How many?' };
const STATEMENT = { statement_id: 'st1', status: { state: 'SUCCEEDED' }, manifest: {}, result: {} };
const RUN = { run: { info: { run_id: 'r1', experiment_id: '1', status: 'RUNNING' } } };
const MODEL = { model: { info: { model_id: 'm-1', experiment_id: '1', status: 'LOGGED_MODEL_PENDING' } } };
const OWNER = { runId: 'r1', artifactUri: 'mlflow-artifacts:/1/r1/artifacts' };

export const PROBES: readonly Probe[] = [
  {
    call: 'genie.listSpaces',
    repetition: 'harmless',
    method: 'GET',
    path: '/api/2.0/genie/spaces',
    answer: { spaces: [SPACE] },
    run: ({ genie }) => genie.listSpaces(),
  },
  {
    call: 'genie.getSpace',
    repetition: 'harmless',
    method: 'GET',
    path: '/api/2.0/genie/spaces/s1',
    answer: SPACE,
    run: ({ genie }) => genie.getSpace('s1'),
  },
  {
    call: 'genie.updateSpace',
    repetition: 'doubtful',
    method: 'PATCH',
    path: '/api/2.0/genie/spaces/s1',
    answer: SPACE,
    run: ({ genie }) => genie.updateSpace('s1', { serializedSpace: '{"version":2}', etag: 'e1' }),
  },
  {
    call: 'genie.ask',
    repetition: 'costly',
    method: 'POST',
    path: '/api/2.0/genie/spaces/s1/start-conversation',
    answer: { conversation_id: 'c1', message_id: 'm1', message: MESSAGE },
    run: ({ genie }) => genie.ask('s1', 'How many?'),
  },
  {
    call: 'conversations.followUp',
    repetition: 'costly',
    method: 'POST',
    path: '/api/2.0/genie/spaces/s1/conversations/c1/messages',
    answer: MESSAGE,
    run: ({ conversations }) =>
      conversations.followUp({ spaceId: 's1', conversationId: 'c1' }, 'And last year?'),
  },
  {
    call: 'conversations.sendFeedback',
    repetition: 'harmless',
    method: 'POST',
    path: '/api/2.0/genie/spaces/s1/conversations/c1/messages/m1/feedback',
    answer: {},
    run: ({ conversations }) =>
      conversations.sendFeedback(
        { spaceId: 's1', conversationId: 'c1', messageId: 'm1' },
        { rating: 'POSITIVE' },
      ),
  },
  {
    call: 'evalRuns.create',
    repetition: 'costly',
    method: 'POST',
    path: '/api/2.0/genie/spaces/s1/eval-runs',
    answer: { eval_run_id: 'e1' },
    run: ({ evalRuns }) => evalRuns.create('s1'),
  },
  {
    call: 'evalRuns.get',
    repetition: 'harmless',
    method: 'GET',
    path: '/api/2.0/genie/spaces/s1/eval-runs/e1',
    answer: { eval_run_id: 'e1' },
    run: ({ evalRuns }) => evalRuns.get('s1', 'e1'),
  },
  {
    call: 'sql.execute (a query)',
    repetition: 'harmless',
    method: 'POST',
    path: '/api/2.0/sql/statements',
    answer: STATEMENT,
    run: ({ sql }) => sql.execute('SELECT 1'),
  },
  {
    call: 'sql.execute (a change)',
    repetition: 'doubtful',
    method: 'POST',
    path: '/api/2.0/sql/statements',
    answer: STATEMENT,
    run: ({ sql }) => sql.execute('INSERT INTO t VALUES (1)'),
  },
  {
    call: 'catalog.snapshot',
    repetition: 'harmless',
    method: 'POST',
    path: '/api/2.0/sql/statements',
    answer: STATEMENT,
    run: ({ catalog }) => catalog.snapshot({ tables: ['main.sales.orders'], functions: [] }),
  },
  {
    call: 'catalogEditor.setComment',
    repetition: 'doubtful',
    method: 'POST',
    path: '/api/2.0/sql/statements',
    answer: STATEMENT,
    run: ({ catalogEditor }) =>
      catalogEditor.setComment({ table: { name: 'main.sales.orders', kind: 'table' } }, 'One row per order'),
  },
  {
    call: 'mlflow.runs.get',
    repetition: 'harmless',
    method: 'GET',
    path: '/api/2.0/mlflow/runs/get',
    answer: RUN,
    run: ({ mlflow }) => mlflow.runs.get('r1'),
  },
  {
    call: 'mlflow.runs.log (metrics)',
    repetition: 'doubtful',
    method: 'POST',
    path: '/api/2.0/mlflow/runs/log-batch',
    answer: {},
    run: ({ mlflow }) => mlflow.runs.log('r1', { metrics: [{ key: 'accuracy', value: 1 }] }),
  },
  {
    call: 'mlflow.runs.start',
    repetition: 'costly',
    method: 'POST',
    path: '/api/2.0/mlflow/runs/create',
    answer: RUN,
    run: ({ mlflow }) => mlflow.runs.start({ experimentId: '1' }),
  },
  {
    call: 'mlflow.models.create',
    repetition: 'costly',
    method: 'POST',
    path: '/api/2.0/mlflow/logged-models',
    answer: MODEL,
    run: ({ mlflow }) => mlflow.models.create({ experimentId: '1', name: 'space', sourceRunId: 'r1' }),
  },
  {
    call: 'mlflow.datasets.upsertRecords',
    repetition: 'harmless',
    method: 'POST',
    path: '/api/3.0/mlflow/datasets/d1/records',
    answer: {},
    run: ({ mlflow }) => mlflow.datasets.upsertRecords('d1', [{ inputs: { question: 'How many?' } }]),
  },
  {
    call: 'mlflow.artifacts.write',
    repetition: 'harmless',
    method: 'PUT',
    path: '/api/2.0/mlflow-artifacts/artifacts/1/r1/artifacts/rows.json',
    answer: {},
    readsBytes: true,
    run: ({ mlflow }) => mlflow.artifacts.write(OWNER, 'rows.json', '{}'),
  },
  {
    call: 'mlflow.traces.addAssessment',
    repetition: 'doubtful',
    method: 'POST',
    path: '/api/3.0/mlflow/traces/tr-1/assessments',
    answer: { assessment: { assessment_id: 'a1' } },
    run: ({ mlflow }) =>
      mlflow.traces.addAssessment('tr-1', {
        name: 'judge',
        source: { type: 'CODE', id: 'x' },
        value: { kind: 'feedback', value: 'yes' },
      }),
  },
  {
    call: 'jobs.runNow',
    repetition: 'costly',
    method: 'POST',
    path: '/api/2.2/jobs/run-now',
    answer: { run_id: 1 },
    run: ({ jobs }) => jobs.runNow('7'),
  },
  {
    call: 'jobs.runNow (with an idempotency token)',
    repetition: 'harmless',
    method: 'POST',
    path: '/api/2.2/jobs/run-now',
    answer: { run_id: 1 },
    run: ({ jobs }) => jobs.runNow('7', { idempotencyToken: 'once' }),
  },
  {
    call: 'jobs.getRun',
    repetition: 'harmless',
    method: 'GET',
    path: '/api/2.2/jobs/runs/get',
    answer: { run_id: 1, state: { life_cycle_state: 'RUNNING' } },
    run: ({ jobs }) => jobs.getRun('1'),
  },
  {
    call: 'files.read',
    repetition: 'harmless',
    method: 'GET',
    path: '/api/2.0/workspace/export',
    answer: { content: '' },
    run: ({ files }) => files.read('/Shared/x.yaml'),
  },
  {
    call: 'files.write',
    repetition: 'harmless',
    method: 'POST',
    path: '/api/2.0/workspace/import',
    answer: {},
    run: ({ files }) => files.write('/Shared/x.yaml', 'text'),
  },
  {
    call: 'identity.currentUser',
    repetition: 'harmless',
    method: 'GET',
    path: '/api/2.0/preview/scim/v2/Me',
    answer: { id: '1', userName: 'ada@example.com' },
    run: ({ identity }) => identity.currentUser(),
  },
  {
    call: 'chat.generateJson',
    repetition: 'harmless',
    method: 'POST',
    path: '/serving-endpoints/judge/invocations',
    answer: { choices: [{ message: { content: '{"verdict":"yes"}' } }] },
    run: ({ chat }) => chat.generateJson('Right?', { type: 'object' }),
  },
];
