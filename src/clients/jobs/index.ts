export { JOB_DEFAULTS, JobsClient, JobTimeoutError } from './jobs-client.ts';
