import { OptimizerError } from '../../src/core/index.ts';
import {
  llmJudges,
  runJudges,
  type JudgeInput,
  type JudgeOutcome,
  type LlmJudgesOptions,
} from '../../src/judges/index.ts';
import type { ChatModel } from '../../src/ports/index.ts';

export const RIGHT = `SELECT segment, COUNT(*) FROM shop.customers WHERE country = 'DE' GROUP BY segment`;
export const WRONG = `SELECT segment, COUNT(*) FROM shop.customers GROUP BY segment`;

export const YES = { correct: true, equivalent: true, complete: true, rationale: 'Fine.' };
export const NO = {
  correct: false,
  equivalent: false,
  complete: false,
  failure_type: 'wrong_filter',
  wrong_clause: 'WHERE',
  blame_set: ['main.shop.customers.country', 'invented.table'],
  counterfactual_fix: "Say for main.shop.customers.country that 'DE' is meant.",
  rationale: 'The filter is missing.',
};

/** Answers in turn, the last answer for ever; writes down what it was asked. */
export class ScriptedModel implements ChatModel {
  readonly name = 'scripted';
  readonly prompts: string[] = [];
  readonly schemas: unknown[] = [];
  readonly #answers: readonly unknown[];

  constructor(...answers: readonly unknown[]) {
    this.#answers = answers;
  }

  generateJson(prompt: string, jsonSchema: unknown): Promise<unknown> {
    const answer = this.#answers[Math.min(this.prompts.length, this.#answers.length - 1)];
    this.prompts.push(prompt);
    this.schemas.push(jsonSchema);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }
}

export class ModelDown extends OptimizerError {
  constructor(retryable: boolean) {
    super('the model is away', { code: 'MODEL_DOWN', retryable });
  }
}

export const one = async (
  name: string,
  model: ChatModel,
  input: JudgeInput,
  options: Partial<LlmJudgesOptions> = {},
): Promise<JudgeOutcome | undefined> => {
  const judges = llmJudges({ chatModel: model, ...options }).filter((judge) => judge.name === name);
  return (await runJudges(judges, input)).get(name);
};
