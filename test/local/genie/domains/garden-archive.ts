import { SpaceBuilder } from '../fixtures.ts';
import type { Domain } from './domain.ts';

/** A botanical garden: tables called by general words, verbs and codes of every kind. */
const G = 'flora.garden.';

const script = `
CREATE CATALOG flora;
CREATE SCHEMA flora.garden;
CREATE TABLE ${G}record (record_id BIGINT, plant_id BIGINT, keeper_id BIGINT, entry_year INT, noted_on DATE, height_cm DECIMAL(8,2), state_code STRING COMMENT 'H = healthy, S = sick, L = lost', PRIMARY KEY (record_id)) COMMENT 'One row per record.';
CREATE TABLE ${G}record_of_weather (day_on DATE, rain_mm DECIMAL(6,2));
CREATE TABLE ${G}plant (plant_id BIGINT, label_code STRING, latin_name STRING, bed_id BIGINT, growth_form STRING, sown_on DATE, PRIMARY KEY (plant_id)) COMMENT 'Plants.';
CREATE TABLE ${G}plant_profile (plant_id BIGINT, max_height_cm INT, poisonous BOOLEAN);
CREATE TABLE ${G}bed (bed_id BIGINT, bed_name STRING, climate STRING, area_m2 INT, PRIMARY KEY (bed_id)) COMMENT 'Beds and houses.';
CREATE TABLE ${G}keeper (keeper_id BIGINT, keeper_name STRING, team STRING, hired_on DATE, PRIMARY KEY (keeper_id)) COMMENT 'Stores the keepers.';
CREATE TABLE ${G}donation (donation_id BIGINT, reference STRING, donor_name STRING, given_on DATE, euros DECIMAL(10,2), bed_id BIGINT, PRIMARY KEY (donation_id));
INSERT INTO ${G}bed SELECT id, element_at(array('Rock Garden', 'Palm House', 'Moor', 'Rose Walk', 'Fern Gully', 'Orchard', 'Pond'), CAST(id + 1 AS INT)), element_at(array('tropical', 'temperate', 'alpine'), CAST((id * 2) % 3 + 1 AS INT)), CAST(40 + id * 35 AS INT) FROM range(7);
INSERT INTO ${G}plant SELECT id, concat('PL/', lpad(CAST(id AS STRING), 4, '0')), concat('Species ', CAST(id AS STRING)), (id * 3) % 7, element_at(array('tree', 'shrub', 'herb', 'fern'), CAST((id * 3) % 4 + 1 AS INT)), date_add(DATE '2012-03-01', CAST(id * 29 AS INT)) FROM range(113);
INSERT INTO ${G}plant_profile SELECT id, CAST(20 + id * 9 AS INT), id % 3 = 0 FROM range(101);
INSERT INTO ${G}keeper SELECT id, element_at(array('Ada Holm', 'Ben Ruiz', 'Cleo Marsh', 'Dana Voss', 'Eli Stone', 'Finn Auer'), CAST(id + 1 AS INT)), element_at(array('North', 'South'), CAST(id % 2 + 1 AS INT)), date_add(DATE '2014-05-01', CAST(id * 400 AS INT)) FROM range(6);
INSERT INTO ${G}record SELECT id, (id * 19) % 113, (id * id) % 6, CAST(2022 + (id * 7) % 4 AS INT), date_add(DATE '2023-01-02', CAST(id AS INT)), CAST(5 + (id * 37) % 300 AS DECIMAL(8,2)), element_at(array('H', 'H', 'S', 'L'), CAST((id * 5) % 4 + 1 AS INT)) FROM range(1003);
INSERT INTO ${G}record_of_weather SELECT date_add(DATE '2023-01-01', CAST(id AS INT)), CAST(id % 23 AS DECIMAL(6,2)) FROM range(700);
INSERT INTO ${G}donation SELECT id, concat('DN', lpad(CAST(id AS STRING), 6, '0')), concat('Giver ', CAST(id % 31 AS STRING)), date_add(DATE '2023-02-01', CAST(id * 3 AS INT)), CAST(10 + (id * 53) % 900 AS DECIMAL(10,2)), (id * 4) % 7 FROM range(301);
CREATE VIEW ${G}giving WITH METRICS LANGUAGE YAML COMMENT 'Donations of the garden.' AS $$
version: 1.1
source: ${G}donation
joins:
  - name: bed
    source: ${G}bed
    on: source.bed_id = bed.bed_id
dimensions:
  - name: gift year
    expr: year(given_on)
  - name: gift quarter
    expr: date_trunc('QUARTER', given_on)
  - name: climate of the bed
    expr: bed.climate
measures:
  - name: money given
    expr: SUM(euros)
  - name: number of gifts
    expr: COUNT(1)
$$;
`;

const names = [
  'record',
  'record_of_weather',
  'plant',
  'plant_profile',
  'bed',
  'keeper',
  'donation',
  'giving',
];
const sources = names.map((name) => G + name);

const described = new SpaceBuilder(sources)
  .column(`${G}record`, 'height_cm', { synonyms: ['height', 'measured height'] })
  .column(`${G}record`, 'entry_year', { synonyms: ['year of entry'] })
  .column(`${G}record`, 'noted_on', { synonyms: ['noted', 'recorded'] })
  .column(`${G}record`, 'state_code', { synonyms: ['health'] })
  .column(`${G}plant`, 'label_code', { synonyms: ['label'], entity: true })
  .column(`${G}plant`, 'growth_form', { synonyms: ['form', 'kind of plant'], entity: true })
  .column(`${G}plant`, 'sown_on', { synonyms: ['sown', 'planted'] })
  .column(`${G}bed`, 'bed_name', { synonyms: ['bed', 'house', 'part of the garden'], entity: true })
  .column(`${G}bed`, 'climate', { entity: true })
  .column(`${G}keeper`, 'keeper_name', { synonyms: ['keeper', 'gardener'], entity: true })
  .column(`${G}keeper`, 'team', { entity: true })
  .column(`${G}donation`, 'donor_name', { synonyms: ['donor', 'giver'], entity: true })
  .column(`${G}donation`, 'euros', { synonyms: ['amount', 'donated', 'donation amount'] })
  .join(`${G}record`, `${G}plant`, '`record`.`plant_id` = `plant`.`plant_id`')
  .join(`${G}record`, `${G}keeper`, '`record`.`keeper_id` = `keeper`.`keeper_id`')
  .join(`${G}plant`, `${G}bed`, '`plant`.`bed_id` = `bed`.`bed_id`')
  .join(`${G}donation`, `${G}bed`, '`donation`.`bed_id` = `bed`.`bed_id`')
  .join(`${G}plant_profile`, `${G}plant`, '`plant_profile`.`plant_id` = `plant`.`plant_id`', {
    relationship: 'ONE_TO_ONE',
  })
  .instruct(
    'Top gardeners are the gardeners with the most records.',
    'The biggest donors are those with the highest donation amount.',
    '"Giant" means plant_profile.max_height_cm > 700.',
  ).space;

const R = `${G}record r`;
const RP = `${R} JOIN ${G}plant p ON r.plant_id = p.plant_id`;
const RPB = `${RP} JOIN ${G}bed b ON p.bed_id = b.bed_id`;
const RK = `${R} JOIN ${G}keeper k ON r.keeper_id = k.keeper_id`;
const PB = `${G}plant p JOIN ${G}bed b ON p.bed_id = b.bed_id`;
const D = `${G}donation d JOIN ${G}bed b ON d.bed_id = b.bed_id`;

export const gardenArchive: Domain = {
  name: 'garden archive',
  today: '2026-10-01',
  script,
  bare: new SpaceBuilder(sources).space,
  described,
  questions: [
    ['How many records are there?', `SELECT COUNT(*) FROM ${G}record`],
    ['How many records do we have in total?', `SELECT COUNT(*) FROM ${G}record`],
    ['How many plants exist in the garden?', `SELECT COUNT(*) FROM ${G}plant`],
    ['List all records', `SELECT * FROM ${G}record`],
    ['Show the keepers', `SELECT * FROM ${G}keeper`],
    ['Can you list every bed?', `SELECT * FROM ${G}bed`],
    ['Which beds are found in the alpine climate?', `SELECT bed_name FROM ${G}bed WHERE climate = 'alpine'`],
    [
      'Which plants grow in the Palm House?',
      `SELECT p.latin_name FROM ${PB} WHERE b.bed_name = 'Palm House'`,
    ],
    ['How many plants grow in each bed?', `SELECT b.bed_name, COUNT(*) FROM ${PB} GROUP BY b.bed_name`],
    [
      'How many records did each keeper write?',
      `SELECT k.keeper_name, COUNT(*) FROM ${RK} GROUP BY k.keeper_name`,
    ],
    [
      'How many records did Cleo Marsh make in 2024?',
      `SELECT COUNT(*) FROM ${RK} WHERE k.keeper_name = 'Cleo Marsh' AND year(r.noted_on) = 2024`,
    ],
    ['number of records by entry year', `SELECT entry_year, COUNT(*) FROM ${R} GROUP BY entry_year`],
    ['average height per entry year', `SELECT entry_year, AVG(height_cm) FROM ${R} GROUP BY entry_year`],
    ['money given by gift year', `SELECT year(given_on), SUM(euros) FROM ${G}donation GROUP BY 1`],
    [
      'How much money was given per gift quarter?',
      `SELECT date_trunc('QUARTER', given_on), SUM(euros) FROM ${G}donation GROUP BY 1`,
    ],
    [
      'number of gifts for each climate of the bed',
      `SELECT b.climate, COUNT(*) FROM ${D} GROUP BY b.climate`,
    ],
    ['Where is plant PL/0042?', `SELECT b.bed_name FROM ${PB} WHERE p.label_code = 'PL/0042'`],
    ['How many records are there for PL/0017?', `SELECT COUNT(*) FROM ${RP} WHERE p.label_code = 'PL/0017'`],
    ['How much did donation DN000044 bring?', `SELECT euros FROM ${G}donation WHERE reference = 'DN000044'`],
    ['Show plant 12', `SELECT * FROM ${G}plant WHERE plant_id = 12`],
    [
      'Who are the top 2 gardeners?',
      `SELECT k.keeper_name, COUNT(*) AS n FROM ${RK} GROUP BY k.keeper_name ORDER BY n DESC LIMIT 2`,
    ],
    [
      'Who are our three biggest donors?',
      `SELECT donor_name, SUM(euros) AS t FROM ${G}donation GROUP BY donor_name ORDER BY t DESC LIMIT 3`,
    ],
    [
      'Who is the biggest donor of 2023?',
      `SELECT donor_name, SUM(euros) AS t FROM ${G}donation WHERE year(given_on) = 2023 GROUP BY donor_name ORDER BY t DESC LIMIT 1`,
    ],
    ['total donation amount per bed', `SELECT b.bed_name, SUM(d.euros) FROM ${D} GROUP BY b.bed_name`],
    ['average height per bed', `SELECT b.bed_name, AVG(r.height_cm) FROM ${RPB} GROUP BY b.bed_name`],
    [
      'Average height by growth form in the Moor',
      `SELECT p.growth_form, AVG(r.height_cm) FROM ${RPB} WHERE b.bed_name = 'Moor' GROUP BY p.growth_form`,
    ],
    [
      'In 2024, how many records per month did the South team take?',
      `SELECT date_trunc('MONTH', r.noted_on), COUNT(*) FROM ${RK} WHERE k.team = 'South' AND year(r.noted_on) = 2024 GROUP BY 1`,
    ],
    [
      'Donation amount per quarter in 2024 for the Rose Walk',
      `SELECT date_trunc('QUARTER', d.given_on), SUM(d.euros) FROM ${D} WHERE b.bed_name = 'Rose Walk' AND year(d.given_on) = 2024 GROUP BY 1`,
    ],
    [
      'How many trees does the Orchard have?',
      `SELECT COUNT(*) FROM ${PB} WHERE p.growth_form = 'tree' AND b.bed_name = 'Orchard'`,
    ],
    [
      'How many sick records were noted in 2023?',
      `SELECT COUNT(*) FROM ${R} WHERE state_code = 'S' AND year(noted_on) = 2023`,
    ],
    [
      'How many giant plants are there?',
      `SELECT COUNT(*) FROM ${G}plant p JOIN ${G}plant_profile f ON p.plant_id = f.plant_id WHERE f.max_height_cm > 700`,
    ],
    [
      'How many poisonous plants are in the Fern Gully?',
      `SELECT COUNT(*) FROM ${PB} JOIN ${G}plant_profile f ON p.plant_id = f.plant_id WHERE f.poisonous AND b.bed_name = 'Fern Gully'`,
    ],
    [
      'Which keepers were hired after 2016?',
      `SELECT keeper_name FROM ${G}keeper WHERE hired_on >= DATE '2017-01-01'`,
    ],
    [
      'How many shrubs were planted before 2018?',
      `SELECT COUNT(*) FROM ${G}plant WHERE growth_form = 'shrub' AND sown_on < DATE '2018-01-01'`,
    ],
    ['Which bed has the largest area?', `SELECT bed_name FROM ${G}bed ORDER BY area_m2 DESC LIMIT 1`],
    [
      'What is the total area of beds with a tropical climate?',
      `SELECT SUM(area_m2) FROM ${G}bed WHERE climate = 'tropical'`,
    ],
  ],
};
