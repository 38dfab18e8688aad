import { invalidParameter, notFound } from '../server/api-error.ts';
import type { Route } from '../server/router.ts';
import type { MlflowStore } from './mlflow-store.ts';

const PROXY = '/api/2.0/mlflow-artifacts/artifacts';

/** Files of runs and models through the proxy of a tracking server. @see spec/mlflow-rest.md §7 */
export function artifactRoutes(store: MlflowStore): Route[] {
  const list = (folder: string, base: string) => ({
    files: entriesBelow(store.files, folder).map((entry) => ({
      ...entry,
      path: base === '' ? entry.path : `${base}/${entry.path}`,
    })),
  });
  return [
    {
      method: 'PUT',
      path: `${PROXY}/*file`,
      raw: true,
      handle: ({ params, bytes }) => {
        store.files.set(cleanPath(params['file']), bytes);
        return {};
      },
    },
    {
      method: 'GET',
      path: `${PROXY}/*file`,
      handle: ({ params }) => {
        const name = cleanPath(params['file']);
        const file = store.files.get(name);
        if (file === undefined) throw notFound(`Artifact '${name}' does not exist.`);
        return file;
      },
    },
    {
      method: 'GET',
      path: PROXY,
      handle: ({ query }) => list(cleanPath(query.get('path') ?? '', true), ''),
    },
    {
      method: 'GET',
      path: '/api/2.0/mlflow/artifacts/list',
      handle: ({ query }) => {
        const run = store.run(query.get('run_id') ?? '');
        const root = `${run.experimentId}/${run.runId}/artifacts`;
        const folder = cleanPath(query.get('path') ?? '', true);
        return { root_uri: `mlflow-artifacts:/${root}`, ...list(below(root, folder), folder) };
      },
    },
    {
      method: 'GET',
      path: '/api/2.0/mlflow/logged-models/:model_id/artifacts/directories',
      handle: ({ params, query }) => {
        const model = store.model(params['model_id'] ?? '');
        const root = `${model.experimentId}/models/${model.modelId}/artifacts`;
        const folder = cleanPath(query.get('artifact_directory_path') ?? '', true);
        return { root_uri: `mlflow-artifacts:/${root}`, ...list(below(root, folder), folder) };
      },
    },
  ];
}

const below = (root: string, folder: string): string => (folder === '' ? root : `${root}/${folder}`);

/** A relative path without detours, however often it was encoded. @throws {ApiError} */
function cleanPath(path = '', mayBeEmpty = false): string {
  if (path === '' && mayBeEmpty) return '';
  const isClean = path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isClean || /[\\]|\p{Cc}|%2e|%2f|%5c/iu.test(path)) throw invalidParameter(`Invalid path: '${path}'`);
  return path;
}

function entriesBelow(files: ReadonlyMap<string, Buffer>, folder: string) {
  const prefix = folder === '' ? '' : `${folder}/`;
  const found = new Map<string, { path: string; is_dir: boolean; file_size?: number }>();
  for (const [name, content] of files) {
    if (!name.startsWith(prefix)) continue;
    const [first = '', ...rest] = name.slice(prefix.length).split('/');
    found.set(
      first,
      rest.length > 0
        ? { path: first, is_dir: true }
        : { path: first, is_dir: false, file_size: content.length },
    );
  }
  return [...found.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
}
