import { describe, expect, it } from 'vitest';
import type { CatalogFunction, CatalogSnapshot } from '../../../src/ports/index.ts';
import type { ValueLookup } from '../../../src/local/genie-engine.ts';
import { ask, C, clinic, clinicSpace, clinicValues, flat, SpaceBuilder, table } from './fixtures.ts';

interface Step {
  readonly step: string;
  readonly question: string;
  /** The space without the piece, and the one call that adds it. */
  readonly space: () => SpaceBuilder;
  readonly add: (space: SpaceBuilder) => SpaceBuilder;
  readonly right: string;
  /** What the wrong answer looks like: its own reason. */
  readonly wrong: string;
  readonly catalog?: CatalogSnapshot;
  readonly values?: ValueLookup;
}

const T = `${C}treatments`;
const joined = (): SpaceBuilder =>
  clinicSpace().join(T, `${C}animals`, '`treatments`.`animal_ref` = `animals`.`pet_no`');

const callsFor = (comment: string, body: string | null = null): CatalogFunction => ({
  name: `${C}report_7`,
  comment,
  parameters: [
    { name: 'start_date', type: 'DATE', defaultValue: null, comment: null },
    { name: 'end_date', type: 'DATE', defaultValue: null, comment: null },
    { name: 'species', type: 'STRING', defaultValue: 'NULL', comment: null },
  ],
  returns: [
    { name: 'grp', type: 'STRING' },
    { name: 'val', type: 'BIGINT' },
  ],
  body,
});

const care = table(
  `${C}care_metrics`,
  `begun_on DATE
   wing STRING
   income DECIMAL(12,2)
   cases BIGINT`,
  {
    definition: `version: 1.1
source: ${C}treatments
dimensions:
  - name: begun_on
    expr: begun_on
  - name: wing
    expr: wing
measures:
  - name: income
    expr: SUM(amt_bil)
  - name: cases
    expr: COUNT(1)
`,
  },
);

const STEPS: Step[] = [
  {
    step: 'example match: a near-duplicate question lends its SQL',
    question: 'What share of our treatments was closed within a week?',
    space: clinicSpace,
    add: (space) =>
      space.example(
        'What share of treatments was closed within one week?',
        'SELECT AVG(x) FROM vet.clinic.treatments',
      ),
    wrong: 'FROM vet.clinic.treatments',
    right: 'SELECT AVG(x) FROM vet.clinic.treatments',
  },
  {
    step: 'example match: the literal of a similar question becomes the value asked for',
    question: 'Which wing has cured horses fastest?',
    space: () => clinicSpace().column(`${C}animals`, 'species', { entity: true }),
    add: (space) =>
      space.example(
        'Which wing has cured dogs fastest?',
        "SELECT wing FROM vet.clinic.fast WHERE species = 'Dog'",
      ),
    wrong: "species = 'Horse'",
    right: "SELECT wing FROM vet.clinic.fast WHERE species = 'Horse'",
    values: clinicValues,
  },
  {
    step: 'example match: a parameter takes the number asked for',
    question: 'Show keepers with at least 4 sick animals',
    space: clinicSpace,
    add: (space) =>
      space.example('Show keepers with at least n sick animals', 'SELECT keeper FROM k HAVING sick >= :n', [
        { name: 'n', type_hint: 'INTEGER' },
      ]),
    wrong: 'animals',
    right: 'SELECT keeper FROM k HAVING sick >= 4',
  },
  {
    step: 'asset choice: a table description draws the question',
    question: 'How many sessions were there?',
    space: clinicSpace,
    add: (space) => space.describe(T, 'Sessions in which an animal is cared for'),
    wrong: 'NULL',
    right: `SELECT COUNT(*) AS treatments_count FROM ${T}`,
  },
  {
    step: 'asset choice: an instruction routes to the metric view',
    question: 'Show income by wing',
    catalog: {
      ...clinic(),
      tables: [...clinic().tables, care, table(`${C}ledger`, `wing STRING\nincome DECIMAL(9,2)`)],
    },
    space: () => new SpaceBuilder([`${C}ledger`, `${C}care_metrics`]),
    add: (space) => space.instruct('For income by wing use `ledger`, not `care_metrics`.'),
    wrong: `SELECT wing, MEASURE(income) AS income FROM ${C}care_metrics GROUP BY wing`,
    right: `SELECT wing, SUM(income) AS total_income FROM ${C}ledger GROUP BY wing`,
  },
  {
    step: 'measure linking: a synonym names the cryptic column',
    question: 'What is the total bill by wing?',
    space: () =>
      clinicSpace()
        .column(T, 'animal_ref', { exclude: true })
        .column(T, 'minutes', { description: 'Duration' }),
    add: (space) => space.column(T, 'amt_bil', { synonyms: ['bill'] }),
    wrong: 'SUM(rate)',
    right: `SELECT vets.wing, SUM(treatments.amt_bil) AS total_amt_bil FROM ${T} AS treatments JOIN ${C}vets AS vets ON treatments.vet_id = vets.vet_id GROUP BY vets.wing`,
  },
  {
    step: 'measure linking: a description contributes its words',
    question: 'What is the total of money charged in 2024?',
    space: clinicSpace,
    add: (space) => space.column(T, 'amt_bil', { description: 'Money charged to the keeper' }),
    wrong: 'SUM(animal_ref)',
    right: `SELECT SUM(amt_bil) AS total_amt_bil FROM ${T} WHERE begun_on >= DATE '2024-01-01' AND begun_on < DATE '2025-01-01'`,
  },
  {
    step: 'measure linking: a measure snippet defines the business word',
    question: 'What is the net income of treatments in 2024?',
    space: clinicSpace,
    add: (space) =>
      space.snippet('measures', 'Net income', 'SUM(treatments.amt_bil * 0.8)', { alias: 'net_income' }),
    wrong: 'animal_ref',
    right: `SELECT SUM(amt_bil * 0.8) AS net_income FROM ${T} WHERE begun_on >= DATE '2024-01-01' AND begun_on < DATE '2025-01-01'`,
  },
  {
    step: 'dimension linking: a synonym names the group',
    question: 'How many animals are there per breed group?',
    space: clinicSpace,
    add: (space) => space.column(`${C}animals`, 'species', { synonyms: ['breed group'] }),
    wrong: 'SELECT COUNT(*) AS animals_count FROM vet.clinic.animals',
    right: `SELECT species, COUNT(*) AS animals_count FROM ${C}animals GROUP BY species`,
  },
  {
    step: 'dimension linking: an expression snippet defines the group',
    question: 'How many animals are there per size class?',
    space: clinicSpace,
    add: (space) =>
      space.snippet(
        'expressions',
        'Size class',
        "CASE WHEN animals.weight_kg > 20 THEN 'big' ELSE 'small' END",
        { alias: 'size_class' },
      ),
    wrong: 'SELECT COUNT(*) AS animals_count FROM vet.clinic.animals',
    right: `SELECT CASE WHEN weight_kg > 20 THEN 'big' ELSE 'small' END AS size_class, COUNT(*) AS animals_count FROM ${C}animals GROUP BY CASE WHEN weight_kg > 20 THEN 'big' ELSE 'small' END`,
  },
  {
    step: 'value linking: entity matching finds the spelling and the column',
    question: 'How many animals are guinea pigs?',
    space: clinicSpace,
    add: (space) => space.column(`${C}animals`, 'species', { entity: true }),
    wrong: 'SELECT COUNT(*) AS animals_count FROM vet.clinic.animals',
    right: `SELECT COUNT(*) AS animals_count FROM ${C}animals WHERE species = 'Guinea Pig'`,
    values: clinicValues,
  },
  {
    step: 'value linking: without it the literal is as typed, with format assistance as written in the data',
    question: 'How many vets are in the wing north wing?',
    space: clinicSpace,
    add: (space) => space.column(`${C}vets`, 'wing', { format: true }),
    wrong: "wing = 'north'",
    right: `SELECT COUNT(*) AS vets_count FROM ${C}vets WHERE wing = 'NORTH'`,
    values: clinicValues,
  },
  {
    step: 'value linking: a description that lists codes translates the word',
    question: 'How many abandoned treatments were there?',
    space: clinicSpace,
    add: (space) => space.column(T, 'stat', { description: "State: 'DONE' = finished, 'VOID' = abandoned" }),
    wrong: `SELECT COUNT(*) AS treatments_count FROM ${T}`,
    right: `SELECT COUNT(*) AS treatments_count FROM ${T} WHERE stat = 'VOID'`,
  },
  {
    step: 'filters: a filter snippet is applied when it is mentioned',
    question: 'How many valid treatments were there?',
    space: clinicSpace,
    add: (space) =>
      space.snippet('filters', 'Valid treatments', "treatments.stat <> 'VOID'", { synonyms: ['valid'] }),
    wrong: `SELECT COUNT(*) AS treatments_count FROM ${T}`,
    right: `SELECT COUNT(*) AS treatments_count FROM ${T} WHERE stat <> 'VOID'`,
  },
  {
    step: 'filters: an instruction explains a term',
    question: 'How many big animals do we have?',
    space: clinicSpace,
    add: (space) => space.instruct('Big animals means animals.weight_kg > 40.'),
    wrong: `SELECT COUNT(*) AS animals_count FROM ${C}animals`,
    right: `SELECT COUNT(*) AS animals_count FROM ${C}animals WHERE weight_kg > 40`,
  },
  {
    step: 'filters: a default filter holds for every question on its table',
    question: 'How many treatments were there?',
    space: clinicSpace,
    add: (space) =>
      space.instruct("Always filter treatments.stat <> 'VOID' unless the user asks for everything."),
    wrong: `SELECT COUNT(*) AS treatments_count FROM ${T}`,
    right: `SELECT COUNT(*) AS treatments_count FROM ${T} WHERE stat <> 'VOID'`,
  },
  {
    step: 'time: among several dates a synonym decides',
    question: 'How many treatments were finished in 2024?',
    space: clinicSpace,
    add: (space) => space.column(T, 'closed_on', { synonyms: ['finished'] }),
    wrong: `SELECT COUNT(*) AS treatments_count FROM ${T} WHERE begun_on >= DATE '2024-01-01' AND begun_on < DATE '2025-01-01'`,
    right: `SELECT COUNT(*) AS treatments_count FROM ${T} WHERE closed_on >= DATE '2024-01-01' AND closed_on < DATE '2025-01-01'`,
  },
  {
    step: 'time: nested quarter arithmetic is only known from an example',
    question: 'How many treatments were there in the same quarter of last year?',
    space: clinicSpace,
    add: (space) => space.example('How many treatments in the same quarter last year?', 'SELECT 1 AS nested'),
    wrong: `SELECT COUNT(*) AS treatments_count FROM ${T}`,
    right: 'SELECT 1 AS nested',
  },
  {
    step: 'joins: a join spec leads to the other table',
    question: 'What is the average minutes by species?',
    space: clinicSpace,
    add: (space) => space.join(T, `${C}animals`, '`treatments`.`animal_ref` = `animals`.`pet_no`'),
    wrong: `SELECT AVG(minutes) AS average_minutes FROM ${T}`,
    right: `SELECT animals.species, AVG(treatments.minutes) AS average_minutes FROM ${T} AS treatments JOIN ${C}animals AS animals ON treatments.animal_ref = animals.pet_no GROUP BY animals.species`,
  },
  {
    step: 'order and limit: the measure of a ranking is linked like any other',
    question: 'Top 3 species by turnover',
    space: joined,
    add: (space) => space.column(T, 'amt_bil', { synonyms: ['turnover'] }),
    wrong: 'animals',
    right: `SELECT animals.species, SUM(treatments.amt_bil) AS total_amt_bil FROM ${T} AS treatments JOIN ${C}animals AS animals ON treatments.animal_ref = animals.pet_no GROUP BY animals.species ORDER BY total_amt_bil DESC LIMIT 3`,
  },
];

describe('each step is wrong for its own reason and right with exactly one piece more', () => {
  it.each(STEPS)('$step', async ({ question, space, add, right, wrong, catalog = clinic(), values }) => {
    const options = values === undefined ? {} : { values };
    const before = flat((await ask(question, space().space, catalog, options)).sql);
    const after = flat((await ask(question, add(space()).space, catalog, options)).sql);
    expect(before).toContain(wrong);
    expect(before).not.toBe(right);
    expect(after).toBe(right);
  });
});

describe('table-valued functions', () => {
  const question = 'How loaded were the wings with dogs in May 2024?';
  const comment =
    'PURPOSE: load per wing.\nBEST FOR: how loaded were the wings | busiest wings\nPARAMS: species (upper case word)';
  const space = clinicSpace([`${C}report_7`]).column(`${C}animals`, 'species', { entity: true }).space;

  it('is not called without a comment that says what it is for, and called with one', async () => {
    const [without, withComment] = [clinic([callsFor('')]), clinic([callsFor(comment)])];
    expect(flat((await ask(question, space, without, { values: clinicValues })).sql)).not.toContain(
      'report_7',
    );
    expect(flat((await ask(question, space, withComment, { values: clinicValues })).sql)).toBe(
      "SELECT * FROM vet.clinic.report_7(DATE '2024-05-01', DATE '2024-05-31', 'DOG')",
    );
  });

  it("passes the string 'NULL' for an optional argument, and a real NULL when the body treats both alike (KGL-1)", async () => {
    const plain = 'How loaded were the wings in May 2024?';
    const tolerant = callsFor(
      comment,
      "SELECT wing FROM t WHERE species IS NULL OR species = 'NULL' OR kind = species",
    );
    expect(flat((await ask(plain, space, clinic([callsFor(comment)]))).sql)).toContain(
      "DATE '2024-05-31', 'NULL')",
    );
    expect(flat((await ask(plain, space, clinic([tolerant]))).sql)).toContain("DATE '2024-05-31', NULL)");
  });

  it('is not called for what NOT FOR names', async () => {
    const excluded = callsFor(`${comment}\nNOT FOR: how loaded were the wings with dogs (use treatments)`);
    expect(
      flat((await ask(question, space, clinic([excluded]), { values: clinicValues })).sql),
    ).not.toContain('report_7');
  });
});

describe('metric views', () => {
  const catalog: CatalogSnapshot = { tables: [care], functions: [] };
  const space = new SpaceBuilder([`${C}care_metrics`]).space;

  it('answers with MEASURE and its own dimensions', async () => {
    expect(flat((await ask('What is the income per wing in 2024?', space, catalog)).sql)).toBe(
      `SELECT wing, MEASURE(income) AS income FROM ${C}care_metrics WHERE begun_on >= DATE '2024-01-01' AND begun_on < DATE '2025-01-01' GROUP BY wing`,
    );
  });
});

describe('no answer', () => {
  it('asks back when nothing links', async () => {
    const answer = await ask('What is the weather like?', clinicSpace().space, clinic());
    expect(answer.sql).toBeNull();
    expect(answer.text).toContain('animals');
  });

  it('never uses a hidden column', async () => {
    const hidden = clinicSpace().column(`${C}animals`, 'species', {
      exclude: true,
      synonyms: ['kind'],
    }).space;
    expect(flat((await ask('How many animals per kind?', hidden, clinic())).sql)).not.toContain('species');
  });

  it('never uses a table that the space does not list', async () => {
    const space = new SpaceBuilder([T]).space;
    expect(flat((await ask('List all animals of the vets', space, clinic())).sql)).not.toMatch(
      /clinic\.(?:animals|vets)/,
    );
  });
});
