import { buildAsi } from '../../asi/index.ts';
import type { Clock } from '../../ports/index.ts';
import type { ChatModel } from '../../ports/index.ts';
import { defineJudge } from '../define-judge.ts';
import type { Judge, JudgeInput, JudgeOutcome } from '../judge.ts';
import { exclude, exclusionText, pass, skip } from '../outcomes.ts';
import type { FindIndex } from '../structure/object-index.ts';
import { askModel } from './ask-model.ts';
import { judgeMaterial } from './judge-material.ts';
import { judgeAnswerSchema, type BooleanKey, type JudgeAnswer } from './model-answer.ts';
import type { JudgePrompt } from './prompt.ts';
import { renderPrompt } from './render-prompt.ts';

/** What the four judges have of their own. @see spec/judges.md §4.2 */
export interface LlmJudgeDefinition {
  readonly name: 'schema_accuracy' | 'logical_accuracy' | 'semantic_equivalence' | 'completeness';
  readonly targetPct: number;
  readonly booleanKey: BooleanKey;
  readonly labels: readonly string[];
  /** Label of a failure that the model left unnamed. */
  readonly defaultLabel: string;
  readonly confidence: number;
}

export const LLM_JUDGE_DEFINITIONS: readonly LlmJudgeDefinition[] = [
  {
    name: 'schema_accuracy',
    targetPct: 95,
    booleanKey: 'correct',
    labels: ['wrong_table', 'wrong_column', 'wrong_join', 'missing_column'],
    defaultLabel: 'wrong_column',
    confidence: 0.85,
  },
  {
    name: 'logical_accuracy',
    targetPct: 90,
    booleanKey: 'correct',
    labels: ['wrong_aggregation', 'wrong_filter', 'wrong_groupby', 'wrong_orderby'],
    defaultLabel: 'wrong_aggregation',
    confidence: 0.85,
  },
  {
    name: 'semantic_equivalence',
    targetPct: 90,
    booleanKey: 'equivalent',
    labels: ['different_metric', 'different_grain', 'different_scope'],
    defaultLabel: 'different_metric',
    confidence: 0.8,
  },
  {
    name: 'completeness',
    targetPct: 90,
    booleanKey: 'complete',
    labels: [
      'missing_column',
      'missing_filter',
      'missing_temporal_filter',
      'missing_aggregation',
      'partial_answer',
    ],
    defaultLabel: 'missing_column',
    confidence: 0.8,
  },
];

export interface LlmJudgeOptions {
  readonly chatModel: ChatModel;
  readonly prompt: JudgePrompt;
  readonly attempts: number;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly overrideOnMatch: boolean;
  /** Shared by the judges of one suite. */
  readonly indexOf: FindIndex;
}

/** A judge that asks a model. It is never called without SQL, and its own failure is no verdict. */
export function llmJudge(definition: LlmJudgeDefinition, options: LlmJudgeOptions): Judge {
  const { name, targetPct } = definition;
  // Made once: a schema costs more than everything else that a verdict needs.
  const form: AnswerForm = {
    text: answerForm(definition),
    schema: judgeAnswerSchema(definition.booleanKey),
    jsonSchema: jsonSchemaOf(definition),
  };
  return defineJudge({
    name,
    kind: 'llm',
    targetPct,
    judge: (input, { signal } = {}) => judgeByModel(input, definition, form, options, signal),
  });
}

/** What every answer to a judge must look like, for the model, for its endpoint and for us. */
interface AnswerForm {
  readonly text: string;
  readonly schema: ReturnType<typeof judgeAnswerSchema>;
  readonly jsonSchema: unknown;
}

async function judgeByModel(
  input: JudgeInput,
  definition: LlmJudgeDefinition,
  form: AnswerForm,
  { chatModel, prompt, attempts, clock, overrideOnMatch, indexOf }: LlmJudgeOptions,
  signal: AbortSignal | undefined,
): Promise<JudgeOutcome> {
  if (input.comparison.exclusion !== null) return exclude(input.comparison.exclusion, exclusionText(input));
  if (input.generatedSql === null || input.generatedSql.trim() === '')
    return skip('no_sql', 'Genie gave no SQL; the syntax judge counts that.');
  const text = `${renderPrompt(prompt.template, judgeMaterial(input))}\n\n${form.text}`;
  const answer = await askModel(text, form.schema, form.jsonSchema, { chatModel, attempts, clock, signal });
  const rationale = answer.rationale === '' ? `${chatModel.name} gave no reason.` : answer.rationale;
  if ((answer as Record<string, unknown>)[definition.booleanKey] === true) return pass(rationale);
  if (overrideOnMatch && input.comparison.match === true)
    return pass(`Results match; ${chatModel.name} complained all the same: ${rationale}`);
  return { status: 'scored', value: 'no', rationale, asi: asiOf(answer, definition, input, indexOf) };
}

const asiOf = (
  answer: JudgeAnswer,
  { defaultLabel, confidence }: LlmJudgeDefinition,
  input: JudgeInput,
  indexOf: FindIndex,
) =>
  buildAsi({
    failure_type: answer.failure_type === '' ? defaultLabel : answer.failure_type,
    severity: 'major',
    confidence,
    wrong_clause: answer.wrong_clause === '' ? null : answer.wrong_clause,
    blame_set: existingObjects(answer.blame_set, input, indexOf),
    counterfactual_fix: answer.counterfactual_fix === '' ? null : answer.counterfactual_fix,
  });

/** Full names of the objects that exist; a model may invent others. */
export function existingObjects(
  names: readonly string[],
  input: Pick<JudgeInput, 'space' | 'catalog' | 'expectedFacts' | 'generatedFacts'>,
  indexOf: FindIndex,
): string[] {
  const index = indexOf(input);
  const read = [...input.expectedFacts.tables, ...(input.generatedFacts?.tables ?? [])].flatMap(
    ({ name }) => index.find(name) ?? [],
  );
  const found = names.flatMap((raw): string[] => {
    const name = raw.replaceAll('`', '').trim().toLowerCase();
    const whole = index.find(name);
    if (whole !== null) return [whole.key];
    const cut = name.lastIndexOf('.');
    const column = name.slice(cut + 1);
    if (cut !== -1) {
      const owner = index.find(name.slice(0, cut));
      return owner === null || !owner.columns.has(column) ? [] : [`${owner.key}.${column}`];
    }
    // A bare column belongs to a table that one of the statements reads.
    const owner = read.find(({ columns }) => columns.has(column));
    return owner === undefined ? [] : [`${owner.key}.${column}`];
  });
  return [...new Set(found)];
}

/** Added by code, so that no template can break the reading of answers. */
function answerForm({ booleanKey, labels }: LlmJudgeDefinition): string {
  return `Answer with one JSON object and nothing else:
- "${booleanKey}": true or false, required.
- "failure_type": one of ${labels.join(', ')}; "" when it passes.
- "wrong_clause": the clause at fault (SELECT, FROM, JOIN, WHERE, GROUP BY, ORDER BY); "" when it passes.
- "blame_set": exact names of the tables and columns at fault; [] when it passes.
- "counterfactual_fix": the change to the metadata of the space that would have avoided this, citing the exact object names; "" when it passes.
- "rationale": one or two sentences.`;
}

const jsonSchemaOf = ({ booleanKey, labels }: LlmJudgeDefinition): unknown => ({
  type: 'object',
  additionalProperties: false,
  required: [booleanKey, 'failure_type', 'wrong_clause', 'blame_set', 'counterfactual_fix', 'rationale'],
  properties: {
    [booleanKey]: { type: 'boolean' },
    failure_type: { type: 'string', enum: [...labels, ''] },
    wrong_clause: { type: 'string' },
    blame_set: { type: 'array', items: { type: 'string' } },
    counterfactual_fix: { type: 'string' },
    rationale: { type: 'string' },
  },
});
