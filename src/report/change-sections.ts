import { describePatch, patchSchema } from '../patch-dsl/index.ts';
import type { Iteration } from '../session/index.ts';
import { predictedOf } from './failure-groups.ts';
import type { ReportFacts } from './report-facts.ts';
import type { Report } from './report-schema.ts';

type StoredPatch = Iteration['patch_set'][number];

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** A patch in one sentence; of a type that is not ours, its type and id. */
export const sentenceOf = (patch: StoredPatch): string => {
  const known = patchSchema.safeParse(patch);
  return known.success ? describePatch(known.data) : `${patch.type} (${patch.id})`;
};

/** Patches that were evaluated, by the proposal they came from, with what they were meant to do and what they did. */
export function proposalOutcomes({ session }: ReportFacts): Report['proposals'] {
  return session.iterations.flatMap((iteration, at) => {
    const before = session.iterations.slice(0, at).findLast(({ accepted }) => accepted);
    const wasWrong = new Set(before?.failures ?? []);
    const isWrong = new Set(iteration.failures);
    const byProposal = new Map<string, StoredPatch[]>();
    for (const patch of iteration.patch_set) {
      const id = textOf(patch['source_proposal_id']) ?? patch.id;
      byProposal.set(id, [...(byProposal.get(id) ?? []), patch]);
    }
    return [...byProposal].map(([proposal_id, patches]) => {
      const predicted = [...new Set(patches.flatMap(predictedOf))].sort();
      return {
        proposal_id,
        iteration: iteration.iteration,
        cluster: patches.map((patch) => textOf(patch['cluster_id'])).find((id) => id !== null) ?? null,
        change: patches.map(sentenceOf).join(' '),
        predicted,
        fixed: predicted.filter((id) => wasWrong.has(id) && !isWrong.has(id)),
        regressions: [...(iteration.decision?.losses ?? [])],
        outcome: iteration.outcome,
      };
    });
  });
}

/** Every kept patch: what it changed, for which questions, and where. */
export const keptChanges = ({ session }: ReportFacts): Report['changes'] =>
  session.iterations
    .filter(({ accepted }) => accepted)
    .flatMap(({ patch_set, lever }) =>
      patch_set.map((patch) => ({
        lever: typeof patch['lever'] === 'number' ? patch['lever'] : lever,
        change: sentenceOf(patch),
        questions: predictedOf(patch),
        where: textOf(patch['repo_path']) ?? 'live space or Unity Catalog',
      })),
    );

export const LEVER_NAMES = [
  'UC Tables & Columns',
  'Metric Views',
  'TVFs',
  'Monitoring Tables',
  'ML Tables',
  'Genie Instructions (GEPA)',
] as const;

export const leverImpact = ({ session }: ReportFacts): Report['levers'] =>
  LEVER_NAMES.map((name, at) => {
    const lever = at + 1;
    const audit = session.lever_audit[String(lever)];
    const impact = session.lever_impacts[String(lever)];
    return {
      lever,
      name,
      before: impact?.before ?? null,
      after: impact?.after ?? null,
      delta: impact?.delta ?? null,
      proposals: audit?.proposals_generated ?? 0,
      kept: audit?.proposals_applied ?? 0,
      status: audit?.skip_reason ?? impact?.status ?? (audit?.attempted ? 'attempted' : 'not attempted'),
    };
  });
