import { describe, expect, it } from 'vitest';
import type { CatalogFunction, CatalogSnapshot } from '../../../src/ports/index.ts';
import { superlativeIn, withDefinedSuperlatives } from '../../../src/local/genie/superlatives.ts';
import { tokenise } from '../../../src/local/genie/tokens.ts';
import { ask, flat, lookupOf, SpaceBuilder, table } from './fixtures.ts';

/** A haulage firm whose tables and functions contain one another's names. */
const H = 'haul.firm.';
const ranked = (
  name: string,
  comment: string,
  parameters: CatalogFunction['parameters'] = [],
): CatalogFunction => ({
  name: H + name,
  comment,
  parameters,
  returns: [
    { name: 'name', type: 'STRING' },
    { name: 'total', type: 'BIGINT' },
  ],
  body: null,
});
const catalog: CatalogSnapshot = {
  tables: [
    table(`${H}depot`, 'depot_id BIGINT\ndepot_name STRING\ncity STRING\nsize_m2 INT', { key: 'depot_id' }),
    table(`${H}depot_profile`, 'depot_id BIGINT\nhas_gate BOOLEAN'),
    table(`${H}staff_of_depot`, 'depot_id BIGINT\nstaff_name STRING'),
    table(
      `${H}entries`,
      'entry_no BIGINT\nentry_ref STRING\ndepot_id BIGINT\nentry_year INT\nentered_on DATE\nway STRING\ndays INT\nprice DECIMAL(9,2)',
      { key: 'entry_no' },
    ),
    table(`${H}loc_mst`, 'lm_k BIGINT\nlm_n STRING', { comment: 'One row per warehouse.' }),
    table(`${H}gate_log`, 'g_k BIGINT\ng_n STRING', { comment: 'Barriers.' }),
    table(`${H}dim_driver`, 'driver_id BIGINT\ndriver_name STRING', { key: 'driver_id' }),
  ],
  functions: [
    ranked('top_depots', 'Depots ranked. BEST FOR: ranking of depots', [
      { name: 'n', type: 'INT', defaultValue: '5', comment: null },
    ]),
    ranked('depot_list', 'All depots with totals'),
    ranked('entries_at', 'BEST FOR: visits of a site | log of a site. PARAMS: site STRING name of the site', [
      { name: 'site', type: 'STRING', defaultValue: null, comment: null },
    ]),
  ],
};
const make = (): SpaceBuilder =>
  new SpaceBuilder(
    catalog.tables.map((item) => item.name),
    catalog.functions.map((item) => item.name),
  );
const described = (): SpaceBuilder =>
  make()
    .column(`${H}entries`, 'way', { synonyms: ['mode'], entity: true })
    .column(`${H}depot`, 'depot_name', { synonyms: ['depot'] })
    .join(`${H}entries`, `${H}depot`, '`entries`.`depot_id` = `depot`.`depot_id`');
const values = lookupOf({ 'entries.way': ['Rail', 'Truck', 'Air'] });
const sqlOf = async (question: string, space = make()): Promise<string> =>
  flat((await ask(question, space.space, catalog, { values })).sql);

describe('a table called by its exact name', () => {
  const count = `SELECT COUNT(*) AS depot_count FROM ${H}depot`;
  const all = `SELECT depot_id, depot_name, city, size_m2 FROM ${H}depot`;
  it.each([
    ['How many depots are there?', count],
    ['How many depots do we have?', count],
    ['How many depots exist?', count],
    ['Count the depots', count],
    ['List all depots', all],
    ['Show the depots', all],
    ['Show me every depot', all],
    ['How many entries are there?', `SELECT COUNT(*) AS entries_count FROM ${H}entries`],
    ['How many entries do we have in total?', `SELECT COUNT(*) AS entries_count FROM ${H}entries`],
    ['How many drivers are there?', `SELECT COUNT(*) AS dim_driver_count FROM ${H}dim_driver`],
  ])('%s', async (question, sql) => {
    expect(await sqlOf(question)).toBe(sql);
  });

  it.each(['List all depots', 'Show the depots'])(
    '%s: also where a column goes by the same word',
    async (question) => {
      expect(await sqlOf(question, described())).toBe(all);
    },
  );

  it.each([
    ['How many warehouses are there?', `SELECT COUNT(*) AS loc_mst_count FROM ${H}loc_mst`],
    ['How many barriers do we have?', `SELECT COUNT(*) AS gate_log_count FROM ${H}gate_log`],
  ])('%s: a comment that says what a row is names the table', async (question, sql) => {
    expect(await sqlOf(question)).toBe(sql);
  });

  it('a short BEST FOR still wins where its general word is said', async () => {
    expect(await sqlOf('ranking of depots')).toBe(`SELECT * FROM ${H}top_depots()`);
  });
});

describe('verbs and adjectives are no values', () => {
  it.each([
    [
      'How many days does each mode take?',
      `SELECT way, SUM(days) AS total_days FROM ${H}entries GROUP BY way`,
    ],
    ['Which modes are used by us?', `SELECT DISTINCT way FROM ${H}entries`],
    ['Which mode is the fastest?', `SELECT DISTINCT way FROM ${H}entries`],
    ['How many entries did each depot handle?', 'GROUP BY depot.depot_name'],
    ['Which depots are located nearby?', `SELECT depot_name FROM ${H}depot`],
    ['number of entries per preferred mode', 'GROUP BY way'],
  ])('%s', async (question, end) => {
    const sql = await sqlOf(question, described());
    expect(sql.endsWith(end)).toBe(true);
    expect(sql).not.toContain('WHERE');
  });

  it.each([
    ['total price where the mode is unknown', "WHERE way = 'unknown'"],
    ['total price with mode unknown', "WHERE way = 'unknown'"],
    ['total price of entries in the unknown mode', "WHERE way = 'unknown'"],
    ['Show depots called little creek', "WHERE depot_name = 'little creek'"],
    ['Which depots are called "Located"?', "WHERE depot_name = 'Located'"],
  ])('%s: the grammar says it is one', async (question, where) => {
    expect(await sqlOf(question, described())).toContain(where);
  });
});

describe('grouping by a name of several words', () => {
  it.each([
    [
      'entries by entry year',
      `SELECT entry_year, COUNT(*) AS entries_count FROM ${H}entries GROUP BY entry_year`,
    ],
    [
      'total price per entry year',
      `SELECT entry_year, SUM(price) AS total_price FROM ${H}entries GROUP BY entry_year`,
    ],
    [
      'How many entries for each entry year?',
      `SELECT entry_year, COUNT(*) AS entries_count FROM ${H}entries GROUP BY entry_year`,
    ],
  ])('%s', async (question, sql) => {
    expect(await sqlOf(question)).toBe(sql);
  });

  it('a plain year stays a period', async () => {
    expect(await sqlOf('entries per year')).toContain('YEAR(entered_on)');
  });
});

describe('codes', () => {
  it.each([
    ['Abc#000123', 'abc 000123'],
    ['M00045', 'm00045'],
    ['AB-12', 'ab 12'],
    ['PL/0042', 'pl 0042'],
    ['a.b@c.example', 'a b c exampl'],
    ['25-989-741', '25 989 741'],
  ])('%s is one word that can only be a value', (code, stem) => {
    expect(tokenise(`show ${code} please`)[1]).toMatchObject({ text: code, code: true, stem, content: true });
  });

  it.each(['Q1', 'H2', 'mid-2024', 'top-5', '2024-01-31', '2024', '3D', 'FY2024'])(
    '%s is no code',
    (text) => {
      expect(tokenise(`show ${text} please`).some((token) => token.code)).toBe(false);
    },
  );

  it.each([
    ['Show the entries with EN-0042', `${H}entries WHERE entry_ref = 'EN-0042'`],
    ['Show entry EN-0042', `${H}entries WHERE entry_ref = 'EN-0042'`],
    ['total price for Depot#003', "WHERE depot.depot_name = 'Depot#003'"],
    ['Show depot 12', `${H}depot WHERE depot_id = 12`],
    ['visits of site XQ-77', `SELECT * FROM ${H}entries_at('XQ-77')`],
    ['log of site "Old Yard"', `SELECT * FROM ${H}entries_at('Old Yard')`],
  ])('%s', async (question, end) => {
    expect(await sqlOf(question)).toContain(end);
  });

  it('entity matching knows the column of a code', async () => {
    const known = lookupOf({ 'loc_mst.lm_n': ['ZZ-0001'] });
    const space = make().column(`${H}loc_mst`, 'lm_n', { entity: true }).space;
    expect(
      flat((await ask('How many warehouses are ZZ-0001?', space, catalog, { values: known })).sql),
    ).toContain("WHERE lm_n = 'ZZ-0001'");
  });
});

describe('superlatives of an instruction', () => {
  const rule = (sentence: string, question: string): string => {
    const found = superlativeIn(sentence);
    return withDefinedSuperlatives(question, found === null ? [] : [{ ...found, sentence }]);
  };
  it.each([
    [
      'Best depots are the depots with the highest price',
      'the best 3 depots?',
      'the 3 depots with the highest price?',
    ],
    [
      'Top depots means depots with the most entries',
      'Show the top depot',
      'Show the depot with the highest entries',
    ],
    [
      'The most important drivers are those with the lowest days',
      'our 5 most important drivers in 2024',
      'our 5 drivers with the lowest days in 2024',
    ],
    ['Best depots are the depots with the highest price', 'best depots by days', 'best depots by days'],
    ['A late entry is an entry with days > 3', 'late entries', 'late entries'],
  ])('%s: %s', (sentence, question, expected) => {
    expect(rule(sentence, question)).toBe(expected);
  });

  const question = 'Which are the best 2 depots?';
  const right = `SELECT depot.depot_name, SUM(entries.price) AS`;
  it.each([
    ['price', 'Best depots are the depots with the highest price.'],
    ['a qualified column', 'Best depots are those with the highest entries.price.'],
    ['SQL', 'The best depots are the ones with the highest SUM(entries.price).'],
  ])('%s ranks by what the sentence says, and not without it', async (_, sentence) => {
    const answer = await sqlOf(question, described().instruct(sentence));
    expect(answer).toContain(right);
    expect(answer).toMatch(/ORDER BY \w+ DESC LIMIT 2$/);
    expect(await sqlOf(question, described())).not.toContain(right);
  });
});

describe('what has not happened', () => {
  const space = described().column(`${H}entries`, 'entered_on', { synonyms: ['entered', 'booked'] });
  it.each([
    [
      'How many entries are not booked yet?',
      `SELECT COUNT(*) AS entries_count FROM ${H}entries WHERE entered_on IS NULL`,
    ],
    [
      'How many entries have never been booked?',
      `SELECT COUNT(*) AS entries_count FROM ${H}entries WHERE entered_on IS NULL`,
    ],
    ['How many entries are booked?', `SELECT COUNT(*) AS entries_count FROM ${H}entries`],
  ])('%s', async (question, sql) => {
    expect(await sqlOf(question, space)).toBe(sql);
  });

  it('a period is about the date itself', async () => {
    expect(await sqlOf('How many entries were not booked in 2024?', space)).not.toContain('IS NULL');
  });
});

describe('several clauses and joins', () => {
  const joined = `${H}entries AS entries JOIN ${H}depot AS depot ON entries.depot_id = depot.depot_id`;
  it.each([
    [
      'total price per depot',
      `SELECT depot.depot_name, SUM(entries.price) AS total_price FROM ${joined} GROUP BY depot.depot_name`,
    ],
    [
      'In 2024, total price per month for the depot Alpha by truck',
      `SELECT DATE_TRUNC('MONTH', entries.entered_on) AS month, SUM(entries.price) AS total_price FROM ${joined} WHERE depot.depot_name = 'Alpha' AND entries.way = 'Truck' AND entries.entered_on >= DATE '2024-01-01' AND entries.entered_on < DATE '2025-01-01' GROUP BY DATE_TRUNC('MONTH', entries.entered_on) ORDER BY month ASC`,
    ],
    [
      'How many entries did depot "Alpha" take in?',
      `SELECT COUNT(*) AS entries_count FROM ${joined} WHERE depot.depot_name = 'Alpha'`,
    ],
    [
      'Which depot handles the most entries?',
      `SELECT depot.depot_name, COUNT(*) AS entries_count FROM ${joined} GROUP BY depot.depot_name ORDER BY entries_count DESC LIMIT 1`,
    ],
    ['entries per city', `SELECT depot.city, COUNT(*) AS entries_count FROM ${joined} GROUP BY depot.city`],
  ])('%s', async (asked, sql) => {
    expect(await sqlOf(asked, described())).toBe(sql);
  });

  it.each([
    ['What share of entries went by rail?', "1.0 * COUNT_IF(way = 'Rail') / COUNT(*)"],
    ['What percentage of entries is by air?', "100.0 * COUNT_IF(way = 'Air') / COUNT(*)"],
  ])('%s counts the rows that fit among all rows', async (asked, share) => {
    expect(await sqlOf(asked, described())).toContain(share);
  });
});
