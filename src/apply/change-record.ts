import * as z from 'zod';
import { patchPlanSchema, type PatchPlan } from '../patch-dsl/index.ts';

/** Where a change stands. Everything but `verified` and `undone` means: the world may be between. */
export const CHANGE_STATES = ['intended', 'done', 'verified', 'undone'] as const;
export type ChangeState = (typeof CHANGE_STATES)[number];

const plan: z.ZodType<PatchPlan> = patchPlanSchema;

/**
 * Journal entry of one change: what is about to be done to the space, to Unity Catalog and to files, with both
 * sides in full, so that it can be undone from this record alone.
 *
 * It is stored before the first effect and after each one.
 * @see spec/patch-dsl.md §8
 */
export const changeRecordSchema = z.strictObject({
  schema_version: z.literal(1),
  change_id: z.string(),
  space_id: z.string(),
  state: z.enum(CHANGE_STATES),
  plan,
  /** Canonical text of the space before and after. After a merge: of the space as somebody else left it. */
  pre_config: z.string(),
  post_config: z.string(),
  pre_hash: z.string(),
  post_hash: z.string(),
  /** Text before and after; `null`: no such file. */
  files: z.array(
    z.strictObject({ path: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
  ),
  /** Effects acknowledged so far. The one after the last may have happened too. */
  progress: z.strictObject({
    statements: z.number().int(),
    /** `begun`: the write may have happened. `untouched` again when the server showed that it did not. */
    space: z.enum(['untouched', 'begun', 'done']),
    files: z.number().int(),
  }),
  /** Whether the edit of somebody else was merged in. */
  merged: z.boolean(),
  started_at: z.string(),
  ended_at: z.string().nullable(),
});
export type ChangeRecord = z.infer<typeof changeRecordSchema>;
export type FileEdit = ChangeRecord['files'][number];

/** Whether a record found after a crash must be undone before anything else is done. */
export const isUnfinished = ({ state }: Pick<ChangeRecord, 'state'>): boolean =>
  state === 'intended' || state === 'done';
