import type { Session } from '../session/index.ts';
import { rollBack } from './roll-back.ts';
import type { Run } from './run.ts';

/**
 * The last change that awaits its proof becomes the one that is under way, to be taken back: a kill in between finds
 * it there. `null` when there is none.
 */
function takingUpLast(
  session: Session,
): Pick<Session, 'provisional_apply_logs' | 'iterations' | 'current_apply_log'> | null {
  const record = session.provisional_apply_logs.at(-1);
  if (record === undefined) return null;
  const last = session.iterations.findLastIndex(({ outcome }) => outcome === 'provisional');
  return {
    current_apply_log: record,
    provisional_apply_logs: session.provisional_apply_logs.slice(0, -1),
    iterations: session.iterations.map((entry, index) =>
      index === last ? { ...entry, accepted: false, outcome: 'rolled_back' as const } : entry,
    ),
  };
}

/** Takes the changes back that await their proof, the last one first. */
export async function takeBackUnproven(run: Run, reason: string): Promise<void> {
  const { recorder } = run;
  for (;;) {
    const takingUp = takingUpLast(recorder.current());
    if (takingUp === null) return;
    const { current_apply_log: record } = await recorder.update(() => takingUp);
    if (record === null) return;
    const state = await rollBack(run, record, reason);
    run.tip = { ...run.accepted, state };
    await recorder.update(() => ({ current_apply_log: null }));
  }
}
