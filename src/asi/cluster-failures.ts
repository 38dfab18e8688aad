import { compareCodeUnits } from '../core/index.ts';
import type { CatalogSnapshot } from '../ports/index.ts';
import type { Space } from '../spaces/index.ts';
import { SEVERITIES, type Severity } from './asi.ts';
import { buildBlameIndex, type BlameIndex, type BlameRef } from './blame.ts';
import { FAILURE_TAXONOMY } from './failure-taxonomy.ts';
import { isGenericFix } from './generic-fix.ts';
import {
  DEFAULT_CAUSAL_WEIGHT,
  evidenceOf,
  JUDGE_CAUSAL_WEIGHTS,
  profileQuestion,
  ProfilePool,
  type FailureRow,
  type QuestionProfile,
} from './profile.ts';
import { RESOLUTION_TRUST } from './root-cause.ts';
import type { FailureType } from './taxonomy.ts';

/** Questions that failed for the same reason, at the same object. */
export interface FailureCluster {
  /** `C001`, … by falling impact; long-tail clusters continue the numbering. */
  readonly cluster_id: string;
  readonly root_cause: FailureType;
  /** Distinct, in code-unit order. */
  readonly question_ids: readonly string[];
  /** The object that the questions share first, then everything else blamed for the root cause. */
  readonly blame: readonly BlameRef[];
  readonly severity: Severity;
  /** 0–1. */
  readonly confidence: number;
  readonly impact: number;
  readonly affected_judges: readonly string[];
  readonly wrong_clauses: readonly string[];
  readonly missing_metadata: readonly string[];
  readonly counterfactual_fixes: readonly string[];
  /** At most five examples. */
  readonly sql_pairs: readonly {
    readonly question_id: string;
    readonly expected: string;
    readonly generated: string | null;
  }[];
  /** Ids of the records of all its questions; made when asked for. */
  readonly evidence: readonly string[];
  /** Profile of each question, with its secondary causes, in the order of `question_ids`. */
  readonly profiles: readonly QuestionProfile[];
}

/** A row that did not enter clustering, with the reason. */
export interface DroppedRow {
  readonly question_id: string;
  readonly reason: 'passed' | 'excluded' | 'answer_key_doubted' | 'both_correct';
}

export interface ClusterOptions {
  readonly space: Space;
  readonly catalog: CatalogSnapshot;
  /** Distinct questions a cluster needs, else it goes to the long tail. Default 2. */
  readonly minClusterSize?: number;
}

export interface ClusteredFailures {
  readonly clusters: readonly FailureCluster[];
  /** Clusters below the minimum size; kept, because a rare failure is still a failure. */
  readonly longTail: readonly FailureCluster[];
  readonly dropped: readonly DroppedRow[];
}

export const CLUSTER_DEFAULTS = { minClusterSize: 2, genericFixability: 0.4, sqlPairs: 5 } as const;

/**
 * Groups failing questions by root cause and by the blamed object that most of them share.
 *
 * Every failing question is in exactly one cluster or long-tail cluster; its other causes stay in
 * its profile. Small groups are promoted when a question is P0 or critical. The result does not
 * depend on the order of rows or judges, nor on repeated rows; the work grows linearly with the rows.
 *
 * @see spec/asi-clustering-levers.md §4
 */
export function clusterFailures(rows: readonly FailureRow[], options: ClusterOptions): ClusteredFailures {
  const minClusterSize = options.minClusterSize ?? CLUSTER_DEFAULTS.minClusterSize;
  const index = buildBlameIndex(options.space, options.catalog);
  const { failing, dropped } = selectFailing(rows);
  const pool = new ProfilePool();
  const profiles = [...failing.values()].map((group) => profileQuestion(group, index, pool));
  const drafts = groupProfiles(profiles).map((group) => draftCluster(group, index));
  drafts.sort(
    (a, b) =>
      b.impact - a.impact ||
      b.question_ids.length - a.question_ids.length ||
      compareCodeUnits(sortKeyOf(a), sortKeyOf(b)),
  );
  const isLarge = (cluster: Draft): boolean =>
    cluster.question_ids.length >= minClusterSize ||
    cluster.severity === 'critical' ||
    cluster.profiles.some((profile) => profile.priority === 'P0');
  const ordered = [...drafts.filter(isLarge), ...drafts.filter((draft) => !isLarge(draft))];
  const numbered = ordered.map((draft, at): FailureCluster => ({
    cluster_id: `C${String(at + 1).padStart(3, '0')}`,
    ...draft,
    get evidence() {
      return draft.profiles.flatMap(evidenceOf);
    },
  }));
  const large = drafts.filter(isLarge).length;
  return { clusters: numbered.slice(0, large), longTail: numbered.slice(large), dropped };
}

type Draft = Omit<FailureCluster, 'cluster_id' | 'evidence'>;

const sortKeyOf = (draft: Draft): string =>
  `${draft.root_cause}\u0001${draft.blame[0]?.key ?? ''}\u0001${draft.question_ids[0] ?? ''}`;

function selectFailing(rows: readonly FailureRow[]): {
  failing: Map<string, FailureRow[]>;
  dropped: DroppedRow[];
} {
  const failing = new Map<string, FailureRow[]>();
  const reasons = new Map<string, DroppedRow>();
  for (const row of rows) {
    const reason = dropReason(row);
    if (reason !== null) {
      reasons.set(`${row.question_id}\u0001${reason}`, { question_id: row.question_id, reason });
      continue;
    }
    const group = failing.get(row.question_id);
    if (group === undefined) failing.set(row.question_id, [row]);
    else group.push(row);
  }
  const dropped = [...reasons].sort(([a], [b]) => compareCodeUnits(a, b)).map(([, item]) => item);
  return { failing, dropped };
}

function dropReason(row: FailureRow): DroppedRow['reason'] | null {
  if (row.correct === null) return 'excluded';
  if (row.correct) return 'passed';
  const arbiter = row.verdicts?.['arbiter']?.value;
  if (arbiter === 'genie_correct') return 'answer_key_doubted';
  return arbiter === 'both_correct' ? 'both_correct' : null;
}

interface Group {
  readonly root_cause: FailureType;
  readonly shared: string | null;
  readonly profiles: QuestionProfile[];
}

/** Each question goes to the blamed object that most questions with its root cause share. */
function groupProfiles(profiles: readonly QuestionProfile[]): Group[] {
  const counts = new Map<FailureType, Map<string, number>>();
  for (const { root_cause, causes } of profiles) {
    const ofCause = counts.get(root_cause) ?? new Map<string, number>();
    counts.set(root_cause, ofCause);
    for (const { key } of causes[0]?.blame ?? []) ofCause.set(key, (ofCause.get(key) ?? 0) + 1);
  }
  const groups = new Map<FailureType, Map<string | null, Group>>();
  for (const profile of profiles) {
    const { root_cause } = profile;
    let shared: string | null = null;
    let best = 0;
    for (const { key } of profile.causes[0]?.blame ?? []) {
      // Keys come in code-unit order, so the first of equal counts is always the same.
      const count = counts.get(root_cause)?.get(key) ?? 0;
      if (count > best) [shared, best] = [key, count];
    }
    const ofCause = groups.get(root_cause) ?? new Map<string | null, Group>();
    groups.set(root_cause, ofCause);
    const group = ofCause.get(shared);
    if (group === undefined) ofCause.set(shared, { root_cause, shared, profiles: [profile] });
    else group.profiles.push(profile);
  }
  return [...groups.values()].flatMap((ofCause) => [...ofCause.values()]);
}

function union(
  profiles: readonly QuestionProfile[],
  pick: (profile: QuestionProfile) => readonly string[],
): readonly string[] {
  const values = new Set<string>();
  for (const profile of profiles) for (const value of pick(profile)) values.add(value);
  return [...values].sort(compareCodeUnits);
}

function firstPairs(profiles: readonly QuestionProfile[]): FailureCluster['sql_pairs'] {
  const pairs: FailureCluster['sql_pairs'][number][] = [];
  for (const { question_id, sql_pair } of profiles) {
    if (pairs.length === CLUSTER_DEFAULTS.sqlPairs) break;
    if (sql_pair !== null) pairs.push({ question_id, ...sql_pair });
  }
  return pairs;
}

function draftCluster(group: Group, index: BlameIndex): Draft {
  const profiles = [...group.profiles].sort((a, b) => compareCodeUnits(a.question_id, b.question_id));
  const refs = new Map<string, BlameRef>();
  for (const profile of profiles) for (const ref of profile.causes[0]?.blame ?? []) refs.set(ref.key, ref);
  const blame = [...refs.values()].sort(
    (a, b) =>
      Number(b.key === group.shared) - Number(a.key === group.shared) || compareCodeUnits(a.key, b.key),
  );
  const judges = union(profiles, (profile) => profile.causes[0]?.judges ?? []);
  const fixes = union(profiles, (profile) => profile.counterfactual_fixes);
  const causal = Math.max(DEFAULT_CAUSAL_WEIGHT, ...judges.map((judge) => JUDGE_CAUSAL_WEIGHTS[judge] ?? 0));
  const fixability = fixes.some((fix) => !isGenericFix(fix, index)) ? 1 : CLUSTER_DEFAULTS.genericFixability;
  const trust = profiles.reduce(
    (best, profile) => Math.max(best, RESOLUTION_TRUST[profile.causes[0]?.method ?? 'unresolved']),
    0,
  );
  const severity = SEVERITIES.find((item) => profiles.some((profile) => profile.severity === item)) ?? 'info';
  return {
    root_cause: group.root_cause,
    question_ids: profiles.map((profile) => profile.question_id),
    blame,
    severity,
    confidence: Math.min(0.9, 0.5 + 0.1 * profiles.length) * trust,
    impact: profiles.length * causal * FAILURE_TAXONOMY[group.root_cause].severityWeight * fixability,
    affected_judges: judges,
    wrong_clauses: union(profiles, (profile) => profile.wrong_clauses),
    missing_metadata: union(profiles, (profile) => profile.missing_metadata),
    counterfactual_fixes: fixes,
    sql_pairs: firstPairs(profiles),
    profiles,
  };
}
