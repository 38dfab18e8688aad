import { describe, expect, it } from 'vitest';
import { changesOf, propose, type Asked } from './harbor.ts';

const asked = (question: string, filter = "st = 'QX'"): Asked => ({
  question,
  expected: `SELECT SUM(dues) FROM calls WHERE ${filter}`,
  generated: 'SELECT SUM(dues) FROM calls',
});
const right = (question: string): Asked => ({
  question,
  expected: 'SELECT SUM(dues) FROM calls',
  generated: 'same',
});

const filters = async (...questions: Asked[]) =>
  changesOf(await propose(questions)).flatMap((change) =>
    change['type'] === 'add_sql_snippet_filter' ? [change['display_name']] : [],
  );

describe('a word becomes the name of a stored code', () => {
  it('when it is all that the question has beside what is known', async () => {
    expect(await filters(asked('Dues of towed calls'), right('Dues of calls'))).toEqual(['towed']);
  });

  it('with the word beside it, where either could mean it', async () => {
    expect(await filters(asked('Dues of storm provoked calls'), right('Dues of calls'))).toEqual([
      'storm provoked',
    ]);
  });

  it.each([
    ['Dues that refuse our escort', 'refuse our escort'],
    ['Dues that provoke a storm', 'provoke a storm'],
  ])('with verb and object, which are said in one: %s', async (question, name) => {
    expect(await filters(asked(question), right('Dues of calls'))).toEqual([name]);
  });

  it('when several questions say it with the code and none without', async () => {
    const found = await filters(
      asked('Dues of towed calls under storm'),
      asked('Towed dues as the council saw them'),
      right('Dues of calls'),
    );
    expect(found).toEqual(['towed']);
  });

  it('when column or value are akin to it', async () => {
    const found = await filters(
      asked('Dues under storm of moored calls that council wants', "st = 'MOORING'"),
      right('Dues of calls'),
    );
    expect(found).toEqual(['moored']);
  });
});

describe('a word is no name of a stored code', () => {
  it('when another word of the one question may be as well', async () => {
    expect(await filters(asked('Dues under storm with towage'), right('Dues of calls'))).toEqual([]);
  });

  it('when a word beyond verb and object may be as well', async () => {
    const question = 'Dues under storm that refuse our escort';
    expect(await filters(asked(question), right('Dues of calls'))).toEqual([]);
  });
});

it('a bound gets the words beside it: it has no value to be misnamed', async () => {
  expect(
    await filters(asked('Dues under storm with towage', 'rebate < 0'), right('Dues of calls')),
  ).toHaveLength(1);
});
