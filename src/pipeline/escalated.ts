import type { Clock } from '../ports/index.ts';
import type { Session } from '../session/index.ts';

/**
 * What the session says of a run that a person must look at: which way it went wrong, in words, and when.
 *
 * The last one stands. What was tried and measured before is in the session's own records and in the report of the
 * deployment.
 *
 * @see spec/pipeline.md §7.5
 */
export const escalated = (clock: Clock, code: string, detail: string): Pick<Session, 'escalation'> => ({
  escalation: { code, detail, at: clock.now().toISOString() },
});
