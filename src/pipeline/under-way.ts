import type { Session } from '../session/index.ts';
import type { RunContext } from './context.ts';

/** The session's marker of what is about to be done. */
export const underWay = (
  { clock }: Pick<RunContext, 'clock'>,
  { sweep }: Pick<Session, 'sweep'>,
  phase: string,
  lever: number | null = null,
): Pick<Session, 'pending'> => ({
  pending: { phase, lever, sweep, started_at: clock.now().toISOString() },
});
