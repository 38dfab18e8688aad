import { newId } from '../new-id.ts';
import { canonicalJson, hashOf, isRecord } from '../../core/index.ts';
import { invalidParameter } from '../server/api-error.ts';
import { bodyPage } from '../server/paging.ts';
import { optionalText, requiredText } from '../server/read-fields.ts';
import type { Route } from '../server/router.ts';
import type { DatasetEntry, DatasetRecordEntry } from './dataset-store.ts';
import type { MlflowStore } from './mlflow-store.ts';
import { readTextMap, readTexts } from './read-entries.ts';

const BASE = '/api/3.0/mlflow/datasets';
const ONE = `${BASE}/:dataset_id`;

/** Evaluation datasets as an open-source server has them. @see spec/mlflow-rest.md §9.1 */
export function datasetRoutes(store: MlflowStore): Route[] {
  const find = (params: Readonly<Record<string, string>>) => store.dataset(params['dataset_id'] ?? '');
  return [
    {
      method: 'POST',
      path: `${BASE}/create`,
      handle: ({ body }) => {
        const tags = optionalText(body, 'tags');
        const dataset = addDataset(
          store,
          requiredText(body, 'name'),
          readTexts(body['experiment_ids'], 'experiment_ids'),
          tags === undefined ? new Map() : readTextMap(parsed(tags, 'tags'), 'tags'),
        );
        return { dataset: datasetBody(dataset) };
      },
    },
    {
      method: 'POST',
      path: `${BASE}/search`,
      handle: ({ body }) => {
        const ids = readTexts(body['experiment_ids'], 'experiment_ids');
        const found = store.datasets
          .values()
          .filter(({ experimentIds }) => ids.length === 0 || experimentIds.some((id) => ids.includes(id)))
          .reverse();
        const page = bodyPage(found, body, { size: 1000, max: 1000 });
        return { datasets: page.items.map(datasetBody), ...page.next };
      },
    },
    { method: 'GET', path: ONE, handle: ({ params }) => ({ dataset: datasetBody(find(params)) }) },
    {
      method: 'DELETE',
      path: ONE,
      handle: ({ params }) => {
        store.datasets.delete(find(params).datasetId);
        return {};
      },
    },
    {
      method: 'POST',
      path: `${ONE}/records`,
      handle: ({ params, body }) => {
        const dataset = find(params);
        const records = parsed(requiredText(body, 'records'), 'records');
        if (!Array.isArray(records)) throw invalidParameter("Field 'records' must be a list as JSON text.");
        const counts = upsert(dataset, records.map(readRecord));
        dataset.updatedAt = store.now();
        return { inserted_count: counts.inserted, updated_count: counts.updated };
      },
    },
    {
      method: 'GET',
      path: `${ONE}/records`,
      handle: ({ params, query }) => {
        const { datasetId, records } = find(params);
        const page = bodyPage(records, Object.fromEntries(query), { size: 1000, max: 1000 });
        const list = page.items.map(({ recordId, inputs, expectations, tags, source }) => ({
          dataset_record_id: recordId,
          dataset_id: datasetId,
          inputs,
          expectations,
          tags,
          ...(source === null ? {} : { source }),
        }));
        return { records: JSON.stringify(list), ...page.next };
      },
    },
  ];
}

/** @throws {ApiError} when an experiment does not exist */
export function addDataset(
  store: MlflowStore,
  name: string,
  experimentIds: readonly string[],
  tags: Map<string, string>,
): DatasetEntry {
  const dataset: DatasetEntry = {
    datasetId: `d-${newId()}`,
    name,
    createdAt: store.now(),
    updatedAt: store.now(),
    experimentIds: experimentIds.map((id) => store.experiment(id).experimentId),
    tags,
    records: [],
  };
  store.datasets.set(dataset.datasetId, dataset);
  return dataset;
}

/** Changes with the records. */
export const digestOf = ({ name, records }: DatasetEntry): string =>
  hashOf([name, records.map(({ inputs, expectations }) => [inputs, expectations])]).slice(0, 8);

const datasetBody = (dataset: DatasetEntry) => ({
  dataset_id: dataset.datasetId,
  name: dataset.name,
  tags: JSON.stringify(Object.fromEntries(dataset.tags)),
  digest: digestOf(dataset),
  created_time: dataset.createdAt,
  last_update_time: dataset.updatedAt,
  experiment_ids: dataset.experimentIds,
  profile: JSON.stringify({ num_records: dataset.records.length }),
});

function parsed(text: string, field: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidParameter(`Field '${field}' must be JSON text.`);
  }
}

function readRecord(value: unknown): DatasetRecordEntry {
  if (!isRecord(value) || !isRecord(value['inputs']))
    throw invalidParameter("A record must be an object with 'inputs' that is an object too.");
  const expectations = value['expectations'] ?? {};
  if (!isRecord(expectations)) throw invalidParameter("'expectations' of a record must be an object.");
  return {
    recordId: `dr-${newId()}`,
    inputs: value['inputs'],
    expectations,
    tags: Object.fromEntries(readTextMap(value['tags'], 'tags')),
    source: value['source'] ?? null,
  };
}

/** Equal inputs are the same record: expectations and tags are merged into it. */
function upsert(dataset: DatasetEntry, records: readonly DatasetRecordEntry[]) {
  const byInputs = new Map(dataset.records.map((record) => [canonicalJson(record.inputs), record]));
  const counts = { inserted: 0, updated: 0 };
  for (const record of records) {
    const key = canonicalJson(record.inputs);
    const known = byInputs.get(key);
    if (known === undefined) {
      dataset.records.push(record);
      byInputs.set(key, record);
      counts.inserted += 1;
    } else {
      Object.assign(known.expectations, record.expectations);
      Object.assign(known.tags, record.tags);
      counts.updated += 1;
    }
  }
  return counts;
}
