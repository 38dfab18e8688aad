import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/index.ts';
import type { Proposal } from '../../src/levers/index.ts';
import { judgePaired, freshEvidence, withRound } from '../../src/pipeline/index.ts';
import { GATE_RECHECKS, lossState } from '../../src/pipeline/confirm-losses.ts';
import { nextPosition } from '../../src/pipeline/position.ts';
import { judgeP0 } from '../../src/pipeline/phases/p0-gate.ts';
import { judgeSlice } from '../../src/pipeline/phases/slice-gate.ts';
import { blameOf, closedTrials, MAX_INCONCLUSIVE, trialsOf } from '../../src/pipeline/suspects.ts';
import { proposalOf } from '../scenarios/proposal-of.ts';
import { scriptedRun, synonym, TEN_QUESTIONS } from '../scenarios/scripted-run.ts';
import { evaluation, row } from './rows.ts';

const rounds = (...verdicts: readonly (readonly [boolean | null, boolean | null])[]) =>
  verdicts.map(([incumbent, candidate]) => ({ incumbent, candidate }));

/** Share of lost questions that the second look confirms, asked with these chances of a right answer. */
function confirmedShare(incumbent: number, candidate: number, runs = 4000): number {
  const random = seededRandom(`recheck ${incumbent} ${candidate}`);
  let confirmed = 0;
  for (let run = 0; run < runs; run++) {
    const asked: { incumbent: boolean | null; candidate: boolean | null }[] = [];
    while (lossState(asked, true) === 'open')
      asked.push({ incumbent: random() < incumbent, candidate: random() < candidate });
    confirmed += Number(lossState(asked, true) === 'confirmed');
  }
  return confirmed / runs;
}

describe('the second look at a lost question', () => {
  it.each([
    ['right again', rounds([true, true]), 'contested'],
    ['wrong on both sides', rounds([false, false]), 'contested'],
    ['wrong once', rounds([true, false]), 'open'],
    ['wrong every time', rounds([true, false], [true, false], [true, false]), 'confirmed'],
    ['asks that never came back', rounds([null, false], [true, null], [null, null]), 'open'],
  ] as const)('%s', (_, asked, state) => {
    expect(lossState(asked, true)).toBe(state);
  });

  it('hears the candidate alone where the incumbent cannot be asked', () => {
    const wrong = Array.from({ length: GATE_RECHECKS }, () => ({ incumbent: null, candidate: false }));
    expect(lossState(wrong, false)).toBe('confirmed');
  });

  it('confirms every real loss, and a coin flip in at most one of fifty cases', () => {
    expect(confirmedShare(1, 0)).toBe(1);
    for (const chance of [0.3, 0.5, 0.7, 0.9]) expect(confirmedShare(chance, chance)).toBeLessThan(0.025);
  });
});

describe('gates after the second look', () => {
  const before = [row('a', true, { priority: 'P0' }), row('b', true, { priority: 'P0' })];
  const now = evaluation([row('a', false, { priority: 'P0' }), row('b', false, { priority: 'P0' })]);

  it('fail for the losses that were confirmed, and say which were not', () => {
    expect(judgeP0(now, before, 'never-regress', ['a'])).toMatchObject({
      status: 'failed',
      failures: ['b'],
      contested: ['a'],
    });
    expect(judgeSlice(now, before, 5, ['a'])).toMatchObject({
      status: 'failed',
      losses: ['b'],
      accuracy: 50,
    });
  });

  it('pass when none was', () => {
    expect(judgeP0(now, before, 'never-regress', ['a', 'b']).status).toBe('passed');
    expect(judgeSlice(now, before, 5, ['a', 'b']).status).toBe('passed');
  });

  it('forgive nothing when zero failures are demanded', () => {
    expect(judgeP0(now, before, 'zero-failures', ['a', 'b']).failures).toEqual(['a', 'b']);
  });
});

describe('a P0 question in the proof', () => {
  const rule = { alpha: 0.05, alpha_regression: 0.05 };
  const asked = (incumbent: number, candidate: number) =>
    Array.from({ length: 6 }, (_, round) => ({
      incumbent: round < incumbent,
      candidate: round < candidate,
    })).reduce(withRound, freshEvidence('p0', 'loss', true));
  const won = Array.from({ length: 6 }, () => ({ incumbent: false, candidate: true })).reduce(
    withRound,
    freshEvidence('won', 'win'),
  );

  it.each([
    [6, 3, false],
    [6, 4, false],
    [6, 5, true],
    [3, 2, true],
  ])('right %d times before and %d times after: may the change be kept? %s', (incumbent, candidate, kept) => {
    expect(
      judgePaired(rule, [won, { ...won, question_id: 'won too' }, asked(incumbent, candidate)]).accepted,
    ).toBe(kept);
  });
});

describe('who is to blame for a rejected set', () => {
  const proposal = (id: string, claims: readonly string[], risks: readonly string[] = []): Proposal => ({
    ...proposalOf(1, { type: 'add_instruction', text: id }, claims),
    proposal_id: id,
    questions_at_risk: risks,
  });
  const [kept, harmed, idle] = [
    proposal('kept', ['w']),
    proposal('harmed', ['x'], ['l']),
    proposal('idle', ['y']),
  ];

  it('is the one that put a lost question at risk', () => {
    const blame = blameOf([kept, harmed, idle], { losses: ['l'], wins: ['w'], isTechnical: false });
    expect(blame).toEqual({ blamed: [harmed], cleared: [] });
  });

  it('is all that won nothing, when the loss cannot be traced', () => {
    const blame = blameOf([kept, idle], { losses: ['q'], wins: ['w'], isTechnical: false });
    expect(blame).toEqual({ blamed: [idle], cleared: [kept] });
  });

  it('is what says something about the column that the lost answer was drawn to, and the routing made along with it', () => {
    const about = (id: string, claims: readonly string[], patch: Parameters<typeof proposalOf>[1]) => ({
      ...proposalOf(1, patch, claims),
      proposal_id: id,
      questions_at_risk: [],
    });
    const synonym = (column: string) =>
      ({ type: 'add_synonym', table: 'main.bees.honey', column, synonym: 'yield' }) as const;
    const routing = { type: 'add_instruction', text: 'For yields use honey.' } as const;
    const drew = about('drew', ['w'], synonym('jars'));
    const routed = about('routed', ['w'], routing);
    const apart = about('apart', ['v'], synonym('combs'));
    const elsewhere = about('elsewhere', ['u'], routing);
    const read = { tables: ['main.bees.honey'], columns: ['jars'], readTables: ['main.bees.honey'] };
    const evidence = { losses: ['l'], wins: ['w', 'v', 'u'], isTechnical: false, read };
    expect(blameOf([drew, routed, apart, elsewhere], evidence)).toEqual({
      blamed: [drew, routed],
      cleared: [],
    });
    const unread = { ...evidence, read: { ...read, columns: [] } };
    expect(blameOf([drew, routed, apart, elsewhere], unread).blamed).toEqual([routed, elsewhere]);
    expect(blameOf([drew], evidence)).toEqual({ blamed: [], cleared: [drew] });
  });

  it('is nobody when the set was never judged', () => {
    expect(blameOf([kept, idle], { losses: [], wins: [], isTechnical: true })).toEqual({
      blamed: [],
      cleared: [kept, idle],
    });
  });

  it('lets a cleared proposal come again, a bounded number of times', () => {
    const once = trialsOf([kept], 'inconclusive', 1);
    expect(closedTrials(once)).toEqual([]);
    const again = Array.from({ length: MAX_INCONCLUSIVE }, () => once).flat();
    expect(closedTrials(again).every(({ outcome }) => outcome === 'reverted')).toBe(true);
    expect(closedTrials(again)).toHaveLength(again.length);
  });

  it('calls for another sweep', () => {
    const at = { sweep: 1, sweep_changed: false, next_lever: 5, lever_attempts: 0 };
    expect(nextPosition(at, 5, 'inconclusive')).toMatchObject({ sweep: 2, next_lever: 1 });
    expect(nextPosition(at, 5, 'rejected')).toMatchObject({ sweep: 1, next_lever: 6 });
  });
});

describe('a run with a P0 question that Genie answered wrongly once', () => {
  /** Question q0 is P0 and right, except in the given asks of it, counted over the whole run from 1. */
  const run = (isWrong: (ask: number, spaceId: string) => boolean) => {
    let asks = 0;
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2)] : []), {
      wrap: (workspace) => ({
        ...workspace,
        genie: {
          ...workspace.genie,
          ask: async (spaceId, question, options) => {
            const answer = await workspace.genie.ask(spaceId, question, options);
            if (!question.includes('thing0')) return answer;
            asks++;
            return isWrong(asks, spaceId)
              ? { ...answer, sql: 'SELECT wrong0 FROM main.library.loans' }
              : answer;
          },
        },
      }),
    });
    return scenario.run();
  };

  it('keeps a change that helps', async () => {
    const { session } = await run((ask) => ask === 2);
    const tried = session.iterations.find(({ lever }) => lever === 1);
    expect(tried).toMatchObject({ outcome: 'accepted', p0_result: { status: 'passed', contested: ['q0'] } });
  });

  it('takes the change back when the question is really lost', async () => {
    const candidates = new Set<string>();
    const { session } = await run((ask, spaceId) => {
      // The second ask is the first of the copy that carries the change.
      if (ask === 2) candidates.add(spaceId);
      return candidates.has(spaceId);
    });
    expect(session.attempts).toMatchObject([
      { lever: 1, skip_reason: 'p0_gate_failed', p0_result: { failures: ['q0'] } },
    ]);
    expect(session.best_iteration).toBe(0);
  });
});
