import type { Session } from '../session/index.ts';

/** A session without the changes that await their proof. */
export const withoutProvisional = (
  session: Session,
): Pick<Session, 'provisional_apply_logs' | 'iterations'> => ({
  provisional_apply_logs: [],
  iterations: session.iterations.map((entry) =>
    entry.outcome === 'provisional' ? { ...entry, accepted: false, outcome: 'rolled_back' as const } : entry,
  ),
});
