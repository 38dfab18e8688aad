import type * as z from 'zod';
import { isOptimizerError } from '../../core/index.ts';
import type { ChatModel, Clock } from '../../ports/index.ts';
import { JudgeAnswerError, jsonIn } from './model-answer.ts';

/** Defaults of a judge's calls: attempts in all, and the pause after the first, doubled each time. */
export const LLM_JUDGE_DEFAULTS = { attempts: 3, backoffMs: 1000 } as const;

export interface AskOptions {
  readonly chatModel: ChatModel;
  readonly attempts: number;
  /** Pauses between attempts run on it. */
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Asks until an answer satisfies the schema.
 *
 * What is wrong with an answer is told to the model with the next attempt. Errors that will not go
 * away (bad request, wrong token) end it at once.
 *
 * @throws {JudgeAnswerError} when all attempts are used up
 */
export async function askModel<T>(
  prompt: string,
  schema: z.ZodType<T>,
  jsonSchema: unknown,
  { chatModel, attempts, clock, signal }: AskOptions,
): Promise<T> {
  let problem = '';
  let cause: unknown;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      const repair =
        problem === ''
          ? ''
          : `\n\nYour last answer could not be used: ${problem}. Answer again, with the JSON object alone.`;
      const answer = jsonIn(await chatModel.generateJson(prompt + repair, jsonSchema, { signal }));
      const read = schema.safeParse(answer);
      if (read.success) return read.data;
      const [issue] = read.error.issues;
      problem =
        answer === undefined
          ? 'it held no JSON object'
          : `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unexpected form'}`;
    } catch (error) {
      if (signal?.aborted === true || (isOptimizerError(error) && !error.retryable)) throw error;
      cause = error;
      problem = '';
      // The model could not be reached or refused for now: the same question again after a pause.
      if (attempt < attempts)
        await clock.sleep(LLM_JUDGE_DEFAULTS.backoffMs * 2 ** (attempt - 1), { signal });
    }
  }
  throw new JudgeAnswerError(
    chatModel.name,
    attempts,
    problem === '' ? (cause instanceof Error ? cause.message : 'no answer') : problem,
    cause,
  );
}
