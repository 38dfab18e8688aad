import { describe, expect, it } from 'vitest';
import type { EvalRunsPort } from '../../src/ports/index.ts';
import { codeOfFailure } from './code-of.ts';

export interface EvalRunsSubject {
  readonly evalRuns: EvalRunsPort;
  /** A space whose benchmarks hold these two questions, answered rightly and wrongly. */
  readonly spaceId: string;
  readonly rightId: string;
  readonly wrongId: string;
}

/** What every {@link EvalRunsPort} does. */
export function describeEvalRunsPort(name: string, subject: () => EvalRunsSubject): void {
  describe(`${name} as EvalRunsPort`, () => {
    it('evaluates all questions, with a verdict and SQL for each', async () => {
      const { evalRuns, spaceId, rightId, wrongId } = subject();
      const { evalRunId } = await evalRuns.create(spaceId);
      const run = await evalRuns.wait(spaceId, evalRunId);
      expect(run).toMatchObject({ status: 'DONE', questions: 2, done: 2, correct: 1 });
      const results = await evalRuns.results(spaceId, evalRunId);
      const byQuestion = new Map(results.map((result) => [result.questionId, result]));
      expect(byQuestion.get(rightId)).toMatchObject({ assessment: 'GOOD', reasons: [] });
      expect(byQuestion.get(wrongId)?.assessment).toBe('BAD');
      expect(byQuestion.get(wrongId)?.reasons.length).toBeGreaterThan(0);
      expect(byQuestion.get(wrongId)?.actualSql).not.toBe(byQuestion.get(wrongId)?.expectedSql);
    });

    it('evaluates the questions that are named, and lists its runs', async () => {
      const { evalRuns, spaceId, rightId } = subject();
      const { evalRunId } = await evalRuns.create(spaceId, [rightId]);
      expect(await evalRuns.wait(spaceId, evalRunId)).toMatchObject({ questions: 1, correct: 1 });
      expect((await evalRuns.list(spaceId)).map((run) => run.evalRunId)).toContain(evalRunId);
    });

    it('says NOT_FOUND for a run that does not exist', async () => {
      const { evalRuns, spaceId } = subject();
      expect(await codeOfFailure(evalRuns.get(spaceId, 'none'))).toBe('NOT_FOUND');
    });

    it('stops when the signal has fired', async () => {
      const { evalRuns, spaceId } = subject();
      const stopped = evalRuns.create(spaceId, undefined, { signal: AbortSignal.abort() });
      expect(await codeOfFailure(stopped)).toBe('ABORTED_BY_CALLER');
    });
  });
}
