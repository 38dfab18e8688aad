import type { Run } from './run.ts';

/** Full evaluations in a row that brought nothing, after which a run counts as stalled. @see spec/pipeline.md §7.4 */
export const STALLED_AFTER = 2;

/** Whether the run ends because of that. */
export const endsAsStalled = ({ ctx, recorder }: Run): boolean =>
  ctx.options.stallPolicy === 'stop' && recorder.current().stall_counter >= STALLED_AFTER;

/** Told once each time it happens. */
export function warnOfStall({ ctx, recorder }: Run, before: number): void {
  const { stall_counter: now } = recorder.current();
  if (before >= STALLED_AFTER || now < STALLED_AFTER) return;
  const next =
    ctx.options.stallPolicy === 'stop' ? 'The run ends here.' : 'The other levers are still tried.';
  ctx.emit({
    type: 'warning',
    code: 'STALL',
    message: `${STALLED_AFTER} changes in a row did not help. ${next}`,
  });
}
