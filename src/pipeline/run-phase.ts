import { OptimizerError, sha256, throwIfAborted } from '../core/index.ts';
import type { RunContext } from './context.ts';
import type { PhaseId } from './phase-ids.ts';
import { PHASE_INPUT_SCHEMAS, PHASE_OUTPUT_SCHEMAS } from './phase-schemas.ts';
import type { PhaseInput, PhaseOutput } from './phases.ts';

/** A phase returned something its schema refuses; the message names the phase and the path. */
export class PhaseOutputError extends OptimizerError {
  constructor(phase: PhaseId, path: string, problem: string, overridden: boolean) {
    super(
      `Phase '${phase}'${overridden ? ' (overridden by you)' : ''} returned an invalid value at '${path}': ${problem}`,
      { code: 'PHASE_OUTPUT', details: { phase, path, overridden } },
    );
  }
}

/** A phase was called with something its schema refuses; the message names the phase and the path. */
export class PhaseInputError extends OptimizerError {
  constructor(phase: PhaseId, path: string, problem: string, overridden: boolean) {
    super(
      `Phase '${phase}' was called with an invalid value at '${path}'${overridden ? ' (given by your handler to runDefault)' : ''}: ${problem}`,
      { code: 'PHASE_INPUT', details: { phase, path, overridden } },
    );
  }
}

/** One completed call of a phase, for the audit in the session. */
export interface PhaseRecord {
  readonly phase: PhaseId;
  readonly lever: number | null;
  /** SHA-256 of what went in and came out as JSON; `null`: nothing came out. */
  readonly inputHash: string;
  readonly outputHash: string | null;
  readonly overridden: boolean;
  readonly ok: boolean;
  readonly at: string;
  readonly durationMs: number;
}

/**
 * Runs one phase: the user's handler when there is one, else the default; checks what comes back.
 *
 * @throws {PhaseInputError} the input, or what an override hands to `runDefault`, does not pass
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
  throwIfAborted(ctx.signal, `The run (before phase '${phase}')`);
  const handler = ctx.options.phases?.[phase];
  const overridden = handler !== undefined;
  const startedAt = ctx.clock.now();
  ctx.emit({ type: 'phase_started', phase, lever });
  checkInput(phase, input, false);
  const finish = (ok: boolean, output?: PhaseOutput<P>) => {
    const durationMs = ctx.clock.now().getTime() - startedAt.getTime();
    record({
      phase,
      lever,
      overridden,
      ok,
      at: startedAt.toISOString(),
      durationMs,
      inputHash: jsonHash(input),
      outputHash: output === undefined ? null : jsonHash(output),
    });
    ctx.emit({ type: 'phase_finished', phase, lever, durationMs, overridden });
  };
  try {
    const output = handler
      ? await handler(ctx, input, async (changed) => {
          if (changed !== undefined) checkInput(phase, changed, true);
          return runDefault(changed ?? input);
        })
      : await runDefault(input);
    const parsed = PHASE_OUTPUT_SCHEMAS[phase].safeParse(output);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new PhaseOutputError(phase, issue?.path.join('.') ?? '', issue?.message ?? 'invalid', overridden);
    }
    finish(true, output);
    return output;
  } catch (error) {
    finish(false);
    throw error;
  }
}

const jsonHash = (value: unknown): string => sha256(JSON.stringify(value));

function checkInput<P extends PhaseId>(phase: P, input: PhaseInput<P>, overridden: boolean): void {
  const parsed = PHASE_INPUT_SCHEMAS[phase].safeParse(input);
  if (parsed.success) return;
  const issue = parsed.error.issues[0];
  throw new PhaseInputError(phase, issue?.path.join('.') ?? '', issue?.message ?? 'invalid', overridden);
}
