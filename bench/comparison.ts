import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { compareResults } from '../src/judges/index.ts';
import type { StatementResult } from '../src/ports/index.ts';
import { leastOf, report, timeOf, type Row } from './measure.ts';

const ROWS = 1_000_000;
/** So large a comparison is timed whole; the best of these counts. */
const ROUNDS = 3;

/** Two columns of text, a whole number, a decimal and a date, as the statement API sends them. */
const COLUMNS = [
  ['customer', 'STRING'],
  ['status', 'STRING'],
  ['units', 'BIGINT'],
  ['amount', 'DECIMAL(12,2)'],
  ['day', 'DATE'],
] as const;

/** A number for each position, spread over 32 bits; the same in every run. */
const mixed = (at: number): number => Math.imul(at + 1, 2_654_435_761) >>> 0;
const STATUS = ['open', 'paid', 'shipped', 'returned'];

function rowOf(at: number): (string | null)[] {
  const spread = mixed(at);
  return [
    `Customer#${String(spread % 150_000).padStart(9, '0')}`,
    STATUS[spread % 4] ?? null,
    spread % 50 === 0 ? null : String(spread % 97),
    `${spread % 100_000}.${String(spread % 100).padStart(2, '0')}`,
    new Date(Date.UTC(2020, 0, 1 + (spread % 2000))).toISOString().slice(0, 10),
  ];
}

const table = (
  order: (at: number) => number,
  change: (row: (string | null)[], at: number) => void = () => undefined,
): StatementResult => ({
  statementId: null,
  columns: COLUMNS.map(([name, typeText]) => ({ name, typeText, typeName: typeText.replace(/\(.*/, '') })),
  rows: Array.from({ length: ROWS }, (_, at) => {
    const row = rowOf(order(at));
    change(row, order(at));
    // Texts as a parser of a response makes them.
    return JSON.parse(JSON.stringify(row)) as (string | null)[];
  }),
  truncated: false,
});

const expected = table((at) => at);
// A step that shares no factor with the number of rows meets each of them once.
const shuffled = table((at) => (at * 618_033 + 7) % ROWS);
const oneCellOff = table(
  (at) => (at * 618_033 + 7) % ROWS,
  (row, at) => {
    if (at === 123_456) row[3] = '0.01';
  },
);

/** What no comparison can do without: the text of every row of both sides, hashed once. */
function hashRows(...results: StatementResult[]): number {
  let seen = 0;
  for (const { rows } of results)
    for (const row of rows) if (hash('md5', row.join('\u0001')) !== '') seen += 1;
  return seen;
}

/** The same with the cheapest hash there is: one multiplication a character. */
function hashRowsCheaply(...results: StatementResult[]): number {
  let sum = 0;
  for (const { rows } of results)
    for (const row of rows) {
      const text = row.join('\u0001');
      let state = 0x81_1c_9d_c5;
      for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 16_777_619);
      sum = (sum + state) | 0;
    }
  return sum;
}

assert.equal(compareResults(expected, shuffled).matchType, 'exact');
const off = compareResults(expected, oneCellOff);
assert.equal(off.match, false);
assert.equal(off.matchType, 'mismatch');
assert.equal(hashRows(expected, shuffled), 2 * ROWS);
assert.equal(hashRowsCheaply(expected), hashRowsCheaply(shuffled), 'the same rows in another order');

const { limit, cheap, same, differing } = await leastOf(ROUNDS, {
  limit: () => timeOf(() => hashRows(expected, shuffled)),
  cheap: () => timeOf(() => hashRowsCheaply(expected, shuffled)),
  same: () => timeOf(() => compareResults(expected, shuffled)),
  differing: () => timeOf(() => compareResults(expected, oneCellOff)),
});
console.log(
  `${ROWS} rows of ${COLUMNS.length} cells: hashing ${limit.toFixed(0)} ms, comparing ${same.toFixed(0)} ms`,
);
const rows: Row[] = [
  { what: 'same rows in another order ÷ MD5 of every row', ratio: same / limit, bar: 3 },
  {
    what: 'one cell of all differs ÷ MD5 of every row',
    ratio: differing / limit,
    bar: 3,
    why: 'a mismatch is searched for in every tier, then explained',
  },
  { what: 'same rows in another order ÷ the cheapest hash of every row', ratio: same / cheap, bar: null },
  { what: 'one cell of all differs ÷ the cheapest hash of every row', ratio: differing / cheap, bar: null },
];
if (!report(rows)) process.exitCode = 1;
