import { describe, expect, it } from 'vitest';
import {
  addToCoverage,
  answerableCategories,
  assetInventory,
  assignSplits,
  countCoverage,
  coverageGoal,
  detectableEffect,
  familiesOf,
  markStale,
  nextDraft,
  questionTemplates,
} from '../../src/benchmarks/index.ts';
import { InvalidOptionError } from '../../src/core/index.ts';
import type { CatalogSnapshot, CatalogTable } from '../../src/ports/index.ts';
import { questionOf } from './questions.ts';

const table = (
  name: string,
  columns: Readonly<Record<string, string>>,
  more: Partial<CatalogTable> = {},
): CatalogTable => ({
  name,
  kind: 'table',
  comment: null,
  tags: {},
  primaryKey: [],
  foreignKeys: [],
  definition: null,
  columns: Object.entries(columns).map(([column, type]) => ({ name: column, type, comment: null, tags: {} })),
  ...more,
});

const CATALOG: CatalogSnapshot = {
  tables: [
    table(
      'main.gold.rides',
      {
        ride_id: 'BIGINT',
        zone_id: 'INT',
        kind: 'STRING',
        price: 'DECIMAL(10,2)',
        day: 'DATE',
        secret: 'STRING',
      },
      {
        primaryKey: ['ride_id'],
        foreignKeys: [
          { columns: ['zone_id'], referencedTable: 'main.gold.zones', referencedColumns: ['zone_id'] },
        ],
      },
    ),
    table('main.gold.zones', { zone_id: 'INT', zone_name: 'STRING' }, { primaryKey: ['zone_id'] }),
    table(
      'main.gold.mv_rides',
      { kind: 'STRING', rides: 'BIGINT' },
      {
        kind: 'metric_view',
        definition: 'version: 1.1\nsource: main.gold.rides\nmeasures:\n  - name: rides\n    expr: COUNT(1)\n',
      },
    ),
  ],
  functions: [
    {
      name: 'main.gold.get_busy_zones',
      comment: null,
      parameters: [
        { name: 'from_day', type: 'DATE', defaultValue: null, comment: null },
        { name: 'zone_name', type: 'STRING', defaultValue: null, comment: null },
        { name: 'top_n', type: 'INT', defaultValue: '5', comment: null },
      ],
      returns: [
        { name: 'zone', type: 'STRING' },
        { name: 'rides', type: 'BIGINT' },
      ],
      body: null,
    },
  ],
};
const SPACE = {
  data_sources: {
    tables: [
      {
        identifier: 'main.gold.rides',
        column_configs: [
          { column_name: 'secret', exclude: true },
          { column_name: 'price', synonyms: ['fare'] },
        ],
      },
      { identifier: 'main.gold.zones' },
      { identifier: 'main.gold.gone' },
    ],
    metric_views: [{ identifier: 'main.gold.mv_rides' }],
  },
  instructions: { sql_functions: [{ identifier: 'main.gold.get_busy_zones' }] },
};
const assets = assetInventory(SPACE, CATALOG);
const valuesOf = (asset: string, column: string) =>
  column === 'day'
    ? { min: '2026-01-01', max: '2026-02-01', values: [], distinct: 30 }
    : column === 'zone_name'
      ? { min: "O'Hara", max: 'Z', values: ["O'Hara"], distinct: 9 }
      : column === 'kind' && asset.endsWith('rides')
        ? { min: 'e', max: 'm', values: ['e'], distinct: 2 }
        : null;

describe('assetInventory', () => {
  it('lists what the catalog knows, with the part each column can play', () => {
    expect(assets.map(({ name, kind }) => [name, kind])).toEqual([
      ['main.gold.mv_rides', 'MV'],
      ['main.gold.get_busy_zones', 'TVF'],
      ['main.gold.rides', 'TABLE'],
      ['main.gold.zones', 'TABLE'],
    ]);
    expect(assets[2]?.columns.map(({ name, role }) => [name, role])).toEqual([
      ['ride_id', 'key'],
      ['zone_id', 'key'],
      ['kind', 'label'],
      ['price', 'number'],
      ['day', 'date'],
    ]);
    expect(assets[0]?.columns.find(({ name }) => name === 'rides')?.role).toBe('measure');
    expect(answerableCategories(assets)).not.toContain('prediction');
    expect(answerableCategories(assets)).toContain('multi-table');
  });
});

describe('questionTemplates', () => {
  const drafts = questionTemplates(assets, valuesOf);

  it('make questions of every answerable category and for every asset', () => {
    expect(new Set(drafts.map(({ category }) => category))).toEqual(new Set(answerableCategories(assets)));
    expect(new Set(drafts.flatMap((draft) => draft.assets))).toEqual(new Set(assets.map(({ name }) => name)));
  });

  it('ask in the words of the space and order whatever they limit', () => {
    expect(drafts.map(({ question }) => question)).toContain('What is the average fare of the rides?');
    for (const { expected_sql } of drafts.filter((draft) => draft.expected_sql.includes('LIMIT')))
      expect(expected_sql).toMatch(/ORDER BY .+,[^]*LIMIT/);
    expect(drafts.filter(({ expected_sql }) => expected_sql.includes('secret'))).toEqual([]);
  });

  it('fill required arguments from the data, quoted, and leave the others', () => {
    const call = drafts.find(({ expected_asset }) => expected_asset === 'TVF');
    expect(call?.expected_sql).toContain(String.raw`get_busy_zones(DATE '2026-01-01', 'O\'Hara')`);
    expect(questionTemplates(assets).filter(({ expected_asset }) => expected_asset === 'TVF')).toEqual([]);
  });
});

describe('nextDraft', () => {
  it('covers views and functions, then every category, then all tables', () => {
    const goal = coverageGoal(assets);
    const counts = countCoverage([]);
    let left = questionTemplates(assets, valuesOf);
    const order: string[] = [];
    while (order.length < goal.target && left.length > 0) {
      const draft = nextDraft(left, counts, goal);
      if (draft === null) break;
      left = left.filter((other) => other !== draft);
      addToCoverage(counts, draft);
      order.push(draft.expected_asset);
    }
    expect(order.slice(0, 2).sort()).toEqual(['MV', 'TVF']);
    expect([...counts.categories.keys()].sort()).toEqual([...goal.categories].sort());
    expect([...counts.assets.keys()].sort()).toEqual(['get_busy_zones', 'mv_rides', 'rides', 'zones']);
    expect(nextDraft([], counts, goal)).toBeNull();
  });

  it('aims at more questions for a space with many tables, so that the minimum stays open', () => {
    const many = Array.from({ length: 9 }, (_, at) => ({ ...assets[2]!, name: `main.gold.t${at}` }));
    expect(coverageGoal(assets).target).toBe(15);
    expect(coverageGoal(many).target).toBe(25);
  });
});

describe('familiesOf', () => {
  it.each([
    [
      'the same answer key',
      { question: 'Number of rides?', expected_sql: 'select  1' },
      { question: 'Trips, all of them', expected_sql: 'SELECT 1;' },
    ],
    [
      'the same words in another order',
      { question: 'Rides per zone in 2026' },
      { question: 'In 2026, what are the rides per zone?' },
    ],
    ['a written variant', { question: 'A?' }, { question: 'B?', variant_of: 'q_0' }],
  ])('joins questions with %s', (_, first, second) => {
    const family = [questionOf('q_0', first), questionOf('q_1', second)];
    expect(familiesOf([...family, questionOf('q_2')])).toEqual([family, [questionOf('q_2')]]);
    const many = Array.from({ length: 20 }, (_other, at) =>
      questionOf(`o_${at}`, { question: `Thing ${at} and ${at * 7} of ${at * 3}?` }),
    );
    const splits = assignSplits([...many, ...family])
      .questions.slice(-2)
      .map(({ split }) => split);
    expect(new Set(splits).size).toBe(1);
  });

  it.each([
    ['another number', 'Rides per zone in 2025', 'Rides per zone in 2026'],
    ['a few common words', 'How many rides?', 'Rides by how many?'],
  ])('keeps questions with %s apart', (_, first, second) => {
    expect(
      familiesOf([questionOf('q_0', { question: first }), questionOf('q_1', { question: second })]),
    ).toHaveLength(2);
  });
});

describe('markStale', () => {
  it('marks what went stale and frees what was repaired', () => {
    const marked = markStale([
      questionOf('q_0', { question: 'Rides last week?', expected_sql: "SELECT 1 WHERE d > '2026-01-01'" }),
      questionOf('q_1', { temporal_stale: true }),
    ]);
    expect(marked[0]?.temporal_stale).toBe(true);
    expect(marked[1]).not.toHaveProperty('temporal_stale');
  });
});

describe('detectableEffect', () => {
  it('is none below five questions and shrinks with the size', () => {
    expect(detectableEffect(4)).toEqual({ questions: 4, fewestWins: null, smallestGainPp: null });
    const gains = [10, 20, 40, 80, 160].map((size) => detectableEffect(size).smallestGainPp ?? 100);
    expect(gains).toEqual(gains.toSorted((a, b) => b - a));
    expect(detectableEffect(20).fewestWins).toBe(5);
  });

  it('agrees with a simulation by hand: without flips, five wins of n are needed with 80 %', () => {
    const { smallestGainPp } = detectableEffect(20, { flipRate: 0 });
    const gain = (smallestGainPp ?? 0) / 100;
    const choose = [1, 20, 190, 1140, 4845];
    const below = choose.reduce(
      (sum, ways, wins) => sum + ways * gain ** wins * (1 - gain) ** (20 - wins),
      0,
    );
    expect(1 - below).toBeGreaterThanOrEqual(0.8);
    expect(1 - below).toBeLessThan(0.81);
  });

  it('grows with answers that flip by themselves', () => {
    expect(detectableEffect(40, { flipRate: 0.1 }).smallestGainPp).toBeGreaterThan(
      detectableEffect(40, { flipRate: 0 }).smallestGainPp ?? 0,
    );
    expect(() => detectableEffect(40, { flipRate: 0.7 })).toThrow(InvalidOptionError);
  });
});
