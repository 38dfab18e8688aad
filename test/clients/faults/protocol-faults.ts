import { HttpResponse, type JsonBodyType } from 'msw';
import type { Clients } from './probes.ts';

/** An answer of the server, or the last one of a list again and again. */
type Answers = readonly (JsonBodyType | (() => Response))[];

/** An answer that is in order as HTTP, and still not what was hoped for. */
export interface ProtocolFault {
  readonly fault: string;
  readonly call: string;
  /** Answers by `METHOD /path`, in order; the last one stays. */
  readonly server: Readonly<Record<string, Answers>>;
  readonly run: (clients: Clients) => Promise<unknown>;
  /** What is handed on, as far as it says how it ended; or the code of the error. */
  readonly ends: string;
  /** Requests that must have been sent, as `METHOD /path`. */
  readonly sends?: readonly string[];
}

const SPACE = '/api/2.0/genie/spaces/s1';
const CONVERSATION = `${SPACE}/conversations/c1`;
const MESSAGE = `${CONVERSATION}/messages/m1`;
const STATEMENTS = '/api/2.0/sql/statements';
const MLFLOW = '/api/2.0/mlflow';

const AT = { spaceId: 's1', conversationId: 'c1', messageId: 'm1' };

const refusal = (status: number, error_code: string) => (): Response =>
  HttpResponse.json({ error_code, message: 'reason' }, { status });

const outcomeOf = async (answer: Promise<{ readonly outcome: string }>): Promise<string> =>
  `outcome ${(await answer).outcome}`;

/** Listings that name the same next page for ever, and how each is read. */
const LISTINGS: readonly (readonly [call: string, request: string, run: ProtocolFault['run']])[] = [
  ['genie.listSpaces', 'GET /api/2.0/genie/spaces', ({ genie }) => genie.listSpaces()],
  [
    'conversations.messages',
    `GET ${CONVERSATION}/messages`,
    ({ conversations }) => conversations.messages(AT),
  ],
  [
    'conversations.conversations',
    `GET ${SPACE}/conversations`,
    ({ conversations }) => conversations.conversations('s1'),
  ],
  ['evalRuns.list', `GET ${SPACE}/eval-runs`, ({ evalRuns }) => evalRuns.list('s1')],
  ['evalRuns.results', `GET ${SPACE}/eval-runs/e1/results`, ({ evalRuns }) => evalRuns.results('s1', 'e1')],
  ['jobs.findByName', 'GET /api/2.2/jobs/list', ({ jobs }) => jobs.findByName('x')],
  ['jobs.getRun', 'GET /api/2.2/jobs/runs/get', ({ jobs }) => jobs.getRun('1')],
  [
    'mlflow.runs.search',
    `POST ${MLFLOW}/runs/search`,
    ({ mlflow }) => mlflow.runs.search({ experimentIds: ['1'] }),
  ],
  [
    'mlflow.runs.metricHistory',
    `GET ${MLFLOW}/metrics/get-history`,
    ({ mlflow }) => mlflow.runs.metricHistory('r1', 'accuracy'),
  ],
  [
    'mlflow.models.search',
    `POST ${MLFLOW}/logged-models/search`,
    ({ mlflow }) => mlflow.models.search({ experimentIds: ['1'] }),
  ],
  [
    'mlflow.traces.search',
    'POST /api/3.0/mlflow/traces/search',
    ({ mlflow }) => mlflow.traces.search({ experimentIds: ['1'] }),
  ],
  [
    'mlflow.artifacts.list',
    `GET ${MLFLOW}/artifacts/list`,
    ({ mlflow }) => mlflow.artifacts.list({ runId: 'r1', artifactUri: 'mlflow-artifacts:/1/r1' }),
  ],
  [
    'mlflow.datasets.records',
    'GET /api/3.0/mlflow/datasets/d1/records',
    ({ mlflow }) => mlflow.datasets.records('d1'),
  ],
];

const pagingLoops = LISTINGS.map(([call, request, run]): ProtocolFault => {
  // A run says how it stands on each page of its tasks.
  const page = (token: string) => ({ run_id: 1, state: {}, next_page_token: token });
  return {
    fault: 'a listing whose page tokens go round in a circle',
    call,
    server: { [request]: [page('a'), page('b'), page('a')] },
    run,
    ends: 'RESPONSE_FORMAT',
  };
});

const started = (status: string) => ({
  conversation_id: 'c1',
  message_id: 'm1',
  message: { message_id: 'm1', status },
});
const answered = (status: string) => ({
  message_id: 'm1',
  status,
  attachments: [{ attachment_id: 'a1', query: { query: 'SELECT 1', statement_id: 'st1' } }],
});

const messageStates = [
  ['a message that was CANCELLED', ['ASKING_AI', 'CANCELLED'], 'outcome cancelled'],
  ['a message that FAILED', ['EXECUTING_QUERY', 'FAILED'], 'outcome failed'],
  ['a message in a state that nobody knows, then COMPLETED', ['PONDERING', 'COMPLETED'], 'outcome sql'],
  ['a message in a state that nobody knows, for ever', ['PONDERING'], 'outcome timeout'],
  ['a message that never ends', ['EXECUTING_QUERY'], 'outcome timeout'],
  ['a message whose rows are no longer kept', ['EXECUTING_QUERY', 'QUERY_RESULT_EXPIRED'], 'outcome sql'],
] as const;

const messageFaults = messageStates.flatMap(([fault, states, ends]): ProtocolFault[] => [
  {
    fault,
    call: 'genie.ask',
    server: {
      [`POST ${SPACE}/start-conversation`]: [started('SUBMITTED')],
      [`GET ${MESSAGE}`]: states.map(answered),
    },
    run: ({ genie }) => outcomeOf(genie.ask('s1', 'How many?')),
    ends,
  },
  {
    fault,
    call: 'conversations.followUp',
    server: {
      [`POST ${CONVERSATION}/messages`]: [{ message_id: 'm1', status: 'SUBMITTED' }],
      [`GET ${MESSAGE}`]: states.map(answered),
    },
    run: ({ conversations }) => outcomeOf(conversations.followUp(AT, 'And then?')),
    ends,
  },
]);

const statement = (state: string) => ({
  statement_id: 'st1',
  status: { state },
  manifest: { schema: { columns: [{ name: 'n', type_name: 'INT' }] } },
  ...(state === 'SUCCEEDED' ? { result: { data_array: [['1']] } } : {}),
});
const rowsOf = async (result: Promise<{ readonly rows: readonly unknown[] }>): Promise<string> =>
  `${(await result).rows.length} row`;

const statementStates = [
  ['a statement that was CANCELED', ['RUNNING', 'CANCELED'], 'SQL_CANCELED'],
  ['a statement whose result is CLOSED', ['RUNNING', 'CLOSED'], 'SQL_RESULT_EXPIRED'],
  ['a statement in a state that nobody knows, then SUCCEEDED', ['QUEUED', 'SUCCEEDED'], '1 row'],
  ['a statement in a state that nobody knows, for ever', ['QUEUED'], 'SQL_TIMEOUT'],
  ['a result that never comes', ['RUNNING'], 'SQL_TIMEOUT'],
] as const;

const statementFaults = statementStates.flatMap(([fault, states, ends]): ProtocolFault[] => [
  {
    fault,
    call: 'sql.execute',
    server: {
      [`POST ${STATEMENTS}`]: [statement('PENDING')],
      [`GET ${STATEMENTS}/st1`]: states.map(statement),
      [`POST ${STATEMENTS}/st1/cancel`]: [{}],
    },
    run: ({ sql }) => rowsOf(sql.execute('SELECT 1')),
    ends,
    // What nobody waits for any more must not go on costing.
    ...(ends === 'SQL_TIMEOUT' ? { sends: [`POST ${STATEMENTS}/st1/cancel`] } : {}),
  },
  {
    fault,
    call: 'sql.resultOf',
    server: { [`GET ${STATEMENTS}/st1`]: states.map(statement) },
    run: ({ sql }) => rowsOf(sql.resultOf('st1')),
    ends,
  },
]);

const result = (state: string) => ({ statement_response: statement(state) });
const RESULT = `${MESSAGE}/attachments/a1/query-result`;
const RERUN = `${MESSAGE}/attachments/a1/execute-query`;

const resultFaults: readonly ProtocolFault[] = [
  {
    fault: 'rows of an answer that are no longer kept',
    call: 'conversations.queryResult',
    server: {
      [`GET ${RESULT}`]: [refusal(404, 'RESOURCE_DOES_NOT_EXIST'), result('RUNNING'), result('SUCCEEDED')],
      [`POST ${RERUN}`]: [result('PENDING')],
    },
    run: ({ conversations }) => rowsOf(conversations.queryResult({ ...AT, attachmentId: 'a1' })),
    ends: '1 row',
    sends: [`POST ${RERUN}`],
  },
  {
    fault: 'a result that never comes',
    call: 'conversations.queryResult',
    server: { [`GET ${RESULT}`]: [result('RUNNING')] },
    run: ({ conversations }) => rowsOf(conversations.queryResult({ ...AT, attachmentId: 'a1' })),
    ends: 'SQL_TIMEOUT',
  },
  {
    fault: 'chunks of a result that go round in a circle',
    call: 'sql.execute',
    server: {
      [`POST ${STATEMENTS}`]: [{ ...statement('SUCCEEDED'), result: { next_chunk_index: 1 } }],
      [`GET ${STATEMENTS}/st1/result/chunks/1`]: [{ next_chunk_index: 1 }],
    },
    run: ({ sql }) => rowsOf(sql.execute('SELECT 1')),
    ends: 'RESPONSE_FORMAT',
  },
  {
    fault: 'a query that EXPLAIN finds bad, reported as a success',
    call: 'sql.execute',
    server: {
      [`POST ${STATEMENTS}`]: [
        {
          ...statement('SUCCEEDED'),
          result: { data_array: [['Error occurred during query planning: \n[PARSE_SYNTAX_ERROR] x']] },
        },
      ],
    },
    run: ({ sql }) => rowsOf(sql.execute('EXPLAIN SELEC 1')),
    ends: 'SQL_STATEMENT_FAILED',
  },
];

const job = (state: string, resultState?: string) => ({
  run_id: 1,
  state: { life_cycle_state: state, ...(resultState === undefined ? {} : { result_state: resultState }) },
});
const endOfJob = async (run: Promise<{ readonly resultState: string | null }>): Promise<string> =>
  `result ${(await run).resultState}`;
const JOB = 'GET /api/2.2/jobs/runs/get';

const evaluation = (eval_run_status: string) => ({ eval_run_id: 'e1', eval_run_status });
const endOfEvaluation = async (run: Promise<{ readonly status: string }>): Promise<string> =>
  `status ${(await run).status}`;
const EVALUATION = `GET ${SPACE}/eval-runs/e1`;

const longRuns: readonly ProtocolFault[] = [
  {
    fault: 'a run in a state that nobody knows, then ended',
    call: 'jobs.waitForRun',
    server: { [JOB]: [job('SOMETHING_NEW'), job('TERMINATED', 'SUCCESS')] },
    run: ({ jobs }) => endOfJob(jobs.waitForRun('1')),
    ends: 'result SUCCESS',
  },
  {
    fault: 'a run that was cancelled',
    call: 'jobs.waitForRun',
    server: { [JOB]: [job('TERMINATING'), job('TERMINATED', 'CANCELED')] },
    run: ({ jobs }) => endOfJob(jobs.waitForRun('1')),
    ends: 'result CANCELED',
  },
  {
    fault: 'a run that never ends',
    call: 'jobs.waitForRun',
    server: { [JOB]: [job('RUNNING')] },
    run: ({ jobs }) => endOfJob(jobs.waitForRun('1', { timeoutMs: 120_000 })),
    ends: 'JOB_TIMEOUT',
  },
  {
    fault: 'a run in a state that nobody knows, then ended',
    call: 'evalRuns.wait',
    server: { [EVALUATION]: [evaluation('SOMETHING_NEW'), evaluation('DONE')] },
    run: ({ evalRuns }) => endOfEvaluation(evalRuns.wait('s1', 'e1')),
    ends: 'status DONE',
  },
  {
    fault: 'a run that was cancelled',
    call: 'evalRuns.wait',
    server: { [EVALUATION]: [evaluation('RUNNING'), evaluation('EVALUATION_CANCELLED')] },
    run: ({ evalRuns }) => endOfEvaluation(evalRuns.wait('s1', 'e1')),
    ends: 'status EVALUATION_CANCELLED',
  },
  {
    fault: 'a run that never ends',
    call: 'evalRuns.wait',
    server: { [EVALUATION]: [evaluation('RUNNING')] },
    run: ({ evalRuns }) => endOfEvaluation(evalRuns.wait('s1', 'e1', { timeoutMs: 120_000 })),
    ends: 'EVAL_RUN_TIMEOUT',
  },
];

const conflicts: readonly ProtocolFault[] = [
  {
    fault: '409: somebody else changed the space',
    call: 'genie.updateSpace',
    server: { [`PATCH ${SPACE}`]: [refusal(409, 'ABORTED')] },
    run: ({ genie }) => genie.updateSpace('s1', { serializedSpace: '{"version":2}', etag: 'old' }),
    ends: 'SPACE_CONFLICT',
  },
  {
    fault: '409: somebody else made it first',
    call: 'mlflow.experiments.ensure',
    server: {
      [`GET ${MLFLOW}/experiments/get-by-name`]: [
        refusal(404, 'RESOURCE_DOES_NOT_EXIST'),
        { experiment: { experiment_id: '9', name: 'x' } },
      ],
      [`POST ${MLFLOW}/experiments/create`]: [refusal(400, 'RESOURCE_ALREADY_EXISTS')],
    },
    run: ({ mlflow }) => mlflow.experiments.ensure('x'),
    ends: '9',
  },
  {
    fault: '409: somebody else made it first',
    call: 'mlflow.prompts.register',
    server: {
      [`POST ${MLFLOW}/registered-models/create`]: [refusal(409, 'ALREADY_EXISTS')],
      [`POST ${MLFLOW}/model-versions/create`]: [{ model_version: { name: 'x', version: '4' } }],
    },
    run: async ({ mlflow }) =>
      `version ${(await mlflow.prompts.register({ name: 'x', template: 't' })).version}`,
    ends: 'version 4',
  },
];

const others: readonly ProtocolFault[] = [
  {
    fault: 'a space without its content, for want of CAN EDIT',
    call: 'genie.getSpace',
    server: { [`GET ${SPACE}`]: [{ space_id: 's1', title: 'Sales' }] },
    run: ({ genie }) => genie.getSpace('s1'),
    ends: 'PERMISSION_DENIED',
  },
  {
    fault: 'the token expires while an answer is waited for',
    call: 'genie.ask',
    server: {
      [`POST ${SPACE}/start-conversation`]: [started('SUBMITTED')],
      [`GET ${MESSAGE}`]: [answered('ASKING_AI'), refusal(401, 'UNAUTHENTICATED'), answered('COMPLETED')],
    },
    run: ({ genie }) => outcomeOf(genie.ask('s1', 'How many?')),
    ends: 'outcome sql',
  },
  {
    fault: 'a model that never answers in JSON',
    call: 'chat.generateJson',
    server: {
      'POST /serving-endpoints/judge/invocations': [{ choices: [{ message: { content: 'I think so.' } }] }],
    },
    run: ({ chat }) => chat.generateJson('Right?', { type: 'object' }),
    ends: 'CHAT_ANSWER_UNREADABLE',
  },
];

export const PROTOCOL_FAULTS: readonly ProtocolFault[] = [
  ...pagingLoops,
  ...conflicts,
  ...messageFaults,
  ...statementFaults,
  ...resultFaults,
  ...longRuns,
  ...others,
];
