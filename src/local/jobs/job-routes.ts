import { invalidParameter } from '../server/api-error.ts';
import { LOCAL_USER } from '../server/identity-routes.ts';
import { bodyPage } from '../server/paging.ts';
import { optionalText } from '../server/read-fields.ts';
import type { ApiRequest, Route } from '../server/router.ts';
import { readObjects, readTextMap } from '../mlflow/read-entries.ts';
import { readId } from './job-runs.ts';
import type { JobEntry, JobRunEntry, JobRuns } from './job-runs.ts';

/** Both versions have the same form as far as they are served. */
const VERSIONS = ['2.1', '2.2'] as const;

/** The one task that a job of the embedded workspace has. */
const TASK_KEY = 'main';

/** @see spec/databricks-apis.md §6 */
const MAX_OUTPUT_CHARACTERS = 5 * 1024 * 1024;

/** @see spec/databricks-apis.md §6 */
export const jobRoutes = (runs: JobRuns): Route[] => VERSIONS.flatMap((version) => routesOf(version, runs));

function routesOf(version: string, runs: JobRuns): Route[] {
  const base = `/api/${version}/jobs`;
  const runIn = ({ query }: ApiRequest) => runs.run(readId(query.get('run_id'), 'run_id'));
  const page = <T>(items: readonly T[], query: URLSearchParams) =>
    bodyPage(
      items,
      { max_results: query.get('limit'), page_token: query.get('page_token') },
      { size: 20, max: 100 },
    );
  return [
    {
      method: 'POST',
      path: `${base}/create`,
      handle: ({ body }) => ({ job_id: runs.create(body, defaultsOf(body['parameters'])).jobId }),
    },
    {
      method: 'GET',
      path: `${base}/list`,
      handle: ({ query }) => {
        const name = query.get('name')?.toLowerCase();
        const found = [...runs.jobs.values()].filter(
          (entry) => name === undefined || entry.name.toLowerCase() === name,
        );
        const { items, next } = page(found, query);
        return { jobs: items.map(jobBody), has_more: 'next_page_token' in next, ...next };
      },
    },
    {
      method: 'GET',
      path: `${base}/get`,
      handle: ({ query }) => jobBody(runs.job(readId(query.get('job_id'), 'job_id'))),
    },
    {
      method: 'POST',
      path: `${base}/delete`,
      handle: ({ body }) => {
        runs.jobs.delete(runs.job(readId(body['job_id'], 'job_id')).jobId);
        return {};
      },
    },
    {
      method: 'POST',
      path: `${base}/run-now`,
      handle: ({ body }) => {
        const given = Object.fromEntries(readTextMap(body['job_parameters'], 'job_parameters'));
        const token = optionalText(body, 'idempotency_token');
        const run = runs.start(readId(body['job_id'], 'job_id'), given, token);
        return { run_id: run.runId, number_in_job: run.numberInJob };
      },
    },
    {
      method: 'GET',
      path: `${base}/runs/list`,
      handle: ({ query, host }) => {
        const jobId = query.get('job_id');
        const found = [...runs.runs.values()]
          .filter((run) => jobId === null || run.jobId === Number(jobId))
          .reverse();
        const { items, next } = page(found, query);
        return {
          runs: items.map((run) => runBody(run, host)),
          has_more: 'next_page_token' in next,
          ...next,
        };
      },
    },
    { method: 'GET', path: `${base}/runs/get`, handle: (request) => runBody(runIn(request), request.host) },
    {
      method: 'GET',
      path: `${base}/runs/get-output`,
      handle: (request) => {
        const run = runIn(request);
        const output = run.output ?? '';
        return {
          metadata: runBody(run, request.host),
          notebook_output:
            run.output === null
              ? {}
              : {
                  result: output.slice(0, MAX_OUTPUT_CHARACTERS),
                  truncated: output.length > MAX_OUTPUT_CHARACTERS,
                },
          ...(run.resultState === 'FAILED' ? { error: run.message } : {}),
        };
      },
    },
    {
      method: 'POST',
      path: `${base}/runs/cancel`,
      handle: ({ body }) => {
        runs.cancel(readId(body['run_id'], 'run_id'));
        return {};
      },
    },
  ];
}

const defaultsOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    readObjects(value, 'parameters').map(({ name, default: text }) => {
      if (typeof name !== 'string' || typeof text !== 'string')
        throw invalidParameter("Every parameter of a job must have a 'name' and a 'default'.");
      return [name, text];
    }),
  );

const jobBody = ({ jobId, name, settings, parameters, createdAt }: JobEntry) => ({
  job_id: jobId,
  creator_user_name: LOCAL_USER,
  created_time: createdAt,
  settings: {
    ...settings,
    name,
    parameters: Object.entries(parameters).map(([key, value]) => ({ name: key, default: value })),
  },
});

function runBody(run: JobRunEntry, host: string) {
  const state = {
    life_cycle_state: run.lifeCycleState,
    ...(run.resultState === null ? {} : { result_state: run.resultState }),
    state_message: run.message,
  };
  const status = {
    state: run.endTime === null ? run.lifeCycleState : 'TERMINATED',
    ...(run.endTime === null
      ? {}
      : {
          termination_details: {
            code: run.resultState === 'FAILED' ? 'RUN_EXECUTION_ERROR' : run.resultState,
            message: run.message,
          },
        }),
  };
  const times = { start_time: run.startTime, ...(run.endTime === null ? {} : { end_time: run.endTime }) };
  const pageUrl = `${host}/jobs/${run.jobId}/runs/${run.runId}`;
  return {
    job_id: run.jobId,
    run_id: run.runId,
    number_in_job: run.numberInJob,
    run_name: run.name,
    run_page_url: pageUrl,
    state,
    status,
    ...times,
    job_parameters: run.parameters,
    tasks: [
      {
        task_key: TASK_KEY,
        run_id: run.taskRunId,
        run_page_url: pageUrl,
        state,
        status,
        ...times,
      },
    ],
  };
}
