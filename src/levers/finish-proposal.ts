import { evidenceOf, type FailureCluster } from '../asi/index.ts';
import { compareCodeUnits } from '../core/index.ts';
import { nameResolver, type AssetRoleDecision, type Patch, type Snapshot } from '../patch-dsl/index.ts';
import { assetRoles } from './asset-roles.ts';
import type { Draft } from './generators/draft.ts';
import type { Lever, Proposal } from './proposal.ts';
import type { DefinedChange } from './scoring.ts';

/** Cluster id of a proposal whose questions are in no cluster. */
const NO_CLUSTER = 'C000';

/** A draft that passed the guards, of one lever. */
export interface Candidate {
  readonly draft: Draft;
  readonly question_ids: readonly string[];
  readonly lever: Lever;
  readonly changes: readonly DefinedChange[];
}

/** A candidate with its expected gain. */
export interface Scored extends Candidate {
  readonly confidence: number;
  readonly atRisk: readonly string[];
  readonly probability: number;
  readonly net: number;
}

/** Gives a scored candidate its ids, its sentence and its patches with their envelopes. */
export function finishProposal(
  item: Scored,
  at: number,
  clusters: readonly FailureCluster[],
  snapshot: Snapshot,
): Proposal {
  const proposal_id = `P${String(at + 1).padStart(3, '0')}`;
  const cluster_id = clusterOf(item, clusters)?.cluster_id ?? NO_CLUSTER;
  const rationale = `Should fix ${listQuestions(item.question_ids)}: ${item.draft.reason}${roleOf(item, snapshot)}.`;
  const ids = new Set(item.question_ids);
  const evidence = clusters.flatMap((cluster) =>
    cluster.profiles.filter((profile) => ids.has(profile.question_id)).flatMap(evidenceOf),
  );
  const patches = item.changes.map(({ change, definition, risk }, index) => {
    const patch = {
      ...change,
      id: `${proposal_id}.${index + 1}`,
      lever: item.lever,
      risk_level: risk,
      confidence: item.confidence,
      grounded_in: [...new Set(evidence)].sort(compareCodeUnits),
      predicted_affected_questions: [...item.question_ids],
      source_proposal_id: proposal_id,
      cluster_id,
      rationale,
    };
    return definition.patchSchema.parse(patch) as Patch;
  });
  return {
    proposal_id,
    cluster_id,
    lever: item.lever,
    failure_type: item.draft.failure_type,
    rationale,
    question_ids: item.question_ids,
    questions_at_risk: item.atRisk,
    confidence: item.confidence,
    regression_probability: item.probability,
    net_impact: item.net,
    patches,
  };
}

/** In words why a table belongs to lever 4 or 5; empty for the other levers. @see decisions.md 21 */
function roleOf({ changes, lever }: Scored, snapshot: Snapshot): string {
  const role = lever === 4 ? 'monitoring' : lever === 5 ? 'ml' : null;
  if (role === null) return '';
  const names = nameResolver(snapshot);
  const touched = changes.flatMap(({ definition, payload }) => definition.touched(payload, names));
  const decisions = assetRoles(snapshot, touched);
  const rule = decisions.find((decision) => decision.role === role)?.rule;
  return rule === undefined ? '' : ` (${ROLE_NAMES[role]}, ${RULE_NAMES[rule]})`;
}

const ROLE_NAMES = { monitoring: 'a monitoring table', ml: 'an ML table' } as const;
const RULE_NAMES: Readonly<Record<AssetRoleDecision['rule'], string>> = {
  option: 'as the option assetRoles says',
  tag: 'by its tag genie_role',
  name: 'by its name',
  columns: 'by its columns',
  none: 'by no rule',
};

const listQuestions = (ids: readonly string[]): string =>
  ids.length <= 3 ? ids.join(', ') : `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more`;

/** The cluster that shares most questions, the same cause first. */
function clusterOf(item: Scored, clusters: readonly FailureCluster[]): FailureCluster | undefined {
  const overlap = (cluster: FailureCluster): number =>
    cluster.question_ids.filter((id) => item.question_ids.includes(id)).length;
  const isSame = (cluster: FailureCluster): number => Number(cluster.root_cause === item.draft.failure_type);
  return clusters
    .filter((cluster) => overlap(cluster) > 0)
    .sort(
      (a, b) =>
        isSame(b) - isSame(a) || overlap(b) - overlap(a) || compareCodeUnits(a.cluster_id, b.cluster_id),
    )[0];
}
