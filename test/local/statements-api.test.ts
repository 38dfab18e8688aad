import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalWorkspace } from '../../src/local/index.ts';
import { statement, workspaceWithApi } from './http.ts';
import type { Api } from './http.ts';

let workspace: LocalWorkspace;
let api: Api;
const STATEMENTS = '/api/2.0/sql/statements';

beforeAll(async () => {
  ({ workspace, api } = await workspaceWithApi());
});
afterAll(() => workspace.close());

const run = (sql: string, more: Readonly<Record<string, unknown>> = {}) =>
  api('POST', STATEMENTS, statement(workspace, sql, more));

describe('the SQL statement API', () => {
  it('answers manifest and rows with the types and texts of Databricks', async () => {
    const { status, body } = await run(
      "SELECT member_id, full_name, joined, yearly_fee, status = 'A' AS active, CAST(1.5 AS DOUBLE) AS d, CAST(1 AS INT) AS i, array(1, 2) AS a FROM members WHERE member_id = 1",
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: { state: 'SUCCEEDED' },
      manifest: {
        format: 'JSON_ARRAY',
        total_row_count: 1,
        total_chunk_count: 1,
        truncated: false,
        schema: { column_count: 8 },
      },
      result: {
        chunk_index: 0,
        row_offset: 0,
        row_count: 1,
        data_array: [['1', 'Ada Holm', '2020-01-31', '25.00', 'true', '1.5', '1', '[1,2]']],
      },
    });
    const { columns } = (
      body as unknown as {
        manifest: { schema: { columns: { name: string; type_name: string; type_text: string }[] } };
      }
    ).manifest.schema;
    expect(columns.map((column) => [column.name, column.type_name, column.type_text])).toEqual([
      ['member_id', 'LONG', 'BIGINT'],
      ['full_name', 'STRING', 'STRING'],
      ['joined', 'DATE', 'DATE'],
      ['yearly_fee', 'DECIMAL', 'DECIMAL(8,2)'],
      ['active', 'BOOLEAN', 'BOOLEAN'],
      ['d', 'DOUBLE', 'DOUBLE'],
      ['i', 'INT', 'INT'],
      ['a', 'ARRAY', 'ARRAY<INT>'],
    ]);
    expect(columns[3]).toMatchObject({ type_precision: 8, type_scale: 2, position: 3 });
  });

  it('does not wait with 0s, and the result is there later', async () => {
    const started = await run('SELECT COUNT(*) FROM loans', { wait_timeout: '0s' });
    const { statement_id: statementId, status } = started.body as unknown as {
      statement_id: string;
      status: { state: string };
    };
    expect(status.state).toBe('PENDING');
    await run('SELECT 1');
    const later = await api('GET', `${STATEMENTS}/${statementId}`);
    expect(later.body).toMatchObject({
      statement_id: statementId,
      status: { state: 'SUCCEEDED' },
      result: { data_array: [['12']] },
    });
  });

  it('answers a failing statement with 200 and FAILED', async () => {
    const { status, body } = await run('SELECT nothing FROM members');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: { state: 'FAILED', sql_state: '42703', error: { error_code: 'BAD_REQUEST' } },
    });
    expect((body as unknown as { status: { error: { message: string } } }).status.error.message).toMatch(
      /^\[UNRESOLVED_COLUMN\.WITH_SUGGESTION\]/,
    );
    expect(body).not.toHaveProperty('result');
  });

  it('splits many rows into chunks', async () => {
    const { body } = await run('SELECT id FROM range(12000)');
    const {
      statement_id: statementId,
      manifest,
      result,
    } = body as unknown as {
      statement_id: string;
      manifest: { total_chunk_count: number; total_row_count: number };
      result: { next_chunk_index: number; data_array: string[][] };
    };
    expect(manifest).toMatchObject({ total_chunk_count: 3, total_row_count: 12_000 });
    expect(result.next_chunk_index).toBe(1);
    const last = await api('GET', `${STATEMENTS}/${statementId}/result/chunks/2`);
    expect(last.body).toMatchObject({ chunk_index: 2, row_offset: 10_000, row_count: 2_000 });
    expect((last.body as unknown as { data_array: string[][] }).data_array.at(-1)).toEqual(['11999']);
    expect(last.body).not.toHaveProperty('next_chunk_index');
    expect((await api('GET', `${STATEMENTS}/${statementId}/result/chunks/3`)).status).toBe(404);
  });

  it('cuts at row_limit and says so', async () => {
    const { body } = await run('SELECT id FROM range(10)', { row_limit: 3 });
    expect(body).toMatchObject({
      manifest: { truncated: true, total_row_count: 3 },
      result: { data_array: [['0'], ['1'], ['2']] },
    });
  });

  it('binds typed parameters, a missing value as NULL', async () => {
    const { body } = await run(
      'SELECT full_name, :none IS NULL FROM members WHERE joined >= :since AND member_id < :n',
      {
        parameters: [
          { name: 'since', value: '2021-01-01', type: 'DATE' },
          { name: 'n', value: '4', type: 'BIGINT' },
          { name: 'none' },
        ],
      },
    );
    expect(body).toMatchObject({
      result: {
        data_array: [
          ['Ben Okoye', 'true'],
          ["Cleo O'Hara", 'true'],
        ],
      },
    });
  });

  it('cancels', async () => {
    const started = await run(
      'SELECT COUNT(*) FROM range(100000) a JOIN range(100000) b ON a.id + b.id = 7 OR a.id * b.id = 11',
      { wait_timeout: '0s' },
    );
    const { statement_id: statementId } = started.body as unknown as { statement_id: string };
    expect((await api('POST', `${STATEMENTS}/${statementId}/cancel`)).status).toBe(200);
    const after = await api('GET', `${STATEMENTS}/${statementId}`);
    expect(after.body).toMatchObject({ status: { state: 'CANCELED' } });
    expect((await run('SELECT 1')).body).toMatchObject({ status: { state: 'SUCCEEDED' } });
  });

  it.each([
    ['no statement', { warehouse_id: 'x' }, 400, 'INVALID_PARAMETER_VALUE'],
    ['no warehouse', { statement: 'SELECT 1' }, 400, 'INVALID_PARAMETER_VALUE'],
    ['another warehouse', { statement: 'SELECT 1', warehouse_id: 'none' }, 404, 'RESOURCE_DOES_NOT_EXIST'],
  ])('refuses %s', async (_what, body, status, code) => {
    const answer = await api('POST', STATEMENTS, body);
    expect([answer.status, answer.body['error_code']]).toEqual([status, code]);
  });

  it.each([
    ['wait_timeout', { wait_timeout: '3s' }],
    ['row_limit', { row_limit: 0 }],
    ['disposition', { disposition: 'EXTERNAL_LINKS' }],
    ['parameters', { parameters: 'x' }],
  ])('refuses a wrong %s', async (_field, more) => {
    const answer = await run('SELECT 1', more);
    expect([answer.status, answer.body['error_code']]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
  });

  it('does not know other statements', async () => {
    expect((await api('GET', `${STATEMENTS}/nope`)).status).toBe(404);
    expect((await api('POST', `${STATEMENTS}/nope/cancel`)).status).toBe(404);
  });
});
