import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { columnCodes } from '../../../src/local/genie/column-codes.ts';
import { commentSections } from '../../../src/local/genie/comment-sections.ts';
import { readComparisons, readRanking } from '../../../src/local/genie/comparisons.ts';
import { differences } from '../../../src/local/genie/examples.ts';
import { sentencesOf } from '../../../src/local/genie/instructions.ts';
import { readIntent } from '../../../src/local/genie/intent.ts';
import { metricViewFields } from '../../../src/local/genie/metric-view.ts';
import { assetsOf } from '../../../src/local/genie/model.ts';
import { predicateIn } from '../../../src/local/genie/predicate-in-text.ts';
import { questionText } from '../../../src/local/genie/question-text.ts';
import { schemaOf } from '../../../src/local/genie/schema.ts';
import { isAggregate, readFragment } from '../../../src/local/genie/sql-fragment.ts';
import { readTime } from '../../../src/local/genie/time.ts';
import { contentStems, slug, stem, tokenise, wordsOf } from '../../../src/local/genie/tokens.ts';
import { asWritten } from '../../../src/local/genie/value-links.ts';
import { C, clinic, clinicSpace, SpaceBuilder, table } from './fixtures.ts';

const TODAY = '2026-10-01';
const text = (question: string) => questionText(tokenise(question));

describe('words', () => {
  it.each([
    ['visits', 'visit'],
    ['visited', 'visit'],
    ['visiting', 'visit'],
    ['shipped', 'ship'],
    ['categories', 'category'],
    ['boxes', 'box'],
    ['prices', 'pricing'],
    ['closed', 'close'],
  ])('%s and %s are forms of one word', (a, b) => {
    expect(stem(a)).toBe(stem(b));
  });

  it.each([['status'], ['address'], ['bus'], ['gas'], ['is']])('%s is no plural', (word) => {
    expect(stem(word).endsWith('s')).toBe(true);
  });

  it('keeps quoted phrases whole and notes capitals inside a sentence', () => {
    const tokens = tokenise('Show "North Wing" cases of Dr. Bell in 1,200 rooms');
    expect(tokens.map((token) => token.text)).toEqual([
      'Show',
      'North Wing',
      'cases',
      'of',
      'Dr',
      'Bell',
      'in',
      '1,200',
      'rooms',
    ]);
    expect(tokens.filter((token) => token.capital).map((token) => token.text)).toEqual([
      'North Wing',
      'Dr',
      'Bell',
    ]);
    expect(tokens[1]?.quoted).toBe(true);
    expect(tokens[7]?.number).toBe(1200);
  });

  it('splits identifiers at underscores and at changes of case', () => {
    expect(wordsOf('visit_dateTime2')).toEqual(['visit', 'date', 'time2']);
    expect(slug('Net Weight (kg)')).toBe('net_weight_kg');
  });

  it('never fails and never invents words, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), (question) => {
        for (const token of tokenise(question)) expect(question).toContain(token.text);
        expect(contentStems(question).every((word) => word !== '')).toBe(true);
      }),
    );
  });
});

describe('time', () => {
  const range = (question: string): (string | null)[][] =>
    readTime(text(question), TODAY).periods.map((period) => [period.from, period.to]);

  it.each<[string, string | null, string | null]>([
    ['cases in 1995', "DATE '1995-01-01'", "DATE '1996-01-01'"],
    ['cases in March 1995', "DATE '1995-03-01'", "DATE '1995-04-01'"],
    ['cases in Dec 1995', "DATE '1995-12-01'", "DATE '1996-01-01'"],
    ['cases in Q4 1995', "DATE '1995-10-01'", "DATE '1996-01-01'"],
    ['cases in the second quarter of 1995', "DATE '1995-04-01'", "DATE '1995-07-01'"],
    ['cases in the first half of 1995', "DATE '1995-01-01'", "DATE '1995-07-01'"],
    ['cases between 1994 and 1996', "DATE '1994-01-01'", "DATE '1997-01-01'"],
    ['cases from January to March 1996', "DATE '1996-01-01'", "DATE '1996-04-01'"],
    ['cases since 1997', "DATE '1997-01-01'", null],
    ['cases before 1997', null, "DATE '1997-01-01'"],
    ['cases after 1997', "DATE '1998-01-01'", null],
    ['cases on 1997-02-28', "DATE '1997-02-28'", "DATE '1997-03-01'"],
    ['cases on March 5, 1997', "DATE '1997-03-05'", "DATE '1997-03-06'"],
    ['cases this year', "DATE_TRUNC('YEAR', CURRENT_DATE())", null],
    [
      'cases last month',
      "ADD_MONTHS(DATE_TRUNC('MONTH', CURRENT_DATE()), -1)",
      "DATE_TRUNC('MONTH', CURRENT_DATE())",
    ],
    ['cases in the last 30 days', 'DATE_SUB(CURRENT_DATE(), 30)', null],
    ['cases over the past six months', 'ADD_MONTHS(CURRENT_DATE(), -6)', null],
    ['cases in May', "DATE '2026-05-01'", "DATE '2026-06-01'"],
    ['cases in December', "DATE '2025-12-01'", "DATE '2026-01-01'"],
  ])('%s', (question, from, to) => {
    expect(range(question)).toEqual([[from, to]]);
  });

  it.each([
    'cases in the quarter before last',
    'growth of cases year over year',
    'cases in the same month of last year',
    'cases in the first month of last quarter',
  ])('understands but does not write: %s (KGL-3)', (question) => {
    const time = readTime(text(question), TODAY);
    expect(time.periods).toEqual([]);
    expect(time.nested).toHaveLength(1);
  });

  it.each([
    ['cases per month', 'MONTH'],
    ['monthly cases', 'MONTH'],
    ['cases by year', 'YEAR'],
    ['cases for each quarter of 1995', 'QUARTER'],
    ['daily cases', 'DAY'],
    ['which month had the most cases', 'MONTH'],
  ])('%s groups by %s', (question, unit) => {
    expect(readTime(text(question), TODAY).grain?.unit).toBe(unit);
  });

  it('takes no plain number for a year, and may is no month without a cue', () => {
    expect(range('cases with more than 30 rows')).toEqual([]);
    expect(range('which cases may be closed')).toEqual([]);
  });
});

describe('comparisons and rankings', () => {
  it.each([
    ['more than 5 rows', '>', [5]],
    ['at least twenty rows', '>=', [20]],
    ['no more than 2 million', '<=', [2_000_000]],
    ['under 1,500', '<', [1500]],
    ['between 3 and 9 rows', 'BETWEEN', [3, 9]],
    ['exactly 4', '=', [4]],
  ])('%s', (question, operator, values) => {
    expect(readComparisons(text(question))).toMatchObject([{ operator, values }]);
  });

  it.each([
    ['top 5 wings', 'DESC', 5],
    ['the three cheapest rooms', 'ASC', 3],
    ['which wing has the most cases', 'DESC', null],
    ['which wing has the fewest cases', 'ASC', null],
    ['bottom ten rooms', 'ASC', 10],
  ])('%s', (question, direction, limit) => {
    expect(readRanking(text(question))).toMatchObject({ direction, limit });
  });

  it.each([['cases by wing'], ['at least 4 cases'], ['more cases than last year']])(
    '%s ranks nothing',
    (question) => {
      expect(readRanking(text(question))).toBeNull();
    },
  );
});

describe('intent', () => {
  const parts = (question: string): string[] => {
    const tokens = tokenise(question);
    const view = questionText(tokens);
    const intent = readIntent({ tokens, question: view, blocked: [], ranking: readRanking(view), glued: [] });
    return intent.items.map(
      (item) =>
        `${item.role}${item.aggregate === null ? '' : `:${item.aggregate}`} ${item.tokens.map((index) => tokens[index]?.text).join(' ')}`,
    );
  };

  it.each([
    ['What is the total fee by wing and room?', ['measure:SUM total fee', 'group wing', 'group room']],
    ['How many cases are there in each wing?', ['measure:COUNT How many cases', 'group wing']],
    [
      'Which wing has the highest fee?',
      ['subject wing', 'measure highest fee'].map((part) => part.replace('highest ', '')),
    ],
    ['Top 5 wings by fee', ['subject wings', 'measure fee']],
    ['average fee of urgent cases', ['measure:AVG average fee', 'entity urgent cases']],
    ['number of distinct rooms', ['measure:COUNT_DISTINCT number of distinct rooms']],
    ['What is the lowest fee?', ['measure:MIN fee']],
    ['average number of minutes per case', ['measure:AVG average number of minutes', 'group case']],
  ])('%s', (question, expected) => {
    expect(parts(question)).toEqual(expected);
  });
});

describe('texts of the space', () => {
  const space = clinicSpace().space;
  const schema = schemaOf(space, clinic());

  it('qualifies columns of a fragment and leaves literals, calls and keywords alone', () => {
    expect(readFragment("treatments.stat = 'amt_bil' AND YEAR(begun_on) = 2024", schema)).toEqual({
      sql: "treatments.stat = 'amt_bil' AND YEAR(treatments.begun_on) = 2024",
      nodes: ['treatments'],
    });
    expect(readFragment(`SUM(${C}treatments.amt_bil)`, schema).sql).toBe('SUM(treatments.amt_bil)');
    expect(readFragment("DATE '2024-01-01'", schema).nodes).toEqual([]);
  });

  it.each([
    ["Always keep rows with stat = 'OPEN' when asked for cases", "treatments.stat = 'OPEN'"],
    [
      "Heavy ones have (weight_kg > 20 AND species IN ('Dog', 'Horse')) by rule",
      "(animals.weight_kg > 20 AND animals.species IN ('Dog', 'Horse'))",
    ],
    ['only cases where closed_on IS NOT NULL, please', 'treatments.closed_on IS NOT NULL'],
    ['minutes between 5 and 10 and nothing else', 'treatments.minutes between 5 and 10'],
    ['`amt_bil * 2 >= 30 - 1` is dear', 'treatments.amt_bil * 2 >= 30 - 1'],
    [
      'begun_on >= DATE_SUB(CURRENT_DATE(), 30) means recent',
      'treatments.begun_on >= DATE_SUB(CURRENT_DATE(), 30)',
    ],
    ["LOWER(species) LIKE 'd%' or so", "LOWER(animals.species) LIKE 'd%'"],
  ])('finds the condition in: %s', (sentence, sql) => {
    expect(predicateIn(sentence, schema)?.fragment.sql).toBe(sql);
  });

  it.each(['The species is important.', 'Answer politely = good.', 'Use wing and minutes.'])(
    'finds no condition in: %s',
    (sentence) => {
      expect(predicateIn(sentence, schema)).toBeNull();
    },
  );

  it('parts sentences at lines and full stops, not inside names and numbers', () => {
    expect(sentencesOf("- Use a.b.c for x. Never 1.5.\n* `d` means e.f = 'g. H'")).toEqual([
      'Use a.b.c for x',
      'Never 1.5',
      "`d` means e.f = 'g. H'",
    ]);
  });

  it('reads structured comments on one line or on several', () => {
    const sections = commentSections(
      'Load. • PURPOSE: load per wing • BEST FOR: busiest wings | free rooms? • NOT FOR: single cases (use treatments)\nPARAMS: n rows',
    );
    expect(sections).toMatchObject({
      preamble: 'Load.',
      bestFor: ['busiest wings', 'free rooms'],
      notFor: ['single cases'],
      params: 'n rows',
    });
  });

  it.each([
    ["'A' = active, 'C' means called off", { activ: 'A', 'call off': 'C' }],
    ['One of OPEN, CLOSED', { open: 'OPEN', clos: 'CLOSED' }],
    ['P (paid), U (unpaid)', { paid: 'P', unpaid: 'U' }],
  ])('reads the value list of a description: %s', (description, expected) => {
    const described = new SpaceBuilder([`${C}treatments`]).column(`${C}treatments`, 'stat', {
      description,
    }).space;
    const column = assetsOf(described, clinic())[0]?.columns.find((item) => item.name === 'stat');
    const codes = column === undefined ? [] : columnCodes(column);
    expect(Object.fromEntries(codes.map((code) => [code.words.join(' '), code.literal]))).toMatchObject(
      expected,
    );
  });

  it('falls back to column types when the YAML of a metric view cannot be read', () => {
    const broken = table(`${C}m`, 'wing STRING\nincome DOUBLE', { definition: 'dimensions: [unclosed' });
    expect(metricViewFields(broken.definition)).toEqual([]);
    const [asset] = assetsOf(new SpaceBuilder([`${C}m`]).space, { tables: [broken], functions: [] });
    expect(asset?.columns.map((column) => column.role)).toEqual(['dimension', 'measure']);
  });

  it('follows the case and separators of the values with format assistance', () => {
    expect(asWritten('north wing', ['SOUTH_WING', 'EAST_WING'])).toBe('NORTH_WING');
    expect(asWritten('NORTH', ['South', 'East'])).toBe('North');
    expect(asWritten('any', [])).toBe('any');
  });

  it('tells aggregates from other calls', () => {
    expect(isAggregate('COUNT(*)')).toBe(true);
    expect(isAggregate('COALESCE(a, 0)')).toBe(false);
  });

  it('finds where two questions differ, function words aside', () => {
    const gaps = differences(
      tokenise('How many dogs were in the north wing?'),
      tokenise('How many cats are in north wing'),
    );
    expect(
      gaps.map((gap) => [gap.left.map((token) => token.text), gap.right.map((token) => token.text)]),
    ).toEqual([[['dogs'], ['cats']]]);
  });
});
