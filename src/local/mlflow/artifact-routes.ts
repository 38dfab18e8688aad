import { invalidParameter, notFound } from '../server/api-error.ts';
import { requiredText } from '../server/read-fields.ts';
import type { ApiRequest, Route } from '../server/router.ts';
import type { SignedStorage } from '../server/signed-storage.ts';
import { cleanPath, entriesBelow, placeOfUri } from './artifact-place.ts';
import type { MlflowStore } from './mlflow-store.ts';
import { readTexts } from './read-entries.ts';

const PROXY = '/api/2.0/mlflow-artifacts/artifacts';

/**
 * Files of runs, models and traces: through the proxy of a tracking server, or by signed addresses.
 *
 * @see spec/mlflow-rest.md §7
 */
export function artifactRoutes(store: MlflowStore, storage: SignedStorage): Route[] {
  const list = (folder: string, base: string) => ({
    files: entriesBelow(store.files.entries(), folder).map((entry) => ({
      ...entry,
      path: base === '' ? entry.path : `${base}/${entry.path}`,
    })),
  });
  const listOf = (artifactUri: string, asked: string | null) => {
    const folder = cleanPath(asked ?? '', true);
    const root = placeOfUri(artifactUri);
    return { root_uri: artifactUri, ...list(folder === '' ? root : `${root}/${folder}`, folder) };
  };
  const paths = (value: unknown, field: string): string[] => {
    const found = readTexts(value, field).map((path) => cleanPath(path));
    if (found.length === 0) throw invalidParameter(`Missing required field: ${field}`);
    return found;
  };
  const runCredentials = (access: 'read' | 'write'): Route => ({
    method: 'POST',
    path: `/api/2.0/mlflow/artifacts/credentials-for-${access}`,
    handle: ({ body, host }) => {
      const run = store.run(requiredText(body, 'run_id'));
      return {
        credential_infos: paths(body['path'], 'path').map((path) => ({
          run_id: run.runId,
          path,
          ...storage.credential(host, access, `${placeOfUri(run.artifactUri)}/${path}`),
        })),
      };
    },
  });
  const modelCredentials = (action: 'upload' | 'download'): Route => ({
    method: 'POST',
    path: `/api/2.0/mlflow/logged-models/:model_id/artifacts/credentials-for-${action}`,
    handle: ({ body, host, params }) => {
      const model = store.model(params['model_id'] ?? '');
      const access = action === 'upload' ? 'write' : 'read';
      return {
        credentials: paths(body['paths'], 'paths').map((path) => ({
          model_id: model.modelId,
          credential_info: {
            path,
            ...storage.credential(host, access, `${placeOfUri(model.artifactUri)}/${path}`),
          },
        })),
      };
    },
  });
  const traceCredentials = (action: 'upload' | 'download'): Route => ({
    method: 'GET',
    path: `/api/2.0/mlflow/traces/:trace_id/credentials-for-data-${action}`,
    handle: ({ params, host }) => {
      const trace = store.trace(params['trace_id'] ?? '');
      const access = action === 'upload' ? 'write' : 'read';
      const place = `${placeOfUri(trace.artifactUri)}/traces.json`;
      return { credential_info: { path: 'traces.json', ...storage.credential(host, access, place) } };
    },
  });
  const proxied = ({ params }: ApiRequest): string => `proxy/${cleanPath(params['file'])}`;
  return [
    {
      method: 'PUT',
      path: `${PROXY}/*file`,
      raw: true,
      handle: (request) => {
        store.files.set(proxied(request), request.bytes);
        return {};
      },
    },
    {
      method: 'GET',
      path: `${PROXY}/*file`,
      handle: (request) => {
        const file = store.files.get(proxied(request));
        if (file === undefined) throw notFound(`Artifact '${request.params['file'] ?? ''}' does not exist.`);
        return file;
      },
    },
    {
      method: 'DELETE',
      path: `${PROXY}/*file`,
      handle: (request) => {
        store.files.delete(proxied(request));
        return {};
      },
    },
    {
      method: 'GET',
      path: PROXY,
      handle: ({ query }) => {
        const folder = cleanPath(query.get('path') ?? '', true);
        return list(folder === '' ? 'proxy' : `proxy/${folder}`, '');
      },
    },
    {
      method: 'GET',
      path: '/api/2.0/mlflow/artifacts/list',
      handle: ({ query }) => listOf(store.run(query.get('run_id') ?? '').artifactUri, query.get('path')),
    },
    {
      method: 'GET',
      path: '/api/2.0/mlflow/logged-models/:model_id/artifacts/directories',
      handle: ({ params, query }) =>
        listOf(store.model(params['model_id'] ?? '').artifactUri, query.get('artifact_directory_path')),
    },
    runCredentials('read'),
    runCredentials('write'),
    modelCredentials('upload'),
    modelCredentials('download'),
    traceCredentials('upload'),
    traceCredentials('download'),
  ];
}
