import { buildAsi, type AsiInput } from '../asi/index.ts';
import type { ExclusionReason, JudgeInput, JudgeOutcome, SkipReason } from './judge.ts';

export const pass = (rationale: string): JudgeOutcome => ({ status: 'scored', value: 'yes', rationale });

/** A failing verdict; labels outside the taxonomy are translated and kept. */
export const fail = (rationale: string, asi: AsiInput): JudgeOutcome => ({
  status: 'scored',
  value: 'no',
  rationale,
  asi: buildAsi(asi),
});

export const skip = (reason: SkipReason, rationale: string): JudgeOutcome => ({
  status: 'skipped',
  reason,
  rationale,
});

export const exclude = (reason: ExclusionReason, rationale: string): JudgeOutcome => ({
  status: 'excluded',
  reason,
  rationale,
});

/** How a row came to be excluded, in words. */
export const exclusionText = ({ comparison }: JudgeInput): string =>
  comparison.error === null
    ? `The row does not count: ${comparison.exclusion ?? 'not evaluated'}.`
    : `The row does not count: ${comparison.error.message}`;
