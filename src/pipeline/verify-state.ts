import { readSpace } from '../apply/index.ts';
import { OptimizerError } from '../core/index.ts';
import type { PhaseId } from './phase-ids.ts';
import type { Run } from './run.ts';

/** What must hold after a phase does not, whoever wrote the phase. @see spec/pipeline.md §5 */
export class InvariantError extends OptimizerError {
  constructor(phase: PhaseId, problem: string, details: Readonly<Record<string, unknown>> = {}) {
    super(`After phase '${phase}': ${problem}`, { code: 'INVARIANT', details: { phase, ...details } });
  }
}

/**
 * Reads a space that a phase says it has written: what a phase returns is not taken on trust.
 *
 * @throws {InvariantError}
 */
export async function readBack(
  { ctx }: Pick<Run, 'ctx'>,
  phase: PhaseId,
  spaceId: string,
  expectedHash: string,
): Promise<void> {
  const { hash } = await readSpace(ctx.workspace.genie, spaceId, { signal: ctx.signal });
  if (hash === expectedHash) return;
  throw new InvariantError(phase, `space ${spaceId} is not in the state the phase should have left.`, {
    spaceId,
    expectedHash,
    foundHash: hash,
  });
}
