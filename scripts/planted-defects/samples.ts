/**
 * How well proposals put back what was taken out of the spaces of the samples: `npx node scripts/planted-defects/samples.ts`.
 *
 * Exit code 1 when a bar is missed.
 */
import { SHIPPED_SAMPLES } from '../../src/local/index.ts';
import { runSample } from './run-sample.ts';

const BARS = { repairedPct: 85, rightLeverPct: 95 } as const;

const outcomes = [];
for (const sample of SHIPPED_SAMPLES) outcomes.push(...(await runSample(sample)));
console.table(outcomes);
const pct = (part: number): number => (outcomes.length === 0 ? 0 : (100 * part) / outcomes.length);
const repairedPct = pct(outcomes.filter(({ broken, repaired }) => repaired === broken).length);
const rightLeverPct = pct(outcomes.filter(({ rightLever }) => rightLever).length);
console.log(
  `${outcomes.length} pieces; repaired ${repairedPct.toFixed(0)} % (≥ ${BARS.repairedPct}), right lever ${rightLeverPct.toFixed(0)} % (≥ ${BARS.rightLeverPct})`,
);
if (repairedPct < BARS.repairedPct || rightLeverPct < BARS.rightLeverPct) process.exitCode = 1;
