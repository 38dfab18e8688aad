import { seededRandom, type Random } from '../../src/core/index.ts';
import { SqlEngine } from '../../src/local/index.ts';
import { parseSpace } from '../../src/spaces/index.ts';
import { generatedBases } from './generated-queries.ts';
import { pick, shuffled } from '../chance.ts';
import type { World } from './world.ts';

/** The invented names of one schema; what each stands for is known to the generator only. */
export interface Vocabulary {
  readonly prefix: string;
  /** Sales-like rows, an old copy of them, their positions, two dimensions. */
  readonly fact: string;
  readonly archive: string;
  readonly line: string;
  readonly party: string;
  readonly thing: string;
  readonly view: string;
  readonly fn: string;
  readonly factId: string;
  readonly partyId: string;
  readonly payerId: string;
  readonly thingId: string;
  readonly lineNo: string;
  readonly dayOne: string;
  readonly dayTwo: string;
  readonly status: string;
  readonly channel: string;
  readonly amount: string;
  readonly fee: string;
  readonly rate: string;
  readonly pieces: string;
  readonly units: string;
  readonly price: string;
  readonly state: string;
  readonly name: string;
  readonly city: string;
  readonly class: string;
  readonly since: string;
  readonly score: string;
  readonly title: string;
  readonly brand: string;
  readonly size: string;
  readonly values: Readonly<
    Record<'status' | 'channel' | 'state' | 'city' | 'class' | 'brand', readonly string[]>
  >;
}

const CONSONANTS = 'bdfgklmnprtvz'.split('');
const VOWELS = 'aiou'.split('');

function vocabulary(random: Random): Vocabulary {
  const used = new Set<string>();
  const word = (): string => {
    for (;;) {
      const made =
        Array.from(
          { length: 2 + Math.floor(random() * 2) },
          () => pick(CONSONANTS, random) + pick(VOWELS, random),
        ).join('') + pick(['k', 'm', 'n', 'r', 't'], random);
      if (!used.has(made)) {
        used.add(made);
        return made;
      }
    }
  };
  const values = (count: number): string[] => Array.from({ length: count }, () => word().toUpperCase());
  return {
    prefix: `${word()}.${word()}.`,
    fact: word(),
    archive: word(),
    line: word(),
    party: word(),
    thing: word(),
    view: word(),
    fn: word(),
    factId: `${word()}_id`,
    partyId: `${word()}_id`,
    payerId: `${word()}_id`,
    thingId: `${word()}_id`,
    lineNo: word(),
    dayOne: word(),
    dayTwo: word(),
    status: word(),
    channel: word(),
    amount: word(),
    fee: word(),
    rate: word(),
    pieces: word(),
    units: word(),
    price: word(),
    state: word(),
    name: word(),
    city: word(),
    class: word(),
    since: word(),
    score: word(),
    title: word(),
    brand: word(),
    size: word(),
    values: {
      status: values(3),
      channel: values(4),
      state: values(3),
      city: values(5),
      class: values(4),
      brand: values(5),
    },
  };
}

/** A random schema with data, a metric view and a table function. */
export async function generatedWorld(seed: number): Promise<World> {
  const random = seededRandom(`judge-corpus-${seed}`);
  const v = vocabulary(random);
  const engine = await SqlEngine.open('2026-10-01');
  for (const statement of script(v, random)) await engine.execute(statement);
  const catalog = engine.snapshot();
  const tables = [v.fact, v.archive, v.line, v.party, v.thing].map((name) => v.prefix + name).sort();
  const space = parseSpace({
    version: 2,
    data_sources: {
      tables: tables.map((identifier) => ({ identifier })),
      metric_views: [{ identifier: v.prefix + v.view }],
    },
    instructions: { sql_functions: [{ id: '0'.repeat(32), identifier: v.prefix + v.fn }] },
  });
  const name = `generated-${seed}`;
  return { name, engine, catalog, space, bases: generatedBases(name, v, random), unread: [] };
}

function script(v: Vocabulary, random: Random): string[] {
  const [catalogName = '', schema = ''] = v.prefix.split('.');
  const t = (name: string): string => v.prefix + name;
  const money = (): string => (Math.floor(random() * 90_000) / 100 + 1).toFixed(2);
  const day = (from: number, spread: number): string =>
    new Date(Date.UTC(2024, 0, 1 + from + Math.floor(random() * spread))).toISOString().slice(0, 10);
  const text = (value: string): string => `'${value}'`;
  // Skewed, so that a wrong value or column rarely gives the same answer by chance.
  const skewed = <T>(items: readonly T[]): T =>
    items[Math.floor(items.length * random() * random())] ?? pick(items, random);
  const rows = (count: number, row: (at: number) => readonly string[]): string =>
    Array.from({ length: count }, (_, at) => `(${row(at).join(', ')})`).join(',\n');
  const factColumns = `${v.factId} BIGINT NOT NULL, ${v.partyId} BIGINT, ${v.payerId} BIGINT, ${v.dayOne} DATE, ${v.dayTwo} DATE, ${v.status} STRING, ${v.channel} STRING, ${v.pieces} INT, ${v.amount} DECIMAL(12,2), ${v.fee} DECIMAL(12,2), ${v.rate} DOUBLE`;
  const factRow = (at: number): string[] => [
    String(at + 1),
    random() < 0.07 ? 'NULL' : String(1 + Math.floor(36 * random() * random())),
    String(1 + Math.floor(40 * random())),
    text(day(0, 900)),
    random() < 0.1 ? 'NULL' : text(day(40, 900)),
    text(skewed(v.values.status)),
    text(skewed(v.values.channel)),
    String(1 + Math.floor(random() * 9)),
    money(),
    (Number(money()) / 20).toFixed(2),
    (Math.floor(random() * 40) / 100).toFixed(2),
  ];
  const [partyCount, thingCount] = [40, 18];
  return [
    `CREATE CATALOG IF NOT EXISTS ${catalogName}`,
    `CREATE SCHEMA IF NOT EXISTS ${catalogName}.${schema}`,
    `CREATE TABLE ${t(v.party)} (${v.partyId} BIGINT NOT NULL, ${v.name} STRING, ${v.city} STRING, ${v.class} STRING, ${v.since} DATE, ${v.score} INT, CONSTRAINT pk_${v.party} PRIMARY KEY (${v.partyId}))`,
    `CREATE TABLE ${t(v.thing)} (${v.thingId} BIGINT NOT NULL, ${v.title} STRING, ${v.brand} STRING, ${v.size} INT, CONSTRAINT pk_${v.thing} PRIMARY KEY (${v.thingId}))`,
    `CREATE TABLE ${t(v.fact)} (${factColumns}, CONSTRAINT pk_${v.fact} PRIMARY KEY (${v.factId}), CONSTRAINT fk_${v.fact} FOREIGN KEY (${v.partyId}) REFERENCES ${t(v.party)} (${v.partyId}))`,
    `CREATE TABLE ${t(v.archive)} (${factColumns}, CONSTRAINT pk_${v.archive} PRIMARY KEY (${v.factId}))`,
    `CREATE TABLE ${t(v.line)} (${v.factId} BIGINT NOT NULL, ${v.lineNo} INT NOT NULL, ${v.thingId} BIGINT, ${v.units} INT, ${v.price} DECIMAL(12,2), ${v.state} STRING, CONSTRAINT pk_${v.line} PRIMARY KEY (${v.factId}, ${v.lineNo}))`,
    `INSERT INTO ${t(v.party)} VALUES ${rows(partyCount, (at) => [String(at + 1), text(`P${String(at + 1).padStart(3, '0')}`), text(skewed(v.values.city)), text(skewed(v.values.class)), text(day(-800, 800)), String(Math.floor(random() * 100))])}`,
    `INSERT INTO ${t(v.thing)} VALUES ${rows(thingCount, (at) => [String(at + 1), text(`T${String(at + 1).padStart(3, '0')}`), text(skewed(v.values.brand)), String(1 + Math.floor(random() * 30))])}`,
    `INSERT INTO ${t(v.fact)} VALUES ${rows(260, factRow)}`,
    `INSERT INTO ${t(v.archive)} VALUES ${rows(120, factRow)}`,
    `INSERT INTO ${t(v.line)} VALUES ${shuffled(
      Array.from({ length: 220 }, (_, at) => at + 1),
      random,
    )
      .flatMap((id) =>
        Array.from(
          { length: 1 + Math.floor(random() * 3) },
          (_, at) =>
            `(${[String(id), String(at + 1), String(1 + Math.floor(15 * random() * random())), String(1 + Math.floor(random() * 12)), money(), text(skewed(v.values.state))].join(', ')})`,
        ),
      )
      .join(',\n')}`,
    `CREATE OR REPLACE VIEW ${t(v.view)} WITH METRICS LANGUAGE YAML AS $$
version: 1.1
source: ${t(v.fact)}
dimensions:
  - name: ${v.status}
    expr: ${v.status}
  - name: ${v.channel}
    expr: ${v.channel}
  - name: ${v.dayOne}
    expr: ${v.dayOne}
measures:
  - name: total_${v.amount}
    expr: SUM(${v.amount})
  - name: total_${v.fee}
    expr: SUM(${v.fee})
  - name: mean_${v.amount}
    expr: AVG(${v.amount})
  - name: row_count
    expr: COUNT(1)
$$`,
    `CREATE OR REPLACE FUNCTION ${t(v.fn)}(from_day DATE, to_day DATE, at_least INT DEFAULT 2)
RETURNS TABLE (${v.name} STRING, total DECIMAL(38,2))
RETURN SELECT p.${v.name}, CAST(SUM(f.${v.amount}) AS DECIMAL(38,2)) AS total FROM ${t(v.fact)} f JOIN ${t(v.party)} p ON f.${v.partyId} = p.${v.partyId} WHERE f.${v.dayOne} BETWEEN from_day AND to_day GROUP BY p.${v.name} HAVING COUNT(*) >= at_least`,
  ];
}
