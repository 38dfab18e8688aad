import { describe, expect, it } from 'vitest';
import {
  decideByThreshold,
  decisionFacts,
  decisionRecord,
  planBudget,
  replayDecision,
  turnedQuestions,
  withRound,
  type AcceptanceRule,
  type QuestionEvidence,
} from '../../src/pipeline/index.ts';
import {
  comparabilityKey,
  compareScores,
  decisionSchema,
  type Decision,
  type EvidenceLabel,
} from '../../src/session/index.ts';
import { evaluation, row } from './rows.ts';

const PAIRED: AcceptanceRule = { rule: 'paired', alpha: 0.02, alpha_regression: 0.05, k: 4 };
const SEQUENTIAL: AcceptanceRule = {
  rule: 'sequential',
  alpha: 0.01,
  alpha_regression: 0.05,
  max_rounds: 8,
};
const THRESHOLD: AcceptanceRule = { rule: 'threshold', regression_threshold_pp: 2 };

const before = evaluation([row('a', false), row('b', false), row('c', true), row('d', true)]);
const after = evaluation([row('a', true), row('b', true), row('c', true), row('d', true)]);
const compared = { accepted: before, tip: before, candidate: after };

/** The record of a decision, as it comes back from a session file. */
function recordOf(rule: AcceptanceRule, rounds: number, candidateIsRight: boolean): Decision {
  const evidence: QuestionEvidence[] = turnedQuestions(compared).map((question) =>
    Array.from({ length: rounds }, () => ({ incumbent: false, candidate: candidateIsRight })).reduce(
      withRound,
      question,
    ),
  );
  const record = decisionRecord(decisionFacts(compared, evidence, 'interleaved'), rule, 2);
  return decisionSchema.parse(JSON.parse(JSON.stringify(record)));
}

describe('a decision record', () => {
  it('holds the rule, the evidence and both answers: about these questions and about others', () => {
    expect(recordOf(PAIRED, 4, true)).toMatchObject({
      rule: 'paired',
      alpha: 0.02,
      k: 4,
      asks_used: 16,
      discordant: [
        { question_id: 'a', incumbent: { n: 4, correct: 0 }, candidate: { n: 4, correct: 4 } },
        { question_id: 'b' },
      ],
      p_value: expect.closeTo(1 / 4900, 9) as number,
      wins: ['a', 'b'],
      losses: [],
      delta_pp: 50,
      estimated_delta_pp: 50,
      interval_pp: [0, 100],
      decision: 'accepted',
    });
  });

  it.each([
    ['paired, proven', PAIRED, 4, true],
    ['paired, luck', PAIRED, 4, false],
    ['sequential, proven', SEQUENTIAL, 3, true],
    ['sequential, luck', SEQUENTIAL, 8, false],
    ['threshold', THRESHOLD, 0, true],
  ] as const)('is replayed from the record alone: %s', (_, rule, rounds, isRight) => {
    const record = recordOf(rule, rounds, isRight);
    expect(replayDecision(record)).toMatchObject({ recorded: record.decision, agrees: true });
    expect(replayDecision(record).reason).toBe(record.reason);
  });

  it('notices a record whose decision does not follow from its evidence', () => {
    const forged = { ...recordOf(PAIRED, 4, false), decision: 'accepted' as const };
    expect(replayDecision(forged)).toMatchObject({ decision: 'rejected', agrees: false });
  });

  it.each([
    ['threshold, which keeps luck', recordOf(PAIRED, 4, false), THRESHOLD, 'accepted'],
    ['a stricter level', recordOf(PAIRED, 4, true), { ...PAIRED, alpha: 0.0001 }, 'rejected'],
    ['more asks', recordOf(PAIRED, 4, true), { ...PAIRED, k: 6 }, 'undecided'],
    ['sequential', recordOf(PAIRED, 4, true), SEQUENTIAL, 'accepted'],
  ] as const)('tells what another rule would have done: %s', (_, record, rule, decision) => {
    expect(replayDecision(record, rule).decision).toBe(decision);
  });

  it('of the simple rule can be judged by the others, as far as nothing need be asked', () => {
    const record = decideByThreshold(compared, { regressionThresholdPp: 2 });
    expect(replayDecision(record, PAIRED)).toMatchObject({ decision: 'undecided' });
  });

  it('made by an own handler is refused with the field that is missing', () => {
    const own: Decision = {
      rule: 'mine',
      decision: 'accepted',
      reason: '',
      wins: [],
      losses: [],
      delta_pp: 1,
      regressions: [],
    };
    expect(() => replayDecision(own)).toThrow(expect.objectContaining({ code: 'DECISION_NOT_REPLAYABLE' }));
  });

  it('never accepts an evaluation in which a judge fell silent', () => {
    const silent = decisionFacts(
      {
        accepted: { ...before, scores: { completeness: 80 } },
        tip: before,
        candidate: { ...after, scores: {} },
      },
      [],
      'none',
    );
    const record = decisionRecord(silent, THRESHOLD, 2);
    expect(record).toMatchObject({ decision: 'rejected' });
    expect(record.reason).toContain('completeness');
  });
});

describe('scores', () => {
  const label: EvidenceLabel = {
    scope: 'full',
    split: 'train+val',
    evaluator: 'native',
    comparator_version: '1',
    answer_key_version: 'f1',
    model_versions: {},
    questions: 40,
    asks: 40,
    config_hash: 'c1',
  };

  it('of two configurations measured alike are subtracted', () => {
    const later = { ...label, config_hash: 'c2', asks: 80 };
    expect(compareScores({ score: 40, label }, { score: 55, label: later })).toBe(15);
    expect(comparabilityKey(later)).toBe(comparabilityKey(label));
  });

  it.each([
    ['scope', { scope: 'held_out' }],
    ['split', { split: 'train' }],
    ['evaluator', { evaluator: 'job' }],
    ['comparator_version', { comparator_version: '2' }],
    ['answer_key_version', { answer_key_version: 'f2' }],
    ['questions', { questions: 41 }],
    ['model_versions', { model_versions: { arbiter: 'm1' } }],
  ])('that differ in %s are not', (name, change) => {
    const other = { ...label, ...change };
    expect(() => compareScores({ score: 40, label }, { score: 55, label: other })).toThrow(
      expect.objectContaining({
        code: 'INCOMPARABLE_SCORES',
        details: expect.objectContaining({ label: name }) as unknown,
      }),
    );
    expect(comparabilityKey(other)).not.toBe(comparabilityKey(label));
  });
});

describe('planBudget', () => {
  it('says what a run costs and what it can find out', () => {
    const plan = planBudget({
      questions: 30,
      candidates: 6,
      starts_per_minute: 5,
      model_calls_per_answer: 5,
    });
    expect(plan.asks).toBeGreaterThan(30 * 7);
    expect(plan.minutes).toBeCloseTo(plan.asks / 5, 9);
    expect(plan.model_calls).toBe(5 * plan.asks);
    expect(plan.smallest_effect).toMatchObject({ questions: expect.closeTo(3, -1) as number });
    expect(plan.smallest_effect?.power).toBeGreaterThanOrEqual(0.8);
    expect(plan.false_accept_share).toBeLessThanOrEqual(0.02);
  });

  it('takes the pace of judging where that is slower', () => {
    const plan = planBudget({ questions: 30, candidates: 0, judge_ms: 60_000 });
    expect(plan).toMatchObject({ asks: 30, minutes: 30 });
  });

  it('finds smaller effects with the sequential rule', () => {
    const smallest = (acceptance: 'paired' | 'sequential') =>
      planBudget({ questions: 30, candidates: 6, acceptance }).smallest_effect?.questions ?? Infinity;
    expect(smallest('sequential')).toBeLessThan(smallest('paired'));
  });

  it.each([
    ['questions', { questions: 0, candidates: 1 }],
    ['starts_per_minute', { questions: 10, candidates: 1, starts_per_minute: 0 }],
    ['judge_ms', { questions: 10, candidates: 1, judge_ms: Number.NaN }],
  ])('names a bad %s', (option, question) => {
    expect(() => planBudget(question)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        details: expect.objectContaining({ option }) as unknown,
      }),
    );
  });
});
