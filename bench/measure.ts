import { mkdirSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Bench } from 'tinybench';

/** Rounds in which the tasks take turns, so that a busy moment of the machine does not hit one of them alone. */
const ROUNDS = 9;

/**
 * Processor time of the process so far, ms, garbage collection included. On an idle machine it goes like the clock
 * while one thread works; on a busy one the clock would measure the neighbours too.
 */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The least of each measure over several rounds, in which they take turns for the same reason. */
export async function leastOf<N extends string>(
  rounds: number,
  measures: Readonly<Record<N, () => number | Promise<number>>>,
): Promise<Record<N, number>> {
  const names = Object.keys(measures) as N[];
  const least = Object.fromEntries(names.map((name) => [name, Infinity])) as Record<N, number>;
  for (let round = 0; round < rounds; round += 1)
    for (const name of names) least[name] = Math.min(least[name], await measures[name]());
  return least;
}

/** Processor time of a task, ms. */
export async function timeOf(task: () => unknown): Promise<number> {
  const started = cpuMs();
  await task();
  return cpuMs() - started;
}

/** The best median time of each task over several rounds, in ms. Only ratios of one run mean anything. */
export async function bestTimes<N extends string>(
  tasks: Readonly<Record<N, () => unknown>>,
): Promise<Readonly<Record<N, number>>> {
  const names = Object.keys(tasks) as N[];
  const best = Object.fromEntries(names.map((name) => [name, Infinity])) as Record<N, number>;
  for (let round = 0; round < ROUNDS; round += 1) {
    const bench = new Bench({
      now: cpuMs,
      time: 30,
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

/** A figure as it is printed and as the docs show it. */
export const figureOf = (ratio: number): string => (ratio < 0.1 ? ratio.toFixed(4) : ratio.toFixed(2));

/** Prints the rows and keeps them for `npm run docs:performance`; returns whether every bar is met. */
export function report(rows: readonly Row[]): boolean {
  const shown = rows.map(({ what, ratio, bar }) => ({
    what,
    ratio: figureOf(ratio),
    bar: bar === null ? '' : `≤ ${bar}`,
    result: bar === null ? '' : ratio <= bar ? 'ok' : `missed by ${((ratio / bar - 1) * 100).toFixed(0)} %`,
  }));
  console.table(shown);
  const missed = rows.filter(({ ratio, bar }) => bar !== null && ratio > bar);
  for (const { what, why } of missed) if (why !== undefined) console.log(`${what}: ${why}`);
  keep(rows);
  return missed.length === 0;
}

function keep(rows: readonly Row[]): void {
  const folder = new URL('../.cache/bench/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const name = basename(process.argv[1] ?? 'bench', '.ts');
  const day = new Date().toISOString().slice(0, 10);
  writeFileSync(new URL(`${name}.json`, folder), JSON.stringify({ day, node: process.version, rows }));
}
