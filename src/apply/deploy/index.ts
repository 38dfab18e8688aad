export { classifyFailure, DEPLOY_FAILURES } from './classify-failure.ts';
export type { DeployFailure, DeployFailureCode } from './classify-failure.ts';
export { deployBundle, DEPLOY_DEFAULTS } from './deploy-bundle.ts';
export type {
  DeployFix,
  DeployOptions,
  DeployPorts,
  DeployReport,
  DeployStatus,
  DeployStep,
} from './deploy-bundle.ts';
export type { DeployEscalation } from './escalation.ts';
export { DEPLOY_FIXERS } from './fix-space-file.ts';
export type { FixContext, Fixed, Fixer } from './fix-space-file.ts';
export { comparePostDeploy, POST_DEPLOY_DEFAULTS, verifyPostDeploy } from './post-deploy.ts';
export type {
  PostDeployComparison,
  PostDeployOptions,
  PostDeployReport,
  PostDeployRound,
} from './post-deploy.ts';
export { DeployJobError, DeployJobNotFoundError, DeployJobTimeoutError } from './run-job.ts';
