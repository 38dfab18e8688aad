import * as z from 'zod';
import { extractJson, OptimizerError } from '../../core/index.ts';

/** A model that gave no usable answer, however often it was asked. It says nothing about the question. */
export class JudgeAnswerError extends OptimizerError {
  constructor(model: string, attempts: number, problem: string, cause?: unknown) {
    super(
      `Model ${model} gave no usable verdict in ${attempts} attempt${attempts === 1 ? '' : 's'}: ${problem}. The verdict is unknown; judge again, or choose another model.`,
      { code: 'JUDGE_ANSWER_INVALID', retryable: true, details: { model, attempts }, cause },
    );
  }
}

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** Fields that every verdict has beside its own boolean; absent ones are empty. */
const common = {
  failure_type: text,
  wrong_clause: text,
  blame_set: z
    .array(z.string())
    .nullish()
    .transform((value) => value ?? []),
  counterfactual_fix: text,
  rationale: text,
};

/** Names of the boolean that decides, per judge. @see spec/judges.md §4.2 */
export type BooleanKey = 'correct' | 'equivalent' | 'complete';

/** What a judge's answer must be; the boolean is required, and its name is the judge's own. */
export const judgeAnswerSchema = (key: BooleanKey) => z.looseObject({ ...common, [key]: z.boolean() });

export type JudgeAnswer = z.infer<z.ZodObject<typeof common>>;

export const ARBITER_VERDICTS = [
  'genie_correct',
  'ground_truth_correct',
  'both_correct',
  'neither_correct',
] as const;

export const arbiterAnswerSchema = z.looseObject({ ...common, verdict: z.enum(ARBITER_VERDICTS) });

/**
 * The JSON object in an answer: as it is, or found in a text with a code fence or prose around it.
 *
 * @returns `undefined` when the text holds no JSON object
 */
export const jsonIn = (answer: unknown): unknown =>
  typeof answer === 'string' ? extractJson(answer, (value) => !Array.isArray(value)) : answer;
