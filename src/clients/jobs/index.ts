export { JOB_DEFAULTS, type JobRun, JobsClient, JobTimeoutError, type TaskOutput } from './jobs-client.ts';
