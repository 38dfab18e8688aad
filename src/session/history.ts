import * as z from 'zod';

/** Scores of one full evaluation, percent 0–100. @see spec/session-state.md §2 */
export const scorePointSchema = z.looseObject({
  iteration: z.number().int(),
  scores: z.record(z.string(), z.number()),
  overall_accuracy: z.number().nullable(),
  accepted: z.boolean(),
});

/** Patches that were evaluated in full. @see spec/session-state.md §2 */
export const patchPointSchema = z.looseObject({
  iteration: z.number().int(),
  lever: z.number().int(),
  patches: z.array(z.looseObject({ id: z.string(), type: z.string() })),
  accepted: z.boolean(),
});

/** As much of an iteration as its histories repeat. */
interface Evaluated {
  readonly iteration: number;
  readonly lever: number;
  readonly scores: Record<string, number>;
  readonly overall_accuracy: number | null;
  readonly patch_set: z.infer<typeof patchPointSchema>['patches'];
  readonly accepted: boolean;
}

/** Both histories of a run; they follow from its iterations. */
export function historiesOf(iterations: readonly Evaluated[]): {
  readonly score_history: z.infer<typeof scorePointSchema>[];
  readonly patch_history: z.infer<typeof patchPointSchema>[];
} {
  return {
    score_history: iterations
      .filter(({ scores }) => Object.keys(scores).length > 0)
      .map(({ iteration, scores, overall_accuracy, accepted }) => ({
        iteration,
        scores,
        overall_accuracy,
        accepted,
      })),
    patch_history: iterations
      .filter(({ patch_set }) => patch_set.length > 0)
      .map(({ iteration, lever, patch_set: patches, accepted }) => ({ iteration, lever, patches, accepted })),
  };
}
