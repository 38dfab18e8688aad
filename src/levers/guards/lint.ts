import {
  applyPlan,
  makePatch,
  planPatchSet,
  type PatchPayload,
  type PatchType,
} from '../../patch-dsl/index.ts';
import type { Snapshot } from '../../patch-dsl/index.ts';
import type { ScanFinding } from '../scan/check.ts';
import { lintSince } from '../scan/scan-space.ts';
import type { Candidate } from '../finish-proposal.ts';

/** So much of its expected gain keeps a proposal that brings a warning of the linter. */
export const LINT_WARNING_FACTOR = 0.7;

/** Changes of what people wrote as rules; no other change can contradict one. */
const SPEAKING =
  /^(?:add|update)_(?:instruction|description|column_description|synonym|sql_snippet|example_sql|default_filter|tvf_comment)/;

/**
 * Finds what a change would set against the rules that the space has already.
 *
 * @returns findings that the space did not cause before, worst first; none for changes that say nothing
 */
export function lintGuard(snapshot: Snapshot): (candidate: Candidate) => readonly ScanFinding[] {
  const broughtBy = lintSince(snapshot.space, snapshot.catalog);
  return ({ changes }) => {
    if (!changes.some(({ change }) => SPEAKING.test(change.type))) return [];
    const patches = changes.map(({ change, payload }, at) =>
      makePatch(change.type, payload as PatchPayload<PatchType>, { id: `L${at + 1}`, snapshot }),
    );
    const planned = planPatchSet(snapshot, patches, { maxObjects: null, maxPatches: null });
    return planned.ok ? broughtBy(applyPlan(snapshot.space, planned.plan)) : [];
  };
}
