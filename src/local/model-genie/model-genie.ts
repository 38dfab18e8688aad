import * as z from 'zod';
import { OptimizerError } from '../../core/index.ts';
import type { ChatModel } from '../../ports/index.ts';
import type { LocalGenieEngine } from '../genie-engine.ts';
import { genieReading } from './genie-reading.ts';

export interface ModelGenieOptions {
  /** Answers the questions; `openAiChatModel()` makes one of any endpoint that speaks the OpenAI protocol. */
  readonly chatModel: ChatModel;
  /** Values shown of each column with entity matching, 0–1000. */
  readonly valuesPerColumn?: number | undefined;
}

export const MODEL_GENIE_DEFAULTS = { valuesPerColumn: 40 } as const;

/** The model's answer has another form than the one asked for. Code `MODEL_ANSWER`. */
export class ModelAnswerError extends OptimizerError {
  constructor(model: string, problem: string) {
    super(
      `Model ${model} gave no usable answer: ${problem}. Use a model that supports structured output, or ask again.`,
      { code: 'MODEL_ANSWER', retryable: true, details: { model } },
    );
  }
}

const answerSchema = z.object({
  sql: z.string().nullable().describe('One Databricks SQL query; null when the question cannot be answered.'),
  text: z.string().nullable().describe('What to ask back or why there is no query; null beside a query.'),
  used: z.array(z.string()).describe('Tables, functions and instructions the query relies on.'),
});

/**
 * An engine that lets a language model answer, from the same inputs as the simulator: the space, the catalog
 * and values of columns with entity matching. It sees no benchmark and no answer key.
 *
 * How steady its answers are is the model's matter; `variance` and `seed` of the workspace do nothing here.
 *
 * @throws {ModelAnswerError} from `answer`, for an answer in another form; the workspace reports it as a failed message
 */
export function modelGenie({ chatModel, valuesPerColumn }: ModelGenieOptions): LocalGenieEngine {
  const limit = valuesPerColumn ?? MODEL_GENIE_DEFAULTS.valuesPerColumn;
  const jsonSchema = z.toJSONSchema(answerSchema);
  return {
    async answer(input) {
      const prompt = await genieReading(input, limit);
      const reply = await chatModel.generateJson(prompt, jsonSchema, { signal: input.signal });
      const read = answerSchema.safeParse(reply);
      if (!read.success) throw new ModelAnswerError(chatModel.name, z.prettifyError(read.error));
      const { sql, text, used } = read.data;
      const query = sql?.trim().replace(/;$/, '') ?? '';
      const words = text?.trim() ?? '';
      return {
        sql: query === '' ? null : query,
        text:
          query !== '' && words === ''
            ? null
            : words || 'I cannot answer this from the data of this space. Could you say it in other words?',
        thoughts:
          used.length === 0
            ? []
            : [{ type: 'THOUGHT_TYPE_DATA_SOURCING', content: `Used: ${used.join(', ')}` }],
      };
    },
  };
}
