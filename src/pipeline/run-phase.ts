import { AbortedError, OptimizerError } from '../core/index.ts';
import type { RunContext } from './context.ts';
import type { PhaseId } from './phase-ids.ts';
import { PHASE_OUTPUT_SCHEMAS, type PhaseInput, type PhaseOutput } from './phases.ts';

/** A phase returned something its schema refuses; the message names the phase and the path. */
export class PhaseOutputError extends OptimizerError {
  constructor(phase: PhaseId, path: string, problem: string, overridden: boolean) {
    super(
      `Phase '${phase}'${overridden ? ' (overridden by you)' : ''} returned an invalid value at '${path}': ${problem}`,
      { code: 'PHASE_OUTPUT', details: { phase, path, overridden } },
    );
  }
}

/** One completed call of a phase, for the audit in the session. */
export interface PhaseRecord {
  readonly phase: PhaseId;
  readonly overridden: boolean;
  readonly ok: boolean;
  readonly at: string;
  readonly durationMs: number;
}

/**
 * Runs one phase: the user's handler when there is one, else the default; checks what comes back.
 *
 * @throws {PhaseOutputError} the output does not pass the phase's schema
 * @throws {AbortedError} the run was cancelled
 */
export async function runPhase<P extends PhaseId>(
  ctx: RunContext,
  phase: P,
  input: PhaseInput<P>,
  runDefault: (input: PhaseInput<P>) => Promise<PhaseOutput<P>>,
  record: (entry: PhaseRecord) => void,
  lever: number | null = null,
): Promise<PhaseOutput<P>> {
  if (ctx.signal?.aborted) throw new AbortedError(`The run (before phase '${phase}')`, ctx.signal.reason);
  const handler = ctx.options.phases?.[phase];
  const overridden = handler !== undefined;
  const startedAt = ctx.clock.now();
  ctx.emit({ type: 'phase_started', phase, lever });
  const finish = (ok: boolean) => {
    const durationMs = ctx.clock.now().getTime() - startedAt.getTime();
    record({ phase, overridden, ok, at: startedAt.toISOString(), durationMs });
    ctx.emit({ type: 'phase_finished', phase, lever, durationMs, overridden });
  };
  try {
    const output = handler
      ? await handler(ctx, input, (changed) => runDefault(changed ?? input))
      : await runDefault(input);
    const parsed = PHASE_OUTPUT_SCHEMAS[phase].safeParse(output);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new PhaseOutputError(phase, issue?.path.join('.') ?? '', issue?.message ?? 'invalid', overridden);
    }
    finish(true);
    return output;
  } catch (error) {
    finish(false);
    throw error;
  }
}
