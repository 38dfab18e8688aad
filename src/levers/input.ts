import type { AsiRecord, FailureCluster } from '../asi/index.ts';
import type { AssetKind, Split } from '../benchmarks/index.ts';
import type { CatalogSnapshot } from '../ports/index.ts';
import type { Space } from '../spaces/index.ts';
import type { SqlFacts } from '../sql/index.ts';
import type { AssetRoleOptions } from './asset-roles.ts';
import type { Draft } from './generators/draft.ts';
import type { HistoryEntry } from './memory.ts';
import type { Observation } from './pass-rate.ts';

/** What proposals read of one answered question; rows of an evaluation satisfy it. */
export interface ProposalRow {
  readonly question_id: string;
  readonly question: string;
  readonly split: Split;
  /** `null`: excluded, does not count. */
  readonly correct: boolean | null;
  readonly expected_asset?: AssetKind | undefined;
  readonly actual_asset?: AssetKind | 'NONE' | undefined;
  readonly expected_sql: string;
  readonly generated_sql: string | null;
  readonly asi: readonly AsiRecord[];
  readonly facts: { readonly expected: SqlFacts; readonly generated: SqlFacts | null };
}

/** Benchmark text that no patch may quote. */
export interface ProtectedText {
  readonly id: string;
  readonly question: string;
  readonly expected_sql: string;
  readonly split: Split;
}

/** Everything a proposal is made from. */
export interface ProposalInput {
  /** Clusters and long tail. Failures in none of them are left alone. Default: made of the train rows. */
  readonly clusters?: readonly FailureCluster[] | undefined;
  /** Rows of any split; only those of the train split are read. */
  readonly rows: readonly ProposalRow[];
  /**
   * Train questions whose statement changes between runs, right or wrong; `clusters` hold a failure for each.
   * Default none.
   */
  readonly unstable?: readonly string[] | undefined;
  /** Questions that nothing more is proposed for: a limit of the platform was met. Default none. */
  readonly limitedQuestions?: readonly string[] | undefined;
  readonly space: Space;
  readonly catalog: CatalogSnapshot;
  /** What was tried before; nothing in it is proposed again. Default none. */
  readonly history?: readonly HistoryEntry[] | undefined;
  /** Every answer of the run so far, oldest first, to tell constant failures from passing ones. Default none. */
  readonly observations?: readonly Observation[] | undefined;
  /** Drafts from elsewhere, for example from a model; they pass the same guards. Default none. */
  readonly extraDrafts?: readonly Draft[] | undefined;
  /** Texts of all benchmarks, held-out ones included; read by the leak firewall only. */
  readonly protectedTexts: readonly ProtectedText[];
  /** Allows examples made of train questions. Default `false`. @see decisions.md 12 */
  readonly allowTrainExamples?: boolean | undefined;
  readonly assetRoles?: AssetRoleOptions | undefined;
  /** Characters the text instruction may have, existing text included. Default 4000. */
  readonly instructionCharBudget?: number | undefined;
}

/** The only door through which rows reach a generator. */
export const trainRows = (rows: readonly ProposalRow[]): readonly ProposalRow[] =>
  rows.filter((row) => row.split === 'train' && row.correct !== null);
