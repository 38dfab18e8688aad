import { newId } from '../new-id.ts';
import { invalidParameter, notFound } from '../server/api-error.ts';
import { pageOf } from '../server/paging.ts';
import { requiredText } from '../server/read-fields.ts';
import type { Route } from '../server/router.ts';
import { addDataset, digestOf } from './dataset-routes.ts';
import type { DatasetEntry, DatasetRecordEntry } from './dataset-store.ts';
import type { MlflowStore } from './mlflow-store.ts';
import { readObjects, readTextMap } from './read-entries.ts';

const BASE = '/api/2.0/managed-evals/datasets';
const ONE = `${BASE}/:dataset_id`;

type Fields = Readonly<Record<string, unknown>>;

/** Evaluation datasets as a workspace has them: inputs are lists, and equal ones make two records. @see spec/mlflow-rest.md §9.2 */
export function workspaceDatasetRoutes(store: MlflowStore): Route[] {
  const find = (params: Readonly<Record<string, string>>) => store.dataset(params['dataset_id'] ?? '');
  return [
    {
      method: 'POST',
      path: BASE,
      handle: ({ body, query }) => {
        const name = requiredText(body, 'name');
        if (name.split('.').length !== 3)
          throw invalidParameter(`Dataset name '${name}' must have the form catalog.schema.table.`);
        const ids = (query.get('experiment_ids') ?? '').split(',').filter((id) => id !== '');
        return datasetBody(addDataset(store, name, ids, new Map()));
      },
    },
    { method: 'GET', path: ONE, handle: ({ params }) => datasetBody(find(params)) },
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
      path: `${ONE}/records:batchCreate`,
      handle: ({ params, body }) => {
        const dataset = find(params);
        const added = readObjects(body['requests'], 'requests').map(({ dataset_record: record }) =>
          readRecord((record ?? {}) as Fields),
        );
        dataset.records.push(...added);
        dataset.updatedAt = store.now();
        return { dataset_records: added.map(recordBody) };
      },
    },
    {
      method: 'PATCH',
      path: `${ONE}/records/:record_id`,
      handle: ({ params, query, body }) => {
        const dataset = find(params);
        const at = dataset.records.findIndex(({ recordId }) => recordId === params['record_id']);
        const stored = dataset.records[at];
        if (stored === undefined) throw notFound(`No record ${params['record_id']} in this dataset.`);
        const mask = new Set((query.get('update_mask') ?? '').split(','));
        const given = readRecord({ inputs: [], ...body });
        const changed = {
          ...stored,
          ...(mask.has('expectations') ? { expectations: given.expectations } : {}),
          ...(mask.has('tags') ? { tags: given.tags } : {}),
        };
        dataset.records[at] = changed;
        dataset.updatedAt = store.now();
        return recordBody(changed);
      },
    },
    {
      method: 'GET',
      path: `${ONE}/records`,
      handle: ({ params, query }) => {
        const page = pageOf(find(params).records, query, { size: 500, max: 1000 });
        return {
          dataset_records: page.items.map(recordBody),
          ...(page.nextPageToken === undefined ? {} : { next_page_token: page.nextPageToken }),
        };
      },
    },
  ];
}

const datasetBody = (dataset: DatasetEntry) => ({
  dataset_id: dataset.datasetId,
  name: dataset.name,
  digest: digestOf(dataset),
  create_time: new Date(dataset.createdAt).toISOString(),
  last_update_time: new Date(dataset.updatedAt).toISOString(),
  source_type: 'databricks-uc-table',
});

function readRecord(record: Fields): DatasetRecordEntry {
  const inputs = readObjects(record['inputs'], 'inputs').map(({ key, value }): [string, unknown] => {
    if (typeof key !== 'string') throw invalidParameter("Every input must have a 'key'.");
    return [key, value];
  });
  const expectations = Object.entries((record['expectations'] ?? {}) as Fields).map(
    ([name, held]): [string, unknown] => [name, (held as { readonly value?: unknown } | null)?.value],
  );
  return {
    recordId: newId(),
    inputs: Object.fromEntries(inputs),
    expectations: Object.fromEntries(expectations),
    tags: Object.fromEntries(readTextMap(record['tags'], 'tags')),
    source: record['source'] ?? null,
  };
}

const recordBody = ({ recordId, inputs, expectations, tags, source }: DatasetRecordEntry) => ({
  dataset_record_id: recordId,
  inputs: Object.entries(inputs).map(([key, value]) => ({ key, value })),
  expectations: Object.fromEntries(Object.entries(expectations).map(([name, value]) => [name, { value }])),
  tags,
  ...(source === null ? {} : { source }),
});
