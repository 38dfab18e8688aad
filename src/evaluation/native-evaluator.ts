import { JUDGE_NAMES, structuralJudges } from '../judges/index.ts';
import { AskPool } from './ask-pool.ts';
import { evaluate, type EvaluateOptions } from './evaluate.ts';
import type { EvaluationRequest, Evaluator } from './evaluator.ts';
import { GroundTruthCache } from './ground-truth-cache.ts';

export type NativeEvaluatorOptions = Omit<EvaluateOptions, keyof EvaluationRequest>;

/** The default evaluator, with the record of what it asked. */
export interface NativeEvaluator extends Evaluator {
  readonly askPool: AskPool;
}

/**
 * Evaluates in this process: asks Genie, runs both statements, judges with all eight judges.
 *
 * Keeps results of answer keys and facts of statements for its own lifetime, so that a run executes
 * each answer key once a day.
 *
 * @see decisions 8
 */
export function nativeEvaluator(options: NativeEvaluatorOptions): NativeEvaluator {
  const judges = options.judges ?? structuralJudges();
  const askPool = options.askPool ?? new AskPool();
  const groundTruth = options.groundTruth ?? new GroundTruthCache();
  const factsCache = options.factsCache ?? new Map();
  return {
    name: 'native',
    capabilities: {
      judges: judges.map(({ name }) => name),
      emitsAsi: JUDGE_NAMES.some(
        (name) => name !== 'asset_routing' && judges.some((judge) => judge.name === name),
      ),
      honoursScope: true,
      rerun: true,
    },
    askPool,
    evaluate: (request) => evaluate({ ...options, ...request, judges, askPool, groundTruth, factsCache }),
  };
}
