import { describe, expect, it } from 'vitest';
import type { OptimizeEvent, OptimizeOptions } from '../../src/pipeline/index.ts';
import { parseSpace } from '../../src/spaces/index.ts';
import { memoryMlflow } from '../logged-models/memory-mlflow.ts';
import { scriptedRun, SPACE_ID, synonym, TEN_QUESTIONS } from './scripted-run.ts';
import { columnSynonyms } from './space-words.ts';

const proposals = (lever: number, sweep: number) =>
  sweep === 1 && lever <= 3 ? [synonym(lever as 1, lever + 1)] : [];

/** Recording a version fails once, for the state that lever 2 makes. */
function failingAtLever2(more: Partial<OptimizeOptions> = {}) {
  const mlflow = memoryMlflow();
  const scenario = scriptedRun(TEN_QUESTIONS, proposals);
  const onEvent = (event: OptimizeEvent) => {
    if (event.type === 'patch_set_applied' && event.lever === 2) mlflow.fail('models.create', 1);
  };
  return {
    scenario,
    words: () => columnSynonyms(parseSpace(scenario.workspace.spaceText(SPACE_ID))),
    run: () => scenario.run({ mlflow: { mlflow }, experiment: 'library', onEvent, ...more }),
  };
}

describe.each(['live', 'clone'] as const)('a state without a version, isolation %s', (isolation) => {
  const options = { isolation, acceptance: 'threshold' } as const;

  it('F15: is taken back, and the run stops with what was accepted', async () => {
    const { run, words } = failingAtLever2(options);
    const { session, status } = await run();
    expect(words()).toEqual(['w2']);
    expect(session.attempts).toMatchObject([{ lever: 2, stage: 'snapshot', skip_reason: 'model_missing' }]);
    expect(session.iterations.map(({ lever }) => lever)).toEqual([0, 1]);
    expect(session.escalation).toMatchObject({ code: 'model_missing' });
    expect(status).toBe('stalled');
    expect(session.worker_reads.map(({ handler }) => handler)).toContain('rollback');
  });

  it('F15: does not matter with allowMissingModel', async () => {
    const { run, words } = failingAtLever2({ ...options, allowMissingModel: true });
    const { session } = await run();
    expect(words()).toEqual(['w2', 'w3', 'w4']);
    expect(session.escalation).toBeNull();
  });

  it('is taken back too when an own handler throws, and the run ends with its error', async () => {
    const { scenario } = failingAtLever2();
    const before = scenario.workspace.spaceText(SPACE_ID);
    const run = scenario.run({
      ...options,
      phases: {
        propose: (_ctx, { lever }) => ({ proposals: proposals(lever, 1) }),
        snapshot: (_ctx, { lever }) => {
          if (lever > 0) throw new RangeError('no room');
          return { modelId: null };
        },
      },
    });
    await expect(run).rejects.toThrow('no room');
    expect(parseSpace(scenario.workspace.spaceText(SPACE_ID))).toEqual(parseSpace(before));
  });
});

it('mistake 14: without a version of the first state nothing is asked when versions were required', async () => {
  const mlflow = memoryMlflow();
  mlflow.fail('models.create');
  const scenario = scriptedRun(TEN_QUESTIONS, proposals);
  const run = scenario.run({ mlflow: { mlflow }, experiment: 'library', allowMissingModel: false });
  await expect(run).rejects.toMatchObject({ code: 'MODEL_MISSING', details: { iteration: 0 } });
  expect(scenario.workspace.asked).toEqual([]);
});

it('mistake 14: versions cannot be required of a run that is not tracked', async () => {
  const run = scriptedRun(TEN_QUESTIONS, proposals).run({ allowMissingModel: false });
  await expect(run).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    details: { option: 'allowMissingModel' },
  });
});
