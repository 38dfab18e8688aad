import { describe, expect, it } from 'vitest';
import type { OptimizeEvent } from '../../src/pipeline/index.ts';
import { parseSpace, serializeSpace } from '../../src/spaces/index.ts';
import { columnSynonyms } from './space-words.ts';
import { scriptedRun, SPACE_ID, synonym, TEN_QUESTIONS, type ScriptedRun } from './scripted-run.ts';

const wordsOf = (scenario: ScriptedRun) => columnSynonyms(parseSpace(scenario.workspace.spaceText(SPACE_ID)));
const canonical = (text: string) => serializeSpace(parseSpace(text));

describe('a run', () => {
  it('keeps a change that helps', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2)] : []));
    const result = await scenario.run();
    expect(wordsOf(scenario)).toEqual(['w2']);
    expect(result).toMatchObject({ baselineAccuracyPct: 25, finalAccuracyPct: 37.5 });
    expect(result.session.lever_impacts['1']).toMatchObject({ delta: 12.5, status: 'accepted' });
  });

  it('takes back a change that helps nobody', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2, 'useless')] : []));
    const before = scenario.workspace.spaceText(SPACE_ID);
    const result = await scenario.run();
    expect(canonical(scenario.workspace.spaceText(SPACE_ID))).toBe(canonical(before));
    expect(result.session.lever_audit['1']).toMatchObject({
      skip_reason: 'no_improvement',
      proposals_applied: 0,
    });
  });

  it('never keeps a change that breaks a P0 question, whatever else it repairs', async () => {
    const questions = TEN_QUESTIONS.map((question) =>
      question.id === 0 ? { ...question, brokenBy: ['w2'] } : question,
    );
    const scenario = scriptedRun(questions, (lever) => (lever === 1 ? [synonym(1, 2), synonym(1, 3)] : []));
    await scenario.run();
    expect(wordsOf(scenario)).not.toContain('w2');
  });

  it('tries a rejected set again without the proposal that did the harm', async () => {
    const questions = TEN_QUESTIONS.map((question) =>
      question.id === 1 ? { ...question, brokenBy: ['harm'] } : question,
    );
    const harmful = { ...synonym(1, 2, 'harm'), questions_at_risk: ['q1'] };
    let calls = 0;
    const scenario = scriptedRun(questions, (lever) =>
      lever !== 1 ? [] : calls++ === 0 ? [harmful, synonym(1, 3)] : [synonym(1, 3)],
    );
    const result = await scenario.run();
    expect(wordsOf(scenario)).toEqual(['w3']);
    expect(result.session.history.map((trial) => trial.outcome)).toEqual(['reverted', 'accepted']);
  });

  it('changes nothing with maxIterations: 0', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) => [synonym(lever as 1, 2)]);
    const before = scenario.workspace.spaceText(SPACE_ID);
    const result = await scenario.run({ maxIterations: 0 });
    expect(scenario.workspace.spaceText(SPACE_ID)).toBe(before);
    expect(result.status).toBe('max_iterations');
  });

  it('asks no question twice of one candidate: gates and full evaluation share their answers', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2)] : []));
    await scenario.run({ concurrency: 1, acceptance: 'threshold' });
    const asked = scenario.workspace.asked.map(({ question }) => question).slice(8);
    const untilHeldOut = asked.slice(
      0,
      asked.findIndex((question) => question.includes('number 8')),
    );
    expect(untilHeldOut).toHaveLength(8);
    expect(new Set(untilHeldOut).size).toBe(8);
  });

  it('only measures with evaluateOnly: no lever, no held-out question', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) => [synonym(lever as 1, 2)]);
    const result = await scenario.run({ evaluateOnly: true });
    expect(result).toMatchObject({ status: 'evaluated', baselineAccuracyPct: 25, heldOut: null });
    expect(scenario.workspace.asked).toHaveLength(8);
    expect(result.session.lever_audit['1']?.attempted).toBe(false);
  });

  it('works on levers in order, 6 last', async () => {
    const tried: number[] = [];
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) => {
      tried.push(lever);
      return lever === 1 && tried.length === 1 ? [synonym(1, 2)] : [];
    });
    await scenario.run();
    expect(tried).toEqual([1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 6]);
  });

  it('asks held-out questions only after the last change, of the space before and after', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2)] : []));
    const result = await scenario.run();
    const asked = scenario.workspace.asked.map((entry) => Number(/\d+/.exec(entry.question)?.[0]));
    const firstHeldOut = asked.findIndex((id) => id >= 8);
    expect(asked.slice(firstHeldOut)).toEqual([8, 9, 8, 9]);
    expect(result.heldOut).toMatchObject({ beforePct: 0, afterPct: 0 });
    expect((await scenario.workspace.genie.listSpaces()).map((space) => space.spaceId)).toEqual([SPACE_ID]);
  });

  it('stops without overwriting when somebody else edits the space', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) => (lever === 2 ? [synonym(2, 2)] : []));
    const edited = JSON.stringify({
      version: 2,
      data_sources: { tables: [{ identifier: 'main.library.members' }] },
    });
    const onEvent = (event: OptimizeEvent) => {
      if (event.type === 'phase_started' && event.phase === 'propose' && event.lever === 2) {
        scenario.workspace.editElsewhere(SPACE_ID, edited);
      }
    };
    await expect(scenario.run({ onEvent })).rejects.toMatchObject({ code: 'SPACE_EDITED_ELSEWHERE' });
    expect(scenario.workspace.spaceText(SPACE_ID)).toBe(edited);
  });

  it('puts the space back when it is cancelled in the middle of a change', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2)] : []));
    const before = scenario.workspace.spaceText(SPACE_ID);
    const controller = new AbortController();
    const onEvent = (event: OptimizeEvent) => {
      if (event.type === 'patch_set_applied') controller.abort();
    };
    await expect(scenario.run({ onEvent, signal: controller.signal })).rejects.toThrow();
    expect(canonical(scenario.workspace.spaceText(SPACE_ID))).toBe(canonical(before));
    const resumed = await scenario.run({ resume: true });
    expect(resumed.finalAccuracyPct).toBe(37.5);
  });

  it('fails closed when an evaluation breaks after a change', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2)] : []));
    const before = scenario.workspace.spaceText(SPACE_ID);
    const result = await scenario.run({
      phases: {
        propose: (_ctx, input) => ({ proposals: input.lever === 1 ? [synonym(1, 2)] : [] }),
        fullEval: () => Promise.reject(new RangeError('evaluator broke')),
      },
    });
    expect(canonical(scenario.workspace.spaceText(SPACE_ID))).toBe(canonical(before));
    expect(result.session.attempts[0]).toMatchObject({
      skip_reason: 'evaluation_failed',
      detail: 'evaluator broke',
    });
  });

  it('refuses a phase output that breaks its schema, naming phase and path', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, () => []);
    const run = scenario.run({
      phases: { propose: () => ({ proposals: [{ ...synonym(1, 2), confidence: 7 }] }) },
    });
    await expect(run).rejects.toMatchObject({
      code: 'PHASE_OUTPUT',
      details: { phase: 'propose', path: 'proposals.0.confidence' },
    });
  });

  it('notes in the session when a phase that decides about safety was replaced', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2)] : []));
    const result = await scenario.run({
      phases: {
        propose: (_ctx, input) => ({ proposals: input.lever === 1 ? [synonym(1, 2)] : [] }),
        sliceGate: (_ctx, _input, runDefault) => runDefault(),
      },
    });
    expect(result.session.warnings.join()).toContain("'sliceGate'");
  });
});

describe('bad input', () => {
  const scenario = scriptedRun(TEN_QUESTIONS, () => []);

  it.each([
    ['maxIterations', { maxIterations: -1 }],
    ['concurrency', { concurrency: 0 }],
    ['spaceId', { spaceId: 'my-space' }],
  ])('names the option %s and its bound', async (option, changes) => {
    await expect(scenario.run(changes)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      details: { option },
    });
  });

  it('refuses a suite without questions to learn from', async () => {
    const questions = scenario.suite.questions.filter((question) => question.split === 'held_out');
    await expect(scenario.run({ benchmarks: { domain: 'library', questions } })).rejects.toMatchObject({
      code: 'NO_BENCHMARKS',
    });
  });
});
