import { describe, expect, it } from 'vitest';
import { planBudget, type OptimizeEvent, type RunBudget } from '../../src/pipeline/index.ts';
import { scriptedRun, synonym, TEN_QUESTIONS } from '../scenarios/scripted-run.ts';

const helps = (lever: number) => (lever === 1 ? [synonym(1, 2)] : []);

/** A run of ten questions at this many starts a minute; absent: as the service allows. */
const scenario = (startsPerMinute?: number | null) =>
  scriptedRun(TEN_QUESTIONS, helps, {
    wrap: (workspace) => ({ ...workspace, ...(startsPerMinute === undefined ? {} : { startsPerMinute }) }),
  });

describe('the budget of a run', () => {
  it('counts baseline, candidates, fresh asks, the repeat at the end, and held-out questions of both spaces', async () => {
    const budgets: RunBudget[] = [];
    const { run } = scenario();
    await run({
      maxIterations: 3,
      acceptance: 'threshold',
      finalRepeatability: true,
      confirmBudget: (budget) => budgets.push(budget) > 0,
    });
    const plan = planBudget({ questions: 8, candidates: 3, acceptance: 'threshold' });
    expect(budgets).toEqual([
      {
        asks: plan.asks + 2 * 8 + 2 * 2,
        minutes: (plan.asks + 20) / 5,
        startsPerMinute: 5,
        questions: 8,
        candidates: 3,
        smallestEffect: plan.smallest_effect,
      },
    ]);
  });

  it('is not passed by what such a run asks', async () => {
    const budgets: RunBudget[] = [];
    const { run, workspace } = scenario();
    await run({
      maxIterations: 3,
      acceptance: 'threshold',
      finalRepeatability: true,
      confirmBudget: (budget) => budgets.push(budget) > 0,
    });
    expect(workspace.asked.length).toBeLessThanOrEqual(budgets[0]?.asks ?? 0);
  });

  it.each([
    ['measures only', { evaluateOnly: true }],
    ['plans only', { dryRun: true }],
    ['may try nothing', { maxIterations: 0 }],
  ])('of a run that %s is that of its questions, and promises no effect', async (_, changes) => {
    const budgets: RunBudget[] = [];
    await scenario().run({ ...changes, confirmBudget: (budget) => budgets.push(budget) > 0 });
    expect(budgets).toMatchObject([{ asks: 8, minutes: 8 / 5, candidates: 0, smallestEffect: null }]);
  });

  it('above maxMinutes ends the run before anything is asked or written, unless somebody agrees', async () => {
    const { run, workspace, files } = scenario();
    await expect(run({ maxMinutes: 1 })).rejects.toMatchObject({
      code: 'BUDGET',
      message: expect.stringContaining('confirmBudget') as string,
    });
    await expect(run({ maxMinutes: 1, confirmBudget: () => false })).rejects.toMatchObject({
      code: 'BUDGET',
    });
    expect(workspace.asked).toEqual([]);
    expect([...files.texts.keys()]).toEqual([]);
    const agreed = await run({ maxMinutes: 1, confirmBudget: () => Promise.resolve(true) });
    expect(agreed.finalAccuracyPct).toBe(37.5);
  });

  it('below maxMinutes is told, and nobody is asked', async () => {
    const events: OptimizeEvent[] = [];
    const asked: RunBudget[] = [];
    await scenario().run({
      maxMinutes: 100_000,
      confirmBudget: (budget) => asked.push(budget) > 1,
      onEvent: (event) => events.push(event),
    });
    expect(asked).toEqual([]);
    const at = events.findIndex(({ type }) => type === 'budget_planned');
    expect(at).toBeGreaterThan(-1);
    expect(at).toBeLessThan(events.findIndex(({ type }) => type === 'question_done'));
  });

  it('has no minutes where the workspace sets no limit', async () => {
    const events: OptimizeEvent[] = [];
    await scenario(null).run({ maxMinutes: 1, onEvent: (event) => events.push(event) });
    expect(events.find(({ type }) => type === 'budget_planned')).toMatchObject({
      budget: { minutes: null, startsPerMinute: null },
    });
  });

  it('is as short as the workspace is fast', async () => {
    await scenario(1000).run({ maxMinutes: 3, maxIterations: 1 });
    await expect(scenario(1).run({ maxMinutes: 3, maxIterations: 1 })).rejects.toMatchObject({
      code: 'BUDGET',
      details: { startsPerMinute: 1 },
    });
  });

  it('is not asked about again when a run is resumed', async () => {
    const { run } = scenario();
    const cancel = new AbortController();
    const first = run({
      confirmBudget: () => true,
      signal: cancel.signal,
      onEvent: ({ type }) => void (type === 'decision' && cancel.abort()),
    });
    await expect(first).rejects.toMatchObject({ code: 'ABORTED_BY_CALLER' });
    const asked: RunBudget[] = [];
    await run({ resume: true, confirmBudget: (budget) => asked.push(budget) > 1 });
    expect(asked).toEqual([]);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'cannot be limited to %d minutes',
    async (maxMinutes) => {
      await expect(scenario().run({ maxMinutes })).rejects.toMatchObject({
        code: 'INVALID_OPTION',
        details: { option: 'maxMinutes' },
      });
    },
  );
});
