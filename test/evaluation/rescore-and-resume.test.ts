import { describe, expect, it } from 'vitest';
import { benchmarkFingerprint } from '../../src/benchmarks/index.ts';
import { defineJudge } from '../../src/judges/index.ts';
import { evaluate, rescore, type EvaluationRow, type EvaluateOptions } from '../../src/evaluation/index.ts';
import { CallFailed, CATALOG, FakeGenie, FakeSql, genieAnswer, question, rows, SPACE } from './fakes.ts';

const key = (id: string): string => `SELECT n FROM main.s.t WHERE id = ${id.replace(/\D/g, '')}`;
const genieSql = (id: string): string => `${key(id)} AND kind = 'x'`;
const IDS = ['q1', 'q2', 'q3', 'q4', 'q5'];
const QUESTIONS = IDS.map((id) => question(id));

const genieFor = () =>
  new FakeGenie((text) =>
    genieAnswer(genieSql(/q\d+/.exec(text)?.[0] ?? ''), {
      statementId: `s-${text}`,
      conversationId: `c-${text}`,
    }),
  );

const options = (
  genie: Pick<FakeGenie, 'ask'>,
  sql: FakeSql,
  more: Partial<EvaluateOptions> = {},
): EvaluateOptions => ({
  questions: QUESTIONS,
  workspace: { genie, sql },
  spaceId: 'space',
  scope: 'full',
  iteration: 0,
  space: SPACE,
  catalog: CATALOG,
  configHash: 'config',
  ...more,
});

const judging = { space: SPACE, catalog: CATALOG };

describe('rescore', () => {
  const original = () => evaluate(options(genieFor(), new FakeSql({ [key('q2')]: rows('7') }, {})));

  it('judges only the questions whose key changed, without asking Genie', async () => {
    const before = await original();
    expect(before.failures).toEqual(['q2']);
    const corrected = QUESTIONS.map((one) =>
      one.id === 'q2' ? question('q2', { expected_sql: 'SELECT 1 AS n FROM main.s.t' }) : one,
    );
    const sql = new FakeSql();
    const after = await rescore(before, corrected, { ...judging, sql });
    expect(after).toMatchObject({
      overall_accuracy: 100,
      failures: [],
      rescored: ['q2'],
      unanswered: [],
      config_hash: 'config',
      benchmark_fingerprint: benchmarkFingerprint(corrected),
    });
    expect(sql.executed.filter((text) => text.includes('id = 1'))).toEqual([]);
    for (const id of ['q1', 'q3', 'q4', 'q5'])
      expect(after.rows.find(({ question_id }) => question_id === id)).toBe(
        before.rows.find(({ question_id }) => question_id === id),
      );
    expect(after.rows[1]).toMatchObject({ conversation_id: 'c-Question q2?', generated_sql: genieSql('q2') });
  });

  it('takes the rows the warehouse still keeps before it runs a statement again', async () => {
    const before = await original();
    const corrected = [question('q2', { expected_sql: 'SELECT 2 AS n FROM main.s.t' })];
    const kept = new FakeSql({ 'SELECT 2 AS n FROM main.s.t': rows('2') }, { 's-Question q2?': rows('2') });
    const after = await rescore(before, corrected, { ...judging, sql: kept });
    expect(after.rows[1]?.correct).toBe(true);
    expect(kept.fetched).toEqual(['s-Question q2?']);
    expect(kept.executed).not.toContain(genieSql('q2'));
  });

  it('can turn a right answer wrong', async () => {
    const before = await original();
    const sql = new FakeSql({ 'SELECT 9 AS n FROM main.s.t': rows('9') });
    const after = await rescore(before, [question('q1', { expected_sql: 'SELECT 9 AS n FROM main.s.t' })], {
      ...judging,
      sql,
    });
    expect(after.failures).toEqual(['q1', 'q2']);
    expect(after.rows[0]?.asi.length).toBeGreaterThan(0);
  });

  it('leaves alone what was never answered, and says so', async () => {
    const broken = new FakeGenie((text) =>
      text.includes('q3') ? new CallFailed('GENIE_DOWN') : genieAnswer(genieSql('q1')),
    );
    const before = await evaluate(options(broken, new FakeSql()));
    const after = await rescore(before, [question('q3', { expected_sql: 'SELECT 3 FROM main.s.t' })], {
      ...judging,
      sql: new FakeSql(),
    });
    expect(after).toMatchObject({ rescored: [], unanswered: ['q3'], excluded_count: 1 });
    expect(after.rows).toEqual(before.rows);
  });

  it('judges a Genie that gave no SQL as before', async () => {
    const silent = await evaluate(
      options(new FakeGenie(() => genieAnswer(null, { text: 'Which one?' })), new FakeSql()),
    );
    const after = await rescore(silent, [question('q1', { expected_sql: 'SELECT 3 FROM main.s.t' })], {
      ...judging,
      sql: new FakeSql(),
    });
    expect(after).toMatchObject({ rescored: ['q1'] });
    expect(after.rows[0]).toMatchObject({ correct: false, generated_sql: null, answer_text: 'Which one?' });
  });

  it('works on a result that was written and read again, without facts', async () => {
    const stored = JSON.parse(
      JSON.stringify(await original(), (name, value: unknown) => (name === 'facts' ? undefined : value)),
    ) as Awaited<ReturnType<typeof original>>;
    const after = await rescore(stored, [question('q2', { expected_sql: 'SELECT 1 AS n FROM main.s.t' })], {
      ...judging,
      sql: new FakeSql(),
    });
    expect(after.overall_accuracy).toBe(100);
  });

  it('tells two questions of the same words apart', async () => {
    const twins = [question('q1', { question: 'Same?' }), question('q2', { question: 'Same?' })];
    const before = await evaluate(
      options(new FakeGenie((_, time) => genieAnswer(genieSql(time === 0 ? 'q1' : 'q2'))), new FakeSql(), {
        questions: twins,
        concurrency: 1,
      }),
    );
    const after = await rescore(
      before,
      twins.map((one) => ({ ...one, expected_sql: 'SELECT 1 AS n FROM main.s.t' })),
      { ...judging, sql: new FakeSql() },
    );
    expect(after.rows.map(({ generated_sql }) => generated_sql)).toEqual([genieSql('q1'), genieSql('q2')]);
  });
});

describe('an evaluation that goes on after an interruption', () => {
  const interrupted = async (after: number): Promise<EvaluationRow[]> => {
    const controller = new AbortController();
    const seen: EvaluationRow[] = [];
    const run = evaluate(
      options(genieFor(), new FakeSql(), {
        concurrency: 1,
        signal: controller.signal,
        onRow: (row) => {
          seen.push(row);
          if (seen.length === after) controller.abort();
        },
      }),
    );
    await expect(run).rejects.toThrow();
    return seen;
  };

  it.each([1, 2, 4])('asks only what is left after %i rows', async (after) => {
    const answered = { config_hash: 'config', rows: await interrupted(after) };
    const genie = genieFor();
    const fresh: string[] = [];
    const progress: number[] = [];
    const resumed = await evaluate(
      options(genie, new FakeSql(), {
        answered,
        onRow: ({ question_id }) => fresh.push(question_id),
        onProgress: ({ done }) => progress.push(done),
      }),
    );
    expect(genie.asked).toEqual(IDS.slice(after).map((id) => `Question ${id}?`));
    expect(fresh).toEqual(IDS.slice(after));
    expect(progress).toEqual(IDS.slice(after).map((_, at) => after + at + 1));
    const whole = await evaluate(options(genieFor(), new FakeSql()));
    const comparable = (row: EvaluationRow) => ({ ...row, timing_ms: null });
    expect(resumed.rows.map(comparable)).toEqual(whole.rows.map(comparable));
    expect(resumed.overall_accuracy).toBe(whole.overall_accuracy);
  });

  it('goes on at question 137 of 200', async () => {
    const many = Array.from({ length: 200 }, (_, at) => question(`q${at + 1}`));
    const first = await evaluate(options(genieFor(), new FakeSql(), { questions: many.slice(0, 136) }));
    const genie = genieFor();
    const { rows: all } = await evaluate(
      options(genie, new FakeSql(), {
        questions: many,
        answered: { config_hash: 'config', rows: first.rows },
      }),
    );
    expect(all.map(({ question_id }) => question_id)).toEqual(many.map(({ id }) => id));
    expect(genie.asked).toHaveLength(64);
    expect(genie.asked[0]).toBe('Question q137?');
  });

  it('reads facts again that were not stored', async () => {
    const stored = JSON.parse(
      JSON.stringify(await interrupted(2), (name, value: unknown) => (name === 'facts' ? undefined : value)),
    ) as EvaluationRow[];
    const { rows: all } = await evaluate(
      options(genieFor(), new FakeSql(), { answered: { config_hash: 'config', rows: stored } }),
    );
    expect(all[0]?.facts.generated?.tables.map(({ name }) => name)).toEqual(['main.s.t']);
  });

  it.each([
    ['of another space', { answered: 'other' }],
    ['with another answer key', { expected_sql: 'SELECT 5 FROM main.s.t' }],
    ['with other words', { question: 'Something else?' }],
  ])('asks again what was answered %s', async (_, change) => {
    const stored = await interrupted(2);
    const { answered = 'config', ...more } = change as {
      answered?: string;
      expected_sql?: string;
      question?: string;
    };
    const genie = genieFor();
    await evaluate(
      options(genie, new FakeSql(), {
        questions: QUESTIONS.map((one) => ({ ...one, ...(one.id === 'q1' ? more : {}) })),
        answered: { config_hash: answered, rows: stored },
      }),
    );
    expect(genie.asked).toContain(more.question ?? 'Question q1?');
  });

  it('asks again what was lost to infrastructure, and what lacks a judge', async () => {
    const broken = new FakeGenie((text) =>
      text.includes('q2') ? new CallFailed('GENIE_DOWN') : genieAnswer(genieSql('q1')),
    );
    const first = await evaluate(options(broken, new FakeSql()));
    const genie = genieFor();
    await evaluate(options(genie, new FakeSql(), { answered: { config_hash: 'config', rows: first.rows } }));
    expect(genie.asked).toEqual(['Question q2?']);
    const own = defineJudge({
      name: 'own',
      kind: 'code',
      judge: () => ({ status: 'scored', value: 'yes', rationale: '' }),
    });
    const again = genieFor();
    await evaluate(
      options(again, new FakeSql(), { judges: [own], answered: { config_hash: 'config', rows: first.rows } }),
    );
    expect(again.asked).toHaveLength(5);
  });
});
