import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignSplits, SPLIT_DEFAULTS, type Benchmark, type Split } from '../../src/benchmarks/index.ts';
import { questionOf } from './questions.ts';

const many = (count: number, fields: (index: number) => Partial<Benchmark> = () => ({})): Benchmark[] =>
  Array.from({ length: count }, (_, index) =>
    questionOf(`q_${String(index).padStart(3, '0')}`, fields(index)),
  );

const splitOf = (questions: readonly Benchmark[]): Record<string, Split> =>
  Object.fromEntries(assignSplits(questions).questions.map(({ id, split }) => [id, split]));

const sizes = (questions: readonly Benchmark[]): number[] => {
  const placed = assignSplits(questions).questions;
  return (['train', 'val', 'held_out'] as const).map(
    (split) => placed.filter((question) => question.split === split).length,
  );
};

const anyQuestions = fc
  .array(
    fc.record({
      category: fc.constantFrom('list', 'ranking', 'aggregation'),
      source: fc.constantFrom('user', 'synthetic'),
      priority: fc.constantFrom('P0' as const, 'P1' as const, 'P2' as const),
      split: fc.constantFrom(
        'train' as const,
        'val' as const,
        'held_out' as const,
        undefined,
        undefined,
        undefined,
      ),
      answer: fc.nat(40),
    }),
    { maxLength: 40 },
  )
  .map((items) =>
    items.map(({ answer, split, ...fields }, index) =>
      questionOf(`q_${index}`, { ...fields, ...(split && { split }), expected_sql: `SELECT ${answer}` }),
    ),
  );

describe('assignSplits', () => {
  it.each([
    [1, [1, 0, 0]],
    [4, [4, 0, 0]],
    [5, [3, 1, 1]],
    [8, [5, 2, 1]],
    [10, [6, 2, 2]],
    [15, [9, 3, 3]],
    [25, [15, 5, 5]],
    [100, [60, 20, 20]],
  ])('divides %i questions by largest remainder', (count, expected) => {
    expect(sizes(many(count))).toEqual(expected);
  });

  it('warns when there are too few questions to split', () => {
    expect(assignSplits(many(4)).problems).toMatchObject([{ code: 'TOO_FEW_TO_SPLIT', severity: 'warning' }]);
  });

  it('gives the same split whatever the order of the questions', () => {
    fc.assert(
      fc.property(
        anyQuestions.chain((questions) =>
          fc.tuple(fc.constant(questions), fc.shuffledSubarray(questions, { minLength: questions.length })),
        ),
        ([questions, shuffled]) => {
          expect(splitOf(shuffled)).toEqual(splitOf(questions));
        },
      ),
    );
  });

  it('keeps every written split, and every P0 question without one in train', () => {
    fc.assert(
      fc.property(anyQuestions, (questions) => {
        const placed = splitOf(questions);
        const kept = questions.filter(
          (question) => question.split !== undefined && placed[question.id] !== question.split,
        );
        const lostP0 = questions.filter(
          (question) =>
            question.split === undefined && question.priority === 'P0' && placed[question.id] !== 'train',
        );
        expect([kept, lostP0]).toEqual([[], []]);
      }),
    );
  });

  it('is stable: written back to the file, the splits stay', () => {
    fc.assert(
      fc.property(anyQuestions, (questions) => {
        const once = assignSplits(questions).questions;
        expect(assignSplits(once).questions).toEqual(once);
      }),
    );
  });

  it('never separates paraphrases that it places itself', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(12), { minLength: 5, maxLength: 40 }), (answers) => {
        const questions = answers.map((answer, index) =>
          questionOf(`q_${index}`, { expected_sql: `SELECT  ${answer} -- asked ${index}` }),
        );
        const placed = assignSplits(questions).questions;
        const splitsPerAnswer = new Set(
          placed.map((question, index) => `${answers[index]}:${question.split}`),
        );
        expect(splitsPerAnswer.size).toBe(new Set(answers).size);
      }),
    );
  });

  it('keeps each category within one question of its share', () => {
    const counts = { list: 20, ranking: 10, detail: 5, comparison: 15 };
    const questions = Object.entries(counts).flatMap(([category, count]) =>
      many(count).map((question) => ({
        ...question,
        id: `${category}_${question.id}`,
        question: `${category} ${question.id}?`,
        expected_sql: `SELECT '${category}${question.id}'`,
        category,
      })),
    );
    const placed = assignSplits(questions).questions;
    const heldOut = Object.fromEntries(
      Object.keys(counts).map((category) => [
        category,
        placed.filter((question) => question.category === category && question.split === 'held_out').length,
      ]),
    );
    expect(heldOut).toEqual({ list: 4, ranking: 2, detail: 1, comparison: 3 });
  });

  it('a question joins the split that its paraphrase has in the file', () => {
    const sql = { expected_sql: 'SELECT SUM(x) FROM t' };
    const placed = splitOf([
      questionOf('old', { ...sql, split: 'held_out' }),
      questionOf('new', { expected_sql: 'select sum(x)\nfrom t;' }),
      ...many(10),
    ]);
    expect(placed['new']).toBe('held_out');
  });

  it('warns when the file puts paraphrases on both sides of the fence', () => {
    const sql = { expected_sql: 'SELECT 1' };
    const { problems } = assignSplits([
      questionOf('a', { ...sql, split: 'held_out' }),
      questionOf('b', { ...sql, split: 'train' }),
      ...many(10),
    ]);
    expect(problems).toMatchObject([{ code: 'FAMILY_ACROSS_SPLITS', details: { ids: ['a', 'b'] } }]);
  });

  it('leaves user questions in train, save the few that val and held_out need to exist', () => {
    const mixed = many(20, (index) => ({ source: index < 10 ? 'user' : 'synthetic' }));
    expect(
      assignSplits(mixed)
        .questions.slice(0, 10)
        .map((question) => question.split),
    ).toEqual(Array(10).fill('train'));
    const users = many(20, () => ({ source: 'user' }));
    expect(sizes(users)).toEqual([
      20 - SPLIT_DEFAULTS.minimumVal - SPLIT_DEFAULTS.minimumHeldOut,
      SPLIT_DEFAULTS.minimumVal,
      SPLIT_DEFAULTS.minimumHeldOut,
    ]);
    expect(assignSplits(users).problems.map((problem) => problem.code)).toEqual([
      'USER_QUESTION_HELD_BACK',
      'USER_QUESTION_HELD_BACK',
    ]);
    const asAny = assignSplits(users, { userToTrain: false }).questions.filter(
      (question) => question.split === 'held_out',
    );
    expect(asAny).toHaveLength(4);
  });

  it('changes with the seed', () => {
    const questions = many(40);
    expect(assignSplits(questions, { seed: 7 }).questions).not.toEqual(assignSplits(questions).questions);
  });

  it.each([
    [{ train: -1, val: 1, heldOut: 1 }, /ratios\.train/],
    [{ train: 0, val: 0, heldOut: 0 }, /not all be 0/],
    [{ train: Number.NaN, val: 1, heldOut: 1 }, /ratios\.train/],
  ])('refuses the ratios %o', (ratios, message) => {
    expect(() => assignSplits(many(10), { ratios })).toThrow(message);
  });
});
