import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { benchmarkSchema, type Benchmark } from '../../src/benchmarks/index.ts';
import {
  connect,
  EvalRunsClient,
  JobsClient,
  MlflowClient,
  type ConnectedWorkspace,
} from '../../src/clients/index.ts';
import {
  agreementReport,
  EVAL_RESULTS_ARTIFACT,
  evalRunEvaluator,
  evaluationArtifacts,
  jobEvaluator,
  nativeEvaluator,
  renderAgreement,
  routingEvaluator,
  type EvaluationRequest,
} from '../../src/evaluation/index.ts';
import {
  scriptedGenie,
  startLocalWorkspace,
  type LocalJobContext,
  type LocalWorkspace,
} from '../../src/local/index.ts';
import { parseSpace } from '../../src/spaces/index.ts';
import { FIXTURE } from '../local/http.ts';

const NAMES = 'SELECT branch_name FROM town.library.branches';

/** What is asked, the answer key and what Genie says; those with `stored` are in the space. */
const CASES = [
  { id: 'right', key: NAMES, genie: `${NAMES} ORDER BY 1`, stored: true },
  { id: 'too_few', key: NAMES, genie: `${NAMES} LIMIT 2`, stored: true },
  // Genie's own evaluation takes five significant digits, ours the whole number.
  { id: 'digits', key: 'SELECT 1234567 AS n', genie: 'SELECT 1234568 AS n', stored: true },
  { id: 'empty_key', key: `${NAMES} WHERE false`, genie: NAMES, stored: true },
  { id: 'unknown_to_space', key: NAMES, genie: `${NAMES} ORDER BY 1`, stored: false },
] as const;
const questionOf = (id: string): string => `What about ${id.replaceAll('_', ' ')}?`;
const questions: Benchmark[] = CASES.map(({ id, key }) =>
  benchmarkSchema.parse({ id, question: questionOf(id), expected_sql: key, split: 'train' }),
);

let local: LocalWorkspace;
let workspace: ConnectedWorkspace;
let mlflow: MlflowClient;
let request: EvaluationRequest;
/** What the job does when it runs. */
let job: (context: LocalJobContext) => Promise<string> | string;

beforeAll(async () => {
  local = await startLocalWorkspace({
    sample: FIXTURE,
    mlflowFlavor: 'open-source',
    jobs: [{ name: 'dev-genie-evaluation', run: (context) => job(context) }],
    genie: scriptedGenie({
      otherwise: 0,
      answers: CASES.map(({ id, key, genie }) => ({
        id,
        question: questionOf(id),
        expected_sql: key,
        wrong_sql: genie,
      })),
    }),
  });
  workspace = await connect({
    host: local.host,
    token: local.token,
    startsPerMinute: null,
    sources: { env: {} },
    spaceId: local.spaceId,
  });
  mlflow = new MlflowClient({ http: workspace.http, flavor: 'open-source' });
  const { serializedSpace } = await workspace.genie.getSpace(local.spaceId);
  const stored = CASES.filter((one) => one.stored).map(({ id, key }, at) => ({
    id: String(at + 1).repeat(32),
    question: [questionOf(id).toUpperCase()],
    answer: [{ format: 'SQL', content: [key] }],
  }));
  const updated = await workspace.genie.updateSpace(local.spaceId, {
    serializedSpace: JSON.stringify({
      ...(JSON.parse(serializedSpace) as object),
      benchmarks: { questions: stored },
    }),
  });
  request = {
    spaceId: local.spaceId,
    questions,
    scope: 'full',
    iteration: 0,
    space: parseSpace(updated.serializedSpace),
    catalog: { tables: [], functions: [] },
  };
});
afterAll(() => local.close());

const secondOpinion = () =>
  evalRunEvaluator({
    evalRuns: new EvalRunsClient({ http: workspace.http, pollInterval: () => 5 }),
  }).evaluate(request);
const native = () => nativeEvaluator({ workspace }).evaluate(request);

describe('evalRunEvaluator on the embedded workspace', () => {
  it('takes over the verdicts of Genie, and excludes what has none', async () => {
    const result = await secondOpinion();
    expect(result.evaluator).toBe('eval-runs');
    expect(
      result.rows.map(({ question_id, correct, exclusion }) => [
        question_id,
        correct,
        exclusion?.reason_code ?? null,
      ]),
    ).toEqual([
      ['right', true, null],
      ['too_few', false, null],
      ['digits', true, null],
      ['empty_key', null, 'ground_truth_failed'],
      ['unknown_to_space', null, 'genie_result_unavailable'],
    ]);
    expect(result.rows[1]?.asi[0]?.asi).toMatchObject({
      failure_type: 'missing_filter',
      actual_value: 'RESULT_MISSING_ROWS',
    });
    expect(result.rows[4]?.exclusion?.reason_detail).toContain('does not hold this question');
  });

  it('is compared with our own evaluation row by row', async () => {
    const report = agreementReport(await native(), await secondOpinion());
    expect(report).toMatchObject({ first: 'native', second: 'eval-runs', both_decided: 3, unmatched: [] });
    expect(report.confusion).toEqual({
      pass: { pass: 1, fail: 0, undecided: 1 },
      fail: { pass: 1, fail: 1, undecided: 1 },
      undecided: { pass: 0, fail: 0, undecided: 0 },
    });
    expect(report.agreement_pct).toBeCloseTo(200 / 3);
    // 2 of 3 agree; by chance 1/3 × 2/3 + 2/3 × 1/3 = 4/9 would.
    expect(report.kappa).toBeCloseTo((2 / 3 - 4 / 9) / (1 - 4 / 9));
    expect(report.disagreements).toMatchObject([
      { question_id: 'digits', first: 'fail', second: 'pass', same_sql: true },
    ]);
    const text = renderAgreement(report);
    expect(text).toContain('| fail | 1 | 1 | 1 |');
    expect(text).toContain('kappa 0.40');
    expect(text).toContain('digits: What about digits?');
  });
});

describe('jobEvaluator on the embedded workspace', () => {
  const evaluator = () =>
    jobEvaluator({
      jobs: new JobsClient({ http: workspace.http, pollInterval: () => 5 }),
      mlflow,
      jobName: 'dev-genie-evaluation',
      parameters: { domain: 'library' },
    });

  it('starts the job, waits, and reads the rows that it left in MLflow', async () => {
    const expected = await native();
    let parameters: Readonly<Record<string, string>> = {};
    job = async (context) => {
      ({ parameters } = context);
      const experimentId = await mlflow.experiments.ensure('/Shared/evaluation');
      const run = await mlflow.runs.start({ experimentId });
      // The job has not got to the last question.
      const rows = { ...expected, rows: expected.rows.slice(0, -1) };
      for (const { path, text } of evaluationArtifacts(rows)) await mlflow.artifacts.write(run, path, text);
      await mlflow.runs.end(run.runId);
      return JSON.stringify({ run_id: run.runId, overall_accuracy: 0.5 });
    };
    const result = await evaluator().evaluate({ ...request, iteration: 3, scope: 'p0' });
    expect(parameters).toEqual({
      domain: 'library',
      space_id: local.spaceId,
      iteration: '3',
      eval_scope: 'p0',
    });
    expect(result).toMatchObject({ evaluator: 'job', iteration: 3, total_questions: 5, excluded_count: 1 });
    const kept = expected.rows.slice(0, -1);
    expect(result.rows.slice(0, -1).map(({ correct }) => correct)).toEqual(
      kept.map(({ correct }) => correct),
    );
    expect(result.rows.slice(0, -1).map(({ asi }) => asi)).toEqual(kept.map(({ asi }) => asi));
    expect(result.rows.slice(0, -1).map(({ verdicts }) => verdicts['arbiter']?.value)).toEqual(
      kept.map(({ verdicts }) => verdicts['arbiter']?.value),
    );
    expect(result.rows.at(-1)?.exclusion).toEqual({
      reason_code: 'infrastructure',
      reason_detail: 'The job returned no row for this question.',
    });
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    ['prose', async () => 'All went well.', /without a JSON object that holds 'run_id'/],
    [
      'JSON without a run',
      async () => '{"overall_accuracy": 0}',
      /without a JSON object that holds 'run_id'/,
    ],
    [
      'a run without rows',
      async () => {
        const experimentId = await mlflow.experiments.ensure('/Shared/evaluation');
        return JSON.stringify({ run_id: (await mlflow.runs.start({ experimentId })).runId });
      },
      /left no 'evaluation\/eval_results.json'/,
    ],
    [
      'rows that are no rows',
      async () => {
        const experimentId = await mlflow.experiments.ensure('/Shared/evaluation');
        const run = await mlflow.runs.start({ experimentId });
        await mlflow.artifacts.write(run, EVAL_RESULTS_ARTIFACT, '[{"correct": "perhaps"}]');
        return JSON.stringify({ run_id: run.runId });
      },
      /of another form \(0.correct/,
    ],
    ['a failure', () => Promise.reject(new TypeError('no such notebook')), /ended as FAILED/],
  ])('makes no score of %s', async (_what, run, message) => {
    job = run;
    await expect(evaluator().evaluate(request)).rejects.toMatchObject({
      code: 'JOB_EVALUATION',
      message: expect.stringMatching(message),
    });
  });

  it('says which job is missing', async () => {
    const jobs = new JobsClient({ http: workspace.http });
    await expect(jobEvaluator({ jobs, mlflow, jobName: 'nobody' }).evaluate(request)).rejects.toMatchObject({
      message: expect.stringContaining("'nobody' does not exist"),
    });
  });
});

describe('routingEvaluator', () => {
  it('looks at the kind of asset only, and gives no accuracy', async () => {
    const result = await routingEvaluator({ genie: workspace.genie }).evaluate(request);
    expect(result).toMatchObject({
      evaluator: 'routing',
      scores: { asset_routing: 100 },
      overall_accuracy: null,
      evaluated_count: 0,
      total_questions: 5,
    });
  });
});

describe('evaluators', () => {
  it('say what they can, so that a run can refuse them before it writes anything', () => {
    const evalRuns = new EvalRunsClient({ http: workspace.http });
    const jobs = new JobsClient({ http: workspace.http });
    expect(nativeEvaluator({ workspace }).capabilities.emitsAsi).toBe(true);
    expect(jobEvaluator({ jobs, mlflow, jobName: 'j' }).capabilities).toMatchObject({
      emitsAsi: true,
      honoursScope: false,
      rerun: false,
    });
    expect(evalRunEvaluator({ evalRuns }).capabilities).toMatchObject({
      judges: ['result_correctness'],
      emitsAsi: false,
    });
    expect(routingEvaluator({ genie: workspace.genie }).capabilities.judges).toEqual(['asset_routing']);
  });
});
