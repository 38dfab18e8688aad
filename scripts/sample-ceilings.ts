/**
 * How often the simulator is right on the shipped samples, as shipped and with the good metadata of
 * `test/samples/solutions/`, without variance and over five seeds with the typical one.
 */
import { SPLITS } from '../src/benchmarks/index.ts';
import type { EvaluationRow } from '../src/evaluation/index.ts';
import { SHIPPED_SAMPLES, TYPICAL_VARIANCE } from '../src/local/index.ts';
import { solvedSample } from '../test/samples/solved-sample.ts';

const SEEDS = [1, 2, 3, 4, 5];

/** Percent right: all, then per split. */
const percents = (rows: readonly EvaluationRow[]): number[] =>
  [null, ...SPLITS].map((split) => {
    const own = rows.filter((row) => split === null || row.split === split);
    return (100 * own.filter(({ correct }) => correct === true).length) / own.length;
  });

const mean = (lists: readonly (readonly number[])[], at: number): number =>
  lists.reduce((sum, list) => sum + (list[at] ?? 0), 0) / lists.length;

async function measure(sample: string, variance: number, seeds: readonly number[]): Promise<string[]> {
  const shipped: number[][] = [];
  const good: number[][] = [];
  for (const seed of seeds) {
    const solved = await solvedSample(sample, { variance, seed });
    shipped.push(percents(await solved.evaluateWith([])));
    good.push(percents(await solved.evaluateWith(solved.patches.map(({ patch }) => patch))));
    await solved.local.close();
  }
  return [['as shipped', shipped] as const, ['good metadata', good] as const].map(
    ([name, lists]) =>
      `| ${sample} | ${variance} | ${seeds.length} | ${name} | ${[0, 1, 2, 3].map((at) => mean(lists, at).toFixed(1)).join(' | ')} |`,
  );
}

console.log('| Sample | Variance | Seeds | Space | All % | Train % | Val % | Held out % |');
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
for (const sample of SHIPPED_SAMPLES) {
  const settled = await measure(sample, 0, [1]);
  const typical = await measure(sample, TYPICAL_VARIANCE, SEEDS);
  for (const line of [...settled, ...typical]) console.log(line);
}
