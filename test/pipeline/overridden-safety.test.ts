import { describe, expect, it } from 'vitest';
import { SAFETY_PHASES, type PhaseHandlers, type PhaseId } from '../../src/pipeline/index.ts';
import { scriptedRun, synonym, TEN_QUESTIONS } from '../scenarios/scripted-run.ts';

/** Lever 1 is accepted, lever 2 breaks what worked and is rolled back. */
const QUESTIONS = TEN_QUESTIONS.map((question) =>
  question.id === 1 ? { ...question, brokenBy: ['harm'] } : question,
);
const propose: PhaseHandlers['propose'] = (ctx, { lever }) => ({
  proposals:
    ctx.session().sweep > 1 ? [] : lever === 1 ? [synonym(1, 2)] : lever === 2 ? [synonym(2, 3, 'harm')] : [],
});
const asDefault = (_ctx: unknown, _input: unknown, runDefault: () => unknown) => runDefault();

describe('a phase that decides about safety and was replaced', () => {
  it.each(['verifyPersistence', 'sliceGate', 'p0Gate', 'regressionCheck', 'rollback'] satisfies PhaseId[])(
    "'%s' is recorded as overridden, and the report says so",
    async (phase) => {
      expect(SAFETY_PHASES.has(phase)).toBe(true);
      const scenario = scriptedRun(QUESTIONS, () => []);
      const { session, reportPath } = await scenario.run({ phases: { propose, [phase]: asDefault } });
      const calls = session.worker_reads.filter(({ handler }) => handler === phase);
      expect(calls.length).toBeGreaterThan(0);
      expect(calls.every(({ overridden }) => overridden)).toBe(true);
      expect(scenario.files.texts.get(reportPath)).toContain(
        `Phase '${phase}' decides about safety and was replaced by your own handler.`,
      );
    },
  );

  it('that is as it came is not', async () => {
    const scenario = scriptedRun(QUESTIONS, () => []);
    const { session, reportPath } = await scenario.run({ phases: { propose } });
    const safety = session.worker_reads.filter(({ handler }) => SAFETY_PHASES.has(handler as PhaseId));
    expect(new Set(safety.map(({ handler }) => handler))).toEqual(SAFETY_PHASES);
    expect(safety.some(({ overridden }) => overridden)).toBe(false);
    expect(scenario.files.texts.get(reportPath)).not.toContain('decides about safety');
  });
});
