import { shortName } from '../core/index.ts';
import { answerableCategories, type Asset } from './asset-inventory.ts';
import type { Benchmark, Category } from './benchmark.ts';
import { COVERAGE_MINIMUMS } from './coverage.ts';
import { referencedObjects, type DependenciesOf } from './dependencies.ts';
import type { QuestionDraft } from './question-draft.ts';

/** Size a generated suite aims at: 10–15, more where the coverage minimum asks for more. @see spec/benchmarks.md §3, §6 */
export const INTAKE_SIZES = {
  /** From this many valid questions on nothing is generated. */
  full: 10,
  target: 15,
  /** Share of questions that stays open after the held-out ones are put aside. */
  openShare: 0.8,
} as const;

/** Questions per asset before another asset gets its turn. @see spec/benchmarks.md §3.2 */
const WANTED_PER_ASSET = { MV: 2, TVF: 3, TABLE: 1 } as const;

/** What a suite should cover and what it covers so far. */
export interface CoverageGoal {
  readonly target: number;
  readonly categories: readonly Category[];
  readonly assets: readonly Asset[];
}

/** What a suite over these assets should reach. */
export function coverageGoal(assets: readonly Asset[]): CoverageGoal {
  const tables = assets.filter(({ kind }) => kind !== 'TVF').length;
  const minimum = COVERAGE_MINIMUMS.find((row) => tables <= row.upToTables) ?? COVERAGE_MINIMUMS[2];
  return {
    target: Math.max(INTAKE_SIZES.target, Math.ceil(minimum.questions / INTAKE_SIZES.openShare)),
    categories: answerableCategories(assets),
    assets,
  };
}

/** How often each asset (by short name) and category is asked about. */
export interface CoverageCounts {
  readonly assets: Map<string, number>;
  readonly categories: Map<string, number>;
}

export function countCoverage(
  questions: readonly Benchmark[],
  dependenciesOf?: DependenciesOf,
): CoverageCounts {
  const counts: CoverageCounts = { assets: new Map(), categories: new Map() };
  for (const question of questions)
    addToCoverage(counts, {
      category: question.category,
      assets: referencedObjects(question, dependenciesOf).tables,
    });
  return counts;
}

export function addToCoverage(
  counts: CoverageCounts,
  { category, assets }: Pick<QuestionDraft, 'category' | 'assets'>,
): void {
  counts.categories.set(category, (counts.categories.get(category) ?? 0) + 1);
  for (const asset of new Set(assets.map(shortName)))
    counts.assets.set(asset, (counts.assets.get(asset) ?? 0) + 1);
}

/**
 * The draft that adds most: first metric views and functions without a question, then missing categories,
 * then assets below their share, then whatever is asked least.
 *
 * @returns `null` when there are no drafts. Equal drafts are taken in their order
 */
export function nextDraft(
  drafts: readonly QuestionDraft[],
  counts: CoverageCounts,
  { categories }: Pick<CoverageGoal, 'categories'>,
): QuestionDraft | null {
  let best: { readonly draft: QuestionDraft; readonly rank: readonly number[] } | null = null;
  for (const draft of drafts) {
    const asked = Math.min(...draft.assets.map((asset) => counts.assets.get(shortName(asset)) ?? 0));
    const inCategory = counts.categories.get(draft.category) ?? 0;
    const missing = inCategory === 0 && categories.some((category) => category === draft.category);
    const uncovered = asked === 0 && draft.expected_asset !== 'TABLE';
    const short = asked < WANTED_PER_ASSET[draft.expected_asset];
    const rank = [uncovered ? 0 : 1, missing ? 0 : 1, short ? 0 : 1, inCategory + asked, inCategory];
    if (best === null || isLower(rank, best.rank)) best = { draft, rank };
  }
  return best?.draft ?? null;
}

function isLower(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}
