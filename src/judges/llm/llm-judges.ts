import { InvalidOptionError } from '../../core/index.ts';
import type { ChatModel, Clock } from '../../ports/index.ts';
import type { Judge } from '../judge.ts';
import { objectIndexes } from '../structure/object-index.ts';
import { LLM_JUDGE_DEFAULTS } from './ask-model.ts';
import { llmArbiter } from './llm-arbiter.ts';
import { LLM_JUDGE_DEFINITIONS, llmJudge } from './llm-judge.ts';
import type { JudgePrompt, JudgePromptKey } from './prompt.ts';
import { BUILT_IN_PROMPTS } from './prompts/index.ts';

export interface LlmJudgesOptions {
  readonly chatModel: ChatModel;
  /** Prompts from a registry; keys left out use the built-in text. */
  readonly prompts?: Readonly<Partial<Record<JudgePromptKey, JudgePrompt>>> | undefined;
  /** Lets a row pass where the results match and the model complains; the complaint stays in the rationale. Default `false`. */
  readonly overrideOnMatch?: boolean | undefined;
  /** Attempts of the four judges in all, 1–10. The arbiter is asked at most twice. */
  readonly attempts?: number | undefined;
  /** For pauses between attempts; without it they follow at once. */
  readonly clock?: Pick<Clock, 'sleep'> | undefined;
}

const NO_PAUSES: Pick<Clock, 'sleep'> = { sleep: () => Promise.resolve() };

/**
 * The four judges that a model can decide, and the arbiter, in scoring order.
 *
 * @throws {InvalidOptionError} for attempts outside 1–10
 * @see spec/judges.md §4
 */
export function llmJudges({
  chatModel,
  prompts = {},
  overrideOnMatch = false,
  attempts = LLM_JUDGE_DEFAULTS.attempts,
  clock = NO_PAUSES,
}: LlmJudgesOptions): readonly Judge[] {
  if (!(Number.isInteger(attempts) && attempts >= 1 && attempts <= 10))
    throw new InvalidOptionError('attempts', `must be a whole number from 1 to 10, got ${attempts}`);
  const indexOf = objectIndexes();
  const promptOf = (key: JudgePromptKey): JudgePrompt => prompts[key] ?? BUILT_IN_PROMPTS[key];
  return [
    ...LLM_JUDGE_DEFINITIONS.map((definition) =>
      llmJudge(definition, {
        chatModel,
        prompt: promptOf(definition.name),
        attempts,
        clock,
        overrideOnMatch,
        indexOf,
      }),
    ),
    llmArbiter({ chatModel, prompt: promptOf('arbiter'), clock, indexOf }),
  ];
}

/** Versions of the prompts in use, by key; built-in ones say so. */
export const promptVersions = (
  prompts: Readonly<Partial<Record<JudgePromptKey, JudgePrompt>>> = {},
): Readonly<Record<JudgePromptKey, string>> => ({
  schema_accuracy: (prompts.schema_accuracy ?? BUILT_IN_PROMPTS.schema_accuracy).version,
  logical_accuracy: (prompts.logical_accuracy ?? BUILT_IN_PROMPTS.logical_accuracy).version,
  semantic_equivalence: (prompts.semantic_equivalence ?? BUILT_IN_PROMPTS.semantic_equivalence).version,
  completeness: (prompts.completeness ?? BUILT_IN_PROMPTS.completeness).version,
  arbiter: (prompts.arbiter ?? BUILT_IN_PROMPTS.arbiter).version,
});
