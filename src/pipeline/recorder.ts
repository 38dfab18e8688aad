import type { Clock, FileStore } from '../ports/index.ts';
import { historiesOf, paretoOf, saveSession, type Session } from '../session/index.ts';
import type { EventListener } from './events.ts';
import { SAFETY_PHASES } from './phase-ids.ts';
import type { PhaseRecord } from './run-phase.ts';

/** Which worker of the session's audit a phase belongs to. @see spec/session-state.md §4 */
const WORKER_OF: Readonly<Record<string, string>> = {
  propose: 'optimizer',
  apply: 'applier',
  verifyPersistence: 'applier',
  rollback: 'applier',
  promote: 'applier',
  temporalFreshness: 'generator',
};

/** Version of the input and output schemas of the phases. */
const PHASE_CONTRACT_VERSION = '1';

/** Holds the session of a run and writes it before the run goes on. */
export interface Recorder {
  current(): Session;
  /** Changes the session and resolves once it is on disk. */
  update(change: (session: Session) => Partial<Session>): Promise<Session>;
  /** Notes a finished phase; written with the next update. */
  note(entry: PhaseRecord): void;
}

export function createRecorder(
  initial: Session,
  target: {
    readonly files: FileStore;
    readonly path: string;
    readonly clock: Clock;
    readonly emit: EventListener;
    /** Told of every saved session, before the run goes on. */
    readonly onSaved?: ((session: Session) => Promise<void>) | undefined;
  },
): Recorder {
  let session = initial;
  return {
    current: () => session,
    async update(change) {
      const changed = change(session);
      session = {
        ...session,
        ...changed,
        ...(changed.iterations
          ? {
              ...paretoOf(changed.iterations, session.tracking?.models),
              ...historiesOf(changed.iterations),
            }
          : {}),
        updated_at: target.clock.now().toISOString(),
      };
      await saveSession(target.files, target.path, session);
      target.emit({ type: 'session_saved', path: target.path });
      await target.onSaved?.(session);
      return session;
    },
    note({ phase, lever, overridden, ok, at, durationMs, inputHash, outputHash }) {
      const entry = {
        worker: WORKER_OF[phase] ?? 'evaluator',
        handler: phase,
        contract_version: PHASE_CONTRACT_VERSION,
        references: [`phases.ts#${phase}`, 'spec/pipeline.md §5'],
        iteration: session.current_iteration,
        lever,
        input_hash: inputHash,
        output_hash: outputHash,
        overridden,
        ok,
        at,
        duration_ms: durationMs,
      };
      const warning = `Phase '${phase}' decides about safety and was replaced by your own handler.`;
      const isNew = overridden && SAFETY_PHASES.has(phase) && !session.warnings.includes(warning);
      session = {
        ...session,
        worker_reads: [...session.worker_reads, entry],
        warnings: isNew ? [...session.warnings, warning] : session.warnings,
      };
    },
  };
}
