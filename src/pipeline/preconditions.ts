import { answerKeySignal, type BenchmarkSuite } from '../benchmarks/index.ts';
import { counted, OptimizerError } from '../core/index.ts';
import type { Evaluator } from '../evaluation/index.ts';
import { JUDGE_NAMES } from '../judges/index.ts';
import type { Space } from '../spaces/index.ts';

const ASKING_AGAIN = 'asking the same questions again (rerun), which the acceptance rests on';

/** The evaluator cannot tell what a phase needs; thrown before anything is asked or written. */
export class EvaluatorCapabilityError extends OptimizerError {
  constructor(evaluator: string, missing: readonly string[]) {
    super(
      `Evaluator '${evaluator}' lacks ${missing.join(', ')}. ${
        missing.every((lack) => lack === ASKING_AGAIN)
          ? "Set acceptance: 'threshold' (--acceptance threshold), which asks nothing again, or use nativeEvaluator."
          : 'optimize() needs all eight judges with reasons: use nativeEvaluator, or set evaluateOnly.'
      }`,
      { code: 'EVALUATOR_CAPABILITY', details: { evaluator, missing } },
    );
  }
}

/** There is nothing to ask. */
export class NoQuestionsError extends OptimizerError {
  constructor(domain: string, excluded: readonly { readonly detail: string }[] = []) {
    const [first] = excluded;
    super(
      first === undefined
        ? `The benchmark suite '${domain}' has no train or validation question. Add questions, or change their 'split'.`
        : `No question of the benchmark suite '${domain}' can be asked: ${excluded.length} were left out. The first: ${first.detail}`,
      { code: 'NO_BENCHMARKS', details: { domain, excluded: excluded.length } },
    );
  }
}

/** The space can be read and holds nothing that could answer. */
export class SpaceUnconfiguredError extends OptimizerError {
  constructor(spaceId: string) {
    super(
      `Space ${spaceId} has no table, metric view or function, so Genie has nothing to answer from. Deploy the space, or add its tables, first.`,
      { code: 'SPACE_UNCONFIGURED', details: { spaceId } },
    );
  }
}

/** @throws {SpaceUnconfiguredError} @see spec/pipeline.md §6.3 */
export function requireAssets(spaceId: string, { data_sources: sources, instructions }: Space): void {
  const assets = [sources?.tables, sources?.metric_views, instructions?.sql_functions];
  if (assets.every((found) => (found ?? []).length === 0)) throw new SpaceUnconfiguredError(spaceId);
}

/** Fewest questions that make a measurement worth reading. @see spec/pipeline.md §1 */
export const MIN_BENCHMARKS = 10;

/**
 * Refuses an evaluator that cannot tell what the phases of a run need.
 *
 * @throws {EvaluatorCapabilityError} @see spec/pipeline.md HC23
 */
export function requireCapabilities(
  { name, capabilities }: Evaluator,
  needs: {
    /** The run may change the space, which takes every judge with its reasons. */
    readonly changes: boolean;
    readonly asksAgain: boolean;
  },
): void {
  const lacks = [
    ...(needs.changes
      ? JUDGE_NAMES.filter((judge) => !capabilities.judges.includes(judge)).map((judge) => `judge '${judge}'`)
      : []),
    ...(needs.changes && !capabilities.emitsAsi ? ['reasons for failures (emitsAsi)'] : []),
    ...(needs.asksAgain && !capabilities.rerun ? [ASKING_AGAIN] : []),
  ];
  if (lacks.length > 0) throw new EvaluatorCapabilityError(name, lacks);
}

/**
 * Checks what can be checked of the questions before the first of them is asked.
 *
 * @param mayGenerate - questions may be generated later: none yet is no reason to stop
 * @returns findings that do not stop the run
 * @throws {NoQuestionsError}
 */
export function checkPreconditions(suite: BenchmarkSuite, mayGenerate = false): string[] {
  const askable = suite.questions.filter((question) => question.split !== 'held_out');
  if (askable.length === 0 && !mayGenerate) throw new NoQuestionsError(suite.domain);
  const warnings: string[] = [];
  if (askable.length < MIN_BENCHMARKS) {
    warnings.push(
      `Only ${counted(askable.length, 'question')} to measure with; ${MIN_BENCHMARKS} or more make the numbers worth reading.`,
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
