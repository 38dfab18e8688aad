import { join, resolve } from 'node:path';
import type { CommandJob, LocalWorkspace } from '../../local/index.ts';

/** Name of the job that measures a space of the embedded workspace. */
export const EVALUATION_JOB = 'genie-optimizer evaluate';

/** Where its runs are, in the MLflow of the embedded workspace: beside those of whoever calls the job, whose tags they would change. */
const EVALUATION_EXPERIMENT = '/Users/local.user@example.com/genie-optimizer-evaluation';

/**
 * The evaluation of a space as a job: `genie-optimizer evaluate --json` in a child process.
 *
 * Its output is the result, with the MLflow run that has the rows: `optimize --job-mode` can use it.
 *
 * @param program - what starts this command line: node, and the file of the command
 * @param folder - where the run keeps its record
 */
export function evaluationJob(
  local: Pick<LocalWorkspace, 'sample' | 'spaceId' | 'warehouseId'>,
  program: readonly [node: string, file: string],
  folder: string,
): CommandJob {
  const { benchmarksPath, domain, variables } = local.sample;
  const given = (name: string) => `{{job.parameters.${name}}}`;
  const options = {
    '--space-id': given('space_id'),
    '--benchmarks': given('benchmarks'),
    '--domain': given('domain'),
    '--variables': given('variables'),
    '--warehouse-id': local.warehouseId,
    '--scope': given('eval_scope'),
    '--experiment': EVALUATION_EXPERIMENT,
    '--starts-per-minute': '1000',
    '--session-file': join(folder, `${given('space_id')}-${given('iteration')}-${given('eval_scope')}.json`),
    '--output-dir': folder,
  };
  return {
    name: EVALUATION_JOB,
    parameters: {
      space_id: local.spaceId,
      benchmarks: resolve(benchmarksPath),
      domain,
      iteration: '0',
      eval_scope: 'full',
      variables: Object.entries(variables)
        .map(([name, value]) => `${name}=${value}`)
        .join(','),
    },
    command: [...program, 'evaluate', '--json', ...Object.entries(options).flat()],
    cwd: folder,
  };
}
