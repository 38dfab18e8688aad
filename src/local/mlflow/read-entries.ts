import { invalidParameter } from '../server/api-error.ts';
import type { MetricEntry } from './mlflow-store.ts';
import { checkKey } from './mlflow-limits.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A list of objects; `[]` when absent. @throws {ApiError} */
export const readObjects = (value: unknown, field: string): Fields[] => {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null))
    return value as Fields[];
  throw invalidParameter(`Invalid value for parameter '${field}': a list of objects is wanted.`);
};

/** `[{ key, value }]`. @throws {ApiError} */
export const readEntries = (value: unknown, field: string): { key: string; value: string }[] =>
  readObjects(value, field).map(({ key, value: text = '' }) => {
    if (typeof key !== 'string' || typeof text !== 'string')
      throw invalidParameter(`Invalid value in '${field}': key and value must be texts.`);
    return { key, value: text };
  });

/** @throws {ApiError} */
export const readMetrics = (value: unknown): MetricEntry[] =>
  readObjects(value, 'metrics').map((fields) => {
    const { key, value: number, timestamp, step } = fields;
    if (typeof key !== 'string')
      throw invalidParameter("Missing value for required parameter 'key' of a metric.");
    checkKey('metric', key);
    if (typeof number !== 'number' || !Number.isFinite(number))
      throw invalidParameter(`Got invalid value for metric '${key}'. Please specify a number.`);
    if (typeof timestamp !== 'number')
      throw invalidParameter(`Got invalid timestamp for metric '${key}'. Please specify whole milliseconds.`);
    const text = (name: string) => (typeof fields[name] === 'string' ? { [name]: fields[name] } : {});
    return {
      key,
      value: number,
      timestamp,
      step: typeof step === 'number' ? step : 0,
      ...text('model_id'),
      ...text('dataset_name'),
      ...text('dataset_digest'),
    };
  });

/** A list of texts; `[]` when absent. @throws {ApiError} */
export function readTexts(value: unknown, field: string): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value;
  throw invalidParameter(`Invalid value for parameter '${field}': a list of texts is wanted.`);
}

/** `{ name: text }`. @throws {ApiError} when a value is no text */
export function readTextMap(value: unknown, field: string): Map<string, string> {
  if (value === undefined || value === null) return new Map();
  const entries = typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : null;
  if (entries === null || !entries.every((entry): entry is [string, string] => typeof entry[1] === 'string'))
    throw invalidParameter(`Invalid value for parameter '${field}': an object of texts is wanted.`);
  return new Map(entries);
}
