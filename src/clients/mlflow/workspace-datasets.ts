import * as z from 'zod';
import { canonicalJson } from '../../core/index.ts';
import type { CallOptions, DatasetRecord, DatasetsPort } from '../../ports/index.ts';
import { pages, path } from '../http/index.ts';
import type { MlflowContext } from './context.ts';

/** Records of one request; the service refuses large ones. */
const RECORDS_AT_ONCE = 100;

const PAGE_SIZE = 500;

const datasetSchema = z.looseObject({ dataset_id: z.string() });

const recordSchema = z.looseObject({
  dataset_record_id: z.string().nullish(),
  inputs: z
    .array(z.looseObject({ key: z.string(), value: z.unknown() }))
    .nullish()
    .transform((inputs) => inputs ?? []),
  expectations: z.record(z.string(), z.looseObject({ value: z.unknown() })).nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
});

const pageSchema = z.looseObject({
  dataset_records: z.array(recordSchema).nullish(),
  next_page_token: z.string().nullish(),
});

/**
 * Evaluation datasets of a workspace; the name is that of their table: `catalog.schema.table`.
 *
 * The service is not documented by its vendor, and has no call that merges: what is there is read first, records that
 * differ are changed, and new ones added. Where that does not suit, write a table with SQL and name it as the input of
 * a run.
 * @see spec/mlflow-rest.md §9.2
 */
export class WorkspaceDatasets implements DatasetsPort {
  readonly #context: MlflowContext;

  constructor(context: MlflowContext) {
    this.#context = context;
  }

  /** Makes a dataset and returns its id; `tags` have no place in a workspace and are left out. */
  async create(
    dataset: { readonly name: string; readonly experimentIds: readonly string[] },
    options: CallOptions = {},
  ): Promise<string> {
    const answer = await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/2.0/managed-evals/datasets`,
      query: { experiment_ids: dataset.experimentIds.join(',') },
      json: { name: dataset.name, source_type: 'databricks-uc-table' },
      schema: datasetSchema,
    });
    return answer.dataset_id;
  }

  async upsertRecords(
    datasetId: string,
    records: readonly DatasetRecord[],
    options: CallOptions = {},
  ): Promise<{ readonly inserted: number; readonly updated: number }> {
    const known = new Map<string, RecordWire>();
    for await (const record of this.#read(datasetId, options)) known.set(keyOf(toRecord(record)), record);
    const added = new Map<string, DatasetRecord>();
    const changed = new Map<string, DatasetRecord>();
    for (const record of records) {
      const key = keyOf(record);
      const stored = known.get(key);
      const list = stored === undefined ? added : changed;
      list.set(key, merged(list.get(key) ?? (stored === undefined ? undefined : toRecord(stored)), record));
    }
    await this.#add(datasetId, [...added.values()], options);
    for (const [key, record] of changed)
      await this.#change(datasetId, known.get(key)?.dataset_record_id ?? '', record, options);
    return { inserted: added.size, updated: changed.size };
  }

  async records(datasetId: string, options: CallOptions = {}): Promise<readonly DatasetRecord[]> {
    const found: DatasetRecord[] = [];
    for await (const record of this.#read(datasetId, options)) found.push(toRecord(record));
    return found;
  }

  async #add(datasetId: string, records: readonly DatasetRecord[], options: CallOptions): Promise<void> {
    for (let at = 0; at < records.length; at += RECORDS_AT_ONCE) {
      const requests = records.slice(at, at + RECORDS_AT_ONCE).map((record) => ({
        dataset_id: datasetId,
        dataset_record: toWireRecord(record),
      }));
      await this.#context.http.request({
        ...options,
        method: 'POST',
        path: path`/api/2.0/managed-evals/datasets/${datasetId}/records:batchCreate`,
        json: { requests },
        schema: z.looseObject({}),
      });
    }
  }

  async #change(
    datasetId: string,
    recordId: string,
    record: DatasetRecord,
    options: CallOptions,
  ): Promise<void> {
    const { expectations, tags } = toWireRecord(record);
    await this.#context.http.request({
      ...options,
      method: 'PATCH',
      path: path`/api/2.0/managed-evals/datasets/${datasetId}/records/${recordId}`,
      query: { update_mask: 'expectations,tags' },
      json: { dataset_record_id: recordId, expectations, tags },
      schema: z.looseObject({}),
      retry: 'safe',
    });
  }

  async *#read(datasetId: string, options: CallOptions): AsyncGenerator<RecordWire> {
    for await (const page of pages(this.#context.http, {
      ...options,
      path: path`/api/2.0/managed-evals/datasets/${datasetId}/records`,
      query: { page_size: PAGE_SIZE },
      schema: pageSchema,
    }))
      yield* page.dataset_records ?? [];
  }
}

type RecordWire = z.infer<typeof recordSchema>;

/** Records with equal inputs are the same, in whatever order their keys stand. */
const keyOf = (record: DatasetRecord): string => canonicalJson(record.inputs);

const merged = (stored: DatasetRecord | undefined, record: DatasetRecord): DatasetRecord => ({
  inputs: record.inputs,
  expectations: { ...stored?.expectations, ...record.expectations },
  tags: { ...stored?.tags, ...record.tags },
});

const toWireRecord = (record: DatasetRecord) => ({
  inputs: Object.entries(record.inputs).map(([key, value]) => ({ key, value })),
  expectations: Object.fromEntries(
    Object.entries(record.expectations ?? {}).map(([name, value]) => [name, { value }]),
  ),
  tags: record.tags ?? {},
});

const toRecord = (record: RecordWire): DatasetRecord => ({
  inputs: Object.fromEntries(record.inputs.map(({ key, value }) => [key, value])),
  expectations: Object.fromEntries(
    Object.entries(record.expectations ?? {}).map(([name, { value }]) => [name, value]),
  ),
  tags: record.tags ?? {},
});
