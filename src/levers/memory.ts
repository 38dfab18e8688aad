import type { FailureType } from '../asi/index.ts';
import { hashOf } from '../core/index.ts';
import type { Lever } from './proposal.ts';

/** One patch that was tried, and what came of it. */
export interface HistoryEntry {
  readonly fingerprint: string;
  readonly question_ids: readonly string[];
  readonly failure_type: FailureType;
  readonly lever: Lever;
  /** `accepted` stayed, `rejected` was refused before it was applied, `reverted` was taken back. */
  readonly outcome: 'accepted' | 'rejected' | 'reverted';
  /** Number of the attempt, over all levers; patches of one set share it. Without it each patch is one of its own. */
  readonly attempt?: number | undefined;
}

/** Members that say who proposed a patch and why, not what it changes. */
const CIRCUMSTANCES = new Set([
  'id',
  'lever',
  'risk_level',
  'confidence',
  'grounded_in',
  'predicted_affected_questions',
  'source_proposal_id',
  'cluster_id',
  'rationale',
  'scope',
]);

/** Equal for patches that make the same change, whoever proposes them. */
export function patchFingerprint(
  patch: Readonly<Record<string, unknown>> & { readonly type: string },
): string {
  const change = Object.entries(patch).filter(
    ([key, value]) => !CIRCUMSTANCES.has(key) && value !== undefined,
  );
  return hashOf(Object.fromEntries(change)).slice(0, 32);
}

/** How often a cause of a question was attacked without lasting success. */
export function failedAttempts(
  history: readonly HistoryEntry[],
  questionId: string,
  type: FailureType,
): number {
  return history.filter(
    (entry) =>
      entry.outcome !== 'accepted' && entry.failure_type === type && entry.question_ids.includes(questionId),
  ).length;
}
