import * as z from 'zod';
import { parseJson } from '../../core/index.ts';
import type { CallOptions, DatasetRecord, DatasetsPort } from '../../ports/index.ts';
import { pages, path } from '../http/index.ts';
import type { MlflowContext } from './context.ts';

const PAGE_SIZE = 1000;

const datasetSchema = z.looseObject({
  dataset: z.looseObject({
    dataset_id: z.string(),
    name: z.string().nullish(),
    digest: z.string().nullish(),
  }),
});
const writtenSchema = z.looseObject({
  inserted_count: z.coerce.number().nullish(),
  updated_count: z.coerce.number().nullish(),
});
const recordsSchema = z.looseObject({ records: z.string().nullish(), next_page_token: z.string().nullish() });
const recordListSchema = z.array(
  z.looseObject({
    inputs: z.record(z.string(), z.unknown()),
    expectations: z.record(z.string(), z.unknown()).nullish(),
    tags: z.record(z.string(), z.string()).nullish(),
  }),
);

/**
 * Evaluation datasets of an open-source server.
 *
 * @see spec/mlflow-rest.md §9.1
 */
export class Datasets implements DatasetsPort {
  readonly #context: MlflowContext;

  constructor(context: MlflowContext) {
    this.#context = context;
  }

  /** Makes a dataset and returns its id. */
  async create(
    dataset: {
      readonly name: string;
      readonly experimentIds: readonly string[];
      readonly tags?: Readonly<Record<string, string>>;
    },
    options: CallOptions = {},
  ): Promise<string> {
    const answer = await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/3.0/mlflow/datasets/create`,
      json: {
        name: dataset.name,
        experiment_ids: dataset.experimentIds,
        ...(dataset.tags === undefined ? {} : { tags: JSON.stringify(dataset.tags) }),
      },
      schema: datasetSchema,
    });
    return answer.dataset.dataset_id;
  }

  /** Writes records; the list travels as JSON text inside JSON. */
  async upsertRecords(
    datasetId: string,
    records: readonly DatasetRecord[],
    options: CallOptions = {},
  ): Promise<{ readonly inserted: number; readonly updated: number }> {
    const answer = await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/3.0/mlflow/datasets/${datasetId}/records`,
      json: { records: JSON.stringify(records) },
      schema: writtenSchema,
      retry: 'safe',
    });
    return { inserted: answer.inserted_count ?? 0, updated: answer.updated_count ?? 0 };
  }

  async records(datasetId: string, options: CallOptions = {}): Promise<readonly DatasetRecord[]> {
    const target = path`/api/3.0/mlflow/datasets/${datasetId}/records`;
    const found: DatasetRecord[] = [];
    for await (const page of pages(this.#context.http, {
      ...options,
      path: target,
      query: { max_results: PAGE_SIZE },
      schema: recordsSchema,
    })) {
      const records = recordListSchema.safeParse(parseJson(page.records ?? '[]'));
      if (!records.success)
        throw this.#context.http.formatError(
          { method: 'GET', path: target },
          'the records are no JSON list of examples.',
        );
      for (const { inputs, expectations, tags } of records.data)
        found.push({ inputs, expectations: expectations ?? {}, tags: tags ?? {} });
    }
    return found;
  }
}
