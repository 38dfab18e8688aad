import { http as route, HttpResponse, type JsonBodyType } from 'msw';
import { describe, expect, it } from 'vitest';
import { MlflowClient } from '../../src/clients/index.ts';
import { HOST, makeHttp, useServer } from './support/server.ts';

const server = useServer();

/** What only the tracking service of a workspace has. */
function mlflow(): MlflowClient {
  const { http, clock } = makeHttp();
  return new MlflowClient({ http, clock, flavor: 'databricks' });
}

interface Sent {
  readonly request: string;
  readonly query: string;
  readonly body: unknown;
}

/** Answers by `METHOD address`, one after the other; the last one stays. Records what was sent. */
function serve(answers: Readonly<Record<string, readonly (JsonBodyType | (() => Response))[]>>): Sent[] {
  const sent: Sent[] = [];
  for (const [request, list] of Object.entries(answers)) {
    const [method = '', address = ''] = request.split(' ');
    server.use(
      route.all(address.startsWith('https:') ? address : `${HOST}${address}`, async ({ request: call }) => {
        if (call.method !== method) return undefined;
        const body = await call.text();
        const answer = list[Math.min(sent.filter((one) => one.request === request).length, list.length - 1)];
        const query = decodeURIComponent(new URL(call.url).search);
        sent.push({ request, query, body: /^[[{]/.test(body) ? JSON.parse(body) : body });
        return typeof answer === 'function' ? answer() : HttpResponse.json(answer);
      }),
    );
  }
  return sent;
}

const refusal = (status: number, error_code: string) => (): Response =>
  HttpResponse.json({ error_code, message: 'reason' }, { status });

describe('prompts of a workspace', () => {
  const PROMPTS = '/api/2.0/mlflow/unity-catalog/prompts';
  const name = 'main.judges.schema';

  it('are objects of Unity Catalog, made when they are new', async () => {
    const sent = serve({
      [`POST ${PROMPTS}`]: [{ name }, refusal(409, 'ALREADY_EXISTS')],
      [`POST ${PROMPTS}/${name}/versions`]: [
        { name, version: 1 },
        { name, version: '2' },
      ],
      [`POST ${PROMPTS}/${name}/aliases/production`]: [{}],
    });
    const { prompts } = mlflow();
    const template = 'Right? {{ question }}';
    await prompts.register({ name, template: 'First' });
    expect(await prompts.register({ name, template, message: 'Second', tags: { judge: 'schema' } })).toEqual({
      name,
      version: '2',
      template,
    });
    await prompts.setAlias(name, 'production', '2');
    expect(sent.map(({ body }) => body).slice(2)).toEqual([
      { name, prompt: { name } },
      {
        name,
        prompt_version: {
          name,
          template,
          description: 'Second',
          tags: [{ key: 'judge', value: 'schema' }],
        },
      },
      { name, alias: 'production', version: '2' },
    ]);
  });

  it('are read by version, and null when there is none', async () => {
    serve({ [`GET ${PROMPTS}/${name}/versions/:version`]: [{ name, version: '2', template: 't' }] });
    expect(await mlflow().prompts.load(name, '2')).toEqual({ name, version: '2', template: 't' });
    serve({ [`GET ${PROMPTS}/${name}/versions/:version`]: [refusal(404, 'RESOURCE_DOES_NOT_EXIST')] });
    expect(await mlflow().prompts.load(name, '3')).toBeNull();
  });

  it('are read by alias, and null when there is none', async () => {
    serve({
      [`GET ${PROMPTS}/${name}/versions/by-alias/best`]: [{ name, version: 2, template: 't' }],
      [`GET ${PROMPTS}/${name}/versions/by-alias/none`]: [refusal(404, 'RESOURCE_DOES_NOT_EXIST')],
    });
    const { prompts } = mlflow();
    expect(await prompts.loadByAlias(name, 'best')).toEqual({ name, version: '2', template: 't' });
    expect(await prompts.loadByAlias(name, 'none')).toBeNull();
  });
});

describe('datasets of a workspace', () => {
  const DATASETS = '/api/2.0/managed-evals/datasets';

  it('are tables, whose records travel as keys and values', async () => {
    const sent = serve({
      [`POST ${DATASETS}`]: [{ dataset_id: 'd1' }],
      [`POST ${DATASETS}/d1/records:batchCreate`]: [{}],
      [`GET ${DATASETS}/d1/records`]: [{}],
    });
    const { datasets } = mlflow();
    const id = await datasets.create({ name: 'main.genie.questions', experimentIds: ['1', '2'] });
    const records = Array.from({ length: 101 }, (_, index) => ({
      inputs: { question: `How many ${index}?` },
      expectations: { sql: 'SELECT 1' },
    }));
    expect(await datasets.upsertRecords(id, records)).toEqual({ inserted: 101, updated: 0 });
    expect(sent[0]).toMatchObject({
      query: '?experiment_ids=1,2',
      body: { name: 'main.genie.questions', source_type: 'databricks-uc-table' },
    });
    expect(sent.at(-1)?.body).toEqual({
      requests: [
        {
          dataset_id: 'd1',
          dataset_record: {
            inputs: [{ key: 'question', value: 'How many 100?' }],
            expectations: { sql: { value: 'SELECT 1' } },
            tags: {},
          },
        },
      ],
    });
  });

  it('change the record of equal inputs, wherever it stands, and add it once when it is new', async () => {
    const stored = (id: string, question: string) => ({
      dataset_record_id: id,
      inputs: [
        { key: 'question', value: question },
        { key: 'year', value: 2025 },
      ],
      expectations: { sql: { value: 'SELECT 1' }, rows: { value: 3 } },
      tags: { split: 'train' },
    });
    const sent = serve({
      [`GET ${DATASETS}/d1/records`]: [
        { dataset_records: [stored('r1', 'a')], next_page_token: 'p2' },
        { dataset_records: [stored('r2', 'b')] },
      ],
      [`POST ${DATASETS}/d1/records:batchCreate`]: [{}],
      [`PATCH ${DATASETS}/d1/records/r2`]: [{}],
    });
    const record = { inputs: { year: 2025, question: 'b' }, expectations: { sql: 'SELECT 2' } };
    const fresh = { inputs: { question: 'new' } };
    expect(
      await mlflow().datasets.upsertRecords('d1', [record, fresh, { ...fresh, tags: { a: 'b' } }]),
    ).toEqual({ inserted: 1, updated: 1 });
    expect(sent.at(-1)).toEqual({
      request: `PATCH ${DATASETS}/d1/records/r2`,
      query: '?update_mask=expectations,tags',
      body: {
        dataset_record_id: 'r2',
        expectations: { sql: { value: 'SELECT 2' }, rows: { value: 3 } },
        tags: { split: 'train' },
      },
    });
    expect(sent.at(-2)?.body).toMatchObject({ requests: [{ dataset_record: { tags: { a: 'b' } } }] });
  });

  it('are read over all pages', async () => {
    serve({
      [`GET ${DATASETS}/d1/records`]: [
        {
          dataset_records: [
            {
              inputs: [{ key: 'question', value: 'How many?' }],
              expectations: { sql: { value: 'SELECT 1' } },
            },
          ],
          next_page_token: 'p2',
        },
        { dataset_records: [{ inputs: [{ key: 'question', value: { deep: true } }], tags: { a: 'b' } }] },
      ],
    });
    expect(await mlflow().datasets.records('d1')).toEqual([
      { inputs: { question: 'How many?' }, expectations: { sql: 'SELECT 1' }, tags: {} },
      { inputs: { question: { deep: true } }, expectations: {}, tags: { a: 'b' } },
    ]);
  });
});

describe('files of a logged model in a workspace', () => {
  const MODEL = '/api/2.0/mlflow/logged-models/m-1/artifacts';
  const STORAGE = 'https://storage.example.com/models/space.json';
  const owner = { modelId: 'm-1', artifactUri: 'dbfs:/databricks/mlflow-tracking/1/models/m-1/artifacts' };

  it('are reached by signed addresses of the model, without our token', async () => {
    const credentials = (signature: string) => [
      {
        credentials: [
          {
            model_id: 'm-1',
            credential_info: { signed_uri: `${STORAGE}?sig=${signature}`, type: 'AWS_PRESIGNED_URL' },
          },
        ],
      },
    ];
    const authorizations: (string | null)[] = [];
    const sent = serve({
      [`POST ${MODEL}/credentials-for-upload`]: credentials('up'),
      [`POST ${MODEL}/credentials-for-download`]: credentials('down'),
      [`GET ${MODEL}/directories`]: [{ files: [{ path: 'space.json', is_dir: false, file_size: '13' }] }],
    });
    server.use(
      route.put(STORAGE, ({ request }) => {
        authorizations.push(request.headers.get('authorization'));
        return new HttpResponse(null);
      }),
      route.get(STORAGE, ({ request }) => {
        authorizations.push(request.headers.get('authorization'));
        return new HttpResponse('{"version":2}');
      }),
    );
    const { artifacts } = mlflow();
    await artifacts.write(owner, 'space.json', '{"version":2}');
    const read = await artifacts.read(owner, 'space.json');
    expect(new TextDecoder().decode(read ?? undefined)).toBe('{"version":2}');
    expect(await artifacts.list(owner)).toEqual([{ path: 'space.json', isFolder: false, size: 13 }]);
    expect(sent[0]?.body).toEqual({ model_id: 'm-1', paths: ['space.json'] });
    expect(authorizations).toEqual([null, null]);
  });
});
