import { questionsInScope, type BenchmarkSuite, type ScopeOptions } from '../benchmarks/index.ts';
import { evaluate, type EvaluateOptions } from './evaluate.ts';
import type { EvaluationResult } from './evaluation-result.ts';

export interface EvaluateSuiteOptions extends Omit<EvaluateOptions, 'questions'> {
  readonly suite: BenchmarkSuite;
  /** What a `slice` is cut by. */
  readonly scopeOptions?: ScopeOptions | undefined;
}

/**
 * Evaluates the questions of a suite that are in the scope; its own variables are used unless others are given.
 *
 * Held-out questions are asked in scope `held_out` alone.
 */
export function evaluateSuite({
  suite,
  scopeOptions,
  ...options
}: EvaluateSuiteOptions): Promise<EvaluationResult> {
  const questions = questionsInScope(suite, options.scope, scopeOptions);
  return evaluate({ ...options, questions, variables: options.variables ?? suite.variables });
}
