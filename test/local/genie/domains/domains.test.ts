import { describe, expect, it } from 'vitest';
import { bikeShops } from './bike-shops.ts';
import { answersOf, sameRows, type DomainAnswer } from './domain.ts';
import { gardenArchive } from './garden-archive.ts';
import { waterUtility } from './water-utility.ts';

const rightOf = (answers: readonly DomainAnswer[]): string[] =>
  answers.filter((answer) => answer.right).map((answer) => answer.question);

describe.each([
  // A "where" that needs the meaning of another table is out of reach.
  { domain: bikeShops, unanswered: [], bareAtLeast: 14 },
  { domain: waterUtility, unanswered: [], bareAtLeast: 20 },
  { domain: gardenArchive, unanswered: ['Where is plant PL/0042?'], bareAtLeast: 20 },
])('questions of people about $domain.name', async ({ domain, unanswered, bareAtLeast }) => {
  const bare = await answersOf(domain, domain.bare);
  const described = await answersOf(domain, domain.described);

  it('a well described space returns the rows of the SQL that a person wrote', () => {
    const wrong = described.filter((answer) => !answer.right);
    expect(wrong.map((answer) => answer.question)).toEqual(unanswered);
  });

  it('a bare space answers what plain names allow, and clearly less', () => {
    expect(rightOf(bare).length).toBeGreaterThanOrEqual(bareAtLeast);
    expect(rightOf(bare).length).toBeLessThan(rightOf(described).length * 0.75);
  });

  it('a description takes no right answer away', () => {
    const lost = rightOf(bare).filter((question) => !rightOf(described).includes(question));
    expect(lost.filter((question) => !unanswered.includes(question))).toEqual([]);
  });
});

describe('comparing rows', () => {
  it.each([
    ['other order of rows', [['a'], ['b']], [['b'], ['a']], false, true],
    ['other order of rows where order counts', [['a'], ['b']], [['b'], ['a']], true, false],
    ['a further column', [['a', '1']], [['1.0', 'x', 'a']], false, true],
    ['a missing column', [['a', '1']], [['a']], false, false],
    [
      'columns that fit one by one but not together',
      [
        ['a', '1'],
        ['b', '2'],
      ],
      [
        ['a', '2'],
        ['b', '1'],
      ],
      false,
      false,
    ],
    ['nothing at all', [], [], false, false],
  ])('%s', (_, wanted, got, inOrder, expected) => {
    expect(sameRows(wanted, got, inOrder)).toBe(expected);
  });
});
