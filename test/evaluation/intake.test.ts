import { describe, expect, it } from 'vitest';
import {
  generateQuestions,
  intake,
  type GenerationRequest,
  type IntakeOptions,
} from '../../src/evaluation/index.ts';
import type { ChatModel } from '../../src/ports/index.ts';
import { parseSpace, type Space } from '../../src/spaces/index.ts';
import { CATALOG, FakeSql, question, rows, SPACE, StatementFailed } from './fakes.ts';

const clock = { now: () => new Date('2026-11-01T12:00:00Z'), sleep: () => Promise.resolve() };
const numbered = (count: number) =>
  Array.from({ length: count }, (_, at) =>
    question(`shop_${String(at + 1).padStart(3, '0')}`, {
      question: `How much of article ${at}?`,
      category: 'aggregation',
    }),
  );
const options = (more: Partial<IntakeOptions>): IntakeOptions => ({
  userQuestions: [],
  space: SPACE,
  catalog: CATALOG,
  sql: new FakeSql(),
  clock,
  domain: 'shop',
  variables: { catalog: 'main', gold_schema: 's' },
  ...more,
});

describe('intake', () => {
  it('takes ten valid questions as they are and asks nothing', async () => {
    const userQuestions = numbered(10);
    const result = await intake(
      options({ userQuestions, ask: () => expect.fail('nothing is to be generated') }),
    );
    expect(result).toMatchObject({ path: 'full', outcome: 'ready', asked: false, generated: [] });
    expect(result.questions).toEqual(userQuestions);
  });

  it('counts the valid questions, not the supplied ones', async () => {
    const userQuestions = numbered(12).map((one, at) =>
      at < 9 ? { ...one, expected_sql: `DROP TABLE t${at}` } : one,
    );
    const result = await intake(options({ userQuestions }));
    expect(result.path).toBe('partial');
    expect(result.supplied.filter(({ status }) => status === 'invalid')).toHaveLength(9);
    expect(result.feedback).toContain('Submitted 12: 3 valid, 0 to be clarified, 9 that cannot be tested');
  });

  it.each([
    ['nobody is there to ask', undefined, false],
    ['the answer is no', () => false, true],
  ])('generates nothing when %s', async (_, ask, asked) => {
    const sql = new FakeSql();
    const result = await intake(options({ sql, ask }));
    expect(result).toMatchObject({
      path: 'none',
      outcome: 'needs_questions',
      asked,
      questions: [],
      generated: [],
    });
    expect(sql.executed).toEqual([]);
  });

  it('asks with the gaps it saw, then fills up behind the ids in use, as augmented', async () => {
    const requests: GenerationRequest[] = [];
    const userQuestions = numbered(3);
    const result = await intake(
      options({
        userQuestions,
        target: 6,
        ask: (request) => {
          requests.push(request);
          return Promise.resolve(true);
        },
      }),
    );
    expect(requests).toMatchObject([{ path: 'partial', usable: 3, target: 6 }]);
    expect(requests[0]?.missingCategories).toContain('list');
    expect(result.questions.slice(0, 3)).toEqual(userQuestions);
    expect(result.generated.length).toBeGreaterThan(0);
    expect(result.generated[0]?.id).toBe('shop_004');
    expect(new Set(result.generated.map(({ source }) => source))).toEqual(new Set(['augmented']));
    expect(result.generated[0]?.expected_sql).toContain('${catalog}.${gold_schema}.t');
  });

  it('lets a person change, add and remove, and runs what they changed', async () => {
    const sql = new FakeSql({
      'SELECT broken FROM main.s.t': new StatementFailed('UNRESOLVED_COLUMN', '`broken`'),
    });
    const result = await intake(
      options({
        sql,
        target: 3,
        ask: () => true,
        review: ([first]) => [
          { ...first!, expected_sql: 'SELECT n FROM ${catalog}.s.t ORDER BY n' },
          question('shop_050', { question: 'Mine?', expected_sql: 'SELECT broken FROM main.s.t' }),
        ],
      }),
    );
    expect(result.generated).toMatchObject([
      { id: 'shop_001', validation_status: 'valid', source: 'synthetic' },
    ]);
    expect(result.rejectedDrafts).toContainEqual(
      expect.objectContaining({ question: 'Mine?', reason: expect.stringContaining('broken') as string }),
    );
  });

  it("counts the space's own benchmark questions as supplied, unless told otherwise", async () => {
    const space: Space = parseSpace({
      ...SPACE,
      benchmarks: {
        questions: [
          {
            id: 'a'.repeat(32),
            question: ['How many?'],
            answer: [{ format: 'SQL', content: ['SELECT COUNT(*) AS c\n', 'FROM main.s.t'] }],
          },
        ],
      },
    });
    expect((await intake(options({ space }))).questions).toMatchObject([
      { id: 'shop_001', source: 'user', space_question_id: 'a'.repeat(32) },
    ]);
    expect((await intake(options({ space, spaceQuestions: false }))).questions).toEqual([]);
  });

  it.each([
    ['missing_trusted_asset', 'invalid', 'How many x?', 'SELECT n FROM main.s.other'],
    ['no_matching_asset', 'invalid', 'How many x?', 'SELECT 1 AS n'],
    ['ambiguous_term', 'needs_info', 'Who are our best customers?', 'SELECT n FROM main.s.t'],
    ['unqualified_object', 'needs_info', 'How many x?', 'SELECT n FROM t'],
    ['ground_truth_failed', 'invalid', 'How many x?', 'SELECT n FROM ${nope}.s.t'],
  ])('reports %s as %s and keeps what can be asked', async (type, status, text, expected_sql) => {
    const one = question('shop_001', { question: text, expected_sql });
    const { supplied, questions } = await intake(options({ userQuestions: [one] }));
    expect(supplied[0]?.status).toBe(status);
    expect(supplied[0]?.issues.map((issue) => issue.type)).toContain(type);
    expect(questions).toEqual(status === 'invalid' ? [] : [one]);
  });

  it.each([
    ['the question says by what', 'Who are our best customers by revenue?', SPACE],
    [
      'the space says what it means',
      'Who are our best customers?',
      {
        ...SPACE,
        instructions: {
          text_instructions: [{ id: 'b'.repeat(32), content: ['Best means highest revenue.'] }],
        },
      },
    ],
    ['a number follows', 'What are the top 5 customers?', SPACE],
  ])('is content with a vague word when %s', async (_, text, space) => {
    const { supplied } = await intake(
      options({
        space,
        userQuestions: [question('shop_001', { question: text, expected_sql: 'SELECT n FROM main.s.t' })],
      }),
    );
    expect(supplied[0]?.issues).toEqual([]);
  });
});

describe('generateQuestions', () => {
  const model = (...answers: unknown[]): ChatModel & { prompts: string[] } => ({
    name: 'scripted',
    prompts: [],
    async generateJson(prompt) {
      this.prompts.push(prompt);
      return answers.shift();
    },
  });
  const base = {
    space: SPACE,
    catalog: CATALOG,
    clock,
    domain: 'shop',
    variables: { catalog: 'main', gold_schema: 's' },
  };
  const draft = (text: string, sql: string) => ({
    question: text,
    sql,
    category: 'aggregation',
    asset: 'TABLE',
  });

  it('keeps no statement that fails, returns nothing or limits without order', async () => {
    const { questions, rejected } = await generateQuestions({
      ...base,
      sql: new FakeSql({ 'SELECT COUNT(*) AS t_count\nFROM main.s.t': rows(null) }),
      target: 50,
    });
    expect(rejected).toContainEqual(
      expect.objectContaining({ question: 'How many t are there?', reason: 'it returns nothing' }),
    );
    expect(questions.map(({ question }) => question)).not.toContain('How many t are there?');
    expect(questions.length).toBeGreaterThan(0);
    expect(new Set(questions.map(({ source }) => source))).toEqual(new Set(['synthetic']));
  });

  it('runs nothing of a model that writes, leaves the space or hides columns', async () => {
    const sql = new FakeSql();
    const chatModel = model(
      {
        questions: [
          draft('How many things were sold?', 'SELECT SUM(n) AS total FROM main.s.t'),
          draft('Who is on the payroll?', 'SELECT name FROM main.hr.people'),
          draft('What is the secret code?', 'SELECT kind FROM main.s.t'),
          draft('Please drop the table.', 'DROP TABLE main.s.t'),
          draft('Which rows come first?', 'SELECT n FROM main.s.t LIMIT 3'),
        ],
      },
      { questions: [] },
    );
    const space: Space = {
      version: 2,
      data_sources: {
        tables: [{ identifier: 'main.s.t', column_configs: [{ column_name: 'kind', exclude: true }] }],
      },
    };
    const { questions, rejected } = await generateQuestions({
      ...base,
      space,
      sql,
      chatModel,
      target: 1 + 4,
    });
    expect(questions[0]).toMatchObject({
      question: 'How many things were sold?',
      expected_sql: 'SELECT SUM(n) AS total FROM ${catalog}.${gold_schema}.t',
      source: 'synthetic',
    });
    expect(rejected.slice(0, 4).map(({ reason }) => reason)).toEqual([
      'it reads main.hr.people, which the space does not offer',
      'it reads main.s.t.kind, which the space does not offer',
      expect.stringMatching(/reads no object|not_read_only|DROP/),
      'it limits rows without an order, so its answer would change from run to run',
    ]);
    expect(sql.executed.join('\n')).not.toMatch(/hr\.people|DROP|LIMIT 3/);
    expect(chatModel.prompts[1]).toContain('which the space does not offer');
  });

  it('makes questions by rule when the model returns prose, and says so', async () => {
    const chatModel = model('Here you are:', 'Sorry.', { wrong: true });
    const { questions, problems } = await generateQuestions({
      ...base,
      sql: new FakeSql(),
      chatModel,
      target: 2,
    });
    expect(questions).toHaveLength(2);
    expect(problems.map(({ code }) => code)).toEqual(Array(3).fill('MODEL_ANSWER_UNUSABLE'));
  });

  it('lets the model reword open questions of people, as their variants, and never shows it held-out ones', async () => {
    const existing = [
      question('shop_001', { question: 'How much of article 1?', category: 'aggregation' }),
      question('shop_002', { question: 'A held-out secret?', split: 'held_out' }),
    ];
    const chatModel = model(
      {
        wordings: [
          'Amount of article 1, please?',
          'What did article 1 make?',
          'A third wording too many?',
        ].map((text) => ({ id: 'shop_001', question: text })),
      },
      { questions: [] },
    );
    const { questions } = await generateQuestions({
      ...base,
      sql: new FakeSql(),
      chatModel,
      existing,
      target: 4,
    });
    expect(questions).toMatchObject([
      {
        id: 'shop_003',
        variant_of: 'shop_001',
        expected_sql: existing[0]?.expected_sql,
        source: 'augmented',
      },
      { id: 'shop_004', variant_of: 'shop_001' },
    ]);
    expect(chatModel.prompts.join('\n')).not.toContain('held-out secret');
  });
});
