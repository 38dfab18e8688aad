import { invalidParameter } from '../server/api-error.ts';

/** What one request may carry. @see spec/mlflow-rest.md §4 */
export const MLFLOW_LIMITS = {
  metrics: 1000,
  params: 100,
  tags: 100,
  total: 1000,
  bytes: 1_000_000,
  keyLength: 250,
  paramLength: 6000,
  tagLength: 5000,
  experimentTagLength: 20_000,
  experimentTags: 20,
  traceTagLength: 8000,
  registryTagLength: 100_000,
  tracesAtOnce: 100,
  datasetName: 500,
  datasetDigest: 36,
  inputTagKey: 255,
  inputTagValue: 500,
} as const;

/** Letters, digits and `_ - . /` and space, as a relative path without detours. @throws {ApiError} */
export function checkKey(kind: 'param' | 'tag' | 'metric', key: string): void {
  if (key === '' || key.length > MLFLOW_LIMITS.keyLength)
    throw invalidParameter(
      `Invalid ${kind} key '${key.slice(0, 60)}': 1 to ${MLFLOW_LIMITS.keyLength} characters, got ${key.length}.`,
    );
  const isPath = key.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (!/^[\w\-. /:]*$/.test(key) || !isPath)
    throw invalidParameter(
      `Invalid ${kind} name: '${key}'. Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon (:) and slashes (/), and must be a normal relative path.`,
    );
}

const VALUE_LENGTH = {
  param: MLFLOW_LIMITS.paramLength,
  tag: MLFLOW_LIMITS.tagLength,
  'experiment tag': MLFLOW_LIMITS.experimentTagLength,
  'trace tag': MLFLOW_LIMITS.traceTagLength,
  'registry tag': MLFLOW_LIMITS.registryTagLength,
} as const;

/** @throws {ApiError} */
export function checkValue(kind: keyof typeof VALUE_LENGTH, key: string, value: string): void {
  const limit = VALUE_LENGTH[kind];
  if (value.length > limit)
    throw invalidParameter(
      `The value of ${kind} '${key}' has ${value.length} characters; at most ${limit} are allowed.`,
    );
}

/** @throws {ApiError} when one request carries too much */
export function checkBatch(batch: {
  readonly metrics: readonly unknown[];
  readonly params: readonly unknown[];
  readonly tags: readonly unknown[];
}): void {
  for (const kind of ['metrics', 'params', 'tags'] as const) {
    if (batch[kind].length > MLFLOW_LIMITS[kind])
      throw invalidParameter(
        `A batch logging request can contain at most ${MLFLOW_LIMITS[kind]} ${kind}. Got ${batch[kind].length} ${kind}. Please split up ${kind} across multiple requests and try again.`,
      );
  }
  const total = batch.metrics.length + batch.params.length + batch.tags.length;
  if (total > MLFLOW_LIMITS.total)
    throw invalidParameter(
      `A batch logging request can contain at most ${MLFLOW_LIMITS.total} metrics, params and tags in total. Got ${total}.`,
    );
  const bytes = Buffer.byteLength(JSON.stringify(batch));
  if (bytes > MLFLOW_LIMITS.bytes)
    throw invalidParameter(
      `Batched logging API requests must be at most ${MLFLOW_LIMITS.bytes} bytes, got a request of size ${bytes}.`,
    );
}
