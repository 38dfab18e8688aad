/**
 * Speed of clustering on rows × 8 judges: `npx node bench/clustering.ts`.
 *
 * Ratios within one run to one pass that groups the same records on a joined key; exit code 1 when a bar is missed.
 * The memory figure is the peak of a process of its own, its input included.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildAsi, clusterFailures, type FailureRow, type FailureType } from '../src/asi/index.ts';
import { seededRandom } from '../src/core/index.ts';
import { JUDGE_NAMES } from '../src/judges/index.ts';
import type { CatalogSnapshot } from '../src/ports/index.ts';
import type { Space } from '../src/spaces/index.ts';
import { report } from './measure.ts';

const TYPES: readonly FailureType[] = [
  'wrong_column',
  'wrong_join',
  'missing_filter',
  'wrong_aggregation',
  'missing_synonym',
];
const ROUNDS = 4;
const TABLES = 200;
const COLUMNS = 20;

const catalog: CatalogSnapshot = {
  tables: Array.from({ length: TABLES }, (_, at) => ({
    name: `main.sales.table_${at}`,
    kind: 'table' as const,
    comment: null,
    tags: {},
    columns: Array.from({ length: COLUMNS }, (__, column) => ({
      name: `col_${at}_${column}`,
      type: 'STRING',
      comment: null,
      tags: {},
    })),
    primaryKey: [],
    foreignKeys: [],
    definition: null,
  })),
  functions: [],
};
const space: Space = { version: 2 };

/** Failing rows with a complaint of each judge; complaints of one kind are equal but separate objects, as parsed ones are. */
function failingRows(count: number): FailureRow[] {
  const random = seededRandom('clustering');
  const below = (limit: number): number => Math.floor(random() * limit);
  return Array.from({ length: count }, (_, at): FailureRow => {
    const question_id = `q_${at}`;
    const [table, column] = [below(TABLES), below(COLUMNS)];
    const blamed = `main.sales.table_${table}.col_${table}_${column}`;
    return {
      question_id,
      correct: false,
      priority: 'P1',
      asi: JUDGE_NAMES.map((judge) => ({
        question_id,
        judge,
        rationale: 'The column is wrong.',
        asi: complaint(TYPES[below(TYPES.length)] ?? 'other', blamed),
      })),
    };
  });
}

const template = buildAsi({ failure_type: 'other', severity: 'major', confidence: 0.85 });
const complaint = (failure_type: FailureType, blamed: string) => ({
  ...template,
  failure_type,
  blame_set: [blamed],
});

/** The least that any clustering must do: one key per record, one list per key. */
function groupOnJoinedKey(rows: readonly FailureRow[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const row of rows) {
    for (const { judge, asi } of row.asi) {
      const key = `${judge}\u0001${asi.failure_type}\u0001${asi.blame_set.join(',')}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [row.question_id]);
      else group.push(row.question_id);
    }
  }
  return groups;
}

const cluster = (rows: readonly FailureRow[]) => clusterFailures(rows, { space, catalog });

/** A run of its own, so that the rows of the other measurements do not count: `--million` prints the peak in KiB. */
async function peakOfMillion(): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--max-old-space-size=3400',
    fileURLToPath(import.meta.url),
    '--million',
  ]);
  return Number(stdout) / 1024 ** 2;
}

if (process.argv.includes('--million')) {
  const { clusters, longTail } = cluster(failingRows(1_000_000));
  assert.ok(clusters.length + longTail.length > 0);
  console.log(process.resourceUsage().maxRSS);
  process.exit();
}

const rows = failingRows(100_000);
const found = cluster(rows);
const members = [...found.clusters, ...found.longTail].reduce((sum, one) => sum + one.question_ids.length, 0);
assert.equal(members, rows.length, 'every failing question is in exactly one cluster');
assert.equal([...groupOnJoinedKey(rows).values()].flat().length, rows.length * JUDGE_NAMES.length);
const few = rows.slice(0, 20_000);
const tasks = {
  group: () => groupOnJoinedKey(rows),
  cluster: () => cluster(rows),
  'cluster a fifth': () => cluster(few),
};
const times = { group: Infinity, cluster: Infinity, 'cluster a fifth': Infinity };
// Each takes seconds, so they take turns by the round and not by the iteration.
for (let round = 0; round < ROUNDS; round += 1) {
  for (const name of Object.keys(tasks) as (keyof typeof tasks)[]) {
    const start = performance.now();
    tasks[name]();
    times[name] = Math.min(times[name], performance.now() - start);
  }
}

const peakGiB = await peakOfMillion();

const isMet = report([
  {
    what: '100,000 rows × 8 judges / one pass that groups on a joined key',
    ratio: times.cluster / times.group,
    bar: 4,
  },
  {
    what: 'five times the rows / five times the time',
    ratio: times.cluster / times['cluster a fifth'] / 5,
    bar: 1.5,
  },
  { what: 'peak memory for 1,000,000 rows / 4 GiB', ratio: peakGiB / 4, bar: 1 },
]);
if (!isMet) process.exitCode = 1;
