/**
 * How well proposals repair planted defects: `npx node scripts/planted-defects/main.ts [spaces per defect] [clean spaces]`.
 *
 * Every space is generated anew with invented words, runs on the embedded workspace, and has one damaged piece of
 * metadata. The top-ranked proposal alone is applied, then every question is asked again. Exit code 1 when a bar is
 * missed.
 */
import { DEFECTS } from './world.ts';
import { measurePlanted } from './measure.ts';

const BARS = { repairedPct: 85, rightLeverPct: 95, silentPct: 95 } as const;

const [perDefect = 5, clean = 50] = process.argv.slice(2).map(Number);
const { outcomes, harmless, clean: cleaned } = await measurePlanted({ perDefect, clean });

const pct = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);
const share = (part: number, whole: number): string => `${part}/${whole} (${pct(part, whole).toFixed(0)} %)`;

console.table(
  DEFECTS.map((defect) => {
    const own = outcomes.filter((outcome) => outcome.defect === defect);
    return {
      defect,
      repaired: share(own.filter(({ repaired }) => repaired).length, own.length),
      'right lever': share(own.filter(({ rightLever }) => rightLever).length, own.length),
    };
  }),
);
for (const { defect, seed, note } of outcomes.filter((outcome) => !outcome.repaired || !outcome.rightLever))
  console.log(`${defect} (${seed}): ${note}`);

const repaired = outcomes.filter((outcome) => outcome.repaired).length;
const right = outcomes.filter((outcome) => outcome.rightLever).length;
const rows = [
  {
    what: 'top-ranked proposal repairs the defect',
    part: repaired,
    whole: outcomes.length,
    bar: BARS.repairedPct,
  },
  { what: 'right lever', part: right, whole: outcomes.length, bar: BARS.rightLeverPct },
  {
    what: 'nothing proposed on a clean space',
    part: cleaned.silent,
    whole: cleaned.total,
    bar: BARS.silentPct,
  },
];
console.table(
  rows.map(({ what, part, whole, bar }) => ({
    what,
    share: share(part, whole),
    bar: `≥ ${bar} %`,
    result: pct(part, whole) >= bar ? 'ok' : `missed by ${(bar - pct(part, whole)).toFixed(0)} points`,
  })),
);
console.log(`${harmless} more spaces were left out: the damage changed no answer there.`);
if (rows.some(({ part, whole, bar }) => pct(part, whole) < bar)) process.exitCode = 1;
