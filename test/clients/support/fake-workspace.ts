import { http as route, HttpResponse, type JsonBodyType } from 'msw';
import { SQL_STATEMENTS } from '../../contracts/sql-port.ts';
import { conversationHandlers } from './fake-conversations.ts';
import { HOST } from './server.ts';

interface StoredSpace {
  readonly title: string;
  readonly warehouse_id: string;
  readonly serialized_space: string;
  readonly revision: number;
}

type Cell = string | null;

export interface CannedResult {
  readonly columns: readonly (readonly [name: string, typeName: string, typeText: string])[];
  readonly rows: readonly (readonly Cell[])[];
}

interface CannedFailure {
  readonly message: string;
  readonly sqlState: string;
}

export type CannedAnswer = CannedResult | { readonly failure: CannedFailure };

const apiError = (status: number, error_code: string, message: string): Response =>
  HttpResponse.json({ error_code, message }, { status });

/**
 * The REST surface of the spaces and statements API with as much memory as the contract suites need, and no engine:
 * it answers the statements of the suite and whatever `canned` holds.
 */
export function fakeWorkspace(canned: (statement: string) => CannedAnswer | null = () => null) {
  const spaces = new Map<string, StoredSpace>();
  const statements = new Map<string, JsonBodyType>();
  const asked: string[] = [];
  const spaceId = '1'.repeat(32);
  spaces.set(spaceId, {
    title: 'Sales',
    warehouse_id: 'wh-1',
    serialized_space: '{"version":2,"data_sources":{}}',
    revision: 1,
  });

  const summary = (id: string, space: StoredSpace) => ({
    space_id: id,
    title: space.title,
    warehouse_id: space.warehouse_id,
  });
  const whole = (id: string, space: StoredSpace) => ({
    ...summary(id, space),
    serialized_space: space.serialized_space,
    etag: `etag-${space.revision}`,
  });
  const missing = (): Response => apiError(404, 'RESOURCE_DOES_NOT_EXIST', 'Space does not exist');

  const genie = [
    route.get(`${HOST}/api/2.0/genie/spaces`, () =>
      HttpResponse.json({ spaces: [...spaces].map(([id, space]) => summary(id, space)) }),
    ),
    route.get<{ id: string }>(`${HOST}/api/2.0/genie/spaces/:id`, ({ params, request }) => {
      const space = spaces.get(params.id);
      if (space === undefined) return missing();
      const wantsAll = new URL(request.url).searchParams.get('include_serialized_space') === 'true';
      return HttpResponse.json(wantsAll ? whole(params.id, space) : summary(params.id, space));
    }),
    route.post<never, { title: string; warehouse_id: string; serialized_space: string }>(
      `${HOST}/api/2.0/genie/spaces`,
      async ({ request }) => {
        const id = String(spaces.size + 1).padStart(32, '2');
        const body = await request.json();
        spaces.set(id, { ...body, revision: 1 });
        return HttpResponse.json({ space_id: id, title: body.title });
      },
    ),
    route.patch<{ id: string }, { serialized_space: string; etag?: string }>(
      `${HOST}/api/2.0/genie/spaces/:id`,
      async ({ params, request }) => {
        const space = spaces.get(params.id);
        if (space === undefined) return missing();
        const body = await request.json();
        if (body.etag !== undefined && body.etag !== `etag-${space.revision}`) {
          return apiError(
            409,
            'ABORTED',
            'Space configuration has been modified since this export was taken.',
          );
        }
        const changed = body.serialized_space !== space.serialized_space;
        const next = {
          ...space,
          serialized_space: body.serialized_space,
          revision: space.revision + (changed ? 1 : 0),
        };
        spaces.set(params.id, next);
        return HttpResponse.json(summary(params.id, next));
      },
    ),
    route.delete<{ id: string }>(`${HOST}/api/2.0/genie/spaces/:id`, ({ params }) =>
      spaces.delete(params.id) ? HttpResponse.json({}) : missing(),
    ),
    ...conversationHandlers((id) => spaces.has(id), asked),
  ];

  const sql = [
    route.post<never, StatementBody>(`${HOST}/api/2.0/sql/statements`, async ({ request }) => {
      const body = await request.json();
      const id = `st-${statements.size + 1}`;
      const answer = { statement_id: id, ...answerFor(body, canned) };
      statements.set(id, answer);
      return HttpResponse.json(answer);
    }),
    route.get<{ id: string }>(`${HOST}/api/2.0/sql/statements/:id`, ({ params }) => {
      const answer = statements.get(params.id);
      return answer === undefined
        ? apiError(404, 'NOT_FOUND', `The statement ${params.id} was not found.`)
        : HttpResponse.json(answer);
    }),
  ];
  return { spaceId, asked, statements, handlers: [...genie, ...sql] };
}

interface StatementBody {
  readonly statement: string;
  readonly row_limit?: number;
  readonly parameters?: readonly { readonly name: string; readonly value?: string }[];
}

const BIGINT = ['LONG', 'BIGINT'] as const;
const STRING = ['STRING', 'STRING'] as const;

function answerFor(
  { statement, row_limit: rowLimit, parameters = [] }: StatementBody,
  canned: (statement: string) => CannedAnswer | null,
) {
  const explained = /^EXPLAIN\s+([\s\S]+)$/.exec(statement)?.[1];
  const known = canned(statement);
  const failure = known !== null && 'failure' in known ? known.failure : FAILURES[explained ?? statement];
  if (failure !== undefined && explained !== undefined) {
    return succeeded({
      columns: [['plan', ...STRING]],
      rows: [[`Error occurred during query planning: \n${failure.message}`]],
    });
  }
  if (failure !== undefined) {
    return {
      status: {
        state: 'FAILED',
        error: { error_code: 'BAD_REQUEST', message: failure.message },
        sql_state: failure.sqlState,
      },
    };
  }
  const value = (name: string): Cell =>
    parameters.find((parameter) => parameter.name === name)?.value ?? null;
  const results: Record<string, CannedResult> = {
    [SQL_STATEMENTS.types]: {
      columns: [
        ['one', ...BIGINT],
        ['price', 'DECIMAL', 'DECIMAL(12,2)'],
        ['word', ...STRING],
        ['nothing', ...STRING],
        ['day', 'DATE', 'DATE'],
        ['yes', 'BOOLEAN', 'BOOLEAN'],
      ],
      rows: [['1', '2.50', 'text', null, '2026-10-01', 'true']],
    },
    [SQL_STATEMENTS.five]: { columns: [['id', ...BIGINT]], rows: [['0'], ['1'], ['2'], ['3'], ['4']] },
    [SQL_STATEMENTS.none]: { columns: [['id', ...BIGINT]], rows: [] },
    [SQL_STATEMENTS.twins]: {
      columns: [
        ['a', 'INT', 'INT'],
        ['a', 'INT', 'INT'],
      ],
      rows: [['1', '2']],
    },
    [SQL_STATEMENTS.parameter]: {
      columns: [
        ['word', ...STRING],
        ['missing', ...STRING],
      ],
      rows: [[value('word'), value('missing')]],
    },
  };
  const result = known !== null && 'columns' in known ? known : results[statement];
  return succeeded(result ?? { columns: [], rows: [] }, rowLimit);
}

const FAILURES: Readonly<Record<string, CannedFailure>> = {
  [SQL_STATEMENTS.unknownTable]: {
    message: '[TABLE_OR_VIEW_NOT_FOUND] The table or view cannot be found. SQLSTATE: 42P01',
    sqlState: '42P01',
  },
  [SQL_STATEMENTS.unknownColumn]: {
    message: '[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column cannot be resolved. SQLSTATE: 42703',
    sqlState: '42703',
  },
  [SQL_STATEMENTS.syntax]: {
    message: "[PARSE_SYNTAX_ERROR] Syntax error at or near 'SELEC'. SQLSTATE: 42601",
    sqlState: '42601',
  },
};

function succeeded({ columns, rows }: CannedResult, rowLimit = Number.POSITIVE_INFINITY) {
  return {
    status: { state: 'SUCCEEDED' },
    manifest: {
      format: 'JSON_ARRAY',
      schema: {
        column_count: columns.length,
        columns: columns.map(([name, type_name, type_text], position) => ({
          name,
          position,
          type_name,
          type_text,
        })),
      },
      total_row_count: Math.min(rows.length, rowLimit),
      truncated: rows.length > rowLimit,
    },
    result: { data_array: rows.slice(0, rowLimit).map((row) => [...row]) },
  };
}
