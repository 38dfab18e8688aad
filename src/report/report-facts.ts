import type { AsiRecord } from '../asi/index.ts';
import type { Session } from '../session/index.ts';

/** One stored row of an evaluation, as far as a report tells of it. */
export interface ReportRow {
  readonly question_id: string;
  readonly question: string;
  readonly priority: string;
  readonly expected_asset: string;
  readonly actual_asset: string;
  readonly correct: boolean | null;
  readonly verdicts: Readonly<Record<string, { readonly value: string; readonly rationale: string }>>;
  readonly asi: readonly AsiRecord[];
  readonly comparison: { readonly matchType: string };
}

/** All that a report is made from. */
export interface ReportFacts {
  readonly session: Session;
  /** Stored rows of full evaluations, by iteration; what depends on missing ones is `n/a`. */
  readonly rows: ReadonlyMap<number, readonly ReportRow[]>;
  /** Which evaluator measured, for the reader to judge the numbers. */
  readonly evaluator: string;
  /** Pass rate to reach per judge, percent. */
  readonly targets: Readonly<Record<string, number>>;
  /** Path of the report itself, for the list of files. */
  readonly path: string | null;
}

/** The evaluation that the run ended with: the last one that was accepted. */
export const lastAccepted = (session: Session): Session['iterations'][number] | undefined =>
  session.iterations.findLast(({ accepted }) => accepted);
