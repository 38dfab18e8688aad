import type { Session } from '../session/index.ts';

/** Sessions that agree on this are the same to go on from. */
export const pointOf = (session: Session): string =>
  JSON.stringify([
    session.status,
    session.suite_ref,
    session.iterations.map(({ outcome }) => outcome),
    session.attempts.length,
    session.next_lever,
    session.clones,
    session.current_apply_log?.change_id ?? null,
    session.current_apply_log?.state ?? null,
    session.promotion?.state ?? null,
    session.held_out_result === null,
    session.tracking?.evaluation_runs ?? null,
    session.tracking?.pending_model_id ?? null,
    session.report_path,
  ]);
