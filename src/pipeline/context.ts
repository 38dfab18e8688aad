import type { CatalogSnapshot, Clock, Workspace } from '../ports/index.ts';
import type { Evaluator } from '../evaluation/index.ts';
import type { Session } from '../session/index.ts';
import type { AskLedger } from './ask-ledger.ts';
import type { EventListener } from './events.ts';
import type { ResolvedOptions } from './options.ts';
import type { RowJournal } from './row-journal.ts';

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
  readonly catalog: () => CatalogSnapshot;
  readonly answers: RowJournal;
  /** Every ask of this run and of the runs it resumes. */
  readonly asks: AskLedger;
}
