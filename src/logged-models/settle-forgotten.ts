import type { CallOptions, MlflowPort } from '../ports/index.ts';
import { INTERRUPTED_REASON, MODEL_FILTERS, tagOutcome } from './link-scores.ts';

/** A process that dies right after making a version leaves one that nobody judges: it counts as taken back. */
export async function settleForgotten(
  { models }: Pick<MlflowPort, 'models'>,
  { experimentId, sessionId }: { readonly experimentId: string; readonly sessionId: string },
  options?: CallOptions,
): Promise<void> {
  const filter = MODEL_FILTERS.ofSession(sessionId);
  const found = await models.search({ experimentIds: [experimentId], filter }, options);
  for (const { modelId, tags } of found) {
    if (tags['outcome'] === 'pending')
      await tagOutcome({ models }, modelId, 'rolled_back', INTERRUPTED_REASON, options);
  }
}
