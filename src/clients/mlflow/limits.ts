import { InvalidOptionError } from '../../core/index.ts';
import type { Batch, Metric, MlflowFlavor } from '../../ports/index.ts';

/** What one request may carry. @see spec/mlflow-rest.md §4 */
export const BATCH_LIMITS = {
  metrics: 1000,
  params: 100,
  tags: 100,
  total: 1000,
  bytes: 1_000_000,
  keyLength: 250,
} as const;

/** Longest value of a parameter and of a tag. The workspace guarantees 250 for both. @see spec/mlflow-rest.md §4 */
export const VALUE_LIMITS: Readonly<Record<MlflowFlavor, { readonly param: number; readonly tag: number }>> =
  {
    'open-source': { param: 6000, tag: 5000 },
    databricks: { param: 250, tag: 250 },
  };

interface Entry {
  readonly kind: 'metrics' | 'params' | 'tags';
  readonly value: object;
  readonly bytes: number;
}

export interface BatchRequest {
  readonly metrics: readonly object[];
  readonly params: readonly object[];
  readonly tags: readonly object[];
}

/**
 * A key that every server accepts: other characters than letters, digits, `_ - . /` and space become `_`, and the
 * result is a normal relative path of at most 250 characters.
 *
 * @throws {InvalidOptionError} when nothing is left
 */
export function safeKey(key: string): string {
  const clean = key
    .replaceAll(/[^\w\-. /]/g, '_')
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/')
    .slice(0, BATCH_LIMITS.keyLength);
  if (clean === '') throw new InvalidOptionError('key', `'${key}' holds no character that MLflow accepts`);
  return clean;
}

/** Cuts a value to the limit, with an ellipsis to show that it was cut; never through a surrogate pair. */
export function cutValue(value: string, limit: number): string {
  if (value.length <= limit) return value;
  return `${value.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/**
 * Splits a batch into requests within the limits; parameters and tags first, each kind in its order.
 *
 * @throws {InvalidOptionError} when two parameters differ only in characters that MLflow does not accept
 */
export function splitBatch(batch: Batch, flavor: MlflowFlavor, nowMs: number): BatchRequest[] {
  const limits = VALUE_LIMITS[flavor];
  const params = keyed(batch.params ?? {}, limits.param);
  const tags = keyed(batch.tags ?? {}, limits.tag);
  const entries = [
    ...params.map((value) => entry('params', value)),
    ...tags.map((value) => entry('tags', value)),
    ...(batch.metrics ?? []).map((metric) => entry('metrics', toWireMetric(metric, nowMs))),
  ];
  const requests: { metrics: object[]; params: object[]; tags: object[] }[] = [];
  let current = { metrics: [] as object[], params: [] as object[], tags: [] as object[] };
  // Leaves room for the run id and the names of the lists.
  let bytes = 200;
  let total = 0;
  for (const { kind, value, bytes: size } of entries) {
    if (
      total > 0 &&
      (total >= BATCH_LIMITS.total ||
        current[kind].length >= BATCH_LIMITS[kind] ||
        bytes + size > BATCH_LIMITS.bytes)
    ) {
      requests.push(current);
      current = { metrics: [], params: [], tags: [] };
      [bytes, total] = [200, 0];
    }
    current[kind].push(value);
    bytes += size;
    total += 1;
  }
  return total === 0 ? requests : [...requests, current];
}

const entry = (kind: Entry['kind'], value: object): Entry => ({
  kind,
  value,
  bytes: Buffer.byteLength(JSON.stringify(value)) + 1,
});

function keyed(record: Readonly<Record<string, string>>, limit: number): { key: string; value: string }[] {
  const seen = new Map<string, string>();
  for (const [name, value] of Object.entries(record)) {
    const key = safeKey(name);
    if (seen.has(key))
      throw new InvalidOptionError('params', `or tags '${name}' and another one both become '${key}'`);
    seen.set(key, cutValue(value, limit));
  }
  return [...seen].map(([key, value]) => ({ key, value }));
}

const toWireMetric = (metric: Metric, nowMs: number): object => ({
  key: safeKey(metric.key),
  value: metric.value,
  timestamp: metric.timestamp ?? nowMs,
  step: metric.step ?? 0,
  ...(metric.modelId === undefined ? {} : { model_id: metric.modelId }),
  ...(metric.datasetName === undefined ? {} : { dataset_name: metric.datasetName }),
  ...(metric.datasetDigest === undefined ? {} : { dataset_digest: metric.datasetDigest }),
});
