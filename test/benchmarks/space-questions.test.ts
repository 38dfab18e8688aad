import { describe, expect, it } from 'vitest';
import { readSpaceQuestions, writeSpaceQuestions } from '../../src/benchmarks/index.ts';
import { countingIds } from '../../src/core/index.ts';
import { parseSpace, serializeSpace, validateSpace } from '../../src/spaces/index.ts';
import { questionOf } from './questions.ts';

const id = (last: string): string => last.padStart(32, '0');
const entry = (last: string, question: string, sql: string[], more = {}) => ({
  id: id(last),
  question: [question],
  answer: [{ format: 'SQL', content: sql }],
  ...more,
});
const space = parseSpace({
  version: 2,
  custom: { kept: true },
  benchmarks: {
    note: 'kept',
    questions: [
      entry('1', 'How many rides?', ['SELECT COUNT(*)\n', 'FROM main.gold.rides'], { color: 'blue' }),
      entry('2', 'How long?', ['SELECT 2']),
      { ...entry('3', 'No key?', []), answer: [] },
    ],
  },
});

describe("a space's own benchmark questions", () => {
  it('are read with ids of the domain, and what cannot be compared is reported', () => {
    const { questions, skipped } = readSpaceQuestions(space, {
      domain: 'bikes',
      existing: [questionOf('bikes_004')],
    });
    expect(questions).toMatchObject([
      {
        id: 'bikes_005',
        question: 'How many rides?',
        expected_sql: 'SELECT COUNT(*)\nFROM main.gold.rides',
        space_question_id: id('1'),
        source: 'user',
      },
      { id: 'bikes_006', question: 'How long?' },
    ]);
    expect(skipped).toEqual([
      { id: id('3'), question: 'No key?', reason: 'it has 0 SQL answers instead of one' },
    ]);
  });

  it('are not read twice', () => {
    const { questions: existing } = readSpaceQuestions(space, { domain: 'bikes' });
    expect(readSpaceQuestions(space, { domain: 'bikes', existing }).questions).toEqual([]);
  });

  it('come back to the byte when nothing changed', () => {
    const { questions } = readSpaceQuestions(space, { domain: 'bikes' });
    const written = writeSpaceQuestions(space, questions, { newId: countingIds('f') });
    expect(serializeSpace(written)).toBe(serializeSpace(space));
  });

  it('are written as arrays of lines, updated in place, P0 first, without held-out questions', () => {
    const written = writeSpaceQuestions(
      space,
      [
        questionOf('b_1', {
          question: 'New?',
          expected_sql: 'SELECT a\nFROM ${catalog}.t\n',
          source: 'user',
        }),
        questionOf('b_2', { question: 'Urgent?', priority: 'P0' }),
        questionOf('b_3', { question: 'Secret?', split: 'held_out' }),
        questionOf('b_4', { question: ' how LONG? ', expected_sql: 'SELECT 3' }),
        questionOf('b_5', { question: 'new?' }),
      ],
      { newId: countingIds('f'), resolve: (sql) => sql.replace('${catalog}', 'main') },
    );
    const questions = written.benchmarks?.questions ?? [];
    expect(questions.map(({ question }) => question.join(''))).toEqual([
      'How many rides?',
      'How long?',
      'No key?',
      'Urgent?',
      'New?',
    ]);
    expect(questions[0]).toBe(space.benchmarks?.questions?.[0]);
    expect(questions[1]).toMatchObject({ id: id('2'), answer: [{ format: 'SQL', content: ['SELECT 3'] }] });
    expect(questions[4]?.answer).toEqual([{ format: 'SQL', content: ['SELECT a\n', 'FROM main.t'] }]);
    expect(written.benchmarks?.['note']).toBe('kept');
    expect(space.benchmarks?.questions).toHaveLength(3);
    const withKeys = {
      ...written,
      benchmarks: { questions: questions.filter(({ answer }) => answer.length > 0) },
    };
    expect(validateSpace(parseSpace(withKeys)).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('can replace all others', () => {
    const written = writeSpaceQuestions(space, [questionOf('b_1')], {
      newId: countingIds('f'),
      others: 'remove',
    });
    expect(written.benchmarks?.questions).toHaveLength(1);
  });
});
