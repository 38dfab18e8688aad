import { describe, expect, it } from 'vitest';
import type { CatalogFunction } from '../../../src/ports/index.ts';
import { ask, C, clinic, clinicSpace, clinicValues, flat, type SpaceBuilder } from './fixtures.ts';

const T = `${C}treatments`;
const V = `${C}vets`;
const JOINED = `FROM ${T} AS treatments JOIN ${V} AS vets ON treatments.vet_id = vets.vet_id`;
const FROM_VETS = `FROM ${V} AS vets JOIN ${T} AS treatments ON treatments.vet_id = vets.vet_id`;
const TOTAL = 'SELECT vets.full_name, SUM(treatments.amt_bil) AS total_amt_bil';
const billed = (): SpaceBuilder => clinicSpace().column(T, 'amt_bil', { synonyms: ['fees'] });

const answer = async (question: string, space: SpaceBuilder, functions: CatalogFunction[] = []) =>
  flat((await ask(question, space.space, clinic(functions), { values: clinicValues })).sql);

describe('things compared by a figure of which they have many rows', () => {
  it.each([
    ['more than 500', '> 500'],
    ['at most 40', '<= 40'],
    ['between 10 and 20', 'BETWEEN 10 AND 20'],
  ])('have their totals compared: %s', async (words, condition) => {
    const sql = await answer(`Which vets had ${words} fees?`, billed());
    const having = `GROUP BY vets.full_name HAVING SUM(treatments.amt_bil) ${condition}`;
    expect([`${TOTAL} ${FROM_VETS} ${having}`, `${TOTAL} ${JOINED} ${having}`]).toContain(sql);
  });

  it('keep conditions on their own figures as they are', async () => {
    expect(await answer('Which vets have a rate above 90?', billed())).toContain('WHERE rate > 90');
  });
});

describe('periods side by side', () => {
  it.each([
    ['How did total fees develop from month to month?', 'MONTH'],
    ['How did total fees develop from one quarter to the next?', 'QUARTER'],
    ['Show total fees month by month', 'MONTH'],
    ['Show total fees quarter after quarter', 'QUARTER'],
  ])('%s', async (question, unit) => {
    expect(await answer(question, billed())).toBe(
      `SELECT DATE_TRUNC('${unit}', begun_on) AS ${unit.toLowerCase()}, SUM(amt_bil) AS total_amt_bil FROM ${T} GROUP BY DATE_TRUNC('${unit}', begun_on) ORDER BY ${unit.toLowerCase()} ASC`,
    );
  });
});

describe('a default filter with a topic behind it', () => {
  const space = () =>
    clinicSpace().instruct("Always use treatments.stat = 'DONE' when asked about urgent care.");

  it('holds where the topic is asked about', async () => {
    expect(await answer('How many treatments had urgent care?', space())).toContain("stat = 'DONE'");
  });

  it('does not hold elsewhere', async () => {
    expect(await answer('How many treatments were there?', space())).not.toContain('DONE');
  });
});

describe('values that are compared', () => {
  const space = () => clinicSpace().column(`${C}animals`, 'species', { entity: true });

  it('get one row each', async () => {
    expect(await answer('Compare the number of animals of dogs and cats', space())).toBe(
      `SELECT species, COUNT(*) AS animals_count FROM ${C}animals WHERE species IN ('Dog', 'Cat') GROUP BY species`,
    );
  });

  it('are added up where nobody compares them', async () => {
    expect(await answer('How many animals are dogs or cats?', space())).not.toContain('GROUP BY');
  });
});

it('the number before a long description limits the ranking behind it', async () => {
  const sql = await answer('Which two vets in the wing called north have the highest rate?', clinicSpace());
  expect(sql).toContain('ORDER BY rate DESC LIMIT 2');
});

it('a filter stands for no things of its own where other things are counted', async () => {
  const space = clinicSpace().snippet('filters', 'Senior', 'vets.rate > 90', { synonyms: ['senior'] });
  expect(await answer('How many senior treatments were there?', space)).toContain(
    `COUNT(*) AS treatments_count ${JOINED}`,
  );
});

it('a parameter takes the year where its note says that it is one', async () => {
  const yearly = (comment: string): CatalogFunction => ({
    name: `${C}report_9`,
    comment,
    parameters: [{ name: 'p_y', type: 'INT', defaultValue: null, comment: null }],
    returns: [{ name: 'val', type: 'BIGINT' }],
    body: null,
  });
  const best = 'BEST FOR: load of the wings in a year';
  const space = () => clinicSpace([`${C}report_9`]);
  const question = 'What was the load of the wings in 2024?';
  expect(await answer(question, space(), [yearly(best)])).not.toContain('(2024)');
  expect(await answer(question, space(), [yearly(`${best}\nPARAMS: p_y: the year`)])).toContain(
    'report_9(2024)',
  );
});

describe('things of which there is nothing', () => {
  const none = `SELECT vet_id, full_name, wing, rate FROM ${V} WHERE vet_id NOT IN (SELECT vet_id FROM ${T} WHERE vet_id IS NOT NULL`;

  it.each([
    ['Which vets have no treatments?', `${none})`],
    ['List vets without any treatments', `${none})`],
    [
      'Which vets had no treatment in 2024?',
      `${none} AND treatments.begun_on >= DATE '2024-01-01' AND treatments.begun_on < DATE '2025-01-01')`,
    ],
    ['How many vets have never had a treatment?', `COUNT(*) AS vets_count FROM ${V} WHERE vet_id NOT IN`],
  ])('%s', async (question, sql) => {
    expect(await answer(question, clinicSpace())).toContain(sql);
  });

  it('need a join that leads there', async () => {
    expect(await answer('Which animals have no treatments?', clinicSpace())).not.toContain('NOT IN');
    const joined = clinicSpace().join(T, `${C}animals`, '`treatments`.`animal_ref` = `animals`.`pet_no`');
    expect(await answer('Which animals have no treatments?', joined)).toContain(
      `pet_no NOT IN (SELECT animal_ref FROM ${T} WHERE animal_ref IS NOT NULL)`,
    );
  });
});

describe('shares', () => {
  it.each([
    [
      'What percentage of treatments was urgent?',
      '100.0 * COUNT_IF(is_urgent = TRUE) / COUNT(*) AS percentage',
    ],
    ['What share of treatments was urgent?', '1.0 * COUNT_IF(is_urgent = TRUE) / COUNT(*) AS share'],
    ['What percentage of treatments was urgent in 2024?', "WHERE begun_on >= DATE '2024-01-01'"],
  ])('%s', async (question, sql) => {
    expect(await answer(question, clinicSpace())).toContain(sql);
  });

  it('are left alone where a measure goes by the name', async () => {
    const space = clinicSpace().snippet('measures', 'Share of urgent treatments', 'AVG(treatments.minutes)');
    expect(await answer('What is the share of urgent treatments?', space)).toContain('AVG(minutes)');
  });
});

it('a wish to sort by name takes the column that names the rows', async () => {
  expect(await answer('List vets ordered by name', clinicSpace())).toContain('ORDER BY full_name ASC');
});
