export { ConversationsClient, type ConversationsClientOptions } from './conversations-client.ts';
export { EVAL_RUN_DEFAULTS, EvalRunsClient, EvalRunTimeoutError } from './eval-runs-client.ts';
export { GENIE_DEFAULTS, GenieClient, type GenieClientOptions } from './genie-client.ts';
