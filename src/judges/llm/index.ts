export { LLM_JUDGE_DEFAULTS } from './ask-model.ts';
export { llmArbiter } from './llm-arbiter.ts';
export { llmJudges, promptVersions, type LlmJudgesOptions } from './llm-judges.ts';
export { JudgeAnswerError } from './model-answer.ts';
export { JUDGE_PROMPT_KEYS, type JudgePrompt, type JudgePromptKey } from './prompt.ts';
export {
  loadJudgePrompts,
  registerJudgePrompts,
  type LoadedPrompts,
  type PromptRegistryOptions,
} from './prompt-registry.ts';
export { BUILT_IN_PROMPTS } from './prompts/index.ts';
export { PROMPT_VARIABLES, renderPrompt, sanitizePrompt, type PromptVariable } from './render-prompt.ts';
export {
  JUDGE_MODES,
  selectJudges,
  type JudgeAgreement,
  type JudgeDisagreement,
  type JudgeMode,
  type JudgeSelection,
  type SelectJudgesOptions,
} from './select-judges.ts';
