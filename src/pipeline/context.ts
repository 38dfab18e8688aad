import type { Clock, Workspace } from '../ports/index.ts';
import type { Evaluator, GroundTruthCache } from '../evaluation/index.ts';
import type { Judge } from '../judges/index.ts';
import type { Session } from '../session/index.ts';
import type { AskLedger } from './ask-ledger.ts';
import type { EventListener } from './events.ts';
import type { ResolvedOptions } from './options.ts';
import type { RowJournal } from './row-journal.ts';
import type { RunTracking } from './tracking.ts';

/** What a phase may look at. State changes only through returned values. */
export interface RunContext {
  readonly workspace: Workspace;
  readonly spaceId: string;
  readonly options: ResolvedOptions;
  readonly evaluator: Evaluator;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly emit: EventListener;
  /** The session as last saved. */
  readonly session: () => Readonly<Session>;
  /** For scoring stored answers again. */
  readonly judges: readonly Judge[];
  /** Results of answer keys, each run once a day. */
  readonly groundTruth: GroundTruthCache;
  readonly answers: RowJournal;
  /** Every ask of this run and of the runs it resumes. */
  readonly asks: AskLedger;
  /** What MLflow is told of the run. */
  readonly tracking: RunTracking;
}
