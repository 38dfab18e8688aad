import { http as route, HttpResponse, type HttpHandler, type JsonBodyType } from 'msw';
import { HOST } from './server.ts';

interface KeyValue {
  readonly key: string;
  readonly value: string;
}

interface StoredMetric {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
  readonly model_id?: string;
  readonly dataset_name?: string;
  readonly dataset_digest?: string;
}

interface StoredRun {
  readonly info: Record<string, unknown> & { readonly run_id: string; readonly experiment_id: string };
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
  readonly metrics: StoredMetric[];
  readonly datasetInputs: unknown[];
  readonly modelInputs: unknown[];
  readonly modelOutputs: unknown[];
}

interface StoredModel {
  readonly info: Record<string, unknown> & { readonly model_id: string; readonly experiment_id: string };
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
}

interface StoredTrace {
  readonly info: Record<string, unknown> & {
    readonly trace_metadata: Record<string, string>;
    readonly tags: Record<string, string>;
    readonly assessments: { readonly assessment_name: string }[];
  };
  readonly experimentId: string;
}

interface StoredRecord {
  readonly inputs: unknown;
  readonly expectations?: object;
  readonly tags?: object;
}

type Body = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const mapOf = (entries: unknown): Map<string, string> =>
  new Map((listOf(entries) as readonly KeyValue[]).map(({ key, value }) => [key, value]));
const entriesOf = (map: ReadonlyMap<string, string>): KeyValue[] =>
  [...map].map(([key, value]) => ({ key, value }));

const failure = (status: number, error_code: string, message: string): Response =>
  HttpResponse.json({ error_code, message }, { status });
const missing = (what: string): Response => failure(404, 'RESOURCE_DOES_NOT_EXIST', `${what} does not exist`);

/** What a filter of the form `kind.name = 'value'` or `kind.name > number` asks for. */
function matches(filter: unknown, values: Readonly<Record<string, ReadonlyMap<string, string>>>): boolean {
  if (text(filter) === '') return true;
  const [, kind = '', name = '', operator, wanted = ''] =
    /^(\w+)\.`?([^`=> ]+)`? (=|>) '?([^']*)'?$/.exec(text(filter)) ?? [];
  const found = values[kind]?.get(name);
  if (found === undefined) return false;
  return operator === '>' ? Number(found) > Number(wanted) : found === wanted;
}

/**
 * An open-source tracking server with as much memory as the contract suite needs; the suite runs against a real one as
 * well, which keeps this one honest.
 */
export function fakeMlflow(): HttpHandler[] {
  const experiments = new Map<string, { readonly name: string; readonly tags: Map<string, string> }>();
  const runs = new Map<string, StoredRun>();
  const models = new Map<string, StoredModel>();
  const files = new Map<string, ArrayBuffer>();
  const traces = new Map<string, StoredTrace>();
  const prompts = new Map<string, { readonly versions: Body[]; readonly aliases: Map<string, string> }>();
  const datasets = new Map<string, StoredRecord[]>();
  let count = 0;
  const newId = (): string => (count += 1).toString(16).padStart(32, '0');

  const experimentWire = (id: string) => {
    const { name, tags } = experiments.get(id) ?? { name: '', tags: new Map<string, string>() };
    return { experiment_id: id, name, lifecycle_stage: 'active', tags: entriesOf(tags) };
  };
  const latest = (run: StoredRun): Map<string, StoredMetric> => {
    const found = new Map<string, StoredMetric>();
    for (const metric of run.metrics) {
      const known = found.get(metric.key);
      if (known === undefined || metric.timestamp >= known.timestamp) found.set(metric.key, metric);
    }
    return found;
  };
  const runWire = (run: StoredRun) => ({
    info: run.info,
    data: {
      params: entriesOf(run.params),
      tags: entriesOf(run.tags),
      metrics: [...latest(run).values()],
    },
    inputs: { dataset_inputs: run.datasetInputs, model_inputs: run.modelInputs },
    outputs: { model_outputs: run.modelOutputs },
  });
  const modelWire = (model: StoredModel) => ({
    info: { ...model.info, tags: entriesOf(model.tags) },
    data: {
      params: entriesOf(model.params),
      metrics: [...runs.values()].flatMap((run) =>
        run.metrics
          .filter((metric) => metric.model_id === model.info.model_id)
          .map((metric) => ({ ...metric, run_id: run.info.run_id })),
      ),
    },
  });
  /** Entries directly below a folder of the artifact store, relative to `root`. */
  const entriesBelow = (root: string, folder: string) => {
    const prefix = [root, folder].filter((part) => part !== '').join('/') + '/';
    const found = new Map<string, object>();
    for (const [file, bytes] of files) {
      if (!file.startsWith(prefix)) continue;
      const [first = '', ...rest] = file.slice(prefix.length).split('/');
      const name = folder === '' ? first : `${folder}/${first}`;
      found.set(
        name,
        rest.length > 0
          ? { path: name, is_dir: true }
          : { path: name, is_dir: false, file_size: bytes.byteLength },
      );
    }
    return [...found.values()];
  };

  const post = (address: string, answer: (body: Body, id: string) => object): HttpHandler =>
    route.all<{ id: string }>(`${HOST}/api/${address}`, async ({ request, params }) => {
      const sent = await request.text();
      const given = answer(sent === '' ? {} : (JSON.parse(sent) as Body), params.id);
      return given instanceof Response ? given : HttpResponse.json(given as JsonBodyType);
    });
  const get = (address: string, answer: (query: URLSearchParams, id: string) => object): HttpHandler =>
    route.get<{ id: string }>(`${HOST}/api/${address}`, ({ request, params }) => {
      const given = answer(new URL(request.url).searchParams, params.id);
      return given instanceof Response ? given : HttpResponse.json(given as JsonBodyType);
    });

  const tracking = [
    get('2.0/mlflow/experiments/get-by-name', (query) => {
      const found = [...experiments].find(([, { name }]) => name === query.get('experiment_name'));
      return found === undefined ? missing('Experiment') : { experiment: experimentWire(found[0]) };
    }),
    post('2.0/mlflow/experiments/create', (body) => {
      const id = String(experiments.size + 1);
      experiments.set(id, { name: text(body['name']), tags: mapOf(body['tags']) });
      return { experiment_id: id };
    }),
    post('2.0/mlflow/experiments/set-experiment-tag', (body) => {
      experiments.get(text(body['experiment_id']))?.tags.set(text(body['key']), text(body['value']));
      return {};
    }),
    post('2.0/mlflow/runs/create', (body) => {
      const [runId, experimentId] = [newId(), text(body['experiment_id'])];
      const run: StoredRun = {
        info: {
          run_id: runId,
          run_name: text(body['run_name']),
          experiment_id: experimentId,
          status: 'RUNNING',
          artifact_uri: `mlflow-artifacts:/${experimentId}/${runId}/artifacts`,
        },
        params: new Map(),
        tags: mapOf(body['tags']),
        metrics: [],
        datasetInputs: [],
        modelInputs: [],
        modelOutputs: [],
      };
      runs.set(runId, run);
      return { run: runWire(run) };
    }),
    get('2.0/mlflow/runs/get', (query) => {
      const run = runs.get(query.get('run_id') ?? '');
      return run === undefined ? missing('Run') : { run: runWire(run) };
    }),
    post('2.0/mlflow/runs/log-batch', (body) => {
      const run = runs.get(text(body['run_id']));
      if (run === undefined) return missing('Run');
      const [params, tags] = [mapOf(body['params']), mapOf(body['tags'])];
      const metrics = listOf(body['metrics']) as readonly StoredMetric[];
      if (params.size > 100 || tags.size > 100 || metrics.length + params.size + tags.size > 1000)
        return failure(400, 'INVALID_PARAMETER_VALUE', 'Too many entries in one request');
      for (const [key, value] of params) run.params.set(key, value);
      for (const [key, value] of tags) run.tags.set(key, value);
      run.metrics.push(...metrics);
      return {};
    }),
    post('2.0/mlflow/runs/log-inputs', (body) => {
      const run = runs.get(text(body['run_id']));
      run?.datasetInputs.push(...listOf(body['datasets']));
      run?.modelInputs.push(...listOf(body['models']));
      return run === undefined ? missing('Run') : {};
    }),
    post('2.0/mlflow/runs/outputs', (body) => {
      runs.get(text(body['run_id']))?.modelOutputs.push(...listOf(body['models']));
      return {};
    }),
    post('2.0/mlflow/runs/update', (body) => {
      const run = runs.get(text(body['run_id']));
      if (run === undefined) return missing('Run');
      runs.set(run.info.run_id, { ...run, info: { ...run.info, status: body['status'] } });
      return { run_info: run.info };
    }),
    post('2.0/mlflow/runs/search', (body) => {
      const found = [...runs.values()].filter(
        (run) =>
          listOf(body['experiment_ids']).includes(run.info.experiment_id) &&
          matches(body['filter'], {
            tags: run.tags,
            metrics: new Map([...latest(run)].map(([key, { value }]) => [key, String(value)])),
          }),
      );
      return { runs: found.slice(0, Number(body['max_results'])).map(runWire) };
    }),
    get('2.0/mlflow/metrics/get-history', (query) => ({
      metrics: (runs.get(query.get('run_id') ?? '')?.metrics ?? []).filter(
        ({ key }) => key === query.get('metric_key'),
      ),
    })),
  ];

  const modelHandlers = [
    post('2.0/mlflow/logged-models/search', (body) => {
      const datasets = listOf(body['datasets']) as readonly {
        dataset_name: string;
        dataset_digest?: string;
      }[];
      const metricsOf = (model: StoredModel) =>
        new Map(
          modelWire(model)
            .data.metrics.filter(
              (metric) =>
                datasets.length === 0 ||
                datasets.some(
                  (set) =>
                    set.dataset_name === metric.dataset_name &&
                    (set.dataset_digest ?? metric.dataset_digest) === metric.dataset_digest,
                ),
            )
            .map(({ key, value }) => [key, String(value)]),
        );
      const [order] = listOf(body['order_by']) as readonly { field_name: string; ascending: boolean }[];
      const sortKey = (model: StoredModel): number =>
        order?.field_name === 'creation_time'
          ? parseInt(model.info.model_id.slice(2), 16)
          : Number(metricsOf(model).get(order?.field_name.replace('metrics.', '') ?? ''));
      const found = [...models.values()]
        .filter(
          (model) =>
            listOf(body['experiment_ids']).includes(model.info.experiment_id) &&
            matches(body['filter'], { tags: model.tags, metrics: metricsOf(model) }),
        )
        .toSorted((a, b) => (sortKey(a) - sortKey(b)) * (order?.ascending === true ? 1 : -1));
      return { models: found.slice(0, Number(body['max_results'])).map(modelWire) };
    }),
    post('2.0/mlflow/logged-models', (body) => {
      const [modelId, experimentId] = [`m-${newId()}`, text(body['experiment_id'])];
      const model: StoredModel = {
        info: {
          model_id: modelId,
          experiment_id: experimentId,
          name: body['name'],
          source_run_id: body['source_run_id'],
          status: 'LOGGED_MODEL_PENDING',
          artifact_uri: `mlflow-artifacts:/${experimentId}/models/${modelId}/artifacts`,
        },
        params: mapOf(body['params']),
        tags: mapOf(body['tags']),
      };
      models.set(modelId, model);
      return { model: modelWire(model) };
    }),
    route.delete<{ id: string }>(`${HOST}/api/2.0/mlflow/logged-models/:id`, ({ params }) =>
      models.delete(params.id) ? HttpResponse.json({}) : missing('Model'),
    ),
    get('2.0/mlflow/logged-models/:id', (_query, id) => {
      const model = models.get(id);
      return model === undefined ? missing('Model') : { model: modelWire(model) };
    }),
    post('2.0/mlflow/logged-models/:id', (body, id) => {
      const model = models.get(id);
      if (model === undefined) return missing('Model');
      const ended = { ...model, info: { ...model.info, status: body['status'] } };
      models.set(id, ended);
      return { model: modelWire(ended) };
    }),
    post('2.0/mlflow/logged-models/:id/tags', (body, id) => {
      for (const [key, value] of mapOf(body['tags'])) models.get(id)?.tags.set(key, value);
      return {};
    }),
    post('2.0/mlflow/logged-models/:id/params', (body, id) => {
      for (const [key, value] of mapOf(body['params'])) models.get(id)?.params.set(key, value);
      return {};
    }),
    route.delete<{ id: string; key: string }>(
      `${HOST}/api/2.0/mlflow/logged-models/:id/tags/:key`,
      ({ params }) =>
        models.get(params.id)?.tags.delete(params.key) === true ? HttpResponse.json({}) : missing('Tag'),
    ),
    get('2.0/mlflow/logged-models/:id/artifacts/directories', (query, id) => ({
      files: entriesBelow(
        `${models.get(id)?.info.experiment_id}/models/${id}/artifacts`,
        query.get('artifact_directory_path') ?? '',
      ),
    })),
  ];

  const ARTIFACTS = '/api/2.0/mlflow-artifacts/artifacts/';
  const artifactHandlers = [
    route.put(`${HOST}${ARTIFACTS}*`, async ({ request }) => {
      const name = decodeURIComponent(new URL(request.url).pathname.slice(ARTIFACTS.length));
      files.set(name, await request.arrayBuffer());
      return HttpResponse.json({});
    }),
    route.get(`${HOST}${ARTIFACTS}*`, ({ request }) => {
      const bytes = files.get(decodeURIComponent(new URL(request.url).pathname.slice(ARTIFACTS.length)));
      // As the real one: a missing file is a failure of the server.
      return bytes === undefined
        ? failure(500, 'INTERNAL_ERROR', 'No such file or directory')
        : HttpResponse.arrayBuffer(bytes);
    }),
    get('2.0/mlflow-artifacts/artifacts', (query) => {
      const folder = query.get('path') ?? '';
      return {
        files: entriesBelow(folder, ''),
      };
    }),
    get('2.0/mlflow/artifacts/list', (query) => {
      const run = runs.get(query.get('run_id') ?? '');
      const root = `${run?.info.experiment_id}/${run?.info.run_id}/artifacts`;
      return { root_uri: root, files: entriesBelow(root, query.get('path') ?? '') };
    }),
  ];

  const traceHandlers = [
    post('3.0/mlflow/traces/search', (body) => {
      const locations = listOf(body['locations']) as readonly {
        mlflow_experiment: { experiment_id: string };
      }[];
      const ids = locations.map((location) => location.mlflow_experiment.experiment_id);
      return {
        traces: [...traces.values()]
          .filter(({ experimentId }) => ids.includes(experimentId))
          .filter(({ info }) =>
            matches(body['filter'], { metadata: new Map(Object.entries(info.trace_metadata)) }),
          )
          .map(({ info }) => info),
      };
    }),
    post('3.0/mlflow/traces', (body) => {
      const given = (body['trace'] as { trace_info: StoredTrace['info'] & { trace_id: string } }).trace_info;
      const location = given['trace_location'] as { mlflow_experiment: { experiment_id: string } };
      const experimentId = location.mlflow_experiment.experiment_id;
      const artifactLocation = `mlflow-artifacts:/${experimentId}/traces/${given.trace_id}/artifacts`;
      const info = {
        ...given,
        tags: { ...given.tags, 'mlflow.artifactLocation': artifactLocation },
        assessments: [],
      };
      traces.set(given.trace_id, { info, experimentId });
      return { trace: { trace_info: info } };
    }),
    post('3.0/mlflow/traces/:id/assessments', (body, id) => {
      const assessment = body['assessment'] as { assessment_name: string };
      traces.get(id)?.info.assessments.push(assessment);
      return { assessment: { ...assessment, assessment_id: `a-${newId()}` } };
    }),
    post('2.0/mlflow/traces/:id/tags', (body, id) => {
      const info = traces.get(id)?.info;
      if (info !== undefined) info.tags[text(body['key'])] = text(body['value']);
      return {};
    }),
    post('2.0/mlflow/traces/link-to-run', () => ({})),
  ];

  const registry = [
    post('2.0/mlflow/registered-models/create', (body) => {
      const name = text(body['name']);
      if (prompts.has(name)) return failure(400, 'RESOURCE_ALREADY_EXISTS', 'Registered model exists');
      prompts.set(name, { versions: [], aliases: new Map() });
      return {};
    }),
    post('2.0/mlflow/model-versions/create', (body) => {
      const versions = prompts.get(text(body['name']))?.versions ?? [];
      versions.push(body);
      return { model_version: { ...body, version: String(versions.length) } };
    }),
    get('2.0/mlflow/model-versions/get', (query) => {
      const found = prompts.get(query.get('name') ?? '')?.versions[Number(query.get('version')) - 1];
      return found === undefined
        ? missing('Model version')
        : { model_version: { ...found, version: query.get('version') } };
    }),
    get('2.0/mlflow/registered-models/alias', (query) => {
      const prompt = prompts.get(query.get('name') ?? '');
      if (prompt === undefined) return missing('Registered model');
      const version = prompt.aliases.get(query.get('alias') ?? '');
      return version === undefined
        ? failure(400, 'INVALID_PARAMETER_VALUE', `Registered model alias ${query.get('alias')} not found.`)
        : { model_version: { ...prompt.versions[Number(version) - 1], version } };
    }),
    post('2.0/mlflow/registered-models/alias', (body) => {
      prompts.get(text(body['name']))?.aliases.set(text(body['alias']), text(body['version']));
      return {};
    }),
    post('3.0/mlflow/datasets/create', (body) => {
      const id = `d-${newId()}`;
      datasets.set(id, []);
      return { dataset: { dataset_id: id, name: text(body['name']) } };
    }),
    get('3.0/mlflow/datasets/:id/records', (_query, id) => ({
      records: JSON.stringify(datasets.get(id) ?? []),
    })),
    post('3.0/mlflow/datasets/:id/records', (body, id) => {
      const stored = datasets.get(id) ?? [];
      let [inserted, updated] = [0, 0];
      for (const record of JSON.parse(text(body['records'])) as StoredRecord[]) {
        const at = stored.findIndex(
          (known) => JSON.stringify(known.inputs) === JSON.stringify(record.inputs),
        );
        if (at < 0) {
          stored.push(record);
          inserted += 1;
        } else {
          stored[at] = {
            inputs: record.inputs,
            expectations: { ...stored[at]?.expectations, ...record.expectations },
            tags: { ...stored[at]?.tags, ...record.tags },
          };
          updated += 1;
        }
      }
      return { inserted_count: inserted, updated_count: updated };
    }),
  ];
  return [...tracking, ...modelHandlers, ...artifactHandlers, ...traceHandlers, ...registry];
}
