import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedGenie } from '../../src/local/index.ts';
import type { LocalWorkspace } from '../../src/local/index.ts';
import { workspaceWithApi } from './http.ts';
import type { Api, Answer } from './http.ts';

const BY_GENRE = 'SELECT genre, COUNT(*) AS n FROM town.library.books GROUP BY genre';
const NAMES = 'SELECT branch_name FROM town.library.branches';

/** What is asked, the answer key, what Genie says, and the verdict that follows. */
const CASES = [
  [
    'the same rows in another order',
    `${BY_GENRE} ORDER BY genre`,
    `${BY_GENRE} ORDER BY n DESC, genre DESC`,
    'GOOD',
    [],
  ],
  [
    'other column names and places',
    BY_GENRE,
    'SELECT COUNT(*) AS books, genre AS shelf FROM town.library.books GROUP BY genre',
    'GOOD',
    [],
  ],
  ['the fifth digit', 'SELECT 12345.6D', 'SELECT 12346.1D', 'GOOD', []],
  [
    'the text of the key, though it is broken',
    'SELECT  nothing FROM nowhere;',
    'SELECT nothing\nFROM nowhere',
    'GOOD',
    [],
  ],
  ['a row too few', NAMES, `${NAMES} LIMIT 2`, 'BAD', ['RESULT_MISSING_ROWS']],
  ['a row too many', `${NAMES} WHERE branch_id < 3`, NAMES, 'BAD', ['RESULT_EXTRA_ROWS']],
  ['a row twice', NAMES, `${NAMES} UNION ALL SELECT 'Hill'`, 'BAD', ['RESULT_EXTRA_ROWS']],
  [
    'other values',
    BY_GENRE,
    BY_GENRE.replace('COUNT(*)', 'COUNT(*) + 1'),
    'BAD',
    ['RESULT_MISSING_ROWS', 'RESULT_EXTRA_ROWS'],
  ],
  [
    'a column too many',
    NAMES,
    'SELECT branch_name, opened FROM town.library.branches',
    'BAD',
    ['RESULT_EXTRA_COLUMNS'],
  ],
  ['a column too few', BY_GENRE, 'SELECT genre FROM town.library.books', 'BAD', ['RESULT_MISSING_COLUMNS']],
  ['another number', 'SELECT 5', 'SELECT 6', 'BAD', ['SINGLE_CELL_DIFFERENCE']],
  ['another type', "SELECT DATE '2026-01-01'", "SELECT '1 January'", 'BAD', ['COLUMN_TYPE_DIFFERENCE']],
  ['no row', NAMES, `${NAMES} WHERE false`, 'BAD', ['EMPTY_RESULT']],
  ['SQL that fails', NAMES, 'SELECT shelf FROM town.library.books', 'BAD', ['EMPTY_RESULT']],
  ['words only', NAMES, null, 'BAD', ['EMPTY_RESULT']],
  ['rows, and the key has none', `${NAMES} WHERE false`, NAMES, 'NEEDS_REVIEW', ['EMPTY_GOOD_SQL']],
  ['rows, and the key is broken', 'SELECT nothing FROM nowhere', NAMES, 'NEEDS_REVIEW', []],
] as const;

const questionOf = (index: number) => `Question number ${index}?`;
const idOf = (index: number) => (index + 1000).toString(16).padStart(32, '0');

let workspace: LocalWorkspace;
let api: Api;
let runs: string;

beforeAll(async () => {
  ({ workspace, api } = await workspaceWithApi({
    genie: scriptedGenie({
      otherwise: 0,
      answers: CASES.map(([, expected_sql, wrong_sql], index) => ({
        id: idOf(index),
        question: questionOf(index),
        expected_sql,
        wrong_sql,
      })),
    }),
  }));
  const space = `/api/2.0/genie/spaces/${workspace.spaceId}`;
  runs = `${space}/eval-runs`;
  const { body } = await api('GET', `${space}?include_serialized_space=true`);
  const content = JSON.parse(String(body['serialized_space'])) as Record<string, unknown>;
  const questions = CASES.map(([, expected], index) => ({
    id: idOf(index),
    question: [questionOf(index)],
    answer: [{ format: 'SQL', content: [expected] }],
  }));
  const patched = await api('PATCH', space, {
    serialized_space: JSON.stringify({ ...content, benchmarks: { questions } }),
  });
  expect(patched.status).toBe(200);
});
afterAll(() => workspace.close());

interface Result {
  readonly result_id: string;
  readonly benchmark_question_id: string;
}

const ended = async (evalRunId: string): Promise<Answer> => {
  for (;;) {
    const run = await api('GET', `${runs}/${evalRunId}`);
    if (run.body['eval_run_status'] === 'DONE') return run;
  }
};

const resultsOf = async (evalRunId: string): Promise<readonly Result[]> =>
  (await api('GET', `${runs}/${evalRunId}/results`)).body['eval_results'] as Result[];

async function runOf(ids?: readonly string[]): Promise<string> {
  const { body } = await api('POST', runs, ids === undefined ? {} : { benchmark_question_ids: ids });
  const evalRunId = String(body['eval_run_id']);
  await ended(evalRunId);
  return evalRunId;
}

describe('evaluation runs over HTTP', () => {
  it.each(CASES.map((each, index) => [each[0], index, each[3], each[4]] as const))(
    'assesses %s',
    async (_what, index, assessment, reasons) => {
      const evalRunId = await runOf([idOf(index)]);
      const [result] = await resultsOf(evalRunId);
      const detail = await api('GET', `${runs}/${evalRunId}/results/${result?.result_id ?? ''}`);
      expect(detail.body).toMatchObject({ assessment, assessment_reasons: reasons, eval_run_status: 'DONE' });
    },
  );

  it('runs all questions of the space and counts them', async () => {
    const evalRunId = await runOf();
    const { body } = await api('GET', `${runs}/${evalRunId}`);
    const count = (assessment: string) => CASES.filter((each) => each[3] === assessment).length;
    expect(body).toMatchObject({
      eval_run_status: 'DONE',
      num_questions: CASES.length,
      num_done: CASES.length,
      num_correct: count('GOOD'),
      num_needs_review: count('NEEDS_REVIEW'),
      created_timestamp: expect.any(Number) as number,
    });
  });

  it('takes every question once, one after the other', async () => {
    const before = workspace.askLog.length;
    const evalRunId = await runOf();
    const asked = workspace.askLog.slice(before).map((entry) => entry.question);
    expect(asked).toEqual(CASES.map((_, index) => questionOf(index)));
    expect((await resultsOf(evalRunId)).map((result) => result.benchmark_question_id)).toEqual(
      CASES.map((_, index) => idOf(index)),
    );
  });

  it('pages through results and runs', async () => {
    const evalRunId = await runOf();
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const { body } = await api(
        'GET',
        `${runs}/${evalRunId}/results?page_size=5${token === undefined ? '' : `&page_token=${token}`}`,
      );
      seen.push(...(body['eval_results'] as Result[]).map((result) => result.benchmark_question_id));
      token = body['next_page_token'] as string | undefined;
    } while (token !== undefined);
    expect(seen).toEqual(CASES.map((_, index) => idOf(index)));
    const list = await api('GET', `${runs}?page_size=1`);
    expect(list.body).toMatchObject({
      eval_runs: [{ eval_run_id: evalRunId }],
      next_page_token: expect.any(String) as string,
    });
  });

  it('shows question, key, answer and both results in the detail', async () => {
    const evalRunId = await runOf([idOf(10)]);
    const [result] = await resultsOf(evalRunId);
    expect(result).toMatchObject({ question: questionOf(10), benchmark_answer: 'SELECT 5', status: 'DONE' });
    const detail = await api('GET', `${runs}/${evalRunId}/results/${result?.result_id ?? ''}`);
    const side = (sql: string, cell: string) => [
      {
        response_type: 'SQL',
        response: sql,
        sql_execution_result: { status: { state: 'SUCCEEDED' }, result: { data_array: [[cell]] } },
      },
    ];
    expect(detail.body).toMatchObject({
      actual_response: side('SELECT 6', '6'),
      expected_response: side('SELECT 5', '5'),
    });
  });

  it.each([
    ['an unknown question', () => api('POST', runs, { benchmark_question_ids: ['nobody'] }), 400],
    ['ids that are no list', () => api('POST', runs, { benchmark_question_ids: 'x' }), 400],
    ['an unknown space', () => api('POST', '/api/2.0/genie/spaces/none/eval-runs', {}), 404],
    ['an unknown run', () => api('GET', `${runs}/none`), 404],
    ['an unknown page', () => api('GET', `${runs}?page_token=zzz`), 400],
  ])('refuses %s', async (_what, call, status) => {
    expect((await call()).status).toBe(status);
  });

  it('refuses a space without benchmark questions, and closes in the middle of a run', async () => {
    const other = await workspaceWithApi();
    const path = `/api/2.0/genie/spaces/${other.workspace.spaceId}`;
    expect((await other.api('POST', `${path}/eval-runs`, {})).status).toBe(400);
    const questions = [
      {
        id: idOf(1),
        question: ['How many members are there?'],
        answer: [{ format: 'SQL', content: ['SELECT 5'] }],
      },
    ];
    const { body } = await other.api('GET', `${path}?include_serialized_space=true`);
    const content = JSON.parse(String(body['serialized_space'])) as Record<string, unknown>;
    await other.api('PATCH', path, {
      serialized_space: JSON.stringify({ ...content, benchmarks: { questions } }),
    });
    const run = await other.api('POST', `${path}/eval-runs`);
    expect([run.status, run.body['num_questions']]).toEqual([200, 1]);
    await other.workspace.close();
  });
});
