import type { RunResult } from './run-once.ts';

/** Of the proven rules: mean gain on held-out questions, and the least that an accepted step may do. Points. */
export const BARS = { heldOutGainPp: 20, worstStepPp: -1 };

/** The runs of one sample by one rule. */
interface Summary {
  readonly sample: string;
  readonly rule: string;
  readonly runs: readonly RunResult[];
  readonly gainPp: number;
  readonly worstStepPp: number;
}

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, value) => sum + value, 0) / Math.max(1, numbers.length);
const signed = (value: number): string => `${value >= 0 ? '+' : ''}${value.toFixed(1)}`;
const shown = (value: number | null): string => (value === null ? '–' : value.toFixed(1));
const gainOf = ({ heldOutAfter, heldOutBefore }: RunResult): number =>
  (heldOutAfter ?? 0) - (heldOutBefore ?? 0);

export const nameOf = ({ sample, seed, rule }: Pick<RunResult, 'sample' | 'seed' | 'rule'>): string =>
  `${sample} seed ${seed} ${rule}`;

/** A run in one line. */
export const lineOf = (run: RunResult): string =>
  `${nameOf(run)}: held-out ${shown(run.heldOutBefore)} → ${shown(run.heldOutAfter)}, ` +
  `true ${shown(run.trueBefore)} → ${shown(run.trueAfter)}, ` +
  `steps ${run.steps.map(({ lever, truthPp }) => `L${lever} ${signed(truthPp)}`).join(' ') || 'none'}, ` +
  `${run.asks} asks, ${run.seconds.toFixed(0)} s`;

export function summaries(results: readonly RunResult[]): Summary[] {
  const groups = Map.groupBy(results, ({ sample, rule }) => `${sample} ${rule}`);
  return [...groups.values()].map((runs) => ({
    sample: runs[0]?.sample ?? '',
    rule: runs[0]?.rule ?? '',
    runs,
    gainPp: mean(runs.map(gainOf)),
    worstStepPp: Math.min(0, ...runs.flatMap(({ steps }) => steps.map(({ truthPp }) => truthPp))),
  }));
}

/** Whether every proven rule reaches its bars; the plain rule is there to compare with. */
export const areBarsMet = (found: readonly Summary[]): boolean =>
  found.every(
    ({ rule, gainPp, worstStepPp }) =>
      rule === 'plain' || (gainPp >= BARS.heldOutGainPp && worstStepPp >= BARS.worstStepPp),
  );

/** The runs as a Markdown table, one row a sample and rule. */
export function markdownOf(found: readonly Summary[]): string {
  const rows = found.map(({ sample, rule, runs, gainPp, worstStepPp }) => [
    sample,
    rule,
    signed(gainPp),
    runs.map((run) => signed(gainOf(run))).join(', '),
    signed(mean(runs.map((run) => run.trueAfter - run.trueBefore))),
    signed(worstStepPp),
    mean(runs.map(({ steps }) => steps.length)).toFixed(1),
    mean(runs.map(({ candidates }) => candidates)).toFixed(1),
    mean(runs.map(({ asks }) => asks)).toFixed(0),
  ]);
  const head = [
    'Sample',
    'Rule',
    'Held-out gain, points',
    'Of each seed',
    'True gain',
    'Worst accepted step',
    'Accepted',
    'Candidates',
    'Questions asked',
  ];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
