import { SpaceBuilder } from '../fixtures.ts';
import type { Domain } from './domain.ts';

/** A municipal water utility: readable names, codes in the data, names that contain one another. */
const A = 'aqua.city.';

const script = `
CREATE CATALOG aqua;
CREATE SCHEMA aqua.city;
CREATE TABLE ${A}districts (district_id BIGINT, district_name STRING, pressure_zone STRING, PRIMARY KEY (district_id)) COMMENT 'Districts.';
CREATE TABLE ${A}customers (customer_id BIGINT, customer_name STRING, customer_kind STRING, district_id BIGINT, email STRING, PRIMARY KEY (customer_id), FOREIGN KEY (district_id) REFERENCES ${A}districts (district_id)) COMMENT 'One row per customer.';
CREATE TABLE ${A}meters (meter_id BIGINT, serial_code STRING, customer_id BIGINT, install_date DATE, meter_size STRING, is_smart BOOLEAN, PRIMARY KEY (meter_id), FOREIGN KEY (customer_id) REFERENCES ${A}customers (customer_id)) COMMENT 'Meters.';
CREATE TABLE ${A}meter_readings (reading_id BIGINT, meter_id BIGINT, read_date DATE, usage_m3 DECIMAL(12,3), read_method STRING, PRIMARY KEY (reading_id), FOREIGN KEY (meter_id) REFERENCES ${A}meters (meter_id)) COMMENT 'Readings of meters.';
CREATE TABLE ${A}leaks (leak_id BIGINT, district_id BIGINT, reported_on DATE, fixed_on DATE, severity STRING, litres_lost BIGINT, PRIMARY KEY (leak_id), FOREIGN KEY (district_id) REFERENCES ${A}districts (district_id)) COMMENT 'One row per leak.';
CREATE TABLE ${A}leak_profile (leak_id BIGINT, material STRING, depth_m DOUBLE, FOREIGN KEY (leak_id) REFERENCES ${A}leaks (leak_id));
CREATE TABLE ${A}crews (crew_id BIGINT, crew_name STRING, depot STRING, PRIMARY KEY (crew_id)) COMMENT 'Repair crews.';
CREATE TABLE ${A}crew_visits (visit_id BIGINT, crew_id BIGINT, leak_id BIGINT, visit_date DATE, hours DECIMAL(6,2), PRIMARY KEY (visit_id), FOREIGN KEY (crew_id) REFERENCES ${A}crews (crew_id), FOREIGN KEY (leak_id) REFERENCES ${A}leaks (leak_id)) COMMENT 'Visits of crews to leaks.';
CREATE TABLE ${A}bills (bill_id BIGINT, bill_no STRING, customer_id BIGINT, bill_date DATE, due_date DATE, amount DECIMAL(12,2), paid BOOLEAN, PRIMARY KEY (bill_id), FOREIGN KEY (customer_id) REFERENCES ${A}customers (customer_id)) COMMENT 'Bills.';
INSERT INTO ${A}districts SELECT id, element_at(array('Harbour', 'Old Mill', 'Northgate', 'Riverside', 'Sands', 'Upper Field'), CAST(id + 1 AS INT)), element_at(array('Z1', 'Z2', 'Z3'), CAST(id % 3 + 1 AS INT)) FROM range(6);
INSERT INTO ${A}customers SELECT id, concat('Acct#', lpad(CAST(id AS STRING), 5, '0')), element_at(array('Household', 'Industry', 'Public'), CAST((id * 5) % 3 + 1 AS INT)), (id * 7) % 6, concat('c', CAST(id AS STRING), '@post.example') FROM range(67);
INSERT INTO ${A}meters SELECT id, concat('WM', lpad(CAST(id AS STRING), 5, '0')), (id * 3) % 67, date_add(DATE '2016-04-01', CAST(id * 31 AS INT)), element_at(array('15mm', '20mm', '40mm'), CAST((id * 2) % 3 + 1 AS INT)), id % 4 = 0 FROM range(91);
INSERT INTO ${A}meter_readings SELECT id, (id * 17) % 91, date_add(DATE '2023-01-03', CAST(id AS INT)), CAST(((id * 37) % 400) / 10 AS DECIMAL(12,3)), element_at(array('MANUAL', 'RADIO'), CAST((id * 3) % 2 + 1 AS INT)) FROM range(1201);
INSERT INTO ${A}leaks SELECT id, (id * id + 1) % 6, date_add(DATE '2023-01-07', CAST(id * 5 AS INT)), CASE WHEN id % 7 = 0 THEN NULL ELSE date_add(DATE '2023-01-08', CAST(id * 5 + id % 11 AS INT)) END, element_at(array('LOW', 'MEDIUM', 'HIGH'), CAST((id * 4) % 3 + 1 AS INT)), (id * 97) % 5000 FROM range(239);
INSERT INTO ${A}leak_profile SELECT id, element_at(array('Iron', 'Steel', 'Clay'), CAST(id % 3 + 1 AS INT)), 0.5 + (id % 9) / 4 FROM range(201);
INSERT INTO ${A}crews SELECT id, concat('Team ', element_at(array('Otter', 'Heron', 'Beaver', 'Pike', 'Swan'), CAST(id + 1 AS INT))), element_at(array('East Depot', 'West Depot'), CAST(id % 2 + 1 AS INT)) FROM range(5);
INSERT INTO ${A}crew_visits SELECT id, (id * 3) % 5, (id * 11) % 239, date_add(DATE '2023-01-12', CAST(id * 2 AS INT)), CAST(1 + id % 8 AS DECIMAL(6,2)) FROM range(523);
INSERT INTO ${A}bills SELECT id, concat('B-', lpad(CAST(id AS STRING), 6, '0')), (id * 13) % 67, date_add(DATE '2023-01-15', CAST(id AS INT)), date_add(DATE '2023-02-14', CAST(id AS INT)), CAST(30 + (id * 41) % 700 AS DECIMAL(12,2)), id % 6 <> 0 FROM range(1103);
CREATE VIEW ${A}supply_metrics WITH METRICS LANGUAGE YAML COMMENT 'Water supplied, by reading.' AS $$
version: 1.1
source: ${A}meter_readings
dimensions:
  - name: reading year
    expr: year(read_date)
  - name: reading month
    expr: date_trunc('MONTH', read_date)
  - name: way of reading
    expr: read_method
measures:
  - name: water supplied
    expr: SUM(usage_m3)
  - name: highest single reading
    expr: MAX(usage_m3)
$$;
CREATE FUNCTION ${A}open_bills_of(account STRING COMMENT 'name of the customer account') RETURNS TABLE (bill_no STRING, due_date DATE, amount DECIMAL(12,2))
COMMENT 'PURPOSE: unpaid bills of one account. BEST FOR: unpaid bills of an account | what does an account still owe. PARAMS: account STRING name of the account, required'
RETURN SELECT b.bill_no, b.due_date, b.amount FROM ${A}bills b JOIN ${A}customers c ON b.customer_id = c.customer_id WHERE NOT b.paid AND c.customer_name = open_bills_of.account;
`;

const sources = [
  'districts',
  'customers',
  'meters',
  'meter_readings',
  'leaks',
  'leak_profile',
  'crews',
  'crew_visits',
  'bills',
  'supply_metrics',
].map((name) => A + name);
const functions = [`${A}open_bills_of`];

const described = new SpaceBuilder(sources, functions)
  .column(`${A}districts`, 'district_name', { synonyms: ['district', 'part of town'], entity: true })
  .column(`${A}districts`, 'pressure_zone', { synonyms: ['zone'], entity: true })
  .column(`${A}customers`, 'customer_name', { synonyms: ['customer', 'account'], entity: true })
  .column(`${A}customers`, 'customer_kind', { synonyms: ['kind of customer', 'customer type'], entity: true })
  .column(`${A}meters`, 'serial_code', { synonyms: ['serial number'] })
  .column(`${A}meters`, 'meter_size', { synonyms: ['size of meter'], entity: true })
  .column(`${A}meters`, 'install_date', { synonyms: ['installed', 'put in'] })
  .column(`${A}meters`, 'is_smart', { synonyms: ['smart'] })
  .column(`${A}meter_readings`, 'usage_m3', { synonyms: ['consumption', 'water used', 'usage'] })
  .column(`${A}meter_readings`, 'read_method', { entity: true })
  .column(`${A}leaks`, 'severity', { entity: true })
  .column(`${A}leaks`, 'reported_on', { synonyms: ['reported'] })
  .column(`${A}leaks`, 'fixed_on', { synonyms: ['fixed', 'repaired'] })
  .column(`${A}leaks`, 'litres_lost', { synonyms: ['water lost', 'losses'] })
  .column(`${A}leak_profile`, 'material', { synonyms: ['pipe material'], entity: true })
  .column(`${A}crews`, 'crew_name', { synonyms: ['crew', 'team'], entity: true })
  .column(`${A}crews`, 'depot', { entity: true })
  .column(`${A}bills`, 'amount', { synonyms: ['billed', 'bill amount', 'revenue'] })
  .column(`${A}bills`, 'bill_date', { synonyms: ['billed on'] })
  .snippet('filters', 'unpaid', 'bills.paid = FALSE', { synonyms: ['outstanding', 'open bills'] })
  .snippet('expressions', 'repair time', 'DATEDIFF(leaks.fixed_on, leaks.reported_on)', {
    synonyms: ['days to fix'],
  })
  .instruct(
    'Worst districts are the districts with the highest litres_lost.',
    'The most important customers are the customers with the highest bills.amount.',
    'A big leak is a leak where leaks.litres_lost > 3000.',
  ).space;

const R = `${A}meter_readings r JOIN ${A}meters m ON r.meter_id = m.meter_id JOIN ${A}customers c ON m.customer_id = c.customer_id JOIN ${A}districts d ON c.district_id = d.district_id`;
const L = `${A}leaks l JOIN ${A}districts d ON l.district_id = d.district_id`;
const V = `${A}crew_visits v JOIN ${A}crews k ON v.crew_id = k.crew_id`;
const B = `${A}bills b JOIN ${A}customers c ON b.customer_id = c.customer_id`;

export const waterUtility: Domain = {
  name: 'water utility',
  today: '2026-10-01',
  script,
  bare: new SpaceBuilder(sources, functions).space,
  described,
  questions: [
    ['How many leaks are there?', `SELECT COUNT(*) FROM ${A}leaks`],
    ['How many meters do we have?', `SELECT COUNT(*) FROM ${A}meters`],
    ['How many crews exist?', `SELECT COUNT(*) FROM ${A}crews`],
    ['List all districts', `SELECT * FROM ${A}districts`],
    ['Show the crews', `SELECT * FROM ${A}crews`],
    ['What customers are there?', `SELECT customer_name FROM ${A}customers`],
    [
      'How many customers live in Northgate?',
      `SELECT COUNT(*) FROM ${A}customers c JOIN ${A}districts d ON c.district_id = d.district_id WHERE d.district_name = 'Northgate'`,
    ],
    [
      'Which crews are based at the East Depot?',
      `SELECT crew_name FROM ${A}crews WHERE depot = 'East Depot'`,
    ],
    [
      'Which districts belong to zone Z2?',
      `SELECT district_name FROM ${A}districts WHERE pressure_zone = 'Z2'`,
    ],
    [
      'How many hours does each crew work?',
      `SELECT k.crew_name, SUM(v.hours) FROM ${V} GROUP BY k.crew_name`,
    ],
    [
      'How many litres are lost per district?',
      `SELECT d.district_name, SUM(l.litres_lost) FROM ${L} GROUP BY d.district_name`,
    ],
    [
      'How much water does each district lose in 2024?',
      `SELECT d.district_name, SUM(l.litres_lost) FROM ${L} WHERE year(l.reported_on) = 2024 GROUP BY d.district_name`,
    ],
    [
      'water supplied per reading year',
      `SELECT year(read_date), SUM(usage_m3) FROM ${A}meter_readings GROUP BY 1`,
    ],
    [
      'Water supplied by way of reading',
      `SELECT read_method, SUM(usage_m3) FROM ${A}meter_readings GROUP BY 1`,
    ],
    [
      'What is the water supplied for each reading month?',
      `SELECT date_trunc('MONTH', read_date), SUM(usage_m3) FROM ${A}meter_readings GROUP BY 1`,
    ],
    ['number of meters per meter size', `SELECT meter_size, COUNT(*) FROM ${A}meters GROUP BY meter_size`],
    [
      'How many leaks per pressure zone?',
      `SELECT d.pressure_zone, COUNT(*) FROM ${L} GROUP BY d.pressure_zone`,
    ],
    ['Show meter WM00045', `SELECT * FROM ${A}meters WHERE serial_code = 'WM00045'`],
    ['What is the amount of bill B-000123?', `SELECT amount FROM ${A}bills WHERE bill_no = 'B-000123'`],
    [
      'What was the total amount billed to Acct#00012?',
      `SELECT SUM(b.amount) FROM ${B} WHERE c.customer_name = 'Acct#00012'`,
    ],
    [
      'What does account Acct#00005 still owe?',
      `SELECT b.bill_no, b.due_date, b.amount FROM ${B} WHERE NOT b.paid AND c.customer_name = 'Acct#00005'`,
    ],
    [
      'Which customer has the email c17@post.example?',
      `SELECT customer_name FROM ${A}customers WHERE email = 'c17@post.example'`,
    ],
    [
      'Which are the 2 worst districts?',
      `SELECT d.district_name, SUM(l.litres_lost) AS t FROM ${L} GROUP BY d.district_name ORDER BY t DESC LIMIT 2`,
    ],
    [
      'Who are our 5 most important customers?',
      `SELECT c.customer_name, SUM(b.amount) AS t FROM ${B} GROUP BY c.customer_name ORDER BY t DESC LIMIT 5`,
    ],
    [
      'consumption per district',
      `SELECT d.district_name, SUM(r.usage_m3) FROM ${R} GROUP BY d.district_name`,
    ],
    [
      'average usage per customer kind',
      `SELECT c.customer_kind, AVG(r.usage_m3) FROM ${R} GROUP BY c.customer_kind`,
    ],
    [
      'total bill amount per customer',
      `SELECT c.customer_name, SUM(b.amount) FROM ${B} GROUP BY c.customer_name`,
    ],
    [
      'Usage in 2024 per month for the Riverside district',
      `SELECT date_trunc('MONTH', r.read_date), SUM(r.usage_m3) FROM ${R} WHERE d.district_name = 'Riverside' AND year(r.read_date) = 2024 GROUP BY 1`,
    ],
    [
      'In 2023, what were the losses per quarter in Old Mill?',
      `SELECT date_trunc('QUARTER', l.reported_on), SUM(l.litres_lost) FROM ${L} WHERE d.district_name = 'Old Mill' AND year(l.reported_on) = 2023 GROUP BY 1`,
    ],
    [
      'How many bills did industry customers get?',
      `SELECT COUNT(*) FROM ${B} WHERE c.customer_kind = 'Industry'`,
    ],
    [
      'How many readings were taken by radio?',
      `SELECT COUNT(*) FROM ${A}meter_readings WHERE read_method = 'RADIO'`,
    ],
    [
      'How many visits did Team Otter make in 2024?',
      `SELECT COUNT(*) FROM ${V} WHERE k.crew_name = 'Team Otter' AND year(v.visit_date) = 2024`,
    ],
    [
      'How many high severity leaks were reported in May 2024?',
      `SELECT COUNT(*) FROM ${A}leaks WHERE severity = 'HIGH' AND reported_on >= DATE '2024-05-01' AND reported_on < DATE '2024-06-01'`,
    ],
    [
      'How many smart meters do households have?',
      `SELECT COUNT(*) FROM ${A}meters m JOIN ${A}customers c ON m.customer_id = c.customer_id WHERE m.is_smart AND c.customer_kind = 'Household'`,
    ],
    [
      'How many big leaks happened in iron pipes?',
      `SELECT COUNT(*) FROM ${A}leaks l JOIN ${A}leak_profile p ON l.leak_id = p.leak_id WHERE l.litres_lost > 3000 AND p.material = 'Iron'`,
    ],
    [
      'What is the average repair time by severity?',
      `SELECT severity, AVG(DATEDIFF(fixed_on, reported_on)) FROM ${A}leaks GROUP BY severity`,
    ],
    [
      'How many outstanding bills are due in June 2025?',
      `SELECT COUNT(*) FROM ${A}bills WHERE NOT paid AND due_date >= DATE '2025-06-01' AND due_date < DATE '2025-07-01'`,
    ],
    [
      'Which district had the most leaks last year?',
      `SELECT d.district_name, COUNT(*) AS n FROM ${L} WHERE year(l.reported_on) = 2025 GROUP BY d.district_name ORDER BY n DESC LIMIT 1`,
    ],
  ],
};
