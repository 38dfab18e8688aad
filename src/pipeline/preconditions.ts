import { answerKeySignal, type BenchmarkSuite } from '../benchmarks/index.ts';
import { OptimizerError } from '../core/index.ts';
import type { Evaluator } from '../evaluation/index.ts';
import { JUDGE_NAMES } from '../judges/index.ts';

/** The evaluator cannot tell what a phase needs; thrown before anything is asked or written. */
export class EvaluatorCapabilityError extends OptimizerError {
  constructor(evaluator: string, missing: readonly string[]) {
    super(
      `Evaluator '${evaluator}' lacks ${missing.join(', ')}. optimize() needs all eight judges with reasons: use nativeEvaluator, or set evaluateOnly.`,
      { code: 'EVALUATOR_CAPABILITY', details: { evaluator, missing } },
    );
  }
}

/** There is nothing to ask. */
export class NoQuestionsError extends OptimizerError {
  constructor(domain: string) {
    super(
      `The benchmark suite '${domain}' has no train or validation question. Add questions, or change their 'split'.`,
      {
        code: 'NO_BENCHMARKS',
        details: { domain },
      },
    );
  }
}

/** Fewest questions that make a measurement worth reading. @see spec/pipeline.md §1 */
export const MIN_BENCHMARKS = 10;

/**
 * Checks what can be checked before the first question is asked.
 *
 * @returns findings that do not stop the run
 * @throws {NoQuestionsError} @throws {EvaluatorCapabilityError}
 */
export function checkPreconditions(
  suite: BenchmarkSuite,
  evaluator: Evaluator,
  maxIterations: number,
  asksAgain = false,
  /** Questions may be generated later: none yet is no reason to stop. */
  mayGenerate = false,
): string[] {
  const askable = suite.questions.filter((question) => question.split !== 'held_out');
  if (askable.length === 0 && !mayGenerate) throw new NoQuestionsError(suite.domain);
  const missing = JUDGE_NAMES.filter((judge) => !evaluator.capabilities.judges.includes(judge)).map(
    (judge) => `judge '${judge}'`,
  );
  const lacks = [
    ...missing,
    ...(evaluator.capabilities.emitsAsi ? [] : ['reasons for failures (emitsAsi)']),
    ...(asksAgain && !evaluator.capabilities.rerun
      ? ["asking the same questions again (rerun), which acceptance: 'paired' rests on"]
      : []),
  ];
  if (maxIterations > 0 && lacks.length > 0) throw new EvaluatorCapabilityError(evaluator.name, lacks);
  const warnings: string[] = [];
  if (askable.length < MIN_BENCHMARKS) {
    warnings.push(
      `Only ${askable.length} questions to measure with; ${MIN_BENCHMARKS} or more make the numbers worth reading.`,
    );
  }
  if (!askable.some((question) => question.priority === 'P0')) {
    warnings.push('No question has priority P0, so the P0 gate can decide nothing.');
  }
  if (!suite.questions.some((question) => question.split === 'held_out')) {
    warnings.push(
      "No question has split 'held_out', so nothing can show whether the gain holds for unseen questions.",
    );
  }
  return warnings;
}

/**
 * Why nothing may be learnt from this suite, or `null`.
 *
 * Answer keys that fit their questions no better than keys dealt at random would teach the space
 * nonsense; the run then measures and changes nothing.
 */
export function whyKeysAreImplausible(suite: BenchmarkSuite): string | null {
  const signal = answerKeySignal(suite.questions.filter((question) => question.split !== 'held_out'));
  if (signal.plausible !== false) return null;
  return `The answer keys fit their questions no better than keys dealt at random (p = ${signal.pValue.toFixed(2)}). Check that every expected_sql stands with its own question, or set answerKeyCheck: 'warn'.`;
}
