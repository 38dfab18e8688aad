import * as z from 'zod';

/** Where a run is tracked in MLflow, and which versions of the space it recorded there. */
export const trackingRecordSchema = z.looseObject({
  experiment_id: z.string(),
  experiment_name: z.string(),
  /** Run that holds this session as `session/optimization-progress.json`. */
  session_run_id: z.string(),
  /** `catalog.schema.prefix` of the tables that keep the traces; `null`: the experiment does. Absent in older ones. */
  trace_tables: z.string().nullable().optional(),
  dataset_name: z.string().nullable(),
  prompt_versions: z.record(z.string(), z.string()),
  /** Version of each evaluated state, by iteration. */
  models: z.record(z.string(), z.string()),
  /** Version of each state that may be asked again, by the hash of space and Unity Catalog. */
  states: z.record(z.string(), z.string()),
  /** Version of the state that is being judged. */
  pending_model_id: z.string().nullable(),
  /** Versions of states that were kept until more is known of them. */
  provisional_model_ids: z.array(z.string()),
  /** What changed in Unity Catalog since the parent of each version, by iteration; `null`: not known. */
  uc_changes: z.record(
    z.string(),
    z
      .looseObject({
        columns_changed: z.number().int(),
        tags_changed: z.number().int(),
        routines_changed: z.number().int(),
        objects_changed: z.number().int(),
      })
      .nullable(),
  ),
  /** Run of each full evaluation, by iteration. */
  evaluation_runs: z.record(z.string(), z.string()),
  /** The parent of the next version. */
  accepted_model_id: z.string().nullable(),
  best_model_id: z.string().nullable(),
  promoted_model_id: z.string().nullable(),
});
export type TrackingRecord = z.infer<typeof trackingRecordSchema>;
