import { invalidParameter, notFound } from '../server/api-error.ts';
import { bodyPage } from '../server/paging.ts';
import { optionalText, requiredText } from '../server/read-fields.ts';
import type { ApiRequest, Route } from '../server/router.ts';
import { placeOfUri } from './artifact-place.ts';
import { MLFLOW_LIMITS } from './mlflow-limits.ts';
import type { ExperimentEntry, MlflowStore } from './mlflow-store.ts';
import { addTags, removeTag } from './mlflow-store.ts';
import { readEntries, readTexts } from './read-entries.ts';
import { searchFilter, searchOrder } from './search-filter.ts';
import type { SearchKind } from './search-filter.ts';
import { inView } from './view-type.ts';

const BASE = '/api/2.0/mlflow/experiments';

const EXPERIMENT_SEARCH: SearchKind = {
  attributes: ['name', 'experiment_id', 'creation_time', 'last_update_time'],
  entities: ['tags'],
};

/**
 * @param folderExists - whether a folder stands in the workspace tree
 * @see spec/mlflow-rest.md §2
 */
export function experimentRoutes(store: MlflowStore, folderExists: (path: string) => boolean): Route[] {
  const post = (
    action: string,
    change: (entry: ExperimentEntry, body: ApiRequest['body']) => void,
  ): Route => ({
    method: 'POST',
    path: `${BASE}/${action}`,
    handle: ({ body }) => {
      const entry = store.experiment(requiredText(body, 'experiment_id'));
      change(entry, body);
      entry.updatedAt = store.now();
      return {};
    },
  });
  const search = (asked: ApiRequest['body']) => {
    const fits = searchFilter(optionalText(asked, 'filter'), EXPERIMENT_SEARCH);
    const order = searchOrder(readTexts(asked['order_by'], 'order_by'), EXPERIMENT_SEARCH);
    const view = inView(optionalText(asked, 'view_type'));
    const found = store.experiments
      .values()
      .filter((entry) => view(entry) && fits(searchable(entry)))
      .reverse()
      .sort((left, right) => order(searchable(left), searchable(right)));
    const page = bodyPage(found, asked, { size: 1000, max: 50_000 });
    return { experiments: page.items.map(experimentBody), ...page.next };
  };
  return [
    {
      method: 'POST',
      path: `${BASE}/create`,
      handle: ({ body }) => {
        const tags = readEntries(body['tags'], 'tags');
        if (tags.length > MLFLOW_LIMITS.experimentTags)
          throw invalidParameter(
            `At most ${MLFLOW_LIMITS.experimentTags} tags can be set at creation, got ${tags.length}.`,
          );
        const name = requiredText(body, 'name');
        if (store.flavor === 'databricks') checkPath(name, folderExists);
        const checked = new Map<string, string>();
        addTags(checked, tags, 'experiment tag');
        const location = optionalText(body, 'artifact_location');
        if (location !== undefined) placeOfUri(location);
        const entry = store.createExperiment(name, location);
        for (const [key, value] of checked) entry.tags.set(key, value);
        return { experiment_id: entry.experimentId };
      },
    },
    {
      method: 'GET',
      path: `${BASE}/get`,
      handle: ({ query }) => ({
        experiment: experimentBody(store.experiment(query.get('experiment_id') ?? '')),
      }),
    },
    {
      method: 'GET',
      path: `${BASE}/get-by-name`,
      handle: ({ query }) => {
        const name = query.get('experiment_name') ?? '';
        const entry = store.experiments.values().find((each) => each.name === name);
        if (entry === undefined) throw notFound(`Could not find experiment with name '${name}'`);
        return { experiment: experimentBody(entry) };
      },
    },
    { method: 'POST', path: `${BASE}/search`, handle: ({ body }) => search(body) },
    {
      method: 'GET',
      path: `${BASE}/search`,
      handle: ({ query }) => search({ ...Object.fromEntries(query), order_by: query.getAll('order_by') }),
    },
    post('update', (entry, body) => {
      entry.name = requiredText(body, 'new_name');
    }),
    post('set-experiment-tag', ({ tags }, body) =>
      addTags(
        tags,
        [{ key: requiredText(body, 'key'), value: optionalText(body, 'value') ?? '' }],
        'experiment tag',
      ),
    ),
    post('delete-experiment-tag', ({ tags, experimentId }, body) =>
      removeTag(tags, requiredText(body, 'key'), `experiment ${experimentId}`),
    ),
    post('delete', (entry) => {
      entry.lifecycle = 'deleted';
    }),
    post('restore', (entry) => {
      entry.lifecycle = 'active';
    }),
  ];
}

function checkPath(name: string, folderExists: (path: string) => boolean): void {
  if (!name.startsWith('/'))
    throw invalidParameter(
      `Got an invalid experiment name '${name}'. An experiment name must be an absolute path within the Databricks workspace, e.g. '/Users/<some-username>/my-experiment'.`,
    );
  const parent = name.slice(0, name.lastIndexOf('/'));
  if (!folderExists(parent)) throw notFound(`Parent directory ${parent} does not exist.`);
}

export const entriesOf = (map: ReadonlyMap<string, string>) =>
  [...map].map(([key, value]) => ({ key, value }));

const searchable = (entry: ExperimentEntry) => ({
  attributes: {
    name: entry.name,
    experiment_id: entry.experimentId,
    creation_time: entry.createdAt,
    last_update_time: entry.updatedAt,
  },
  tags: entry.tags,
});

const experimentBody = (entry: ExperimentEntry) => ({
  experiment_id: entry.experimentId,
  name: entry.name,
  artifact_location: entry.artifactLocation,
  lifecycle_stage: entry.lifecycle,
  creation_time: entry.createdAt,
  last_update_time: entry.updatedAt,
  tags: entriesOf(entry.tags),
});
