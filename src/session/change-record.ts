import * as z from 'zod';
import { patchPlanSchema, type PatchPlan } from '../patch-dsl/index.ts';

/** Where a change stands. Everything but `verified` and `undone` means: the world may be between. */
const CHANGE_STATES = ['intended', 'done', 'verified', 'undone'] as const;

const plan: z.ZodType<PatchPlan> = patchPlanSchema;

/**
 * Whether one patch of a change is on the live side and in its file.
 *
 * @see spec/pipeline.md §6.8
 */
export const persistenceSchema = z.looseObject({
  patch_id: z.string(),
  api_status: z.enum(['success', 'failed']),
  /** `unchanged`: the file said so before. `unverifiable`: no file holds it, as the options allow. */
  repo_status: z.enum(['success', 'unchanged', 'failed', 'unverifiable']),
  repo_path: z.string().nullable(),
  /** At most 500 characters. */
  repo_diff_preview: z.string(),
});
export type PatchPersistence = z.infer<typeof persistenceSchema>;

/**
 * Journal entry of one change: what is about to be done to the space, to Unity Catalog and to files, with both
 * sides in full, so that it can be undone from this record alone.
 *
 * It is stored before the first effect and after each one. In a session it is the apply log.
 * @see spec/patch-dsl.md §8
 */
export const changeRecordSchema = z.looseObject({
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
  /** Nothing was begun, since somebody else had edited one of the places; absent otherwise. */
  refused: z.boolean().optional(),
  /** What was found on the live side and in the files, one per patch; absent until looked at. */
  verification: z.array(persistenceSchema).optional(),
  started_at: z.string(),
  ended_at: z.string().nullable(),
});
export type ChangeRecord = z.infer<typeof changeRecordSchema>;
export type FileEdit = ChangeRecord['files'][number];

/** A record that is undone whole: for where nobody hears how far the change gets. */
export const withEverythingBegun = (record: ChangeRecord): ChangeRecord => ({
  ...record,
  progress: { statements: record.plan.statements.length, space: 'begun', files: record.files.length },
});

/** Whether a record found after a crash must be undone before anything else is done. */
export const isUnfinished = ({ state }: Pick<ChangeRecord, 'state'>): boolean =>
  state === 'intended' || state === 'done';
