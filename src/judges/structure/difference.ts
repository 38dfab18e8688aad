import type { JudgeName } from '../judge.ts';

/** The side of an answer that a difference concerns, named after the judge that looks at it. */
export type Aspect = Extract<
  JudgeName,
  'schema_accuracy' | 'logical_accuracy' | 'semantic_equivalence' | 'completeness'
>;

/** One way in which Genie's statement departs from the answer key. */
export interface Difference {
  /** Label of the failure; outside the taxonomy it is translated and kept. @see decisions 22 */
  readonly label: string;
  /** Judges that may complain of it, with a label of their own where theirs differs. */
  readonly aspects: Readonly<Partial<Record<Aspect, string>>>;
  readonly clause: 'SELECT' | 'FROM' | 'WHERE' | 'JOIN' | 'GROUP BY' | 'HAVING' | 'ORDER BY' | 'MEASURE';
  /** Full names of objects and columns. */
  readonly blame: readonly string[];
  /** SQL fragments as written; `null` where a side has nothing. */
  readonly expected: string | null;
  readonly actual: string | null;
  /** In words, for rationales. */
  readonly description: string;
  /** What to change in the metadata; names the object and quotes what to write. */
  readonly fix: string;
  readonly missingMetadata?: string;
  /**
   * `certain`: changes the answer on some data. `possible`: may be another spelling of the same;
   * counts only when nothing certain was found and the results differ.
   */
  readonly weight: 'certain' | 'possible';
}
