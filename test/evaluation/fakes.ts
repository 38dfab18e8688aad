import { benchmarkSchema, type Benchmark } from '../../src/benchmarks/index.ts';
import { OptimizerError } from '../../src/core/index.ts';
import type {
  CatalogSnapshot,
  GenieAnswer,
  GeniePort,
  SqlPort,
  StatementResult,
} from '../../src/ports/index.ts';
import type { Space } from '../../src/spaces/index.ts';

export const SPACE: Space = { version: 2, data_sources: { tables: [{ identifier: 'main.s.t' }] } };

export const CATALOG: CatalogSnapshot = {
  tables: [
    {
      name: 'main.s.t',
      kind: 'table',
      comment: null,
      tags: {},
      primaryKey: [],
      foreignKeys: [],
      definition: null,
      columns: ['id', 'n', 'kind'].map((name) => ({
        name,
        type: name === 'kind' ? 'STRING' : 'BIGINT',
        comment: null,
        tags: {},
      })),
    },
  ],
  functions: [],
};

export const question = (id: string, more: Partial<Benchmark> = {}): Benchmark =>
  benchmarkSchema.parse({
    id,
    question: `Question ${id}?`,
    expected_sql: `SELECT n FROM main.s.t WHERE id = ${id.replace(/\D/g, '')}`,
    split: 'train',
    ...more,
  });

export const rows = (...values: (string | null)[]): StatementResult => ({
  statementId: null,
  columns: [{ name: 'n', typeName: 'BIGINT', typeText: 'BIGINT' }],
  rows: values.map((value) => [value]),
  truncated: false,
});

export class StatementFailed extends OptimizerError {
  constructor(errorClass: string, message: string) {
    super(`[${errorClass}] ${message}`, {
      code: 'SQL_STATEMENT_FAILED',
      details: { errorClass, sqlState: null },
    });
  }
}

export class CallFailed extends OptimizerError {
  constructor(code: string, message = 'the call failed') {
    super(message, { code, retryable: true });
  }
}

type Reply = StatementResult | Error;

/** Answers statements from a table; anything not listed gives one row with 1. Writes down what was run. */
export class FakeSql implements SqlPort {
  readonly executed: string[] = [];
  readonly fetched: string[] = [];
  readonly #replies: ReadonlyMap<string, Reply>;
  readonly #results: ReadonlyMap<string, Reply>;

  constructor(replies: Readonly<Record<string, Reply>> = {}, results: Readonly<Record<string, Reply>> = {}) {
    this.#replies = new Map(Object.entries(replies));
    this.#results = new Map(Object.entries(results));
  }

  async execute(statement: string): Promise<StatementResult> {
    this.executed.push(statement);
    return answer(this.#replies.get(statement) ?? rows('1'));
  }

  async resultOf(statementId: string): Promise<StatementResult> {
    this.fetched.push(statementId);
    return answer(this.#results.get(statementId) ?? new CallFailed('SQL_RESULT_EXPIRED'));
  }
}

function answer(reply: Reply): StatementResult {
  if (reply instanceof Error) throw reply;
  return reply;
}

export const genieAnswer = (sql: string | null, more: Partial<GenieAnswer> = {}): GenieAnswer => ({
  outcome: sql === null ? 'text' : 'sql',
  status: 'COMPLETED',
  conversationId: 'conversation',
  messageId: 'message',
  attachmentId: null,
  sql,
  extraSql: [],
  statementId: null,
  text: null,
  thoughts: [],
  error: null,
  elapsedMs: 1,
  ...more,
});

/** Answers each question by its text, in turn when several answers are given. */
export class FakeGenie implements Pick<GeniePort, 'ask'> {
  readonly asked: string[] = [];
  readonly #answer: (questionText: string, time: number) => GenieAnswer | Error | Promise<GenieAnswer>;

  constructor(reply: (questionText: string, time: number) => GenieAnswer | Error | Promise<GenieAnswer>) {
    this.#answer = reply;
  }

  async ask(_spaceId: string, questionText: string): Promise<GenieAnswer> {
    const time = this.asked.filter((text) => text === questionText).length;
    this.asked.push(questionText);
    const reply = await this.#answer(questionText, time);
    if (reply instanceof Error) throw reply;
    return reply;
  }
}
