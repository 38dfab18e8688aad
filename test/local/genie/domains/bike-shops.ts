import { SpaceBuilder } from '../fixtures.ts';
import type { Domain } from './domain.ts';

/** A chain of bicycle repair shops: cryptic column names, tables whose names contain one another. */
const W = 'wheels.ops.';

const script = `
CREATE CATALOG wheels;
CREATE SCHEMA wheels.ops;
CREATE TABLE ${W}shops (sh_no BIGINT, sh_nm STRING, sh_town STRING, sh_opn DATE, PRIMARY KEY (sh_no)) COMMENT 'Shops.';
CREATE TABLE ${W}shop_profile (sh_no BIGINT, bays INT, sqm INT, has_wash BOOLEAN) COMMENT 'Facts about a shop.';
CREATE TABLE ${W}owners (ow_no BIGINT, ow_nm STRING COMMENT 'name of the rider', ow_cls STRING, ow_since DATE, PRIMARY KEY (ow_no)) COMMENT 'One row per owner.';
CREATE TABLE ${W}bikes (bk_no BIGINT, bk_mdl STRING, bk_typ STRING, ow_no BIGINT, PRIMARY KEY (bk_no), FOREIGN KEY (ow_no) REFERENCES ${W}owners (ow_no)) COMMENT 'Bikes we have seen.';
CREATE TABLE ${W}mechanics (mc_no BIGINT, mc_nm STRING, mc_lvl STRING, sh_no BIGINT, PRIMARY KEY (mc_no), FOREIGN KEY (sh_no) REFERENCES ${W}shops (sh_no)) COMMENT 'People who repair.';
CREATE TABLE ${W}mechanics_of_month (mc_no BIGINT, mon_dt DATE, pts INT);
CREATE TABLE ${W}jobs (jb_no BIGINT, jb_code STRING, sh_no BIGINT, bk_no BIGINT, mc_no BIGINT, dt_in DATE, dt_out DATE, amt_lab DECIMAL(10,2), amt_prt DECIMAL(10,2), hrs DECIMAL(6,2), st STRING COMMENT 'O = open, D = done, X = cancelled', rush BOOLEAN, PRIMARY KEY (jb_no),
  FOREIGN KEY (sh_no) REFERENCES ${W}shops (sh_no), FOREIGN KEY (mc_no) REFERENCES ${W}mechanics (mc_no)) COMMENT 'One row per job.';
INSERT INTO ${W}shops SELECT id, concat('Spoke House ', CAST(id AS STRING)), element_at(array('Arlen', 'Brae', 'Corvo', 'Port Ellis'), CAST(id % 4 + 1 AS INT)), date_add(DATE '2015-02-01', CAST(id * 190 AS INT)) FROM range(9);
INSERT INTO ${W}shop_profile SELECT id, CAST(id % 5 + 2 AS INT), CAST(60 + id * 13 AS INT), id % 2 = 0 FROM range(7);
INSERT INTO ${W}owners SELECT id, concat('Rider#', lpad(CAST(id AS STRING), 4, '0')), element_at(array('MEMBER', 'GUEST', 'FLEET'), CAST(id % 3 + 1 AS INT)), date_add(DATE '2019-01-10', CAST(id * 40 AS INT)) FROM range(47);
INSERT INTO ${W}bikes SELECT id, concat('Model ', CAST(id % 11 AS STRING)), element_at(array('Road', 'City', 'Cargo', 'Tandem', 'Folding'), CAST((id * 7) % 5 + 1 AS INT)), (id * 5) % 47 FROM range(83);
INSERT INTO ${W}mechanics SELECT id, concat('Mech ', CAST(id AS STRING)), element_at(array('Junior', 'Senior', 'Master'), CAST((id * 2) % 3 + 1 AS INT)), (id * 4) % 9 FROM range(23);
INSERT INTO ${W}mechanics_of_month SELECT id % 23, add_months(DATE '2023-01-01', CAST(id AS INT)), CAST(id * 3 % 17 AS INT) FROM range(31);
INSERT INTO ${W}jobs SELECT id, concat('JB-', lpad(CAST(id AS STRING), 4, '0')), (id * id) % 9, (id * 11) % 83, (id * 13) % 23, date_add(DATE '2023-01-05', CAST(id * 2 AS INT)), date_add(DATE '2023-01-06', CAST(id * 2 + id % 6 AS INT)), CAST(20 + (id * 17) % 90 AS DECIMAL(10,2)), CAST((id * 31) % 140 AS DECIMAL(10,2)), CAST(1 + id % 7 AS DECIMAL(6,2)), element_at(array('O', 'D', 'D', 'X'), CAST((id * 3) % 4 + 1 AS INT)), id % 5 = 0 FROM range(611);
CREATE VIEW ${W}workshop_kpi WITH METRICS LANGUAGE YAML COMMENT 'Hours and labour income of the workshop.' AS $$
version: 1.1
source: ${W}jobs
dimensions:
  - name: intake_year
    expr: year(dt_in)
  - name: intake_month
    expr: date_trunc('MONTH', dt_in)
  - name: job_state
    expr: st
measures:
  - name: workshop_hours
    expr: SUM(hrs)
  - name: labour_income
    expr: SUM(amt_lab)
$$;
CREATE FUNCTION ${W}rider_history(rider STRING COMMENT 'name of the rider') RETURNS TABLE (code STRING, came_in DATE, labour DECIMAL(10,2))
COMMENT 'PURPOSE: repair history of one rider. BEST FOR: repair history of a rider | history of an owner. NOT FOR: totals. PARAMS: rider STRING name of the rider, required'
RETURN SELECT j.jb_code, j.dt_in, j.amt_lab FROM ${W}jobs j JOIN ${W}bikes b ON j.bk_no = b.bk_no JOIN ${W}owners o ON b.ow_no = o.ow_no WHERE o.ow_nm = rider_history.rider;
`;

const sources = [
  'shops',
  'shop_profile',
  'owners',
  'bikes',
  'mechanics',
  'mechanics_of_month',
  'jobs',
  'workshop_kpi',
].map((name) => W + name);
const functions = [`${W}rider_history`];

const described = new SpaceBuilder(sources, functions)
  .describe(`${W}jobs`, 'Repair jobs: every repair that a shop took in.')
  .describe(`${W}shop_profile`, 'Size and equipment of a shop.')
  .column(`${W}shops`, 'sh_nm', { synonyms: ['shop name', 'shop'], entity: true })
  .column(`${W}shops`, 'sh_town', { synonyms: ['town', 'city'], entity: true })
  .column(`${W}shops`, 'sh_opn', { synonyms: ['opened', 'opening date'] })
  .column(`${W}owners`, 'ow_nm', { synonyms: ['owner', 'rider', 'rider name'], entity: true })
  .column(`${W}owners`, 'ow_cls', { synonyms: ['owner class', 'kind of owner'], entity: true })
  .column(`${W}owners`, 'ow_since', { synonyms: ['joined'] })
  .column(`${W}bikes`, 'bk_typ', { synonyms: ['bike type', 'type of bike', 'frame style'], entity: true })
  .column(`${W}bikes`, 'bk_mdl', { synonyms: ['model'], entity: true })
  .column(`${W}mechanics`, 'mc_nm', { synonyms: ['mechanic', 'mechanic name'], entity: true })
  .column(`${W}mechanics`, 'mc_lvl', { synonyms: ['level', 'skill level'], entity: true })
  .column(`${W}jobs`, 'jb_code', { synonyms: ['job code', 'ticket'] })
  .column(`${W}jobs`, 'dt_in', { synonyms: ['came in', 'taken in', 'intake date'] })
  .column(`${W}jobs`, 'dt_out', { synonyms: ['picked up', 'finished', 'pick-up date'] })
  .column(`${W}jobs`, 'amt_lab', { synonyms: ['labour', 'labour charge'] })
  .column(`${W}jobs`, 'amt_prt', { synonyms: ['parts', 'parts charge'] })
  .column(`${W}jobs`, 'hrs', { synonyms: ['hours', 'hours of work', 'working time'] })
  .column(`${W}jobs`, 'st', { synonyms: ['job status'], description: 'O = open, D = done, X = cancelled' })
  .column(`${W}jobs`, 'rush', { synonyms: ['rush', 'express'] })
  .column(`${W}shop_profile`, 'bays', { synonyms: ['repair stands', 'stands'] })
  .join(`${W}jobs`, `${W}bikes`, '`jobs`.`bk_no` = `bikes`.`bk_no`')
  .join(`${W}shop_profile`, `${W}shops`, '`shop_profile`.`sh_no` = `shops`.`sh_no`', {
    relationship: 'ONE_TO_ONE',
  })
  .snippet('measures', 'takings', 'SUM(jobs.amt_lab + jobs.amt_prt)', { synonyms: ['turnover'] })
  .snippet('expressions', 'days in the shop', 'DATEDIFF(jobs.dt_out, jobs.dt_in)', {
    synonyms: ['turnaround'],
  })
  .instruct(
    'Best mechanics are the mechanics with the highest takings.',
    'Repairs are the same as jobs.',
    'For workshop hours by intake year use workshop_kpi.',
  ).space;

const J = `${W}jobs j`;
const S = `JOIN ${W}shops s ON j.sh_no = s.sh_no`;
const B = `JOIN ${W}bikes b ON j.bk_no = b.bk_no`;
const O = `JOIN ${W}owners o ON b.ow_no = o.ow_no`;
const M = `JOIN ${W}mechanics m ON j.mc_no = m.mc_no`;

export const bikeShops: Domain = {
  name: 'bicycle repair shops',
  today: '2026-10-01',
  script,
  bare: new SpaceBuilder(sources, functions).space,
  described,
  questions: [
    ['How many shops are there?', `SELECT COUNT(*) FROM ${W}shops`],
    ['How many mechanics do we have?', `SELECT COUNT(*) FROM ${W}mechanics`],
    ['How many owners exist?', `SELECT COUNT(*) FROM ${W}owners`],
    ['List all bikes', `SELECT * FROM ${W}bikes`],
    ['Show the mechanics', `SELECT * FROM ${W}mechanics`],
    ['Show me every shop', `SELECT * FROM ${W}shops`],
    ['How many shops are located in Corvo?', `SELECT COUNT(*) FROM ${W}shops WHERE sh_town = 'Corvo'`],
    ['Which shops are located in Port Ellis?', `SELECT sh_nm FROM ${W}shops WHERE sh_town = 'Port Ellis'`],
    ['How many shops are there in each town?', `SELECT sh_town, COUNT(*) FROM ${W}shops GROUP BY sh_town`],
    [
      'How many hours does each mechanic spend?',
      `SELECT m.mc_nm, SUM(j.hrs) FROM ${J} ${M} GROUP BY m.mc_nm`,
    ],
    [
      'How many hours of work does each town need?',
      `SELECT s.sh_town, SUM(j.hrs) FROM ${J} ${S} GROUP BY s.sh_town`,
    ],
    [
      'What is the average labour charge per frame style?',
      `SELECT b.bk_typ, AVG(j.amt_lab) FROM ${J} ${B} GROUP BY b.bk_typ`,
    ],
    ['labour by bike type', `SELECT b.bk_typ, SUM(j.amt_lab) FROM ${J} ${B} GROUP BY b.bk_typ`],
    ['Workshop hours per intake year', `SELECT year(dt_in), SUM(hrs) FROM ${W}jobs GROUP BY 1`],
    [
      'labour income for each intake month',
      `SELECT date_trunc('MONTH', dt_in), SUM(amt_lab) FROM ${W}jobs GROUP BY 1`,
    ],
    ['Show job JB-0123', `SELECT * FROM ${W}jobs WHERE jb_code = 'JB-0123'`],
    [
      'What is the total labour for Rider#0007?',
      `SELECT SUM(j.amt_lab) FROM ${J} ${B} ${O} WHERE o.ow_nm = 'Rider#0007'`,
    ],
    [
      'Show the repair history of rider Rider#0012',
      `SELECT j.jb_code, j.dt_in, j.amt_lab FROM ${J} ${B} ${O} WHERE o.ow_nm = 'Rider#0012'`,
    ],
    ['When did owner "Rider#0003" join?', `SELECT ow_since FROM ${W}owners WHERE ow_nm = 'Rider#0003'`],
    [
      'Who are the best 3 mechanics?',
      `SELECT m.mc_nm, SUM(j.amt_lab + j.amt_prt) AS t FROM ${J} ${M} GROUP BY m.mc_nm ORDER BY t DESC LIMIT 3`,
    ],
    [
      'Who is the best mechanic?',
      `SELECT m.mc_nm, SUM(j.amt_lab + j.amt_prt) AS t FROM ${J} ${M} GROUP BY m.mc_nm ORDER BY t DESC LIMIT 1`,
    ],
    ['takings per shop', `SELECT s.sh_nm, SUM(j.amt_lab + j.amt_prt) FROM ${J} ${S} GROUP BY s.sh_nm`],
    ['turnover per owner', `SELECT o.ow_nm, SUM(j.amt_lab + j.amt_prt) FROM ${J} ${B} ${O} GROUP BY o.ow_nm`],
    [
      'What were the takings in 2024 per month for the town Brae?',
      `SELECT date_trunc('MONTH', j.dt_in), SUM(j.amt_lab + j.amt_prt) FROM ${J} ${S} WHERE s.sh_town = 'Brae' AND year(j.dt_in) = 2024 GROUP BY 1`,
    ],
    [
      'Hours per quarter in 2023 for cargo bikes',
      `SELECT date_trunc('QUARTER', j.dt_in), SUM(j.hrs) FROM ${J} ${B} WHERE b.bk_typ = 'Cargo' AND year(j.dt_in) = 2023 GROUP BY 1`,
    ],
    [
      'In 2025, how many jobs did each shop take in?',
      `SELECT s.sh_nm, COUNT(*) FROM ${J} ${S} WHERE year(j.dt_in) = 2025 GROUP BY s.sh_nm`,
    ],
    [
      'How many jobs did FLEET owners bring in?',
      `SELECT COUNT(*) FROM ${J} ${B} ${O} WHERE o.ow_cls = 'FLEET'`,
    ],
    [
      'How many bikes do guest owners have?',
      `SELECT COUNT(*) FROM ${W}bikes b ${O} WHERE o.ow_cls = 'GUEST'`,
    ],
    ['How many repairs did senior mechanics do?', `SELECT COUNT(*) FROM ${J} ${M} WHERE m.mc_lvl = 'Senior'`],
    [
      'How many cancelled jobs were there in 2024?',
      `SELECT COUNT(*) FROM ${W}jobs WHERE st = 'X' AND year(dt_in) = 2024`,
    ],
    [
      'Which town has the most jobs?',
      `SELECT s.sh_town, COUNT(*) AS n FROM ${J} ${S} GROUP BY s.sh_town ORDER BY n DESC LIMIT 1`,
    ],
    [
      'What is the average turnaround by town?',
      `SELECT s.sh_town, AVG(DATEDIFF(j.dt_out, j.dt_in)) FROM ${J} ${S} GROUP BY s.sh_town`,
    ],
    [
      'How many rush jobs were picked up in March 2024?',
      `SELECT COUNT(*) FROM ${W}jobs WHERE rush AND dt_out >= DATE '2024-03-01' AND dt_out < DATE '2024-04-01'`,
    ],
    [
      'Top 5 shops by takings',
      `SELECT s.sh_nm, SUM(j.amt_lab + j.amt_prt) AS t FROM ${J} ${S} GROUP BY s.sh_nm ORDER BY t DESC LIMIT 5`,
    ],
    [
      'Which shops have more than 4 repair stands?',
      `SELECT s.sh_nm FROM ${W}shop_profile p JOIN ${W}shops s ON p.sh_no = s.sh_no WHERE p.bays > 4`,
    ],
    [
      'What is the total parts charge for each level of mechanic?',
      `SELECT m.mc_lvl, SUM(j.amt_prt) FROM ${J} ${M} GROUP BY m.mc_lvl`,
    ],
  ],
};
