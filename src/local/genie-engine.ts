import type { CatalogSnapshot } from '../ports/index.ts';
import type { Space } from '../spaces/index.ts';

/** Distinct values of a column, for entity matching; at most `limit`, in the order of the table's own sorting. */
export interface ValueLookup {
  distinct(table: string, column: string, limit: number): Promise<readonly string[]>;
}

/** Everything a local Genie may read to answer one question. */
export interface LocalGenieInput {
  readonly question: string;
  readonly space: Space;
  readonly catalog: CatalogSnapshot;
  /** YYYY-MM-DD. */
  readonly today: string;
  readonly values: ValueLookup;
  /** 0: fully deterministic; up to 1: near-ties and optional elements vary with `random`. */
  readonly variance: number;
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** `sql` is `null` when the engine asks back or refuses; `text` then says why. */
export interface LocalGenieAnswer {
  readonly sql: string | null;
  readonly text: string | null;
  readonly thoughts: readonly { readonly type: string; readonly content: string }[];
}

/** Turns a question into SQL. @see spec/local-workspace.md §3 */
export interface LocalGenieEngine {
  answer(input: LocalGenieInput): Promise<LocalGenieAnswer>;
}
