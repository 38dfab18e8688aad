import { describe, expectTypeOf, it } from 'vitest';
import type { PhaseHandler, PhaseHandlers, PhaseInput, PhaseOutput } from '../../src/pipeline/index.ts';
import type { Proposal } from '../../src/levers/index.ts';

describe('phase handlers', () => {
  it('know what their phase takes and gives', () => {
    expectTypeOf<PhaseOutput<'propose'>['proposals']>().toEqualTypeOf<readonly Proposal[]>();
    expectTypeOf<PhaseInput<'propagate'>>().toEqualTypeOf<{ readonly waitMs: number }>();
    expectTypeOf<PhaseHandler<'report'>>().returns.toExtend<
      Promise<{ readonly markdown: string }> | { readonly markdown: string }
    >();
  });

  it('refuse a phase that does not exist and an output of another phase', () => {
    // @ts-expect-error there is no such phase
    const unknown: PhaseHandlers = { guess: () => ({}) };
    // @ts-expect-error a report is Markdown
    const wrong: PhaseHandlers = { report: () => ({ html: '' }) };
    expectTypeOf([unknown, wrong]).toBeArray();
  });
});
