/** Which of several measured things are worth keeping when no single number says it all. */
import {
  hypervolume,
  kneePoint,
  liveFrontier,
  nonDominatedSort,
  paretoFrontier,
  type Objective,
} from 'genie-optimizer/pareto';

interface Variant {
  readonly name: string;
  readonly accuracyPct: number;
  /** `null`: not measured. */
  readonly repeatabilityPct: number | null;
  readonly patches: number;
}

// #region frontier
const objectives: Objective<Variant>[] = [
  { name: 'accuracy', direction: 'maximise', value: (variant) => variant.accuracyPct },
  { name: 'repeatability', direction: 'maximise', value: (variant) => variant.repeatabilityPct },
  { name: 'patches', direction: 'minimise', value: (variant) => variant.patches },
];
const variants: Variant[] = [
  { name: 'as found', accuracyPct: 52, repeatabilityPct: 88, patches: 0 },
  { name: 'synonyms', accuracyPct: 71, repeatabilityPct: 90, patches: 3 },
  { name: 'everything', accuracyPct: 74, repeatabilityPct: 84, patches: 21 },
  { name: 'instructions only', accuracyPct: 66, repeatabilityPct: null, patches: 4 },
];
const names = (list: readonly Variant[]) => list.map(({ name }) => name).join(', ');

console.log(`Worth keeping: ${names(paretoFrontier(variants, objectives))}`);
console.log(`Best trade: ${kneePoint(variants, objectives)?.name}`);
console.log(`Fronts: ${nonDominatedSort(variants, objectives).map(names).join(' | ')}`);
console.log(`Volume from 50 %, 80 %, 30 patches: ${hypervolume(variants, objectives, [50, 80, 30])}`);

const live = liveFrontier(objectives);
for (const variant of variants) console.log(variant.name, live.add(variant) ? 'is on it' : 'is beaten');
// #endregion frontier
