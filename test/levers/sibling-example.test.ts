import { describe, expect, it } from 'vitest';
import { checkLeaks, type ProposalInput } from '../../src/levers/index.ts';
import { LeakDetector } from '../../src/patch-dsl/index.ts';
import { analyzeSql } from '../../src/sql/index.ts';
import { changesOf, propose, type Asked } from './harbor.ts';

/** A question whose key needs a share of a total, and others that show which columns people use. */
const SHARE: readonly Asked[] = [
  {
    question: 'What share of dues did each state contribute in 2025, in percent?',
    expected:
      'SELECT state, ROUND(100.0 * SUM(dues) / SUM(SUM(dues)) OVER (), 1) AS share_pct FROM loads WHERE year(day) = 2025 GROUP BY state',
    generated: 'SELECT state, SUM(dues) AS dues FROM loads WHERE year(day) = 2025 GROUP BY state',
  },
  {
    question: 'Total cargo per state',
    expected: 'SELECT state, SUM(cargo) FROM loads GROUP BY state',
    generated: 'same',
  },
  {
    question: 'Total dues per basin',
    expected: 'SELECT basin, SUM(dues) FROM loads GROUP BY basin',
    generated: 'same',
  },
];

const loads = (columns: Readonly<Record<string, string>>): Partial<ProposalInput> => ({
  space: { version: 2, data_sources: { tables: [{ identifier: 'loads' }] } },
  catalog: {
    tables: [
      {
        name: 'loads',
        kind: 'table',
        comment: null,
        tags: {},
        columns: Object.entries(columns).map(([name, type]) => ({ name, type, comment: null, tags: {} })),
        primaryKey: [],
        foreignKeys: [],
        definition: null,
      },
    ],
    functions: [],
  },
});
const LOADS = loads({
  state: 'STRING',
  basin: 'STRING',
  dues: 'DECIMAL(12,2)',
  cargo: 'DECIMAL(12,2)',
  day: 'DATE',
});

const examplesIn = (result: Awaited<ReturnType<typeof propose>>) =>
  changesOf(result).filter((change) => change['type'] === 'add_example_sql');

describe('an example of a sibling question', () => {
  it('shows the shape of a statement that no name or rule can say', async () => {
    expect(examplesIn(await propose(SHARE, LOADS))).toEqual([
      {
        type: 'add_example_sql',
        question: 'What share of cargo did each state contribute in 2024, in percent?',
        sql: 'SELECT state, ROUND(100.0 * SUM(cargo) / SUM(SUM(cargo)) OVER (), 1) AS share_pct FROM loads WHERE year(day) = 2024 GROUP BY state',
      },
    ]);
  });

  it('gives no benchmark away, however it is read, and its statement can be read', async () => {
    const [example] = examplesIn(await propose(SHARE, LOADS));
    const texts = [String(example?.['question']), String(example?.['sql'])];
    const protectedTexts = SHARE.map(({ question, expected }, at) => ({
      id: `q${at}`,
      question,
      expected_sql: expected,
      split: 'train' as const,
    }));
    expect(
      checkLeaks(
        texts.map((text) => ({ where: 'example', text })),
        protectedTexts,
      ),
    ).toEqual([]);
    const plain = new LeakDetector(SHARE.flatMap(({ question, expected }) => [question, expected]));
    expect(texts.map((text) => plain.find(text))).toEqual([null, null]);
    expect((await analyzeSql(texts[1] ?? '')).engine).toBe('ast');
  });

  it('takes another sibling when the nearest one says what a held-out question says', async () => {
    const held: Asked = {
      question: 'Percent each state contribute in 2024',
      expected: 'SELECT state, SUM(cargo) FROM loads WHERE year(day) = 2024 GROUP BY state',
      generated: 'same',
      split: 'held_out',
    };
    expect(examplesIn(await propose([...SHARE, held], LOADS)).map(({ question }) => question)).toEqual([
      'What share of cargo did each basin contribute in 2025, in percent?',
    ]);
  });

  it('is written once for questions of one shape', async () => {
    const again: Asked = {
      question: 'Which part of the dues did each state bring in 2023, as a percentage?',
      expected: SHARE[0]?.expected.replace('2025', '2023') ?? '',
      generated: SHARE[0]?.generated?.replace('2025', '2023') ?? null,
    };
    const { proposals } = await propose([...SHARE, again], LOADS);
    const examples = proposals.filter(({ patches }) =>
      patches.some(({ type }) => type === 'add_example_sql'),
    );
    expect(examples.map(({ question_ids }) => question_ids)).toEqual([['q1', 'q4']]);
  });

  it('counts rows in the benchmark and averages in the sibling, months instead of quarters', async () => {
    const result = await propose(
      [
        {
          question:
            'For each quarter of 2025, how does the number of loads compare with the same quarter of 2024, in percent?',
          expected:
            'WITH q AS (SELECT year(day) AS y, quarter(day) AS load_quarter, COUNT(*) AS load_count FROM loads GROUP BY year(day), quarter(day)) SELECT a.load_quarter, 100.0 * (a.load_count - b.load_count) / b.load_count AS change_pct FROM q AS a JOIN q AS b ON a.load_quarter = b.load_quarter WHERE a.y = 2025 AND b.y = 2024',
          generated: 'SELECT quarter(day), COUNT(*) FROM loads WHERE year(day) = 2025 GROUP BY quarter(day)',
        },
        { question: 'Total cargo', expected: 'SELECT SUM(cargo) FROM loads', generated: 'same' },
      ],
      LOADS,
    );
    expect(examplesIn(result)).toEqual([
      {
        type: 'add_example_sql',
        question:
          'For each month of 2025, how does the average cargo per load compare with the same month of 2024, in percent?',
        sql: 'WITH q AS (SELECT year(day) AS y, month(day) AS load_month, AVG(cargo) AS load_average FROM loads GROUP BY year(day), month(day)) SELECT a.load_month, 100.0 * (a.load_average - b.load_average) / b.load_average AS change_pct FROM q AS a JOIN q AS b ON a.load_month = b.load_month WHERE a.y = 2025 AND b.y = 2024',
      },
    ]);
  });

  it.each([
    ['there is nothing to vary', SHARE.slice(0, 1).map((asked) => ({ ...asked, question: 'Dues share?' }))],
    [
      'the shape of the statement was right',
      [{ ...SHARE[0]!, generated: SHARE[0]!.expected.replace('2025', '2023') }, ...SHARE.slice(1)],
    ],
    [
      'the statement has no shape of its own',
      [
        {
          question: 'Total dues of each state in 2025',
          expected: 'SELECT state, SUM(dues) FROM loads WHERE year(day) = 2025 GROUP BY state',
          generated: 'SELECT state FROM loads',
        },
        ...SHARE.slice(1),
      ],
    ],
  ])('is not written when %s', async (_, asked) => {
    expect(examplesIn(await propose(asked, LOADS))).toEqual([]);
  });
});
