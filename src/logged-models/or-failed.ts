import type { MlflowPort, Run } from '../ports/index.ts';

/**
 * Does something that belongs to a run. When it fails the run ends as `FAILED`, so that it does not look as if it
 * still went on; that is tried once, without the caller's signal, and the first error is the one that counts.
 */
export async function orFailed<T>(
  { runId }: Pick<Run, 'runId'>,
  { runs }: Pick<MlflowPort, 'runs'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await Promise.allSettled([runs.end(runId, 'FAILED')]);
    throw error;
  }
}
