import { describe, expect, it } from 'vitest';
import { questionsInScope, type Benchmark } from '../../src/benchmarks/index.ts';
import { decideByThreshold, type PhaseHandlers } from '../../src/pipeline/index.ts';
import { scriptedRun, synonym, TEN_QUESTIONS } from '../scenarios/scripted-run.ts';
import { evaluation, row, verdict } from './rows.ts';
import { helps, textOf } from './constraint-runs.ts';

describe('scenario fixtures', () => {
  const broken = (id: number, word: string) =>
    TEN_QUESTIONS.map((question) => (question.id === id ? { ...question, brokenBy: [word] } : question));

  it('F1: the best accepted state is promoted, not the last one tried', async () => {
    const scenario = scriptedRun(broken(1, 'harm'), (lever) =>
      lever === 2 ? [synonym(2, 2), synonym(2, 3)] : lever === 3 ? [synonym(3, 4, 'harm')] : [],
    );
    const { session, finalAccuracyPct } = await scenario.run();
    expect(finalAccuracyPct).toBe(50);
    expect(session.best_iteration).toBe(
      session.iterations.find(({ accepted, lever }) => accepted && lever === 2)?.iteration,
    );
    expect(textOf(scenario)).toBe(session.accepted_config);
  });

  it.each(['p0Gate', 'fullEval'] as const)(
    'F2, F3: an evaluation that fails in %s is rolled back and the next lever goes on',
    async (phase) => {
      const scenario = scriptedRun(TEN_QUESTIONS, () => []);
      let calls = 0;
      const result = await scenario.run({
        phases: {
          propose: (ctx, { lever }) => ({
            proposals: lever <= 2 && ctx.session().sweep === 1 ? [synonym(lever, lever + 1)] : [],
          }),
          [phase]: (_ctx: unknown, _input: unknown, runDefault: () => unknown) =>
            calls++ === 0 ? Promise.reject(new RangeError('no answer')) : runDefault(),
        },
      });
      expect(result.session.attempts[0]).toMatchObject({ lever: 1, skip_reason: 'evaluation_failed' });
      expect(result.finalAccuracyPct).toBe(37.5);
    },
  );

  it.each([
    ['F4', 59.95, 'accepted'],
    ['F5', 57.9, 'rejected'],
  ] as const)('%s: a judge that falls from 60 to %d is %s by the threshold rule', (_, current, expected) => {
    const judged = (share: number, first: boolean) =>
      evaluation(
        Array.from({ length: 2000 }, (_row, index) =>
          row(`q${index}`, index === 0 ? first : false, {
            verdicts: verdict('completeness', index < share * 20 ? 'yes' : 'no'),
          }),
        ),
      );
    const before = judged(60, false);
    const input = { accepted: before, tip: before, candidate: judged(current, true) };
    expect(decideByThreshold(input, { regressionThresholdPp: 2 }).decision).toBe(expected);
  });

  it('F6: lever 6 is still tried when levers 1 to 5 were all accepted and the budget is used', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever, sweep) =>
      sweep === 1 && lever <= 5 ? [synonym(lever as 1, lever + 1)] : [],
    );
    const { session, status } = await scenario.run({ maxIterations: 5 });
    expect(session.iterations_used).toBe(5);
    expect(session.lever_audit['6']?.attempted).toBe(true);
    expect(status).toBe('max_iterations');
  });

  it('F8: a run that ended after lever 2 goes on with lever 3 and asks no baseline again', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, () => []);
    const controller = new AbortController();
    const tried: number[] = [];
    const propose: NonNullable<PhaseHandlers['propose']> = (ctx, { lever }) => {
      tried.push(lever);
      return { proposals: lever <= 2 && ctx.session().sweep === 1 ? [synonym(lever, lever + 1)] : [] };
    };
    const run = scenario.run({
      phases: { propose },
      signal: controller.signal,
      onEvent: (event) => {
        const saved = event.type === 'session_saved' ? scenario.files.texts.get(event.path) : undefined;
        if (saved?.includes('"next_lever": 3') === true) controller.abort();
      },
    });
    await expect(run).rejects.toThrow();
    const before = scenario.workspace.asked.length;
    tried.length = 0;
    const result = await scenario.run({ phases: { propose }, resume: true });
    expect(tried[0]).toBe(3);
    expect(result.finalAccuracyPct).toBe(50);
    // Only the held-out questions of both spaces.
    expect(scenario.workspace.asked).toHaveLength(before + 4);
  });

  it('a finished run that is resumed asks nothing and changes nothing', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, helps);
    const first = await scenario.run();
    const [asked, space] = [scenario.workspace.asked.length, textOf(scenario)];
    const again = await scenario.run({ resume: true });
    expect(scenario.workspace.asked).toHaveLength(asked);
    expect(textOf(scenario)).toBe(space);
    expect(again.finalAccuracyPct).toBe(first.finalAccuracyPct);
    expect(again.status).toBe(first.status);
  });

  it('F7: a sweep that ends below the targets is stalled', async () => {
    expect((await scriptedRun(TEN_QUESTIONS, helps).run()).status).toBe('stalled');
  });

  it('F9: the impact of a lever is the difference of two accuracies', async () => {
    const { session } = await scriptedRun(TEN_QUESTIONS, helps).run();
    expect(session.lever_impacts['1']).toMatchObject({ before: 25, after: 37.5, delta: 12.5 });
  });

  it('F10: a baseline that meets all targets changes nothing', async () => {
    const easy = TEN_QUESTIONS.map((question) => ({ ...question, easy: true }));
    const scenario = scriptedRun(easy, helps);
    const before = textOf(scenario);
    const result = await scenario.run();
    expect(result.status).toBe('converged');
    expect(textOf(scenario)).toBe(before);
    expect(result.session.promotion).toBeNull();
  });

  it('F13: without P0 questions the gate is inconclusive, which is said and never called passed', async () => {
    const plain = TEN_QUESTIONS.map((question) => ({ ...question, priority: 'P1' as const }));
    const { session } = await scriptedRun(plain, helps).run();
    expect(session.iterations[1]?.p0_result).toMatchObject({ status: 'inconclusive', passed: null });
    expect(session.warnings.join()).toContain('P0');
  });

  it('F16: held-out questions never decide which state is best, nor enter the frontier', async () => {
    const { session } = await scriptedRun(TEN_QUESTIONS, helps).run();
    expect(session.held_out_result).not.toBeNull();
    expect(
      session.iterations.every(({ eval_scope: scope, total_questions: n }) => scope === 'full' && n === 8),
    ).toBe(true);
    expect(session.pareto_points.map(({ iteration }) => iteration)).toEqual(
      session.iterations.map(({ iteration }) => iteration),
    );
  });

  it('no scope but held_out holds a held-out question', () => {
    const { questions } = scriptedRun(TEN_QUESTIONS, () => []).suite;
    const scopes = ['full', 'slice', 'p0'] as const;
    const touched = { patchedObjects: ['main.library.loans'], predictedQuestionIds: [] };
    for (const scope of scopes) {
      const asked: readonly Benchmark[] = questionsInScope({ domain: 'library', questions }, scope, touched);
      expect(asked.filter(({ split }) => split === 'held_out')).toEqual([]);
    }
  });
});

describe('the session of a run', () => {
  it('keeps every measured state with its cost, and flags those that were rolled back', async () => {
    const { session } = await scriptedRun(TEN_QUESTIONS, (lever, sweep) =>
      sweep > 1 ? [] : lever === 1 ? [synonym(1, 2)] : lever === 2 ? [synonym(2, 3, 'useless')] : [],
    ).run();
    expect(session.pareto_points).toMatchObject([
      { iteration: 0, correctness: 25, patch_cost: 0, accepted: true },
      { iteration: 1, correctness: 37.5, patch_cost: 1, patch_cost_delta: 1, accepted: true },
      { iteration: 2, correctness: 37.5, patch_cost: 2, patch_cost_delta: 1, accepted: false },
    ]);
    // The state that was rolled back kept more of its SQL: it stays on the frontier, flagged.
    expect(session.pareto_frontier.map(({ iteration, accepted }) => [iteration, accepted])).toEqual([
      [0, true],
      [1, true],
      [2, false],
    ]);
  });
});
