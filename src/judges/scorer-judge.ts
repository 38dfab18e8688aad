import { InvalidOptionError, messageOf, OptimizerError } from '../core/index.ts';
import { defineJudge } from './define-judge.ts';
import type { Judge, JudgeInput, JudgeOutcome } from './judge.ts';
import { exclude, exclusionText, fail, pass, skip } from './outcomes.ts';

/** What a scorer in the style of autoevals is handed. */
export interface ScorerInput {
  /** The question. */
  readonly input: string;
  /** Genie's statement. */
  readonly output: string;
  /** The answer key, resolved. */
  readonly expected: string;
}

/** What it gives back. */
export interface Score {
  readonly name?: string | undefined;
  /** 0–1; `null`: it does not apply here. */
  readonly score: number | null;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** Set where the scorer itself failed. */
  readonly error?: unknown;
}

export type Scorer = (input: ScorerInput) => Score | Promise<Score>;

export interface ScorerJudgeOptions {
  /** Lower case letters, digits and underscores. */
  readonly name: string;
  /** Score from which an answer passes, 0–1. Default 0.5. */
  readonly passAt?: number | undefined;
  readonly targetPct?: number | null | undefined;
  /** What a failing answer is called, in the taxonomy or out of it. Default `other`. */
  readonly failureType?: string | undefined;
  /** What the scorer is handed instead of question, statement and answer key. */
  readonly inputOf?: ((input: JudgeInput) => ScorerInput) | undefined;
  /** The scorer asks a model. Default `false`. */
  readonly asksModel?: boolean | undefined;
}

/** Scores from which an answer passes. */
const PASS_AT = 0.5;

const questionAndSql = ({ benchmark, generatedSql, expectedSql }: JudgeInput): ScorerInput => ({
  input: benchmark.question,
  output: generatedSql ?? '',
  expected: expectedSql,
});

/**
 * Makes a judge of a scorer `({ input, output, expected }) => { name, score, metadata }`.
 *
 * Rows that do not count are not scored, nor are answers without SQL unless `inputOf` says what to score.
 * A score that is no number from 0 to 1 is a failure of the scorer, not of the answer.
 *
 * @throws {InvalidOptionError} for a bad name or target, and `passAt` outside 0–1
 */
export function scorerJudge(scorer: Scorer, options: ScorerJudgeOptions): Judge {
  const { name, passAt = PASS_AT, targetPct = null, inputOf } = options;
  if (!(passAt >= 0 && passAt <= 1))
    throw new InvalidOptionError('passAt', `of judge '${name}' must be from 0 to 1, got ${passAt}`);
  return defineJudge({
    name,
    kind: options.asksModel === true ? 'llm' : 'code',
    targetPct,
    judge: async (input): Promise<JudgeOutcome> => {
      if (input.comparison.exclusion !== null)
        return exclude(input.comparison.exclusion, exclusionText(input));
      if (inputOf === undefined && input.generatedSql === null)
        return skip('no_sql', 'Genie gave no SQL; the syntax judge counts that.');
      const { score, metadata, error } = await scorer((inputOf ?? questionAndSql)(input));
      if (error !== undefined && error !== null)
        throw new ScoreError(`The scorer reports an error: ${messageOf(error)}`, error);
      if (score === null) return skip('not_applicable', rationaleOf(metadata) ?? 'The scorer gave no score.');
      if (!(typeof score === 'number' && score >= 0 && score <= 1))
        throw new ScoreError(`The scorer must give a score from 0 to 1, got ${String(score)}`);
      const words = `Score ${score}, ${passAt} needed${rationaleOf(metadata) === null ? '.' : `: ${rationaleOf(metadata)}`}`;
      return score >= passAt
        ? pass(words)
        : fail(words, {
            failure_type: options.failureType ?? 'other',
            severity: 'minor',
            // A score far below the mark leaves less doubt.
            confidence: 1 - score,
            expected_value: `score ≥ ${passAt}`,
            actual_value: String(score),
          });
    },
  });
}

/** A scorer gave something that is no score. */
export class ScoreError extends OptimizerError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'SCORE', ...(cause === undefined ? {} : { cause }) });
  }
}

/** Where scorers of autoevals put their reasons. */
function rationaleOf(metadata: Score['metadata']): string | null {
  const words = metadata?.['rationale'];
  return typeof words === 'string' && words.trim() !== '' ? words.trim() : null;
}
