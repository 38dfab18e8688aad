import { Bench } from 'tinybench';

/** Rounds in which the tasks take turns, so that a busy moment of the machine does not hit one of them alone. */
const ROUNDS = 7;

/** The best median time of each task over several rounds, in ms. Only ratios of one run mean anything. */
export async function bestTimes<N extends string>(
  tasks: Readonly<Record<N, () => unknown>>,
): Promise<Readonly<Record<N, number>>> {
  const names = Object.keys(tasks) as N[];
  const best = Object.fromEntries(names.map((name) => [name, Infinity])) as Record<N, number>;
  for (let round = 0; round < ROUNDS; round += 1) {
    const bench = new Bench({
      time: 40,
      iterations: 3,
      warmupTime: round === 0 ? 40 : 5,
      warmupIterations: 1,
    });
    for (const name of names) bench.add(name, () => void tasks[name]());
    for (const task of await bench.run()) {
      if (task.result.state !== 'completed') throw new Error(`The task '${task.name}' did not finish.`);
      const name = task.name as N;
      best[name] = Math.min(best[name], task.result.latency.p50);
    }
  }
  return best;
}

/** One line of the result: a ratio and the most it may be; `null` shows a figure without a bar. */
export interface Row {
  readonly what: string;
  readonly ratio: number;
  readonly bar: number | null;
  /** What the time goes into; printed when the bar is missed. */
  readonly why?: string;
}

/** Prints the rows; returns whether every bar is met. */
export function report(rows: readonly Row[]): boolean {
  const shown = rows.map(({ what, ratio, bar }) => ({
    what,
    ratio: ratio < 0.1 ? ratio.toFixed(4) : ratio.toFixed(2),
    bar: bar === null ? '' : `≤ ${bar}`,
    result: bar === null ? '' : ratio <= bar ? 'ok' : `missed by ${((ratio / bar - 1) * 100).toFixed(0)} %`,
  }));
  console.table(shown);
  const missed = rows.filter(({ ratio, bar }) => bar !== null && ratio > bar);
  for (const { what, why } of missed) if (why !== undefined) console.log(`${what}: ${why}`);
  return missed.length === 0;
}
