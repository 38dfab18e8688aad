import type { Benchmark } from '../benchmarks/index.ts';
import { hashOf } from '../core/index.ts';
import { assetRoutingJudge, detectAsset, type AssetRoutingOptions } from '../judges/index.ts';
import type { GeniePort } from '../ports/index.ts';
import { analyzeSql, sanitizeSql, type SqlFactsCache, type TemplateVariables } from '../sql/index.ts';
import { askOnce } from './ask-once.ts';
import { EVALUATION_DEFAULTS } from './evaluate.ts';
import type { EvaluationRequest, Evaluator } from './evaluator.ts';
import { evaluateWith } from './harness.ts';
import { knownTables } from './known-tables.ts';
import type { Prediction } from './prediction.ts';
import { answerKeyText, excludedComparison } from './statements.ts';

export interface RoutingEvaluatorOptions extends AssetRoutingOptions {
  readonly genie: Pick<GeniePort, 'ask'>;
  readonly variables?: TemplateVariables | undefined;
  /** Questions under way at once, 1–64. */
  readonly concurrency?: number | undefined;
  readonly genieTimeoutMs?: number | undefined;
}

/**
 * A smoke test: asks Genie and looks only at the kind of asset that it read; no statement is run.
 *
 * Its figure is `scores.asset_routing`. No result is compared, so no row counts towards an accuracy:
 * the share of right routes never appears under that name.
 *
 * @see spec/evaluation.md §8.3, decisions 8
 */
export function routingEvaluator(options: RoutingEvaluatorOptions): Evaluator {
  const judges = [
    assetRoutingJudge(options.softRouting === undefined ? {} : { softRouting: options.softRouting }),
  ];
  return {
    name: 'routing',
    capabilities: { judges: ['asset_routing'], emitsAsi: false, honoursScope: true, rerun: true },
    evaluate: (request) =>
      evaluateWith({
        ...request,
        configHash: request.configHash ?? hashOf(request.space),
        judges,
        concurrency: options.concurrency,
        predict: routePredictor(request, options),
        evaluator: 'routing',
      }),
  };
}

function routePredictor(
  { spaceId, space, catalog, signal }: EvaluationRequest,
  { genie, variables = {}, genieTimeoutMs = EVALUATION_DEFAULTS.genieTimeoutMs }: RoutingEvaluatorOptions,
): (benchmark: Benchmark) => Promise<Prediction> {
  const tables = knownTables(catalog, space);
  const cache: SqlFactsCache = new Map();
  const analysis = { tables, tablesKey: hashOf(tables), cache };
  return async (benchmark) => {
    const { answer, exclusion } = await askOnce(benchmark.question, {
      genie,
      spaceId,
      genieTimeoutMs,
      signal,
    });
    const sql = exclusion === null && answer.sql !== null ? sanitizeSql(answer.sql).sql : '';
    const expectedSql = answerKeyText(benchmark.expected_sql, variables);
    const generatedFacts = sql === '' ? null : await analyzeSql(sql, analysis);
    return {
      input: {
        benchmark,
        expectedSql,
        generatedSql: sql === '' ? null : sql,
        answerText: answer?.text ?? null,
        expectedFacts: await analyzeSql(expectedSql, analysis),
        generatedFacts,
        explain: null,
        comparison:
          exclusion === null
            ? {
                ...excludedComparison({ reason: 'genie_result_unavailable', detail: NOT_COMPARED }, 'actual'),
                exclusion: null,
              }
            : excludedComparison(exclusion, 'actual'),
        expectedAsset: benchmark.expected_asset,
        actualAsset: detectAsset(generatedFacts, space, catalog),
        space,
        catalog,
      },
      status: answer?.status ?? 'NOT_ANSWERED',
      conversationId: answer?.conversationId ?? null,
      statementId: answer?.statementId ?? null,
      timing: { genie: answer?.elapsedMs ?? 0, sql: 0 },
      asked: true,
    };
  };
}

const NOT_COMPARED = 'The routing evaluator runs no statement and compares no result.';
