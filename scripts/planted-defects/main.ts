/**
 * How well proposals repair planted defects: `npm run planted-defects`.
 *
 * Three measurements, each with one damaged piece of metadata per space, of which the top-ranked proposal alone is
 * applied before every question is asked again: the shipped samples with their good metadata, generated spaces of
 * invented words, and spaces without a defect. Exit code 1 when a bar is missed.
 *
 * Options: `--seeds <prefix>` (default `check`; the generators were tuned on other prefixes), `--per-defect <n>`,
 * `--clean <n>`, `--wavering <n>`, `--samples <name,…>` (`none` leaves them out), `--pieces <id,…>`.
 */
import { parseArgs } from 'node:util';
import { SHIPPED_SAMPLES, TYPICAL_VARIANCE } from '../../src/local/index.ts';
import { measurePlanted } from './measure.ts';
import { runSample, runWaveringSample, type SampleOutcome } from './run-sample.ts';
import { sumWavering, type Wavering, type WaveringTrial } from './wavering.ts';
import { DEFECTS } from './world.ts';

/** Runs of a sample with a wavering Genie. */
const WAVERING_SEEDS = 5;

const BARS = { repairedPct: 85, rightLeverPct: 95, silentPct: 95 } as const;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: 'check' },
    'per-defect': { type: 'string', default: '5' },
    clean: { type: 'string', default: '50' },
    wavering: { type: 'string', default: '20' },
    pieces: { type: 'string' },
    samples: { type: 'string', default: SHIPPED_SAMPLES.join(',') },
  },
});

const pct = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);
const share = (part: number, whole: number): string => `${part}/${whole} (${pct(part, whole).toFixed(0)} %)`;
const count = <T>(items: readonly T[], holds: (item: T) => boolean): number => items.filter(holds).length;

interface Bar {
  readonly what: string;
  readonly part: number;
  readonly whole: number;
  readonly bar: number;
}

interface Judged {
  readonly repaired: boolean;
  readonly rightLever: boolean;
}

const columns = (own: readonly Judged[]) => ({
  repaired: share(
    count(own, ({ repaired }) => repaired),
    own.length,
  ),
  'right lever': share(
    count(own, ({ rightLever }) => rightLever),
    own.length,
  ),
});

const bars = (where: string, all: readonly Judged[]): Bar[] => [
  {
    what: `${where}: top-ranked proposal repairs the defect`,
    part: count(all, ({ repaired }) => repaired),
    whole: all.length,
    bar: BARS.repairedPct,
  },
  {
    what: `${where}: right lever`,
    part: count(all, ({ rightLever }) => rightLever),
    whole: all.length,
    bar: BARS.rightLeverPct,
  },
];

const describe = (what: string, { total, silent, silentTwice, asked, wrong }: Wavering): string =>
  `${what} whose Genie wavers (variance ${TYPICAL_VARIANCE}; ${share(wrong, asked)} of the answers wrong): nothing proposed in ${share(silent, total)}, ` +
  `in ${share(silentTwice, total)} when each question is asked twice and only those count that failed both times.`;

async function measureSamples(): Promise<Bar[]> {
  const outcomes: SampleOutcome[] = [];
  const rows: Bar[] = [];
  for (const sample of values.samples === 'none' ? [] : values.samples.split(',')) {
    const { outcomes: own, harmless, whenClean } = await runSample(sample, values.pieces?.split(',') ?? null);
    outcomes.push(...own);
    console.log(
      `\n${sample}: ${own.length} pieces of its good metadata left out one by one; ${harmless} more changed no train question.`,
    );
    const types = [...new Set(own.map(({ type }) => type))].sort();
    console.table(
      types.map((type) => ({ 'left out': type, ...columns(own.filter((outcome) => outcome.type === type)) })),
    );
    for (const { piece, type, note } of own.filter((item) => !item.repaired || !item.rightLever))
      console.log(`- ${piece} (${type}): ${note}`);
    console.log(
      `${sample}: the very lever of the piece left out in ${share(
        count(own, ({ sameLever }) => sameLever),
        own.length,
      )}; of the questions that nothing is learned from ${share(
        own.reduce((sum, item) => sum + item.repairedElsewhere, 0),
        own.reduce((sum, item) => sum + item.brokenElsewhere.length, 0),
      )} came right as well.`,
    );
    const trials: WaveringTrial[] = [];
    for (let seed = 1; seed <= WAVERING_SEEDS; seed += 1)
      trials.push(await runWaveringSample(sample, TYPICAL_VARIANCE, seed));
    console.log(describe(`${sample} with its good metadata, ${WAVERING_SEEDS} seeds,`, sumWavering(trials)));
    rows.push({
      what: `${sample}: nothing proposed on the good metadata`,
      part: whenClean.length === 0 ? 1 : 0,
      whole: 1,
      bar: BARS.silentPct,
    });
  }
  const perSample = [...new Set(outcomes.map(({ sample }) => sample))].flatMap((sample) =>
    bars(
      sample,
      outcomes.filter((outcome) => outcome.sample === sample),
    ),
  );
  return [...perSample, ...rows];
}

async function measureGenerated(): Promise<Bar[]> {
  const { outcomes, harmless, clean, wavering } = await measurePlanted({
    seeds: values.seeds,
    perDefect: Number(values['per-defect']),
    clean: Number(values.clean),
    wavering: Number(values.wavering),
  });
  console.log(`\nGenerated spaces, seeds '${values.seeds}':`);
  console.table(
    DEFECTS.map((defect) => ({ defect, ...columns(outcomes.filter((item) => item.defect === defect)) })),
  );
  for (const { defect, seed, note } of outcomes.filter((item) => !item.repaired || !item.rightLever))
    console.log(`- ${defect} (${seed}): ${note}`);
  console.log(`${harmless} more spaces were left out: the damage changed no answer there.`);
  console.log(describe('Clean generated spaces', wavering));
  return [
    ...bars('generated', outcomes),
    {
      what: 'generated: nothing proposed on a clean space',
      part: clean.silent,
      whole: clean.total,
      bar: BARS.silentPct,
    },
  ];
}

const rows = [...(await measureSamples()), ...(await measureGenerated())];
console.table(
  rows.map(({ what, part, whole, bar }) => ({
    what,
    share: share(part, whole),
    bar: `≥ ${bar} %`,
    result: pct(part, whole) >= bar ? 'ok' : `missed by ${Math.ceil(bar - pct(part, whole))} points`,
  })),
);
if (rows.some(({ part, whole, bar }) => pct(part, whole) < bar)) process.exitCode = 1;
