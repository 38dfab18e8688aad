import { describe, expect, it } from 'vitest';
import { checkLeaks, type ProtectedText } from '../../src/levers/index.ts';

const SECRET: ProtectedText = {
  id: 'h1',
  question: 'Which berths handled the heaviest discharged cargo during winter storms?',
  expected_sql:
    "SELECT b.label, SUM(c.cargo_t) AS cargo FROM harbor.ops.calls c JOIN harbor.ops.berths b ON c.berth_no = b.berth_no WHERE c.st = 'D4' AND c.wind > 9 GROUP BY b.label ORDER BY cargo DESC LIMIT 3",
  split: 'held_out',
};
const SHORT: ProtectedText = {
  id: 't1',
  question: 'Total dues',
  expected_sql: 'SELECT SUM(dues) FROM calls',
  split: 'train',
};

const kindsOf = (text: string, allowTrainExamples = false) =>
  checkLeaks([{ where: 'x', text }], [SECRET, SHORT], { allowTrainExamples }).map((leak) => [
    leak.benchmark_id,
    leak.kind,
  ]);

describe('the leak firewall', () => {
  it.each([
    ['the question', SECRET.question, 'exact_question'],
    [
      'the question in other case and punctuation',
      'which Berths handled the heaviest discharged cargo during winter storms',
      'exact_question',
    ],
    ['the question inside a text', `For example: ${SECRET.question} Use calls.`, 'contained_question'],
    [
      'six words of the question in a row',
      'Best for: heaviest discharged cargo during winter storms',
      'question_words_in_order',
    ],
    [
      'a paraphrase with the same words',
      'During winter storms, heaviest discharged cargo: berths that handled it',
      'similar_question',
    ],
    ['the statement', SECRET.expected_sql, 'exact_sql'],
    [
      'the statement in another layout',
      SECRET.expected_sql.toLowerCase().replace("'d4'", "'D4'").replaceAll(' ', '\n  ') + ';',
      'exact_sql',
    ],
    ['the statement inside a text', `Use this: ${SECRET.expected_sql} -- always`, 'contained_sql'],
    [
      'the statement with other literals',
      SECRET.expected_sql.replace("'D4'", "'E5'").replace('> 9', '> 7'),
      'sql_skeleton',
    ],
    ['most of the statement', SECRET.expected_sql.replace(' ORDER BY cargo DESC LIMIT 3', ''), 'sql_part'],
  ])('refuses %s', (_, text, kind) => {
    expect(kindsOf(text)).toEqual([['h1', kind]]);
  });

  it.each([
    ['a phrase', 'discharged cargo'],
    ['one condition', "c.st = 'D4' AND c.wind > 9"],
    ['one aggregate', 'SUM(c.cargo_t)'],
    ['a join', '`calls`.`berth_no` = `berths`.`berth_no`'],
    ['a description', "Calls. Use this date for 'winter storms', not arr."],
    ['nothing', ''],
  ])('lets %s pass', (_, text) => {
    expect(kindsOf(text)).toEqual([]);
  });

  it('protects a question of two words as a whole only', () => {
    expect(kindsOf('total dues')).toEqual([['t1', 'exact_question']]);
    expect(kindsOf('The total dues of a call')).toEqual([]);
  });

  it('lets train questions pass where examples of them are allowed, never others', () => {
    expect(kindsOf(SHORT.question, true)).toEqual([]);
    expect(kindsOf(SECRET.question, true)).toEqual([['h1', 'exact_question']]);
  });

  it('names the benchmark by id and quotes nothing of it', () => {
    const [leak] = checkLeaks([{ where: 'x', text: SECRET.question }], [SECRET]);
    expect(leak).toEqual({ where: 'x', benchmark_id: 'h1', kind: 'exact_question' });
  });
});
