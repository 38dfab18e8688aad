import * as z from 'zod';

/**
 * Answers of the MLflow API as far as we read them.
 *
 * Numbers of 64 bits arrive as numbers or as texts; lists without entries are left out.
 * @see spec/mlflow-rest.md §1
 */
const text = z.string().nullish();
const count = z.coerce.number().nullish();

/** A list that is left out when empty. */
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const keyValue = z.looseObject({ key: z.string(), value: text });

export const metricWireSchema = z.looseObject({
  key: z.string(),
  // Not-a-number and infinities come as texts or null.
  value: z.coerce.number().nullish().catch(null),
  timestamp: count,
  step: count,
  model_id: text,
  run_id: text,
});

export const experimentWireSchema = z.looseObject({
  experiment_id: z.coerce.string(),
  name: text,
  artifact_location: text,
  lifecycle_stage: text,
  tags: list(keyValue),
});

export const runInfoWireSchema = z.looseObject({
  run_id: z.string(),
  run_name: text,
  experiment_id: z.coerce.string(),
  status: text,
  start_time: count,
  end_time: count,
  artifact_uri: text,
});

export const runWireSchema = z.looseObject({
  info: runInfoWireSchema,
  data: z
    .looseObject({ metrics: list(metricWireSchema), params: list(keyValue), tags: list(keyValue) })
    .nullish(),
  inputs: z
    .looseObject({
      dataset_inputs: list(z.looseObject({ dataset: z.looseObject({ name: text, digest: text }) })),
      model_inputs: list(z.looseObject({ model_id: z.string() })),
    })
    .nullish(),
  outputs: z.looseObject({ model_outputs: list(z.looseObject({ model_id: z.string() })) }).nullish(),
});

export const modelWireSchema = z.looseObject({
  info: z.looseObject({
    model_id: z.string(),
    experiment_id: z.coerce.string(),
    name: text,
    status: text,
    source_run_id: text,
    artifact_uri: text,
    model_type: text,
    creation_timestamp_ms: count,
    tags: list(keyValue),
  }),
  data: z.looseObject({ params: list(keyValue), metrics: list(metricWireSchema) }).nullish(),
});

export const assessmentWireSchema = z.looseObject({
  assessment_id: text,
  assessment_name: text,
  source: z.looseObject({ source_type: text, source_id: text }).nullish(),
  feedback: z
    .looseObject({
      // Another kind of value counts as none.
      value: z
        .union([z.number(), z.boolean(), z.string(), z.array(z.string())])
        .nullish()
        .catch(null),
      error: z.looseObject({ error_code: text, error_message: text }).nullish(),
    })
    .nullish(),
  expectation: z
    .looseObject({
      value: z.unknown().optional(),
      serialized_value: z.looseObject({ value: text }).nullish(),
    })
    .nullish(),
  rationale: text,
  span_id: text,
  metadata: z.record(z.string(), z.string()).nullish().catch(null),
});

export const traceInfoWireSchema = z.looseObject({
  trace_id: z.string(),
  state: text,
  request_time: text,
  request_preview: text,
  response_preview: text,
  trace_metadata: z.record(z.string(), z.string()).nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
  assessments: list(assessmentWireSchema),
});

export const experimentAnswerSchema = z.looseObject({ experiment: experimentWireSchema });
export const experimentCreatedSchema = z.looseObject({ experiment_id: z.coerce.string() });
export const runAnswerSchema = z.looseObject({ run: runWireSchema });
export const runPageSchema = z.looseObject({ runs: list(runWireSchema), next_page_token: text });
export const modelAnswerSchema = z.looseObject({ model: modelWireSchema });
export const modelPageSchema = z.looseObject({ models: list(modelWireSchema), next_page_token: text });
export const traceAnswerSchema = z.looseObject({ trace: z.looseObject({ trace_info: traceInfoWireSchema }) });
export const tracePageSchema = z.looseObject({ traces: list(traceInfoWireSchema), next_page_token: text });
export const assessmentAnswerSchema = z.looseObject({ assessment: assessmentWireSchema });
export const metricPageSchema = z.looseObject({ metrics: list(metricWireSchema), next_page_token: text });
export const filesPageSchema = z.looseObject({
  files: list(z.looseObject({ path: z.string(), is_dir: z.boolean().nullish(), file_size: count })),
  next_page_token: text,
});
export const anyAnswerSchema = z.looseObject({});

export type RunWire = z.infer<typeof runWireSchema>;
export type ModelWire = z.infer<typeof modelWireSchema>;
export type TraceInfoWire = z.infer<typeof traceInfoWireSchema>;
export type AssessmentWire = z.infer<typeof assessmentWireSchema>;
export type KeyValueWire = z.infer<typeof keyValue>;

/** A list of keys and values as a record; the last of equal keys wins, as on the server. */
export const toRecord = (entries: readonly KeyValueWire[]): Record<string, string> =>
  Object.fromEntries(entries.map(({ key, value }) => [key, value ?? '']));

/** A record as the list that requests carry. */
export const toEntries = (record: Readonly<Record<string, string>>): { key: string; value: string }[] =>
  Object.entries(record).map(([key, value]) => ({ key, value }));
