import { describe, expect, it } from 'vitest';
import {
  abbreviationScore,
  alignPhrases,
  analyzeRow,
  buildSchema,
  foldWord,
  phrasesOf,
  wordsOf,
  writeFragment,
} from '../../src/levers/index.ts';
import { askedRows, harborCatalog, harborSpace, type Asked } from './harbor.ts';

describe('words', () => {
  it.each([
    ['Countries', 'country'],
    ['ships', 'ship'],
    ['classes', 'class'],
    ['status', 'status'],
    ['series', 'series'],
    ['cities', 'city'],
    ['boxes', 'box'],
    ["customer's", 'customer'],
    ['Größe', 'große'],
  ])('folds %s to %s', (word, folded) => {
    expect(foldWord(word)).toBe(folded);
  });

  it.each([
    ['qty', ['quantity'], true],
    ['mktseg', ['market', 'segment'], true],
    ['acctbal', ['account', 'balance'], true],
    ['dep', ['departure'], true],
    ['flag', ['registry'], false],
    ['id', ['identifier'], false],
  ])('%s abbreviates %j: %s', (name, words, expected) => {
    expect(abbreviationScore(name, words) > 0).toBe(expected);
  });
});

describe('phrasesOf', () => {
  it('takes runs of content words and leaves out words of asking', () => {
    expect(
      phrasesOf(wordsOf('Show the total net takings per delivery date in 2024')).map((phrase) => [
        phrase.surface,
        phrase.cue,
      ]),
    ).toEqual([
      ['net', 'measure'],
      ['net takings', 'measure'],
      ['takings', 'measure'],
      ['delivery', 'group'],
      ['delivery date', 'group'],
    ]);
  });
});

describe('alignPhrases', () => {
  const findingsFor = async (asked: readonly Asked[]) => {
    const space = harborSpace();
    const schema = buildSchema(space, harborCatalog);
    return alignPhrases(
      (await askedRows(asked)).map((row) => analyzeRow(row, schema)),
      schema,
      space,
    );
  };

  it('gives every phrase to one element, and each element its own phrase', async () => {
    const findings = await findingsFor([
      {
        question: 'Takings per registry',
        expected:
          'SELECT s.flag, SUM(c.dues) FROM calls c JOIN ships s ON c.ship_no = s.ship_no GROUP BY s.flag',
        generated:
          'SELECT s.grp, SUM(c.cargo_t) FROM calls c JOIN ships s ON c.ship_no = s.ship_no GROUP BY s.grp',
      },
      {
        question: 'Average takings',
        expected: 'SELECT AVG(dues) FROM calls',
        generated: 'SELECT AVG(cargo_t) FROM calls',
      },
      {
        question: 'How many calls per registry of ships?',
        expected:
          'SELECT s.flag, COUNT(*) FROM calls c JOIN ships s ON c.ship_no = s.ship_no GROUP BY s.flag',
        generated: 'SELECT s.grp, COUNT(*) FROM calls c JOIN ships s ON c.ship_no = s.ship_no GROUP BY s.grp',
      },
    ]);
    const phrases = Object.fromEntries(
      [...findings].map(([key, finding]) => [key, finding.phrases.map((phrase) => phrase.surface)]),
    );
    expect(phrases['column:harbor.ops.calls#dues']).toEqual(['takings']);
    expect(phrases['column:harbor.ops.ships#flag']).toEqual(['registry']);
  });

  it('scores a phrase of several questions above a phrase of one', async () => {
    const one = await findingsFor([
      {
        question: 'Takings',
        expected: 'SELECT SUM(dues) FROM calls',
        generated: 'SELECT SUM(cargo_t) FROM calls',
      },
    ]);
    const two = await findingsFor([
      {
        question: 'Takings',
        expected: 'SELECT SUM(dues) FROM calls',
        generated: 'SELECT SUM(cargo_t) FROM calls',
      },
      {
        question: 'Takings per st',
        expected: 'SELECT st, SUM(dues) FROM calls GROUP BY st',
        generated: 'SELECT st, SUM(cargo_t) FROM calls GROUP BY st',
      },
    ]);
    const scoreOf = (findings: typeof one) =>
      findings.get('column:harbor.ops.calls#dues')?.phrases[0]?.score ?? 0;
    expect(scoreOf(two)).toBeGreaterThan(scoreOf(one));
    expect(scoreOf(one)).toBeGreaterThan(0);
  });

  it('does not compare an answer that was not parsed', async () => {
    const rows = await askedRows([
      { question: 'Takings', expected: 'SELECT SUM(dues) FROM calls', generated: 'SELECT SUM(FROM calls' },
    ]);
    const [row] = rows;
    const schema = buildSchema(harborSpace(), harborCatalog);
    expect(row?.facts.generated?.engine).toBe('lexical');
    expect(
      [...analyzeRow(row as (typeof rows)[number], schema).lacking].filter((key) =>
        key.startsWith('column:'),
      ),
    ).toEqual([]);
  });
});

describe('writeFragment', () => {
  const schema = buildSchema(harborSpace(), harborCatalog);
  it.each([
    ["calls.st = 'X''s'", "calls.st = 'X\\'s'"],
    ['sum(harbor.ops.calls.dues * (1 - calls.rebate))', 'SUM(calls.dues * (1 - calls.rebate))'],
    ["calls.arr >= cast('2024-01-01' as date)", "calls.arr >= CAST('2024-01-01' AS DATE)"],
    ["ships.flag in ('A', 'B')", "ships.flag IN ('A', 'B')"],
    ['count(distinct calls.ship_no)', 'COUNT(DISTINCT calls.ship_no)'],
    [
      'calls.arr = (select max(calls.arr) from calls)',
      'calls.arr = (SELECT MAX(calls.arr) FROM harbor.ops.calls)',
    ],
    ['calls.nothing = 1', null],
    ['dues > 1', null],
  ])('writes %s as %s', (fragment, expected) => {
    expect(writeFragment(fragment, schema)).toBe(expected);
  });
});
