import { notFound } from '../server/api-error.ts';
import { optionalText, requiredText } from '../server/read-fields.ts';
import type { Route } from '../server/router.ts';
import type { ExperimentEntry, MlflowStore } from './mlflow-store.ts';
import { addTags } from './mlflow-store.ts';
import { readEntries } from './read-entries.ts';

const BASE = '/api/2.0/mlflow/experiments';

/** @see spec/mlflow-rest.md §2 */
export function experimentRoutes(store: MlflowStore): Route[] {
  const setLifecycle = (action: string, lifecycle: 'active' | 'deleted'): Route => ({
    method: 'POST',
    path: `${BASE}/${action}`,
    handle: ({ body }) => {
      store.experiment(requiredText(body, 'experiment_id')).lifecycle = lifecycle;
      return {};
    },
  });
  return [
    {
      method: 'POST',
      path: `${BASE}/create`,
      handle: ({ body }) => {
        const tags = readEntries(body['tags'], 'tags');
        const entry = store.createExperiment(
          requiredText(body, 'name'),
          optionalText(body, 'artifact_location'),
        );
        addTags(entry.tags, tags);
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
        const entry = [...store.experiments.values()].find((each) => each.name === name);
        if (entry === undefined) throw notFound(`Could not find experiment with name '${name}'`);
        return { experiment: experimentBody(entry) };
      },
    },
    {
      method: 'POST',
      path: `${BASE}/search`,
      handle: () => ({
        experiments: [...store.experiments.values()]
          .filter((each) => each.lifecycle === 'active')
          .map(experimentBody),
      }),
    },
    {
      method: 'POST',
      path: `${BASE}/set-experiment-tag`,
      handle: ({ body }) => {
        const { tags } = store.experiment(requiredText(body, 'experiment_id'));
        addTags(tags, [{ key: requiredText(body, 'key'), value: optionalText(body, 'value') ?? '' }]);
        return {};
      },
    },
    setLifecycle('delete', 'deleted'),
    setLifecycle('restore', 'active'),
  ];
}

export const entriesOf = (map: ReadonlyMap<string, string>) =>
  [...map].map(([key, value]) => ({ key, value }));

const experimentBody = (entry: ExperimentEntry) => ({
  experiment_id: entry.experimentId,
  name: entry.name,
  artifact_location: entry.artifactLocation,
  lifecycle_stage: entry.lifecycle,
  creation_time: entry.createdAt,
  last_update_time: entry.createdAt,
  tags: entriesOf(entry.tags),
});
