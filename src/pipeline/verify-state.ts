import { readSpace, type SpaceState } from '../apply/index.ts';
import { OptimizerError } from '../core/index.ts';
import type { PhaseId } from './phase-ids.ts';
import type { Run } from './run.ts';

/** What must hold after a phase, or between two levers, does not, whoever wrote the phases. @see spec/pipeline.md §5 */
export class InvariantError extends OptimizerError {
  constructor(phase: string, problem: string, details: Readonly<Record<string, unknown>> = {}) {
    super(`After '${phase}': ${problem}`, { code: 'INVARIANT', details: { phase, ...details } });
  }
}

/**
 * Reads a space that a phase says it has written: what a phase returns is not taken on trust.
 *
 * @returns the space as read
 * @throws {InvariantError}
 */
export async function readBack(
  { ctx }: Pick<Run, 'ctx'>,
  phase: PhaseId,
  spaceId: string,
  expectedHash: string,
): Promise<SpaceState> {
  const state = await readSpace(ctx.workspace.genie, spaceId, { signal: ctx.signal });
  if (state.hash === expectedHash) return state;
  throw new InvariantError(phase, `space ${spaceId} is not in the state the phase should have left.`, {
    spaceId,
    expectedHash,
    foundHash: state.hash,
  });
}
