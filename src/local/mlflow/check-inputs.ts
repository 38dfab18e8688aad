import { invalidParameter } from '../server/api-error.ts';
import { requiredText } from '../server/read-fields.ts';
import type { ApiRequest } from '../server/router.ts';
import { MLFLOW_LIMITS } from './mlflow-limits.ts';
import { readEntries, readObjects } from './read-entries.ts';

type Fields = Readonly<Record<string, unknown>>;

const limited = (what: string, text: string, limit: number): void => {
  if (text.length > limit)
    throw invalidParameter(`${what} exceeds the maximum length of ${limit}, got ${text.length} characters.`);
};

/** Data and models that a run names, as they came. @throws {ApiError} @see spec/mlflow-rest.md §4–5 */
export function checkInputs(body: ApiRequest['body']): {
  readonly datasets: readonly Fields[];
  readonly models: readonly Fields[];
} {
  const datasets = readObjects(body['datasets'], 'datasets');
  for (const { dataset, tags } of datasets) {
    const fields = (typeof dataset === 'object' ? (dataset ?? {}) : {}) as Fields;
    limited('Dataset name', requiredText(fields, 'name'), MLFLOW_LIMITS.datasetName);
    limited('Dataset digest', requiredText(fields, 'digest'), MLFLOW_LIMITS.datasetDigest);
    requiredText(fields, 'source_type');
    requiredText(fields, 'source');
    for (const { key, value } of readEntries(tags, 'tags')) {
      limited('InputTag key', key, MLFLOW_LIMITS.inputTagKey);
      limited('InputTag value', value, MLFLOW_LIMITS.inputTagValue);
    }
  }
  const models = readObjects(body['models'], 'models');
  for (const model of models) requiredText(model, 'model_id');
  return { datasets, models };
}
