import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  CatalogEditor,
  connect,
  type ConnectedWorkspace,
  EvalRunsClient,
  IdentityClient,
  JobsClient,
  openAiChatModel,
  path,
  servingChatModel,
  WorkspaceFilesClient,
} from '../../src/clients/index.ts';
import { type LocalJob, type LocalWorkspace, startLocalWorkspace } from '../../src/local/index.ts';
import { describeCatalogEditorPort } from '../contracts/catalog-editor-port.ts';
import { describeCatalogPort } from '../contracts/catalog-port.ts';
import { CHAT_ANSWERS, describeChatModel } from '../contracts/chat-model.ts';
import { describeConversationsPort } from '../contracts/conversations-port.ts';
import { describeEvalRunsPort } from '../contracts/eval-runs-port.ts';
import { describeGeniePort } from '../contracts/genie-port.ts';
import { describeIdentityPort } from '../contracts/identity-port.ts';
import { describeJobsPort } from '../contracts/jobs-port.ts';
import { describeSqlPort } from '../contracts/sql-port.ts';
import { describeWorkspaceFilesPort } from '../contracts/workspace-files-port.ts';
import { rejection } from './support/server.ts';

/** A small library: branches, members, books and loans. */
const SAMPLE = fileURLToPath(new URL('../fixtures/local-sample', import.meta.url));

/** Returns its parameters; with `wait` it goes on until it is cancelled. */
const evaluate: LocalJob = {
  name: 'Evaluate',
  run: ({ parameters, signal }) =>
    'wait' in parameters
      ? new Promise((resolve) => signal.addEventListener('abort', () => resolve('stopped')))
      : JSON.stringify(parameters),
};

/** Two questions, of which the answer key of the second is not what Genie answers. */
const [RIGHT, WRONG] = ['1'.repeat(32), '2'.repeat(32)];
const benchmark = (id: string, sql: string) => ({
  id,
  question: ['How many members do we have?'],
  answer: [{ format: 'SQL', content: [sql] }],
});

let local: LocalWorkspace;
let workspace: ConnectedWorkspace;
let evaluatedSpaceId: string;

beforeAll(async () => {
  local = await startLocalWorkspace({
    sample: SAMPLE,
    jobs: [evaluate],
    servingEndpoints: [
      { name: 'judge', answer: ({ messages }) => CHAT_ANSWERS[messages[0]?.content ?? ''] ?? '{}' },
    ],
  });
  workspace = await connect({
    host: local.host,
    token: local.token,
    startsPerMinute: null,
    sources: { env: {} },
    spaceId: local.spaceId,
  });
  const { serializedSpace, warehouseId } = await workspace.genie.getSpace(local.spaceId);
  const questions = [
    benchmark(RIGHT, 'SELECT count(*) FROM town.library.members'),
    benchmark(WRONG, 'SELECT count(*) + 1 FROM town.library.members'),
  ];
  const evaluated = await workspace.genie.createSpace({
    title: 'Evaluated',
    warehouseId: warehouseId ?? '',
    serializedSpace: JSON.stringify({
      ...(JSON.parse(serializedSpace) as object),
      benchmarks: { questions },
    }),
  });
  evaluatedSpaceId = evaluated.spaceId;
});
afterAll(() => local.close());

describeGeniePort('the embedded workspace', () => ({
  genie: workspace.genie,
  spaceId: local.spaceId,
  question: 'How many members do we have?',
}));

describeConversationsPort('the embedded workspace', () => ({
  genie: workspace.genie,
  conversations: workspace.conversations,
  spaceId: local.spaceId,
  question: 'How many members do we have?',
}));

describeIdentityPort('the embedded workspace', () => ({
  identity: new IdentityClient({ http: workspace.http }),
}));

describeEvalRunsPort('the embedded workspace', () => ({
  evalRuns: new EvalRunsClient({ http: workspace.http }),
  spaceId: evaluatedSpaceId,
  rightId: RIGHT,
  wrongId: WRONG,
}));

describeJobsPort('the embedded workspace', () => ({
  jobs: new JobsClient({ http: workspace.http }),
  jobName: 'Evaluate',
}));

describeWorkspaceFilesPort('the embedded workspace', () => ({
  files: new WorkspaceFilesClient({ http: workspace.http }),
  folder: '/Workspace/Shared/contract',
}));

describeChatModel('a serving endpoint of the embedded workspace', () => ({
  model: servingChatModel({ http: workspace.http, endpoint: 'judge' }),
}));

describeChatModel('the embedded workspace as an OpenAI-compatible server', () => ({
  model: openAiChatModel({ baseUrl: `${local.host}/serving-endpoints`, model: 'judge', apiKey: local.token }),
}));

describeCatalogEditorPort('the embedded workspace', () => ({
  editor: new CatalogEditor({ sql: workspace.sql }),
  catalog: workspace.catalog,
  table: 'town.library.branches',
  column: 'branch_name',
  metricView: 'town.library.loan_metrics',
  function: 'town.library.busiest_members',
}));

describeSqlPort('the embedded workspace', () => ({ sql: workspace.sql }));

describeCatalogPort('the embedded workspace', () => ({
  catalog: workspace.catalog,
  table: {
    name: 'town.library.branches',
    comment: 'One row per building',
    primaryKey: ['branch_id'],
    columns: [
      { name: 'branch_id', type: 'BIGINT' },
      { name: 'branch_name', type: 'STRING' },
      { name: 'opened', type: 'DATE' },
    ],
  },
  function: {
    name: 'town.library.busiest_members',
    parameters: [
      { name: 'top_n', type: 'INT', defaultValue: null, comment: 'How many members' },
      { name: 'since', type: 'DATE', defaultValue: "DATE '2025-01-01'", comment: 'First day that counts' },
    ],
  },
}));

describe('the embedded workspace through the clients', () => {
  it('refuses a wrong token with an error that says where it came from', async () => {
    const stranger = await connect({ host: local.host, token: 'wrong-token', sources: { env: {} } });
    const error = await rejection(stranger.genie.getSpace(local.spaceId));
    expect(error).toHaveProperty('code', 'AUTHENTICATION_FAILED');
    expect((error as Error).message).toContain('explicit options');
    expect((error as Error).message).not.toContain('wrong-token');
  });

  it('shows tags, foreign keys, definitions and columns of functions', async () => {
    const { tables, functions } = await workspace.catalog.snapshot({
      tables: ['town.library.members', 'town.library.open_loans', 'town.library.loan_metrics'],
      functions: ['town.library.busiest_members', 'town.library.loan_fine'],
    });
    const byName = new Map(tables.map((table) => [table.name, table]));
    expect(byName.get('town.library.members')).toMatchObject({
      kind: 'table',
      tags: { pii: 'yes', domain: 'people' },
      foreignKeys: [
        {
          columns: ['home_branch'],
          referencedTable: 'town.library.branches',
          referencedColumns: ['branch_id'],
        },
      ],
    });
    expect(
      byName.get('town.library.members')?.columns.find((column) => column.name === 'full_name')?.tags,
    ).toEqual({ pii: 'name' });
    expect(byName.get('town.library.open_loans')).toMatchObject({
      kind: 'view',
      definition: expect.stringContaining('WHERE l.back_on IS NULL') as string,
    });
    expect(byName.get('town.library.loan_metrics')).toMatchObject({
      kind: 'metric_view',
      definition: expect.stringContaining('measures:') as string,
    });
    expect(functions.map(({ name, returns }) => [name, returns.map((column) => column.name)])).toEqual([
      ['town.library.busiest_members', ['member_name', 'loans']],
      ['town.library.loan_fine', []],
    ]);
    expect(functions[0]?.body).toMatch(/^SELECT m\.full_name/);
  });

  it('gives the rows of the statement that Genie ran', async () => {
    const answer = await workspace.genie.ask(local.spaceId, 'How many members do we have?');
    const rows = await workspace.sql.resultOf(answer.statementId ?? '');
    expect(rows.rows).toEqual((await workspace.sql.execute(answer.sql ?? '')).rows);
  });

  it('tells where it is before anybody has signed in, and nothing else', async () => {
    const statusOf = async (path: string): Promise<number> => (await fetch(local.host + path)).status;
    expect(await statusOf('/.well-known/databricks-config')).toBe(200);
    expect(await statusOf('/.well-known/anything-else')).toBe(404);
    expect(await statusOf('/api/2.0/genie/spaces')).toBe(401);
  });

  it('runs the query of an answer once more on demand, and gives its rows from then on', async () => {
    const { conversations, genie, http } = workspace;
    const { spaceId } = local;
    const { conversationId, messageId, attachmentId, statementId } = await genie.ask(
      spaceId,
      'How many members do we have?',
    );
    const at = { spaceId, conversationId, messageId, attachmentId: attachmentId ?? '' };
    const before = await conversations.queryResult(at);
    await http.request({
      method: 'POST',
      path: path`/api/2.0/genie/spaces/${spaceId}/conversations/${conversationId}/messages/${messageId}/attachments/${at.attachmentId}/execute-query`,
      schema: z.looseObject({ statement_response: z.looseObject({ statement_id: z.string() }) }),
    });
    const after = await conversations.queryResult(at);
    expect(after.rows).toEqual(before.rows);
    expect([before.statementId === statementId, after.statementId === statementId]).toEqual([true, false]);
  });
});
