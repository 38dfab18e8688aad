import {
  questionsInScope,
  type BenchmarkSuite,
  type ScopeOptions,
  type SplitBenchmark,
} from '../benchmarks/index.ts';
import { InvalidOptionError, nearestName } from '../core/index.ts';
import { evaluate, type EvaluateOptions } from './evaluate.ts';
import type { EvaluationResult } from './evaluation-result.ts';

export interface EvaluateSuiteOptions extends Omit<EvaluateOptions, 'questions'> {
  readonly suite: BenchmarkSuite;
  /** What a `slice` is cut by. */
  readonly scopeOptions?: ScopeOptions | undefined;
  /** Of the questions in the scope, these alone. */
  readonly ids?: readonly string[] | undefined;
}

/**
 * Evaluates the questions of a suite that are in the scope; its own variables are used unless others are given.
 *
 * Held-out questions are asked in scope `held_out` alone, also when `ids` names them.
 *
 * @throws {InvalidOptionError} for an id that the scope does not hold
 */
export async function evaluateSuite({
  suite,
  scopeOptions,
  ids,
  ...options
}: EvaluateSuiteOptions): Promise<EvaluationResult> {
  const inScope = questionsInScope(suite, options.scope, scopeOptions);
  const questions = ids === undefined ? inScope : chosen(inScope, ids, options.scope);
  return evaluate({ ...options, questions, variables: options.variables ?? suite.variables });
}

function chosen(
  questions: readonly SplitBenchmark[],
  ids: readonly string[],
  scope: string,
): readonly SplitBenchmark[] {
  const wanted = new Set(ids);
  const known = questions.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    const nearest = nearestName(unknown, known);
    throw new InvalidOptionError(
      'ids',
      `must name questions of scope '${scope}', not '${unknown}'${nearest === null ? '' : `; did you mean '${nearest}'?`}`,
    );
  }
  return questions.filter(({ id }) => wanted.has(id));
}
