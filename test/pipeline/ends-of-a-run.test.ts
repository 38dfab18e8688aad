import { describe, expect, it } from 'vitest';
import { deadEndOf } from '../../src/pipeline/dead-ends.ts';
import { PHASE_IDS, type OptimizeEvent, type OptimizeOptions } from '../../src/pipeline/index.ts';
import type { Session } from '../../src/session/index.ts';
import { scriptedRun, SPACE_ID, synonym, TEN_QUESTIONS } from '../scenarios/scripted-run.ts';

/** A run whose levers 1 to 6 each try one thing that helps nobody. */
async function fruitlessRun(changes: Partial<OptimizeOptions>) {
  const events: OptimizeEvent[] = [];
  const { run, workspace } = scriptedRun(TEN_QUESTIONS, (lever, sweep) => [
    synonym(lever as 1, 9, `useless${lever}in${sweep}`),
  ]);
  const result = await run({ onEvent: (event) => events.push(event), maxIterations: 20, ...changes });
  const warnings = events.flatMap((event) => (event.type === 'warning' ? [event] : []));
  return { result, warnings, workspace, events };
}

describe('stallPolicy', () => {
  it('warns after two changes in a row that did not help, and goes on with the other levers', async () => {
    const { result, warnings } = await fruitlessRun({});
    expect(warnings.filter(({ code }) => code === 'STALL').map(({ message }) => message)).toEqual([
      '2 changes in a row did not help. The other levers are still tried.',
    ]);
    expect(Object.values(result.session.lever_audit).map(({ attempted }) => attempted)).not.toContain(false);
    expect(result.reason).toMatch(/^Lever sweep exhausted/);
  });

  it("ends the run there with 'stop', and says of each lever left why", async () => {
    const { result, warnings } = await fruitlessRun({ stallPolicy: 'stop' });
    expect([result.status, result.reason]).toEqual([
      'stalled',
      'No improvement for 2 consecutive iterations.',
    ]);
    expect(result.session.iterations_used).toBe(2);
    expect(warnings.filter(({ code }) => code === 'STALL')).toHaveLength(1);
    const { lever_audit: audit } = result.session;
    expect(['3', '4', '5'].map((lever) => audit[lever]?.skip_reason)).toEqual(Array(3).fill('stalled'));
  });

  it('starts counting again with every change that helps', async () => {
    const { run } = scriptedRun(TEN_QUESTIONS, (lever) =>
      lever === 2 ? [2, 3, 4].map((id) => synonym(2, id)) : [synonym(lever as 1, 9, `useless${lever}`)],
    );
    const { session } = await run({ stallPolicy: 'stop', maxIterations: 20, acceptance: 'threshold' });
    expect(session.iterations.map(({ outcome }) => outcome)).toEqual([
      'accepted',
      'rolled_back',
      'accepted',
      'rolled_back',
      'rolled_back',
    ]);
  });
});

describe('dead ends', () => {
  it('are noted once five changes were tried and none helped', async () => {
    const { result, warnings } = await fruitlessRun({});
    expect(result.session.escalation?.code).toBe('no_improvement');
    expect(warnings.map(({ code }) => code)).toContain('NO_IMPROVEMENT');
  });

  const entry = (accepted: boolean, scores: Readonly<Record<string, number>>) =>
    ({ accepted, scores }) as unknown as Session['iterations'][number];

  it.each([
    [
      'below its floor and where it was',
      60,
      61,
      ['judge_stuck', /asset_routing \(60\.0 → 61\.0 %, floor 85\)/],
    ],
    ['below its floor but on its way', 60, 70, null],
    ['where it was but above its floor', 86, 86, null],
  ])('a judge %s', (_, before, after, expected) => {
    const found = deadEndOf(
      { iterations: [entry(true, { asset_routing: before }), entry(true, { asset_routing: after })] },
      2,
    );
    expect(found && [found.code, found.detail]).toEqual(
      expected && [expected[0], expect.stringMatching(expected[1] as RegExp)],
    );
  });

  it('need something that was tried', () => {
    expect(deadEndOf({ iterations: [entry(true, { asset_routing: 10 })] }, 2)).toBeNull();
  });
});

describe('targets', () => {
  it('end the run as soon as all are reached', async () => {
    const targets = { result_correctness: 20, semantic_equivalence: 20, completeness: 20 };
    const others = { syntax_validity: 0, schema_accuracy: 0, logical_accuracy: 0, asset_routing: 0 };
    const { result } = await fruitlessRun({ targets: { ...targets, ...others } });
    expect([result.status, result.reason]).toEqual(['converged', 'All thresholds met at baseline.']);
    expect(result.session.iterations[0]?.thresholds_passed).toBe(true);
  });

  it('keep what they do not name', async () => {
    const { result } = await fruitlessRun({ targets: { result_correctness: 20 }, maxIterations: 0 });
    expect(result.status).not.toBe('converged');
  });

  it.each([
    [{ result_correctnes: 20 }, /must be one of .*result_correctness.*got 'result_correctnes'/],
    [{ result_correctness: 101 }, /result_correctness must be between 0 and 100, got 101/],
  ])('refuses %j', async (targets: object, message) => {
    await expect(fruitlessRun({ targets })).rejects.toThrow(message);
  });
});

describe('requireRepeatability', () => {
  const easy = TEN_QUESTIONS.map((question) => ({ ...question, easy: true }));

  it('lets a run converge whose answers stay the same, and asks for that even where nothing was changed', async () => {
    const { run } = scriptedRun(easy, () => []);
    const { status, session } = await run({ finalRepeatability: undefined, requireRepeatability: true });
    expect(status).toBe('converged');
    expect(session.repeatability_test?.average_repeatability_pct).toBe(100);
  });

  it('says how far the answers waver otherwise', async () => {
    let asked = 0;
    const { run } = scriptedRun(easy, () => [], {
      wrap: (workspace) => ({
        ...workspace,
        genie: {
          ...workspace.genie,
          ask: async (...given: Parameters<typeof workspace.genie.ask>) => {
            const answer = await workspace.genie.ask(...given);
            asked += 1;
            return answer.sql === null ? answer : { ...answer, sql: `${answer.sql} LIMIT ${100 + asked}` };
          },
        },
      }),
    });
    const { status, reason } = await run({ finalRepeatability: undefined, requireRepeatability: true });
    expect(status).toBe('stalled');
    expect(reason).toBe(
      'All thresholds met, but 33.3 % of the statements stay the same on asking again; 90 % are required.',
    );
  });

  it('cannot be had without asking again', async () => {
    const { run } = scriptedRun(easy, () => []);
    await expect(run({ requireRepeatability: true })).rejects.toThrow(
      /requireRepeatability.*finalRepeatability/,
    );
  });
});

describe('p0Mode zero-failures', () => {
  it('names the P0 questions that fail from the start, because nothing can be kept before they are mended', async () => {
    const questions = TEN_QUESTIONS.map((question) =>
      question.id === 0 ? { ...question, easy: false } : question,
    );
    const events: OptimizeEvent[] = [];
    const { run } = scriptedRun(questions, () => []);
    await run({ p0Mode: 'zero-failures', onEvent: (event) => events.push(event) });
    const warning = events.find((event) => event.type === 'warning' && event.code === 'P0_BASELINE_FAILING');
    expect(warning).toMatchObject({
      message: expect.stringMatching(/1 question of priority P0 fail.*: q0\./),
    });
  });
});

describe('phases of the first and the last lever', () => {
  it('are all that spec/pipeline.md §5 names', () => {
    expect([...PHASE_IDS].sort()).toEqual(
      (
        'init preconditions benchmarks spaceState temporalFreshness baseline propose apply verifyPersistence ' +
        'propagate snapshot sliceGate p0Gate fullEval arbiterTriage leverImpact regressionCheck rollback ' +
        'crossRepeatability gtRemediation leverExhaustion gepa finalRepeatability promote deploy heldOut postDeploy ' +
        'corrections report'
      )
        .split(' ')
        .sort(),
    );
  });

  it('init comes before anything else is asked of the workspace, and its override may refuse the run', async () => {
    const { run, workspace } = scriptedRun(TEN_QUESTIONS, () => []);
    const phases: string[] = [];
    const refusing = run({
      onEvent: (event) => void (event.type === 'phase_started' && phases.push(event.phase)),
      phases: {
        init: (_ctx, input) => {
          throw new Error(`not in ${input.spaceId}`);
        },
      },
    });
    await expect(refusing).rejects.toThrow(`not in ${SPACE_ID}`);
    expect([phases, workspace.asked]).toEqual([['init'], []]);
  });

  it('gepa is asked for lever 6 only, after every other lever is accounted for, and falls back on propose', async () => {
    const heard: string[] = [];
    const { run } = scriptedRun(TEN_QUESTIONS, () => []);
    await run({
      phases: {
        propose: (_ctx, input) => {
          heard.push(`propose ${input.lever}`);
          return { proposals: [] };
        },
        gepa: (ctx, input, runDefault) => {
          const open = [1, 2, 3, 4, 5].filter((lever) => {
            const audit = ctx.session().lever_audit[String(lever)];
            return audit?.attempted !== true && (audit?.skip_reason ?? null) === null;
          });
          heard.push(`gepa ${input.lever}, open: ${open.length}`);
          return runDefault();
        },
      },
    });
    expect(heard.slice(0, 5)).toEqual([1, 2, 3, 4, 5].map((lever) => `propose ${lever}`));
    expect(heard.slice(5)).toEqual(['gepa 6, open: 0', 'propose 6']);
  });
});
