/**
 * Whole runs on the samples with an unsteady simulator: what the proven rule keeps and costs beside the
 * plain rule "full evaluation per lever, keep if not worse".
 *
 *   npm run samples:seeds -- [--samples tpch,retail] [--seeds 1,2,3,4,5] [--variance 0.2]
 *     [--rules paired,plain] [--iterations 12] [--json out.json] [--quiet] [--docs]
 *
 * Each run is a process of its own, one for every core. True accuracy is what the simulator answers rightly in the
 * long run, over all questions of the sample: known here, and to no rule. `--docs` writes the table into
 * docs/acceptance.md. Exit code 1 when a bar is missed.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { TYPICAL_VARIANCE } from '../src/local/index.ts';
import { formatPage } from './format-page.ts';
import { fillSection } from './judge-corpus/page.ts';
import { runOnce, type Job, type RunResult } from './seeds/run-once.ts';
import { areBarsMet, BARS, lineOf, markdownOf, nameOf, summaries } from './seeds/table.ts';

const RESULT = 'result ';
const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: 'tpch,retail' },
    seeds: { type: 'string', default: '1,2,3,4,5' },
    variance: { type: 'string', default: String(TYPICAL_VARIANCE) },
    rules: { type: 'string', default: 'paired,plain' },
    iterations: { type: 'string', default: '12' },
    json: { type: 'string' },
    quiet: { type: 'boolean', default: false },
    docs: { type: 'boolean', default: false },
    /** For a process of one run. */
    job: { type: 'string' },
  },
});

/** Runs a job in a process of its own, and shows what it tells. */
async function spawnJob(job: Job): Promise<RunResult> {
  const script = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, [script, '--job', JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  let result: RunResult | null = null;
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith(RESULT)) result = JSON.parse(line.slice(RESULT.length)) as RunResult;
    else if (!values.quiet) console.log(`    ${nameOf(job)}: ${line}`);
  }
  const code = await exit;
  if (result === null) throw new Error(`${nameOf(job)} ended with code ${code} and no result.`);
  console.log(lineOf(result));
  return result;
}

async function runAll(jobs: readonly Job[]): Promise<RunResult[]> {
  const results: RunResult[] = [];
  const run = async (job: Job, at: number): Promise<void> => {
    results[at] = await spawnJob(job);
    if (values.json !== undefined)
      writeFileSync(values.json, JSON.stringify(results.filter(Boolean), null, 1));
  };
  const limit = pLimit(availableParallelism());
  await Promise.all(jobs.map((job, at) => limit(run, job, at)));
  return results;
}

async function writeDocs(table: string): Promise<void> {
  const page = new URL('../docs/acceptance.md', import.meta.url);
  const text = `Variance ${values.variance}, seeds ${values.seeds.replaceAll(',', ', ')}, ${new Date().toISOString().slice(0, 10)}:\n\n${table}`;
  const filled = fillSection(readFileSync(page, 'utf8'), 'seeds', text);
  writeFileSync(page, await formatPage(page, filled));
}

if (values.job === undefined) {
  const jobs = values.samples.split(',').flatMap((sample) =>
    values.seeds.split(',').flatMap((seed) =>
      values.rules.split(',').map((rule) => ({
        sample,
        seed: Number(seed),
        rule,
        variance: Number(values.variance),
        iterations: Number(values.iterations),
      })),
    ),
  );
  const found = summaries(await runAll(jobs));
  const table = markdownOf(found);
  console.log(`\nVariance ${values.variance}, seeds ${values.seeds}\n\n${table}\n`);
  const isMet = areBarsMet(found);
  console.log(
    `Bars of the proven rule: mean held-out gain ≥ ${BARS.heldOutGainPp}, no accepted step below ${BARS.worstStepPp}: ${isMet ? 'met' : 'missed'}`,
  );
  if (values.docs) await writeDocs(table);
  if (!isMet) process.exitCode = 1;
} else {
  const result = await runOnce(JSON.parse(values.job) as Job, (line) => console.log(line));
  console.log(`${RESULT}${JSON.stringify(result)}`);
}
