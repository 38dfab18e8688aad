import { beforeEach } from 'vitest';
import {
  CatalogClient,
  CatalogEditor,
  conversationLimiter,
  ConversationsClient,
  EvalRunsClient,
  GenieClient,
  IdentityClient,
  JobsClient,
  openAiChatModel,
  servingChatModel,
  SqlClient,
  WorkspaceFilesClient,
} from '../../src/clients/index.ts';
import { describeCatalogEditorPort } from '../contracts/catalog-editor-port.ts';
import { describeCatalogPort } from '../contracts/catalog-port.ts';
import { describeChatModel } from '../contracts/chat-model.ts';
import { describeConversationsPort } from '../contracts/conversations-port.ts';
import { describeEvalRunsPort } from '../contracts/eval-runs-port.ts';
import { describeGeniePort } from '../contracts/genie-port.ts';
import { describeIdentityPort } from '../contracts/identity-port.ts';
import { describeJobsPort } from '../contracts/jobs-port.ts';
import { describeSqlPort } from '../contracts/sql-port.ts';
import { describeWorkspaceFilesPort } from '../contracts/workspace-files-port.ts';
import { writableCatalog } from './support/fake-catalog-writes.ts';
import { informationSchema } from './support/fake-information-schema.ts';
import {
  chatHandlers,
  evalRunHandlers,
  fileHandlers,
  identityHandlers,
  jobHandlers,
} from './support/fake-services.ts';
import { fakeWorkspace } from './support/fake-workspace.ts';
import { HOST, makeHttp, useServer } from './support/server.ts';

const server = useServer();
const schema = informationSchema();
const workspace = fakeWorkspace(writableCatalog().answer);

const MODELS = 'https://models.example.com/v1';
const handlers = [
  ...evalRunHandlers(),
  ...workspace.handlers,
  ...jobHandlers(),
  ...fileHandlers(),
  ...identityHandlers(),
  ...chatHandlers(`${HOST}/serving-endpoints/judge/invocations`),
  ...chatHandlers(`${MODELS}/chat/completions`),
];

beforeEach(() => server.use(...handlers));

const { http, clock } = makeHttp();
const sql = new SqlClient({ http, clock, warehouseId: 'wh-1' });

const limiter = conversationLimiter({ startsPerMinute: null, clock });
const genie = new GenieClient({ http, clock, limiter });

describeGeniePort('GenieClient over HTTP', () => ({
  genie,
  spaceId: workspace.spaceId,
  question: 'How many orders are there?',
}));

describeSqlPort('SqlClient over HTTP', () => ({ sql }));

describeCatalogPort('CatalogClient over HTTP', () => ({
  catalog: new CatalogClient({ sql }),
  table: schema.table,
  function: schema.function,
}));

describeCatalogEditorPort('CatalogEditor over HTTP', () => ({
  editor: new CatalogEditor({ sql }),
  catalog: new CatalogClient({ sql }),
  table: 'main.sales.orders',
  column: 'total',
  metricView: 'main.sales.sales_metrics',
  function: 'main.sales.top_customers',
}));

describeConversationsPort('ConversationsClient over HTTP', () => ({
  genie,
  conversations: new ConversationsClient({ http, clock, limiter }),
  spaceId: workspace.spaceId,
  question: 'How many orders are there?',
}));

describeEvalRunsPort('EvalRunsClient over HTTP', () => ({
  evalRuns: new EvalRunsClient({ http, clock }),
  spaceId: workspace.spaceId,
  rightId: 'right',
  wrongId: 'wrong',
}));

describeIdentityPort('IdentityClient over HTTP', () => ({ identity: new IdentityClient({ http }) }));

describeJobsPort('JobsClient over HTTP', () => ({
  jobs: new JobsClient({ http, clock }),
  jobName: 'Evaluate',
}));

describeWorkspaceFilesPort('WorkspaceFilesClient over HTTP', () => ({
  files: new WorkspaceFilesClient({ http }),
  folder: '/Workspace/Shared/contract',
}));

describeChatModel('a serving endpoint', () => ({ model: servingChatModel({ http, endpoint: 'judge' }) }));

describeChatModel('an OpenAI-compatible server', () => ({
  model: openAiChatModel({ baseUrl: MODELS, model: 'small', apiKey: 'key-of-the-model', clock }),
}));
