import * as z from 'zod';
import type { Benchmark } from '../benchmarks/index.ts';
import { hashOf, OptimizerError } from '../core/index.ts';
import { defineJudge, JUDGE_NAMES, type Judge } from '../judges/index.ts';
import type { JobsPort, MlflowPort, TaskOutput } from '../ports/index.ts';
import { analyzeSql, type SqlFactsCache, type TemplateVariables } from '../sql/index.ts';
import type { EvaluationRow } from './evaluation-result.ts';
import type { EvaluationRequest, Evaluator } from './evaluator.ts';
import { evaluateWith } from './harness.ts';
import { knownTables } from './known-tables.ts';
import type { Predictor } from './prediction.ts';
import {
  artifactQuestionId,
  artifactRowSchema,
  fromArtifactRow,
  type ArtifactRow,
} from './read-artifact-row.ts';
import { answerKeyText, excludedComparison } from './statements.ts';

/** A job that was to evaluate gave nothing that can be read; no score is made up from it. */
export class JobEvaluationError extends OptimizerError {
  constructor(job: string, problem: string, details: Readonly<Record<string, unknown>> = {}) {
    super(`Evaluation job '${job}' ${problem}`, { code: 'JOB_EVALUATION', details: { job, ...details } });
  }
}

export interface JobEvaluatorOptions {
  readonly jobs: JobsPort;
  /** Reads what the job left in its MLflow run. */
  readonly mlflow: Pick<MlflowPort, 'runs' | 'artifacts'>;
  /** Name of the job, without regard to case. */
  readonly jobName: string;
  /** Sent besides `space_id`, `iteration` and `eval_scope`: experiment, paths, domain, catalog … @see spec/evaluation.md §2 */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly variables?: TemplateVariables | undefined;
  /** How long a run may take; default that of the client. */
  readonly timeoutMs?: number | undefined;
}

/** Where the rows of an evaluation are, in its MLflow run. */
export const EVAL_RESULTS_ARTIFACT = 'evaluation/eval_results.json';

/**
 * Evaluates by a Databricks job, for teams whose harness runs in the workspace.
 *
 * The job ends with a JSON object that names its MLflow run (`run_id`); rows are read from the artifact
 * `evaluation/eval_results.json` of that run, since an exit value has room for a summary only. The job
 * chooses its questions by scope: rows of other questions are left out, and questions without a row are
 * excluded, not failed.
 *
 * @see spec/evaluation.md §13, decisions 8
 */
export function jobEvaluator(options: JobEvaluatorOptions): Evaluator {
  return {
    name: 'job',
    capabilities: { judges: JUDGE_NAMES, emitsAsi: true, honoursScope: false, rerun: false },
    evaluate: async (request) => {
      const artifactRows = await runJob(request, options);
      const judges = JUDGE_NAMES.map(silentJudge);
      return evaluateWith({
        ...request,
        configHash: request.configHash ?? hashOf(request.space),
        judges,
        kept: await readRows(request, artifactRows, options.variables ?? {}),
        predict: missingRow(request, options.variables ?? {}),
        evaluator: 'job',
      });
    },
  };
}

async function runJob(
  { spaceId, iteration, scope, signal }: EvaluationRequest,
  { jobs, mlflow, jobName, parameters = {}, timeoutMs }: JobEvaluatorOptions,
): Promise<readonly ArtifactRow[]> {
  const found = await jobs.findByName(jobName, { signal });
  const [jobId] = found;
  if (jobId === undefined || found.length > 1)
    throw new JobEvaluationError(
      jobName,
      found.length === 0
        ? 'does not exist. Deploy it, or use nativeEvaluator().'
        : `is not the only one of that name (${found.join(', ')}). Rename the others.`,
    );
  const started = await jobs.runNow(jobId, {
    signal,
    parameters: {
      ...parameters,
      space_id: spaceId,
      iteration: String(iteration),
      ...(scope === 'full' ? {} : { eval_scope: scope }),
    },
  });
  const run = await jobs.waitForRun(started, { signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  const details = { runId: run.runId, pageUrl: run.pageUrl };
  if (run.resultState !== 'SUCCESS')
    throw new JobEvaluationError(
      jobName,
      `ended as ${run.resultState ?? run.lifeCycleState}: ${run.message || 'no message'}. Look at ${run.pageUrl ?? `run ${run.runId}`}.`,
      details,
    );
  const output = await jobs.taskOutput(run.tasks[0]?.runId ?? run.runId, { signal });
  const runId = mlflowRunIn(output);
  if (runId === null)
    throw new JobEvaluationError(
      jobName,
      `ended without a JSON object that holds 'run_id'${output.truncated ? ' (its exit value was cut off)' : ''}. Let it exit with the summary only.`,
      details,
    );
  return artifactRows(mlflow, runId, jobName, signal);
}

function mlflowRunIn({ result }: TaskOutput): string | null {
  let exit: unknown;
  try {
    exit = JSON.parse(result ?? '');
  } catch {
    // Not JSON: the caller says what is wrong with it.
    return null;
  }
  const read = z.looseObject({ run_id: z.string().min(1) }).safeParse(exit);
  return read.success ? read.data.run_id : null;
}

async function artifactRows(
  mlflow: JobEvaluatorOptions['mlflow'],
  runId: string,
  jobName: string,
  signal: AbortSignal | undefined,
): Promise<readonly ArtifactRow[]> {
  const { artifactUri } = await mlflow.runs.get(runId, { signal });
  const owner = { runId, artifactUri };
  const bytes = await mlflow.artifacts.read(owner, EVAL_RESULTS_ARTIFACT, { signal });
  const fail = (problem: string) =>
    new JobEvaluationError(jobName, `left ${problem} in MLflow run ${runId}. Look at its artifacts.`, {
      runId,
    });
  if (bytes === null) throw fail(`no '${EVAL_RESULTS_ARTIFACT}'`);
  let rows: unknown;
  try {
    rows = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw fail(`an '${EVAL_RESULTS_ARTIFACT}' that is not JSON`);
  }
  const read = z.array(artifactRowSchema).safeParse(rows);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw fail(
      `an '${EVAL_RESULTS_ARTIFACT}' of another form (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`,
    );
  }
  return read.data;
}

async function readRows(
  { questions, catalog, space }: EvaluationRequest,
  artifactRowList: readonly ArtifactRow[],
  variables: TemplateVariables,
): Promise<ReadonlyMap<string, EvaluationRow>> {
  const byId = new Map(artifactRowList.map((row) => [artifactQuestionId(row), row]));
  const tables = knownTables(catalog, space);
  const cache: SqlFactsCache = new Map();
  const analysis = { tables, tablesKey: hashOf(tables), cache };
  const rows = new Map<string, EvaluationRow>();
  for (const benchmark of questions) {
    const row = byId.get(benchmark.id);
    if (row === undefined) continue;
    const expectedSql = answerKeyText(benchmark.expected_sql, variables);
    const generated = row['outputs/response'] || null;
    rows.set(
      benchmark.id,
      fromArtifactRow(row, benchmark, expectedSql, {
        expected: await analyzeSql(expectedSql, analysis),
        generated: generated === null ? null : await analyzeSql(generated, analysis),
      }),
    );
  }
  return rows;
}

/** A question the job has not asked, or whose row got lost. */
const missingRow =
  ({ space, catalog }: EvaluationRequest, variables: TemplateVariables): Predictor =>
  async (benchmark: Benchmark) => {
    const expectedSql = answerKeyText(benchmark.expected_sql, variables);
    return {
      input: {
        benchmark,
        expectedSql,
        generatedSql: null,
        answerText: null,
        expectedFacts: await analyzeSql(expectedSql),
        generatedFacts: null,
        explain: null,
        comparison: excludedComparison(
          { reason: 'infrastructure', detail: 'The job returned no row for this question.' },
          'actual',
        ),
        expectedAsset: benchmark.expected_asset,
        actualAsset: 'NONE',
        space,
        catalog,
      },
      status: 'NOT_ANSWERED',
      conversationId: null,
      statementId: null,
      timing: { genie: 0, sql: 0 },
      asked: false,
    };
  };

/** The judges sit in the job: here they only say that a row is missing. */
const silentJudge = (name: string): Judge =>
  defineJudge({
    name,
    kind: 'code',
    judge: ({ comparison }) => ({
      status: 'excluded',
      reason: comparison.exclusion ?? 'infrastructure',
      rationale: comparison.error?.message ?? 'The job returned no row.',
    }),
  });
