import { describe, expect, it } from 'vitest';
import { parseQueue, REMEDIATION_QUEUE_FILE } from '../../src/evaluation/index.ts';
import { defineStrategy, type Lever } from '../../src/levers/index.ts';
import type { OptimizeEvent, OptimizeOptions, PhaseHandlers } from '../../src/pipeline/index.ts';
import type { ChatModel } from '../../src/ports/index.ts';
import {
  scriptedRun,
  SPACE_ID,
  synonym,
  TEN_QUESTIONS,
  type ScriptedRun,
} from '../scenarios/scripted-run.ts';
import { proposalOf } from '../scenarios/proposal-of.ts';
import { verdict } from './rows.ts';

const helps = (lever: number) => (lever === 1 ? [synonym(1, 2)] : []);
const textOf = ({ workspace }: ScriptedRun) => workspace.spaceText(SPACE_ID);

/** The scripted run with some of its questions changed. */
const withQuestion = (scenario: ScriptedRun, id: string, change: Readonly<Record<string, unknown>>) => ({
  ...scenario.suite,
  questions: scenario.suite.questions.map((one) => (one.id === id ? { ...one, ...change } : one)),
});

describe('questions before the baseline', () => {
  it('P5, checklist 5: somebody is asked before a question is generated, and before Genie is', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS.slice(0, 3), () => []);
    const askedBefore: number[] = [];
    const { session } = await scenario.run({
      evaluateOnly: true,
      generateQuestions: ({ usable }) => {
        askedBefore.push(scenario.workspace.asked.length);
        return usable > 100;
      },
    });
    expect(askedBefore).toEqual([0]);
    expect(session.iterations[0]?.total_questions).toBe(3);
  });

  it('P5: nobody is asked, and nothing generated, without the hook or with ten questions', async () => {
    const few = scriptedRun(TEN_QUESTIONS.slice(0, 3), () => []);
    expect((await few.run({ evaluateOnly: true })).session.iterations[0]?.total_questions).toBe(3);
    const enough = scriptedRun(TEN_QUESTIONS, () => []);
    const asked: unknown[] = [];
    await enough.run({ evaluateOnly: true, generateQuestions: (request) => asked.push(request) > 1 });
    expect(asked).toEqual([]);
  });

  it('P6, checklist 6: every answer key is run once, by its validation, and not again by the baseline', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, () => []);
    await scenario.run({ evaluateOnly: true });
    for (const { expected_sql: sql } of scenario.suite.questions) {
      const asAnswer = scenario.workspace.asked.length;
      expect(asAnswer).toBeGreaterThan(0);
      expect(scenario.workspace.executed.filter((statement) => statement === sql)).toHaveLength(1);
    }
  });

  it('a key that fails is left out with its reason, and waits for a person in the queue', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, () => []);
    const events: OptimizeEvent[] = [];
    const { session } = await scenario.run({
      benchmarks: withQuestion(scenario, 'q3', { expected_sql: 'DELETE FROM main.library.loans' }),
      evaluateOnly: true,
      onEvent: (event) => void events.push(event),
    });
    expect(session.excluded_questions.map(({ question_id }) => question_id)).toEqual(['q3']);
    expect(session.excluded_questions[0]?.detail).not.toBe('');
    expect(events.filter(({ type }) => type === 'questions_excluded')).toHaveLength(1);
    expect(scenario.workspace.asked.map(({ question }) => question)).not.toContain(
      'What about thing3 number 3?',
    );
    const queue = scenario.files.texts.get(`out/run_1/${REMEDIATION_QUEUE_FILE}`) ?? '';
    expect(parseQueue(queue).map(({ id }) => id)).toEqual(['q3']);
  });

  it('P7: a stale key is left out before the baseline, unless it is to be kept', async () => {
    const stale = {
      question: 'What about thing3 last month?',
      expected_sql: "SELECT thing3 FROM main.library.loans WHERE d = '2024-01-01'",
    };
    const scenario = scriptedRun(TEN_QUESTIONS, () => []);
    const benchmarks = withQuestion(scenario, 'q3', stale);
    const { session } = await scenario.run({ benchmarks, evaluateOnly: true });
    expect(session.excluded_questions).toMatchObject([{ question_id: 'q3', reason_code: 'temporal_stale' }]);
    expect(session.stale_benchmarks.map(({ question_id }) => question_id)).toEqual(['q3']);
    const kept = await scriptedRun(TEN_QUESTIONS, () => []).run({
      benchmarks,
      evaluateOnly: true,
      staleKeys: 'keep',
    });
    expect(kept.session.iterations[0]?.total_questions).toBe(8);
  });

  it('a suite of which nothing can be asked stops the run before Genie is asked', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS.slice(0, 1), () => []);
    const run = scenario.run({ benchmarks: withQuestion(scenario, 'q0', { expected_sql: 'DROP TABLE t' }) });
    await expect(run).rejects.toMatchObject({ code: 'NO_BENCHMARKS' });
    expect(scenario.workspace.asked).toEqual([]);
  });
});

describe('a dry run', () => {
  it('plans the first step of every lever and writes nothing', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) =>
      lever < 3 ? [synonym(lever as 1 | 2, lever + 2)] : [],
    );
    const before = textOf(scenario);
    const result = await scenario.run({ dryRun: true });
    expect(result.status).toBe('evaluated');
    expect(result.session.planned_steps.map(({ lever }) => lever)).toEqual([1, 2]);
    expect(result.session.planned_steps[0]?.changes[0]).toContain('w3');
    expect(textOf(scenario)).toBe(before);
    expect(await scenario.workspace.genie.listSpaces()).toHaveLength(1);
    // Eight questions once; the held-out ones never.
    expect(scenario.workspace.asked).toHaveLength(8);
  });
});

describe('patches of high risk', () => {
  const risky = (lever: number) =>
    lever === 6
      ? [proposalOf(6, { type: 'remove_instruction', old_text: 'Old.', risk_level: 'high' }, ['q2'])]
      : [];

  it.each([
    ['nobody to ask', undefined],
    ['a no', () => false],
  ])('wait in the session with %s', async (_, approveRisk) => {
    const scenario = scriptedRun(TEN_QUESTIONS, risky);
    const { session } = await scenario.run({ approveRisk });
    expect(session.queued_high_risk).toMatchObject([{ lever: 6, question_ids: ['q2'] }]);
    expect(session.lever_audit['6']?.skip_reason).toBe('all_patches_high_risk');
  });

  it('are planned after a yes', async () => {
    const asked: string[] = [];
    const scenario = scriptedRun(TEN_QUESTIONS, risky);
    const { session } = await scenario.run({
      approveRisk: ({ rationale }) => asked.push(rationale) > 0,
    });
    expect(asked).toHaveLength(1);
    expect(session.queued_high_risk).toEqual([]);
    expect(session.lever_audit['6']?.skip_reason).not.toBe('all_patches_high_risk');
  });
});

describe('a strategy', () => {
  const three = (lever: number) => (lever <= 3 ? [synonym(lever as Lever, lever + 1)] : []);
  const leversOf = async (strategy: OptimizeOptions['strategy']) => {
    const scenario = scriptedRun(TEN_QUESTIONS, three);
    const { session } = await scenario.run({ strategy, acceptance: 'threshold' });
    return session.iterations.map(({ lever }) => lever).slice(1, 4);
  };

  it('decides which lever comes next', async () => {
    const backwards = defineStrategy({
      name: 'backwards',
      next: ({ proposals, closed }) => {
        const lever = ([3, 2, 1] as const).find((one) => !closed.includes(one));
        const own = proposals.filter((proposal) => proposal.lever === lever);
        return lever === undefined || own.length === 0
          ? null
          : { levers: [lever], proposals: own, gain: 1, log: `Lever ${lever}.` };
      },
    });
    expect(await leversOf('fixedOrder')).toEqual([1, 2, 3]);
    expect(await leversOf(backwards)).toEqual([3, 2, 1]);
  });

  it('HC14, mistake 19: combines levers only where their questions do not overlap, and says so', async () => {
    const logs: string[] = [];
    const scenario = scriptedRun(TEN_QUESTIONS, three);
    const { session } = await scenario.run({
      strategy: 'adaptive',
      acceptance: 'threshold',
      onEvent: (event) => void (event.type === 'strategy_step' && logs.push(event.log)),
    });
    expect(session.status).not.toBe('in_progress');
    expect(logs.length).toBeGreaterThan(0);
    expect(new Set(session.iterations.map(({ iteration }) => iteration)).size).toBe(
      session.iterations.length,
    );
  });

  it('of an unknown name is refused before anything is asked', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, () => []);
    await expect(scenario.run({ strategy: 'random' as 'adaptive' })).rejects.toThrow('fixedOrder, adaptive');
  });
});

describe('asking everything again at the end', () => {
  const phasesCounting = (calls: string[]): PhaseHandlers => ({
    propose: (_ctx, { lever }) => ({ proposals: helps(lever) }),
    finalRepeatability: async (_ctx, _input, runDefault) => {
      calls.push('finalRepeatability');
      return runDefault();
    },
  });

  it('mistake 17: happens exactly once, twice per question, outside the iterations', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, helps);
    const calls: string[] = [];
    const { session } = await scenario.run({
      finalRepeatability: true,
      phases: phasesCounting(calls),
      acceptance: 'threshold',
    });
    expect(calls).toEqual(['finalRepeatability']);
    expect(session.repeatability_test).toMatchObject({
      asks: 16,
      identical: 8,
      average_repeatability_pct: 100,
    });
    expect(session.iterations).toHaveLength(2);
    // It fills in the figure of the promoted state, marked as what it is, and chooses nothing.
    expect(session.pareto_points.map((point) => [point.repeatability, point.repeatability_source])).toEqual([
      [null, 'none'],
      [100, 'requery'],
    ]);
    const stored = scenario.files.texts.get('out/run_1/evaluation/repeatability.json') ?? '{}';
    expect(JSON.parse(stored)).toMatchObject({ extra_queries: 2, space_id: SPACE_ID, total_questions: 8 });
  });

  it('F10: does not happen when nothing was tried', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, () => []);
    const { session } = await scenario.run({ finalRepeatability: true });
    expect(session.repeatability_test).toBeNull();
  });
});

describe('answer keys that the arbiter doubts', () => {
  /** Genie's answer to q3 is called right. */
  const doubting: PhaseHandlers = {
    propose: () => ({ proposals: [] }),
    baseline: async (_ctx, _input, runDefault) => {
      const result = await runDefault();
      const rows = result.rows.map((found) =>
        found.question_id === 'q3'
          ? { ...found, verdicts: { ...found.verdicts, ...verdict('arbiter', 'genie_correct') } }
          : found,
      );
      return { ...result, rows };
    },
  };

  it('F12: are corrected when somebody says so, and the past is scored again without asking Genie', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, () => []);
    const { session } = await scenario.run({ phases: doubting, confirmCorrection: () => true });
    expect(session.benchmark_corrections).toMatchObject([
      { question_id: 'q3', new_gt: 'SELECT wrong3 FROM main.library.loans', key_version: 2 },
    ]);
    const [baseline] = session.iterations;
    expect(baseline?.overall_accuracy).toBe(25);
    expect(baseline?.rescored_accuracy).toBe(37.5);
    // Eight at the baseline, two held out at the end; nothing for the corrections.
    expect(scenario.workspace.asked).toHaveLength(10);
    // Both ends are under the corrected key: nothing was gained.
    expect(session.best_overall_accuracy).toBe(37.5);
  });

  it('are only listed when nobody is there to confirm', async () => {
    const { session } = await scriptedRun(TEN_QUESTIONS, () => []).run({ phases: doubting });
    expect(session.proposed_corrections).toMatchObject([{ question_id: 'q3' }]);
    expect(session.benchmark_corrections).toEqual([]);
  });

  it('are not looked at with corrections: off', async () => {
    const { session } = await scriptedRun(TEN_QUESTIONS, () => []).run({
      phases: doubting,
      corrections: 'off',
    });
    expect(session.proposed_corrections).toEqual([]);
  });
});

describe('a chat model', () => {
  it('is demanded by judges that need one', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, () => []);
    await expect(scenario.run({ judges: 'both' })).rejects.toThrow('chatModel');
    expect(scenario.workspace.asked).toEqual([]);
  });

  it('that fails leaves proposals and verdicts as they are without it', async () => {
    const calls: string[] = [];
    const broken: ChatModel = {
      name: 'broken',
      generateJson: (prompt: string) => {
        calls.push(prompt);
        return Promise.reject(new Error('no model'));
      },
    };
    const scenario = scriptedRun(TEN_QUESTIONS, () => []);
    const { session } = await scenario.run({ chatModel: broken, phases: {}, maxIterations: 1 });
    expect(session.iterations[0]?.overall_accuracy).toBe(25);
    expect(calls.length).toBeGreaterThan(0);
    for (const prompt of calls) expect(prompt).not.toContain('thing8');
  });
});

describe('the session of a run', () => {
  it('HC18: an iteration holds what was applied, enough to undo it', async () => {
    const { session } = await scriptedRun(TEN_QUESTIONS, helps).run({ acceptance: 'threshold' });
    const [baseline, first] = session.iterations;
    expect(baseline?.apply_log).toBeNull();
    expect(first?.apply_log).toMatchObject({ state: 'verified', pre_config: session.initial_config });
    expect(first?.apply_log?.plan.patches.map(({ patch_id: id }) => id)).toEqual(
      first?.patch_set.map(({ id }) => id),
    );
  });

  it('says which questions are asked, so that a resumed run asks the same', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, helps);
    const { session } = await scenario.run({ evaluateOnly: true });
    const stored = JSON.parse(scenario.files.texts.get(session.suite_ref ?? '') ?? '{}') as {
      questions: readonly { id: string }[];
    };
    expect(stored.questions).toHaveLength(10);
  });
});

describe('confirmPatchSet', () => {
  it('is asked before anything is written; a no is final and costs nothing of the budget', async () => {
    const asked: string[] = [];
    const first = { 1: [synonym(1, 2), synonym(1, 3)], 2: [synonym(2, 4), synonym(2, 5)] };
    const scenario = scriptedRun(TEN_QUESTIONS, (lever, sweep) =>
      sweep === 1 ? (first[lever as 1 | 2] ?? []) : [],
    );
    const skipped: string[] = [];
    const { session, space } = await scenario.run({
      acceptance: 'threshold',
      isolation: 'live',
      onEvent: (event) => {
        if (event.type === 'lever_skipped') skipped.push(`${event.lever}: ${event.reason}`);
      },
      confirmPatchSet: ({ lever, plan }) => {
        asked.push(`${lever}: ${plan.patches.length} after ${scenario.workspace.asked.length} asks`);
        return lever !== 1;
      },
    });
    expect(asked).toEqual(['1: 2 after 8 asks', '2: 2 after 8 asks']);
    expect(skipped).toContain('1: declined');
    expect(session.history.filter(({ lever }) => lever === 1).map(({ outcome }) => outcome)).toEqual([
      'rejected',
      'rejected',
    ]);
    expect(session.iterations.map(({ lever }) => lever)).toEqual([0, 2]);
    expect(session.iterations_used).toBe(1);
    expect(JSON.stringify(space)).toContain('w4');
    expect(JSON.stringify(space)).not.toContain('w2');
  });
});
