import { describe, expect, it } from 'vitest';
import type { CatalogSnapshot } from '../../../src/ports/index.ts';
import { rootOf, stem } from '../../../src/local/genie/tokens.ts';
import { ask, flat, lookupOf, SpaceBuilder, table } from './fixtures.ts';

/** A mountain railway: names that say little, dates in pairs, a metric view over joined tables. */
const R = 'rail.line.';
const VIEW = `version: 1.1
source: ${R}trip
joins:
  - name: h
    source: ${R}hut
    on: source.h_cd = h.h_cd
    joins:
      - name: v
        source: ${R}valley
        on: h.v_cd = v.v_cd
dimensions:
  - name: t_dt
    expr: t_dt
  - name: t_p
    expr: DATE_TRUNC('MONTH', t_dt)
  - name: h_x
    expr: h.h_x
  - name: v_x
    expr: h.v.v_x
  - name: tkt
    expr: tkt
measures:
  - name: zz
    expr: SUM(km)
  - name: qq
    expr: COUNT(*)
  - name: ww
    expr: AVG(km)
`;
const catalog: CatalogSnapshot = {
  tables: [
    table(`${R}valley`, 'v_cd STRING\nv_x STRING', { key: 'v_cd' }),
    table(`${R}hut`, 'h_cd STRING\nh_x STRING\nv_cd STRING', { key: 'h_cd' }),
    table(`${R}trip`, 't_id BIGINT\nh_cd STRING\nt_dt DATE\nend_dt DATE\nkm DECIMAL(9,2)\ntkt STRING', {
      key: 't_id',
      foreignKeys: [{ columns: ['h_cd'], referencedTable: `${R}hut`, referencedColumns: ['h_cd'] }],
    }),
    table(`${R}fault`, 'f_id BIGINT\nh_cd STRING\nf_dt DATE\nkind STRING', {
      key: 'f_id',
      foreignKeys: [{ columns: ['h_cd'], referencedTable: `${R}hut`, referencedColumns: ['h_cd'] }],
    }),
    table(
      `${R}kpi`,
      't_dt DATE\nt_p DATE\nh_x STRING\nv_x STRING\ntkt STRING\nzz DOUBLE\nqq BIGINT\nww DOUBLE',
      {
        definition: VIEW,
      },
    ),
  ],
  functions: [
    {
      name: `${R}worst_huts`,
      comment: 'BEST FOR: unluckiest huts',
      parameters: [
        { name: 'a', type: 'DATE', defaultValue: null, comment: null },
        { name: 'b', type: 'DATE', defaultValue: null, comment: null },
        { name: 'n', type: 'INT', defaultValue: null, comment: null },
      ],
      returns: [{ name: 'h_x', type: 'STRING' }],
      body: null,
    },
  ],
};
const only = (...names: string[]): SpaceBuilder =>
  new SpaceBuilder(
    names.map((name) => R + name),
    [],
  );
const sqlOf = async (question: string, space: SpaceBuilder, values = {}): Promise<string> =>
  flat((await ask(question, space.space, catalog, { today: '2026-03-15', values: lookupOf(values) })).sql);

describe('arguments of functions', () => {
  it('gives the later of two neighbouring dates the end of the period, whatever it is called', async () => {
    const space = new SpaceBuilder([`${R}hut`], [`${R}worst_huts`]);
    expect(await sqlOf('Which were the three unluckiest huts in January 2026?', space)).toContain(
      "worst_huts(DATE '2026-01-01', DATE '2026-01-31', 3)",
    );
  });

  it.each(['3 harvest huts', '3 guest huts', 'two forest huts', '4 request huts'])(
    'takes no other word on -est for a superlative: %s',
    async (words) => {
      expect(await sqlOf(`How many faults did the ${words} have?`, only('fault'))).not.toContain('LIMIT');
    },
  );
});

describe('periods', () => {
  it.each([
    ['since January', "t_dt >= DATE '2026-01-01'"],
    ['since November', "t_dt >= DATE '2025-11-01'"],
  ])('reads a month without a year as its latest start: %s', async (words, condition) => {
    expect(await sqlOf(`How many trips were there ${words}?`, only('trip'))).toContain(condition);
  });

  it('takes the dimension that goes by the unit, as a synonym says', async () => {
    const space = only('kpi')
      .column(`${R}kpi`, 't_p', { synonyms: ['month'] })
      .column(`${R}kpi`, 'zz', { synonyms: ['distance'] });
    expect(await sqlOf('What is the distance per month?', space)).toContain('GROUP BY t_p');
  });
});

describe('counting what happened on a date', () => {
  const space = (): SpaceBuilder => only('trip').column(`${R}trip`, 'end_dt', { synonyms: ['landings'] });

  it('counts every row with the date, not its different days', async () => {
    expect(await sqlOf('How many landings did we have in February 2026?', space())).toContain(
      'COUNT(end_dt)',
    );
  });

  it('still counts days apart when days are asked for', async () => {
    const days = only('trip').column(`${R}trip`, 't_dt', { synonyms: ['travel day'] });
    expect(await sqlOf('How many different travel days were there?', days)).toContain('COUNT(DISTINCT t_dt)');
  });

  it('groups by the unit alone when the things go by the name of their date', async () => {
    const sql = await sqlOf('Landings per month this year', space());
    expect(sql).toContain("DATE_TRUNC('MONTH', end_dt)");
    expect(sql).toMatch(/GROUP BY DATE_TRUNC\('MONTH', end_dt\)(?!, end_dt)/);
    expect(sql).toContain('COUNT(');
  });
});

describe('metric views', () => {
  it.each([
    ['hut', 'h_x'],
    ['valley', 'v_x'],
  ])('lend a dimension the synonyms of the column that it hands on: %s', async (word, dimension) => {
    const space = only('hut', 'valley', 'kpi')
      .column(`${R}hut`, 'h_x', { synonyms: ['lodge'] })
      .column(`${R}valley`, 'v_x', { synonyms: ['glen'] })
      .column(`${R}kpi`, 'zz', { synonyms: ['distance'] });
    const said = word === 'hut' ? 'lodge' : 'glen';
    const sql = await sqlOf(`What is the distance by ${said}?`, space);
    expect(sql).toContain('MEASURE(zz)');
    expect(sql).toContain(`GROUP BY ${dimension}`);
  });

  it('count rows by the measure that counts rows, when nothing else is known', async () => {
    const space = only('kpi').column(`${R}kpi`, 'tkt', { entity: true });
    const sql = await sqlOf('How many had a Return?', space, { 'kpi.tkt': ['Return', 'Single'] });
    expect(sql).toContain('MEASURE(qq)');
  });

  it('take a measure that the question names in another place than after "how many"', async () => {
    const space = only('kpi', 'hut').column(`${R}kpi`, 'zz', { synonyms: ['scrubbed runs'] });
    expect(await sqlOf('How many slots did we lose to scrubbed runs?', space)).toContain('MEASURE(zz)');
  });

  it('take no measure whose short name merely has as many letters as a word', async () => {
    const space = only('kpi').column(`${R}kpi`, 'tkt', { entity: true });
    const sql = await sqlOf('How many wow a Return?', space, { 'kpi.tkt': ['Return', 'Single'] });
    expect(sql).not.toContain('MEASURE(ww)');
  });
});

describe('words', () => {
  it.each([
    ['reservation', 'reserved'],
    ['discoveries', 'discovered'],
    ['leakage', 'leaked'],
    ['attendance', 'attended'],
    ['neutrality', 'neutral'],
    ['silently', 'silent'],
    ['signalled', 'signal'],
    ['approval', 'approved'],
  ])('%s and %s have one root', (a, b) => {
    expect(rootOf(stem(a))).toBe(rootOf(stem(b)));
  });

  it.each([
    ['apartment', 'aparted'],
    ['station', 'state'],
    ['original', 'origin'],
    ['location', 'local'],
    ['query', 'quer'],
    ['family', 'fame'],
  ])('%s and %s have none in common', (a, b) => {
    expect(rootOf(stem(a))).not.toBe(rootOf(stem(b)));
  });

  it('finds a name by a word derived from it, and prefers the word itself', async () => {
    const derived = only('trip').column(`${R}trip`, 'km', { synonyms: ['discovered'] });
    expect(await sqlOf('What are the total discoveries?', derived)).toContain('SUM(km)');
    const both = only('kpi')
      .column(`${R}kpi`, 'zz', { synonyms: ['reserved'] })
      .column(`${R}kpi`, 'ww', { synonyms: ['reservation'] });
    expect(await sqlOf('What was the reservation this year?', both)).toContain('MEASURE(ww)');
  });

  it('groups by the last noun, not by the one that says whose', async () => {
    const space = only('kpi')
      .column(`${R}kpi`, 'h_x', { synonyms: ['lodge'] })
      .column(`${R}kpi`, 'zz', { synonyms: ['distance'] })
      .column(`${R}kpi`, 'tkt', { synonyms: ['fare'] });
    expect(await sqlOf('What is the distance by lodge fare?', space)).toContain('GROUP BY tkt');
  });

  it.each([
    ["Also called 'mishaps' and 'troubles'.", 'troubles'],
    ['Also known as mishaps.', 'mishaps'],
    ['Synonyms: mishaps, troubles', 'troubles'],
  ])('takes other names from a description: %s', async (description, word) => {
    const space = only('fault', 'trip')
      .describe(`${R}fault`, description)
      .describe(
        `${R}trip`,
        'Rides without troubles or mishaps of any sort, whatever the troubles of the season.',
      );
    expect(await sqlOf(`How many ${word} were there?`, space)).toContain('COUNT(*)');
    expect(await sqlOf(`How many ${word} were there?`, space)).toContain(`${R}fault`);
  });

  it('filters by no word that the question groups by', async () => {
    const space = only('fault')
      .column(`${R}fault`, 'kind', { synonyms: ['reason'] })
      .describe(`${R}fault`, 'Faults.')
      .snippet('filters', 'reasoned', "fault.kind = 'ice'");
    expect(await sqlOf('Faults by reason', space)).not.toContain('WHERE');
  });
});

describe('joins', () => {
  it('pairs no rows that only point to the same third table', async () => {
    const space = only('trip', 'fault').column(`${R}fault`, 'kind', {
      synonyms: ['kind of fault'],
      entity: true,
    });
    const sql = await sqlOf('What is the total km for Ice?', space, { 'fault.kind': ['Ice', 'Wind'] });
    expect(sql).not.toContain('JOIN');
  });
});
