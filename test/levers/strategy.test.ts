import { describe, expect, it } from 'vitest';
import {
  adaptive,
  areDisjoint,
  defineStrategy,
  fixedOrder,
  selectPatches,
  type Lever,
  type Proposal,
  type StrategyInput,
  type StrategyStep,
} from '../../src/levers/index.ts';
import { parsePatchSet } from '../../src/patch-dsl/index.ts';
import { harborCatalog, harborSpace } from './harbor.ts';

const snapshot = { space: harborSpace(), catalog: harborCatalog };

const proposal = (
  lever: Lever,
  table: string,
  column: string,
  questions: readonly string[],
  more: Partial<Proposal> = {},
): Proposal => ({
  proposal_id: `P-${lever}-${table}-${column}`,
  cluster_id: 'C001',
  lever,
  failure_type: 'missing_synonym',
  rationale: 'Should fix it.',
  question_ids: questions,
  questions_at_risk: [],
  confidence: 0.8,
  regression_probability: 0,
  net_impact: questions.length,
  patches: parsePatchSet([
    {
      id: `${lever}-${table}`,
      type: 'add_synonym',
      table: `harbor.ops.${table}`,
      column,
      synonym: `word ${lever}`,
    },
  ]),
  ...more,
});

const input = (proposals: readonly Proposal[], more: Partial<StrategyInput> = {}): StrategyInput => ({
  proposals,
  closed: [],
  lastLever: null,
  questionsPerStep: 20,
  stepsLeft: 5,
  snapshot,
  ...more,
});

const small = proposal(1, 'ships', 'flag', ['q1']);
const big = proposal(4, 'calls_drift_metrics', 'drift_score', ['q2', 'q3', 'q4']);
const last = proposal(6, 'berths', 'label', ['q9', 'q10', 'q11', 'q12']);

describe('fixedOrder', () => {
  it('takes levers in order, each once in a sweep, closed ones never', () => {
    const proposals = [last, big, small];
    expect(fixedOrder.next(input(proposals))?.levers).toEqual([1]);
    expect(fixedOrder.next(input(proposals, { lastLever: 1 }))?.levers).toEqual([4]);
    expect(fixedOrder.next(input(proposals, { closed: [1, 4] }))?.levers).toEqual([6]);
    expect(fixedOrder.next(input(proposals, { lastLever: 6 }))).toBeNull();
    expect(fixedOrder.next(input(proposals, { stepsLeft: 0 }))).toBeNull();
  });
});

describe('adaptive', () => {
  it('combines levers whose questions and objects are disjoint, and says so', () => {
    const step = adaptive.next(input([last, big, small]));
    expect(step).toMatchObject({
      levers: [1, 4],
      gain: 0.2,
      log: 'Combining levers {1, 4} -- non-overlapping question sets verified.',
    });
    expect(step?.proposals).toEqual([big, small]);
  });

  it.each([
    ['a question', proposal(1, 'ships', 'flag', ['q2'])],
    ['a question at risk', proposal(1, 'ships', 'flag', ['q1'], { questions_at_risk: ['q3'] })],
    ['an object', proposal(1, 'calls_drift_metrics', 'window', ['q1'])],
  ])('takes the better lever alone when they share %s', (_, other) => {
    expect(areDisjoint([big], [other], snapshot)).toBe(false);
    expect(adaptive.next(input([other, big]))).toMatchObject({
      levers: [4],
      log: 'Lever 4 promises 0.150 questions gained per question asked.',
    });
  });

  it('comes to lever 6 last and alone, and ends', () => {
    expect(adaptive.next(input([last]))?.levers).toEqual([6]);
    expect(adaptive.next(input([last, small]))?.levers).toEqual([1]);
    expect(adaptive.next(input([]))).toBeNull();
  });
});

describe('defineStrategy', () => {
  const step: StrategyStep = { levers: [4], proposals: [big], gain: 1, log: '' };

  it('passes on a sound step', () => {
    expect(defineStrategy({ name: 'mine', next: () => step }).next(input([big]))).toEqual(step);
    expect(defineStrategy({ name: 'mine', next: () => null }).next(input([big]))).toBeNull();
  });

  it.each<[string, StrategyStep, Partial<StrategyInput>, RegExp]>([
    ['a closed lever', step, { closed: [4] }, /lever 4, which is closed/],
    ['no lever', { ...step, levers: [] }, {}, /no lever/],
    ['a proposal of another lever', { ...step, proposals: [small] }, {}, /P-1-ships-flag of lever 1/],
  ])('refuses %s', (_, wrong, more, message) => {
    expect(() => defineStrategy({ name: 'mine', next: () => wrong }).next(input([big], more))).toThrow(
      message,
    );
  });
});

describe('selectPatches', () => {
  const limits = { maxObjects: 5, maxPatches: 12 };

  it('takes what fits together and makes a shared change once', () => {
    const selected = selectPatches([small, { ...small, proposal_id: 'again' }, big], snapshot, limits);
    expect(selected.ok && selected.selection.patches.map((patch) => patch.id)).toEqual([
      '1-ships',
      '4-calls_drift_metrics',
    ]);
  });

  it('leaves high risk out unless told otherwise, and says why nothing is left', () => {
    const risky = {
      ...small,
      patches: small.patches.map((patch) => ({ ...patch, risk_level: 'high' as const })),
    };
    expect(selectPatches([risky], snapshot, limits)).toMatchObject({ ok: false, reason: 'high_risk' });
    expect(selectPatches([risky], snapshot, { ...limits, forceApply: true })).toMatchObject({ ok: true });
    expect(selectPatches([], snapshot, limits)).toMatchObject({ ok: false, reason: 'nothing_left' });
  });
});
