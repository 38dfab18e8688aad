import { messageOf } from '../core/index.ts';
import type { GenieAnswer, GeniePort } from '../ports/index.ts';
import { askExclusion, isFatal } from './classify-error.ts';
import type { Exclusion } from './statements.ts';

/** What asking needs. */
export interface AskContext {
  readonly genie: Pick<GeniePort, 'ask'>;
  readonly spaceId: string;
  readonly genieTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Genie's answer, or why there is none that counts. */
export type Asked =
  | { readonly answer: GenieAnswer; readonly exclusion: null }
  | { readonly answer: GenieAnswer | null; readonly exclusion: Exclusion };

/** Asks, and once more in a new conversation when the answer was cut short. */
export async function askOnce(question: string, context: AskContext): Promise<Asked> {
  const { genie, spaceId, genieTimeoutMs, signal } = context;
  let last: GenieAnswer | null = null;
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      last = await genie.ask(spaceId, question, { timeoutMs: genieTimeoutMs, signal });
    } catch (error) {
      if (signal?.aborted === true || isFatal(error)) throw error;
      const detail = messageOf(error);
      return { answer: null, exclusion: { reason: askExclusion(error), detail } };
    }
    if (last.outcome !== 'timeout' && last.outcome !== 'cancelled') return { answer: last, exclusion: null };
  }
  return {
    answer: last,
    exclusion: {
      reason: 'infrastructure',
      detail: `Genie's answer ended as ${last?.status ?? 'unknown'} twice.`,
    },
  };
}
