import { invalidParameter } from './api-error.ts';
import type { EvalResultEntry, EvalRunEntry, EvalRuns } from './eval-runs.ts';
import { pageOf } from './paging.ts';
import type { Route } from './router.ts';
import type { SpaceStore } from './space-store.ts';
import { statementResponse } from './statement-wire.ts';
import type { Statement } from './statement-store.ts';

const RUNS = '/api/2.0/genie/spaces/:space_id/eval-runs';
const RUN = `${RUNS}/:eval_run_id`;
const USER = 'local.user@example.com';
const PAGES = { size: 100, max: 1000 } as const;

/** Evaluation runs over the benchmark questions stored in a space. @see spec/databricks-apis.md §2.4 */
export function evalRunRoutes(spaces: SpaceStore, runs: EvalRuns): Route[] {
  const find = (params: Readonly<Record<string, string>>): EvalRunEntry =>
    runs.get(spaces.get(params['space_id'] ?? '').spaceId, params['eval_run_id'] ?? '');
  return [
    {
      method: 'POST',
      path: RUNS,
      handle: ({ params, body }) => {
        const { spaceId } = spaces.get(params['space_id'] ?? '');
        return runBody(runs.create(spaceId, spaces.content(spaceId), idsOf(body['benchmark_question_ids'])));
      },
    },
    {
      method: 'GET',
      path: RUNS,
      handle: ({ params, query }) => {
        const page = pageOf(runs.list(spaces.get(params['space_id'] ?? '').spaceId), query, PAGES);
        return { eval_runs: page.items.map(runBody), ...nextPage(page.nextPageToken) };
      },
    },
    { method: 'GET', path: RUN, handle: ({ params }) => runBody(find(params)) },
    {
      method: 'GET',
      path: `${RUN}/results`,
      handle: ({ params, query }) => {
        const run = find(params);
        const page = pageOf(run.results, query, PAGES);
        return {
          eval_results: page.items.map((result) => resultBody(run, result)),
          ...nextPage(page.nextPageToken),
        };
      },
    },
    {
      method: 'GET',
      path: `${RUN}/results/:result_id`,
      handle: ({ params }) => {
        const run = find(params);
        return detailBody(run, runs.result(run.spaceId, run.evalRunId, params['result_id'] ?? ''));
      },
    },
  ];
}

const nextPage = (token: string | undefined) => (token === undefined ? {} : { next_page_token: token });

function idsOf(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every((id): id is string => typeof id === 'string')) return value;
  throw invalidParameter("Field 'benchmark_question_ids' must be an array of strings.");
}

const runBody = (run: EvalRunEntry) => ({
  eval_run_id: run.evalRunId,
  eval_run_status: run.status,
  num_questions: run.results.length,
  num_done: run.results.filter((result) => result.status === 'DONE').length,
  num_correct: run.results.filter((result) => result.verdict?.assessment === 'GOOD').length,
  num_needs_review: run.results.filter((result) => result.verdict?.assessment === 'NEEDS_REVIEW').length,
  run_by_user: USER,
  created_timestamp: run.createdAt,
  last_updated_timestamp: run.updatedAt,
});

const resultBody = (run: EvalRunEntry, result: EvalResultEntry) => ({
  result_id: result.resultId,
  space_id: run.spaceId,
  benchmark_question_id: result.benchmarkQuestionId,
  question: result.question,
  ...(result.expectedSql === null ? {} : { benchmark_answer: result.expectedSql }),
  status: result.status,
  created_by_user: USER,
});

const detailBody = (run: EvalRunEntry, result: EvalResultEntry) => ({
  result_id: result.resultId,
  space_id: run.spaceId,
  benchmark_question_id: result.benchmarkQuestionId,
  eval_run_status: result.status,
  ...(result.verdict === null
    ? {}
    : { assessment: result.verdict.assessment, assessment_reasons: result.verdict.reasons }),
  manual_assessment: false,
  actual_response: [
    ...sqlResponse(result.actualSql, result.actualStatement),
    ...(result.actualText === null ? [] : [{ response_type: 'TEXT', response: result.actualText }]),
  ],
  expected_response: sqlResponse(result.expectedSql, result.expectedStatement),
});

const sqlResponse = (sql: string | null, statement: Statement | null) =>
  sql === null
    ? []
    : [
        {
          response_type: 'SQL',
          response: sql,
          ...(statement === null ? {} : { sql_execution_result: statementResponse(statement) }),
        },
      ];
