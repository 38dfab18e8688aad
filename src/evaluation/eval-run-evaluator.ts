import { buildAsi } from '../asi/index.ts';
import { questionKey, type Benchmark } from '../benchmarks/index.ts';
import { hashOf, OptimizerError } from '../core/index.ts';
import {
  defineJudge,
  detectAsset,
  type Judge,
  type JudgeInput,
  type ResultComparison,
} from '../judges/index.ts';
import type { EvalResult, EvalRunsPort } from '../ports/index.ts';
import type { Space } from '../spaces/index.ts';
import { analyzeSql, sanitizeSql, type SqlFactsCache, type TemplateVariables } from '../sql/index.ts';
import { evalRunReason } from './eval-run-reasons.ts';
import type { EvaluationRequest, Evaluator } from './evaluator.ts';
import { evaluateWith } from './harness.ts';
import { knownTables } from './known-tables.ts';
import type { Prediction } from './prediction.ts';
import { answerKeyText, NOTHING_COMPARED } from './statements.ts';

/** A run of Genie's own evaluation ended without verdicts. */
export class EvalRunFailedError extends OptimizerError {
  constructor(evalRunId: string, status: string) {
    super(
      `Evaluation run ${evalRunId} ended as ${status}. Open it in the space, under Benchmarks, and start it again; or use nativeEvaluator().`,
      { code: 'EVAL_RUN_FAILED', retryable: true, details: { evalRunId, status } },
    );
  }
}

export interface EvalRunEvaluatorOptions {
  readonly evalRuns: EvalRunsPort;
  /** Values of `${catalog}` and others in the answer keys. */
  readonly variables?: TemplateVariables | undefined;
  /** How long a run may take; default that of the client. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Lets Genie evaluate itself: its eval-runs over the benchmarks stored in the space (beta).
 *
 * A second opinion. It knows one verdict a question and reasons without objects, so proposals cannot be
 * made from it. A question that the space does not hold, by id or by its words, is excluded; so is one
 * that is left to a person (`NEEDS_REVIEW`), whose answer key returns nothing, or that was lost.
 *
 * @see spec/databricks-apis.md §2.4, decisions 8
 */
export function evalRunEvaluator(options: EvalRunEvaluatorOptions): Evaluator {
  return {
    name: 'eval-runs',
    capabilities: { judges: ['result_correctness'], emitsAsi: false, honoursScope: true, rerun: true },
    evaluate: async (request) => {
      const stored = storedIds(request.questions, request.space);
      const results = await resultsOf(request, [...new Set(stored.values())], options);
      return evaluateWith({
        ...request,
        configHash: request.configHash ?? hashOf(request.space),
        kept: undefined,
        judges: [GENIES_VERDICT],
        predict: predictor(request, stored, results, options.variables ?? {}),
        evaluator: 'eval-runs',
      });
    },
  };
}

/** Ids under which the space holds the questions, by our own ids. */
function storedIds(questions: readonly Benchmark[], space: Space): ReadonlyMap<string, string> {
  const held = space.benchmarks?.questions ?? [];
  const ids = new Set(held.map(({ id }) => id));
  const byWords = new Map(held.map(({ id, question }) => [questionKey(question.join('')), id]));
  return new Map(
    questions.flatMap((benchmark): [string, string][] => {
      const known = [benchmark['space_question_id'], benchmark.id].find(
        (id): id is string => typeof id === 'string' && ids.has(id),
      );
      const found = known ?? byWords.get(questionKey(benchmark.question));
      return found === undefined ? [] : [[benchmark.id, found]];
    }),
  );
}

async function resultsOf(
  { spaceId, signal }: EvaluationRequest,
  ids: readonly string[],
  { evalRuns, timeoutMs }: EvalRunEvaluatorOptions,
): Promise<ReadonlyMap<string, EvalResult>> {
  if (ids.length === 0) return new Map();
  const { evalRunId } = await evalRuns.create(spaceId, ids, { signal });
  const run = await evalRuns.wait(spaceId, evalRunId, {
    signal,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  if (run.status !== 'DONE') throw new EvalRunFailedError(evalRunId, run.status);
  const results = await evalRuns.results(spaceId, evalRunId, { signal });
  return new Map(results.map((result) => [result.questionId, result]));
}

const predictor = (
  { space, catalog }: EvaluationRequest,
  stored: ReadonlyMap<string, string>,
  results: ReadonlyMap<string, EvalResult>,
  variables: TemplateVariables,
): ((benchmark: Benchmark) => Promise<Prediction>) => {
  const tables = knownTables(catalog, space);
  const tablesKey = hashOf(tables);
  const cache: SqlFactsCache = new Map();
  return async (benchmark) => {
    const id = stored.get(benchmark.id);
    const result = id === undefined ? undefined : results.get(id);
    const read = (sql: string) => analyzeSql(sql, { tables, tablesKey, cache });
    const expectedSql = answerKeyText(benchmark.expected_sql, variables);
    const sql = result?.actualSql ?? null;
    const generatedSql = sql === null ? null : sanitizeSql(sql).sql || null;
    const generatedFacts = generatedSql === null ? null : await read(generatedSql);
    const input: JudgeInput = {
      benchmark,
      expectedSql,
      generatedSql,
      answerText: null,
      expectedFacts: await read(expectedSql),
      generatedFacts,
      explain: null,
      comparison: comparisonOf(id, result),
      expectedAsset: benchmark.expected_asset,
      actualAsset: detectAsset(generatedFacts, space, catalog),
      space,
      catalog,
    };
    return {
      input,
      status: result?.assessment ?? 'NOT_ASSESSED',
      conversationId: null,
      statementId: null,
      timing: { genie: 0, sql: 0 },
      asked: false,
    };
  };
};

/** Genie's assessment as a comparison; the reasons travel in its error, one code after another. */
function comparisonOf(id: string | undefined, result: EvalResult | undefined): ResultComparison {
  const exclude = (exclusion: ResultComparison['exclusion'], message: string): ResultComparison => ({
    ...NOTHING_COMPARED,
    exclusion,
    error: { side: exclusion === 'ground_truth_failed' ? 'expected' : 'actual', errorClass: null, message },
  });
  if (id === undefined)
    return exclude(
      'genie_result_unavailable',
      'The space does not hold this question among its benchmarks: store it there first (writeSpaceQuestions).',
    );
  if (result === undefined)
    return exclude('infrastructure', 'The evaluation run holds no result for this question.');
  for (const code of result.reasons) {
    const reason = evalRunReason(code);
    if ('exclusion' in reason) return exclude(reason.exclusion, `${code}: ${reason.text}.`);
  }
  const codes = result.reasons.join(' ');
  if (result.assessment === 'GOOD') return { ...NOTHING_COMPARED, match: true };
  if (result.assessment === 'BAD')
    return {
      ...NOTHING_COMPARED,
      match: false,
      error: { side: 'actual', errorClass: codes, message: codes },
    };
  return exclude(
    'genie_result_unavailable',
    `Genie's assessment is ${result.assessment ?? 'missing'}${codes === '' ? '' : ` (${codes})`}: a person decides.`,
  );
}

/** Puts Genie's assessment into the words of a judge. */
const GENIES_VERDICT: Judge = defineJudge({
  name: 'result_correctness',
  kind: 'code',
  targetPct: 85,
  judge: ({ comparison }) => {
    const { exclusion, match, error } = comparison;
    if (exclusion !== null)
      return { status: 'excluded', reason: exclusion, rationale: error?.message ?? exclusion };
    if (match === true) return { status: 'scored', value: 'yes', rationale: 'Genie assessed it as GOOD.' };
    const codes = (error?.errorClass ?? '').split(' ').filter((code) => code !== '');
    const reasons = codes.map(evalRunReason).flatMap((reason) => ('failureType' in reason ? [reason] : []));
    const first = reasons.find(({ failureType }) => failureType !== 'other') ?? reasons[0];
    const texts = codes.map((code) => `${code}: ${evalRunReason(code).text}`);
    return {
      status: 'scored',
      value: 'no',
      rationale: `Genie assessed it as BAD${texts.length === 0 ? ', without a reason' : ` (${texts.join('; ')})`}.`,
      asi: buildAsi({
        failure_type: first?.failureType ?? 'other',
        severity: 'major',
        // A reason without objects says less than a comparison of our own.
        confidence: 0.5,
        wrong_clause: first?.clause ?? null,
        actual_value: codes.join(', ') || null,
      }),
    };
  },
});
