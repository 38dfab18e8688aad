import { buildAsi, FAILURE_TYPES } from '../../asi/index.ts';
import { arbiterJudge } from '../arbiter.ts';
import { defineJudge } from '../define-judge.ts';
import type { Judge, JudgeInput, JudgeOutcome } from '../judge.ts';
import { differenceFinder, type FindDifferences } from '../structure/find-differences.ts';
import { askModel } from './ask-model.ts';
import { arbiterMaterial } from './judge-material.ts';
import { existingObjects, type LlmJudgeOptions } from './llm-judge.ts';
import { ARBITER_VERDICTS, arbiterAnswerSchema } from './model-answer.ts';
import { renderPrompt } from './render-prompt.ts';

/** An answer outside the four verdicts is asked for once more. @see spec/judges.md §4.3 */
const ARBITER_ATTEMPTS = 2;

/**
 * Who is right where results differ: by rule where rules decide, by the model elsewhere.
 *
 * @param find - shared with structural judges of the same suite
 */
export function llmArbiter(
  options: Omit<LlmJudgeOptions, 'overrideOnMatch' | 'attempts'>,
  find: FindDifferences = differenceFinder(),
): Judge {
  const byRule = arbiterJudge(find);
  return defineJudge({
    name: 'arbiter',
    kind: 'llm',
    judge: async (input, call = {}) => {
      const decided = await byRule.judge(input, call);
      if (decided.status === 'verdict') return { ...decided, decidedBy: 'code' };
      if (decided.status !== 'skipped' || decided.reason !== 'no_model') return decided;
      return arbitrate(input, options, call.signal);
    },
  });
}

async function arbitrate(
  input: JudgeInput,
  { chatModel, prompt, clock, indexOf }: Omit<LlmJudgeOptions, 'overrideOnMatch' | 'attempts'>,
  signal: AbortSignal | undefined,
): Promise<JudgeOutcome> {
  const text = `${renderPrompt(prompt.template, arbiterMaterial(input))}\n\n${ANSWER_FORM}`;
  const answer = await askModel(text, arbiterAnswerSchema, JSON_SCHEMA, {
    chatModel,
    attempts: ARBITER_ATTEMPTS,
    clock,
    signal,
  });
  const { verdict } = answer;
  const isFailure = verdict === 'ground_truth_correct' || verdict === 'neither_correct';
  const rationale = answer.rationale === '' ? `${chatModel.name} gave no reason.` : answer.rationale;
  return {
    status: 'verdict',
    value: verdict,
    rationale,
    asi: isFailure
      ? {
          ...buildAsi({
            failure_type: answer.failure_type === '' ? 'other' : answer.failure_type,
            severity: 'major',
            // Where the answer key is wrong too, what it says about Genie weighs half.
            confidence: verdict === 'neither_correct' ? 0.425 : 0.85,
            blame_set: existingObjects(answer.blame_set, input, indexOf),
            counterfactual_fix: answer.counterfactual_fix === '' ? rationale : answer.counterfactual_fix,
          }),
          ...(verdict === 'neither_correct' ? { gt_suspect: true } : {}),
        }
      : null,
  };
}

const ANSWER_FORM = `Answer with one JSON object and nothing else:
- "verdict": one of ${ARBITER_VERDICTS.join(', ')}, required.
- "failure_type": what is wrong with the generated query, one of ${FAILURE_TYPES.join(', ')}; "" when nothing is.
- "blame_set": exact names of the tables and columns at fault; [] when nothing is.
- "counterfactual_fix": the change to the metadata of the space that would have avoided this, citing the exact object names; "" when nothing is wrong.
- "rationale": one or two sentences.`;

const JSON_SCHEMA: unknown = {
  type: 'object',
  additionalProperties: false,
  required: ['verdict', 'failure_type', 'blame_set', 'counterfactual_fix', 'rationale'],
  properties: {
    verdict: { type: 'string', enum: ARBITER_VERDICTS },
    failure_type: { type: 'string', enum: [...FAILURE_TYPES, ''] },
    blame_set: { type: 'array', items: { type: 'string' } },
    counterfactual_fix: { type: 'string' },
    rationale: { type: 'string' },
  },
};
