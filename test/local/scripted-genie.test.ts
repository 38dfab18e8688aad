import { describe, expect, it } from 'vitest';
import { scriptedGenie, startLocalWorkspace } from '../../src/local/index.ts';
import type { LocalGenieInput, ScriptedGenieOptions } from '../../src/local/index.ts';
import { seededRandom } from '../../src/core/index.ts';
import { parseSpace } from '../../src/spaces/index.ts';
import { apiOf, FIXTURE } from './http.ts';

const ANSWERS = [
  { id: 'q1', question: 'How many books?', expected_sql: 'SELECT COUNT(*) FROM town.library.books' },
  {
    id: 'q2',
    question: 'Which branches?',
    expected_sql: 'SELECT branch_name FROM town.library.branches',
    wrong_sql: null,
  },
  { id: 'q3', question: 'Who borrows?', expected_sql: 'SELECT 3', wrong_sql: 'SELECT 4' },
];

const bare = parseSpace('{"version":2}');
const input = (question: string, more: Partial<LocalGenieInput> = {}): LocalGenieInput => ({
  question,
  space: bare,
  catalog: { tables: [], functions: [] },
  today: '2026-03-15',
  values: { distinct: async () => [] },
  variance: 0,
  random: () => 0.5,
  ...more,
});

describe('scriptedGenie', () => {
  it('passes at rate 1, fails at rate 0, and finds questions by id and by text', async () => {
    const engine = scriptedGenie({ answers: ANSWERS, pass: { q1: 0, 'which  BRANCHES?': 0, q3: 1 } });
    const answers = await Promise.all(ANSWERS.map(({ question }) => engine.answer(input(question))));
    expect(answers.map((answer) => answer.sql)).toEqual([
      expect.stringContaining('scripted wrong answer') as string,
      null,
      'SELECT 3',
    ]);
    expect(answers[1]?.text).toEqual(expect.any(String));
  });

  it('passes what the script does not rate, unless told otherwise', async () => {
    const sql = async (options: Partial<ScriptedGenieOptions>) =>
      (await scriptedGenie({ answers: ANSWERS, ...options }).answer(input('Who borrows?'))).sql;
    expect([await sql({}), await sql({ otherwise: 0 })]).toEqual(['SELECT 3', 'SELECT 4']);
  });

  it('answers with words a question that is not in the script', async () => {
    expect(await scriptedGenie({ answers: ANSWERS }).answer(input('Why?'))).toMatchObject({ sql: null });
  });

  it('follows a rate that depends on the space', async () => {
    const engine = scriptedGenie({
      answers: ANSWERS,
      pass: { q3: (space) => ((space.data_sources?.tables ?? []).length > 0 ? 1 : 0) },
    });
    const better = parseSpace('{"version":2,"data_sources":{"tables":[{"identifier":"a.b.c"}]}}');
    expect((await engine.answer(input('Who borrows?'))).sql).toBe('SELECT 4');
    expect((await engine.answer(input('Who borrows?', { space: better }))).sql).toBe('SELECT 3');
  });

  it('passes about as often as the rate says, and the same for the same seed', async () => {
    const engine = scriptedGenie({ answers: ANSWERS, pass: { q3: 0.3 } });
    const run = async () => {
      const random = seededRandom('rates');
      const passed: boolean[] = [];
      for (let index = 0; index < 2_000; index += 1)
        passed.push((await engine.answer(input('Who borrows?', { random }))).sql === 'SELECT 3');
      return passed;
    };
    const first = await run();
    const share = first.filter(Boolean).length / first.length;
    expect(share).toBeGreaterThan(0.26);
    expect(share).toBeLessThan(0.34);
    expect(await run()).toEqual(first);
  });

  it.each([
    ['pass', { pass: { q11: 1 } }, /did you mean 'q1'/],
    ['pass', { pass: { q1: 1.5 } }, /from 0 to 1/],
    ['pass', { otherwise: Number.NaN }, /from 0 to 1/],
    [
      'answers',
      { answers: [...ANSWERS, { id: 'q9', question: ' how many books? ', expected_sql: 'SELECT 1' }] },
      /q1 and q9/,
    ],
  ])('checks option %s at the door: %j', (option, more, message) => {
    expect(() => scriptedGenie({ answers: ANSWERS, ...more })).toThrow(message);
    expect(() => scriptedGenie({ answers: ANSWERS, ...more })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', details: { option } }) as Error,
    );
  });

  it('serves a workspace', async () => {
    const workspace = await startLocalWorkspace({
      sample: FIXTURE,
      genie: scriptedGenie({ answers: ANSWERS }),
    });
    try {
      const api = apiOf(workspace);
      const space = `/api/2.0/genie/spaces/${workspace.spaceId}`;
      const { body } = await api('POST', `${space}/start-conversation`, { content: 'How many books?' });
      const message = await api(
        'GET',
        `${space}/conversations/${String(body['conversation_id'])}/messages/${String(body['message_id'])}`,
      );
      expect(message.body).toMatchObject({
        status: 'COMPLETED',
        attachments: [
          { query: { query: ANSWERS[0]?.expected_sql, query_result_metadata: { row_count: 1 } } },
        ],
      });
    } finally {
      await workspace.close();
    }
  });
});
