import type { RequeryResult } from './requery.ts';

/** Share of wrong or deviating routes from which a question counts as routing-sensitive: 2 of 5. @see spec/repeatability.md §6 */
export const ROUTING_SENSITIVE_SHARE = 0.4;
/** Fewer passes say nothing. */
const MIN_PASSES = 3;

/** How often a question was routed elsewhere, and whether that is a limit of the platform. */
export interface RoutingSensitivity {
  readonly question_id: string;
  readonly passes: number;
  readonly deviating: number;
  readonly sensitive: boolean;
}

/**
 * Questions that keep being routed elsewhere although nothing changes between the passes.
 *
 * @param expectedAssets - by question id; a question without one is measured against its most frequent asset
 */
export const routingSensitivity = (
  {
    results,
  }: {
    readonly results: readonly (Pick<RequeryResult, 'question_id' | 'assets'> &
      Partial<Pick<RequeryResult, 'dominant_asset'>>)[];
  },
  expectedAssets: ReadonlyMap<string, string> = new Map(),
): readonly RoutingSensitivity[] =>
  results.map(({ question_id, assets, dominant_asset }) => {
    const wanted = expectedAssets.get(question_id) ?? dominant_asset ?? assets[0];
    const deviating = assets.filter((asset) => asset !== wanted).length;
    // Wrong every time is a steady mistake, which metadata can mend.
    const steady = new Set(assets).size === 1;
    return {
      question_id,
      passes: assets.length,
      deviating,
      sensitive:
        !steady && assets.length >= MIN_PASSES && deviating / assets.length >= ROUTING_SENSITIVE_SHARE,
    };
  });

/** The questions with `routing_sensitive` set on those found so; the others keep what they have. */
export function markRoutingSensitive<T extends { readonly id: string }>(
  questions: readonly T[],
  found: readonly RoutingSensitivity[],
): readonly (T & { readonly routing_sensitive?: boolean | undefined })[] {
  const ids = new Set(found.flatMap(({ question_id, sensitive }) => (sensitive ? [question_id] : [])));
  return questions.map((question) =>
    ids.has(question.id) ? { ...question, routing_sensitive: true } : question,
  );
}
