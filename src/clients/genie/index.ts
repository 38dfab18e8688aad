export {
  EVAL_RUN_DEFAULTS,
  type EvalResult,
  type EvalRun,
  EvalRunsClient,
  EvalRunTimeoutError,
} from './eval-runs-client.ts';
export { GENIE_DEFAULTS, GenieClient, type GenieClientOptions } from './genie-client.ts';
