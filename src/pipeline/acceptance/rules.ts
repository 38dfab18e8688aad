import { bestCase, lossEvidence, totalEvidence, winEvidence } from './e-value.ts';
import { lossPValue, stratifiedPValue } from './exact-test.ts';
import { asksIn, type QuestionEvidence } from './evidence.ts';
import { holmAdjusted } from './holm.ts';

/** Defaults of the two rules that rest on fresh asks. @see spec/acceptance.md §2 */
export const ACCEPTANCE_DEFAULTS = {
  /** Fresh asks per arm and question of the paired rule. */
  k: 6,
  /** Level of the paired test. */
  alpha: 0.02,
  /** Level of the sequential test; holds at whatever moment it stops. */
  sequentialAlpha: 0.01,
  /** Most rounds of the sequential test. */
  maxRounds: 12,
  alphaRegression: 0.05,
} as const;

/** A rule with its numbers: all that is needed to judge the same evidence again. */
export type EvidenceRule =
  | {
      readonly rule: 'paired';
      readonly alpha: number;
      readonly alpha_regression: number;
      /** Fresh asks per arm and question. */
      readonly k: number;
    }
  | {
      readonly rule: 'sequential';
      readonly alpha: number;
      readonly alpha_regression: number;
      /** Most rounds; each asks both arms once. */
      readonly max_rounds: number;
    };

/** What a rule wants next: more asks, one per arm of each question, or nothing more. */
export type Step =
  | { readonly kind: 'ask'; readonly questionIds: readonly string[] }
  | {
      readonly kind: 'decided';
      readonly accepted: boolean;
      readonly reason: string;
      readonly p_value: number | null;
      readonly e_value: number | null;
    };

/**
 * The next step of a rule, from what was asked so far. Pure: asked and simulated evidence, and evidence
 * read back from a session, take the same way.
 *
 * @param evidence - the questions whose verdict turned
 */
export const nextStep = (rule: EvidenceRule, evidence: readonly QuestionEvidence[]): Step =>
  rule.rule === 'paired' ? pairedStep(rule, evidence) : sequentialStep(rule, evidence);

/** Before any further ask: a candidate that wins nothing, or loses more than it wins, is out. */
export function judgeFirstLook(
  rule: EvidenceRule['rule'],
  evidence: readonly QuestionEvidence[],
): Extract<Step, { kind: 'decided' }> | null {
  const wins = evidence.filter(({ turned }) => turned === 'win').length;
  const losses = evidence.length - wins;
  const out = (reason: string) => ({
    kind: 'decided' as const,
    accepted: false,
    reason,
    p_value: null,
    e_value: null,
  });
  if (wins === 0) return out('No question improved.');
  // The sequential rule finds out within a round or two; to give up here would cost it power.
  if (rule === 'paired' && wins < losses) return out(`Only ${wins} questions won against ${losses} lost.`);
  return null;
}

function pairedStep(
  rule: Extract<EvidenceRule, { rule: 'paired' }>,
  evidence: readonly QuestionEvidence[],
): Step {
  const first = judgeFirstLook('paired', evidence);
  if (first !== null) return first;
  const short = evidence.filter(({ candidate }) => candidate.n < rule.k);
  if (short.length > 0) return { kind: 'ask', questionIds: short.map((question) => question.question_id) };
  return judgePaired(rule, evidence);
}

/** The verdict of the paired rule on what there is, whether or not all asks were made. */
export function judgePaired(
  rule: { readonly alpha: number; readonly alpha_regression: number },
  evidence: readonly QuestionEvidence[],
): Extract<Step, { kind: 'decided' }> {
  const p = stratifiedPValue(evidence);
  const decided = (accepted: boolean, reason: string) => ({
    kind: 'decided' as const,
    accepted,
    reason,
    p_value: p,
    e_value: null,
  });
  if (p > rule.alpha)
    return decided(
      false,
      `Not proven: ${pText(p)} on ${asksIn(evidence)} fresh asks, ${levelText(rule.alpha)}.`,
    );
  const adjusted = holmAdjusted(evidence.map(lossPValue));
  const worse = evidence.filter((_, index) => (adjusted[index] ?? 1) <= rule.alpha_regression);
  return decidedUnlessWorse(
    decided,
    worse,
    evidence,
    `Proven: ${pText(p)} on ${asksIn(evidence)} fresh asks.`,
  );
}

function sequentialStep(
  rule: Extract<EvidenceRule, { rule: 'sequential' }>,
  evidence: readonly QuestionEvidence[],
): Step {
  const first = judgeFirstLook('sequential', evidence);
  if (first !== null) return first;
  const e = totalEvidence(evidence);
  const bar = 1 / rule.alpha;
  const decided = (accepted: boolean, reason: string) => ({
    kind: 'decided' as const,
    accepted,
    reason,
    p_value: Math.min(1, 1 / e),
    e_value: e,
  });
  // One e-value per question: asking |D| times as much of each keeps the chance of any false alarm.
  const alarm = evidence.length / rule.alpha_regression;
  const worse = evidence.filter(({ pairs }) => lossEvidence(pairs) >= alarm);
  if (worse.length > 0) return decidedUnlessWorse(decided, worse, evidence, '');
  const roundsOf = (question: QuestionEvidence) => Math.max(question.candidate.n, question.incumbent.n);
  const open = evidence.filter((question) => roundsOf(question) < rule.max_rounds);
  if (e >= bar) {
    const suspects = open.filter((question) => isSuspect(question));
    if (suspects.length > 0) return { kind: 'ask', questionIds: suspects.map((q) => q.question_id) };
    return decidedUnlessWorse(
      decided,
      [],
      evidence,
      `Proven: e = ${e.toFixed(0)} on ${asksIn(evidence)} fresh asks.`,
    );
  }
  const promising = open.filter(({ turned, pairs }) => turned === 'win' && winEvidence(pairs) >= HOPELESS);
  const used = Math.max(0, ...evidence.map(roundsOf));
  const ids = new Set(promising.map((question) => question.question_id));
  if (bestCase(evidence, ids, rule.max_rounds - used) < bar) {
    return decided(
      false,
      `Not proven: e = ${e.toFixed(2)} on ${asksIn(evidence)} fresh asks can no longer reach ${bar.toFixed(0)}.`,
    );
  }
  return { kind: 'ask', questionIds: [...ids] };
}

/**
 * A P0 question counts as lost from this one-sided p-value on, whatever the other questions say.
 *
 * Far laxer than any level of proof: of six fresh asks per arm, 4 against 6 are a loss. "Less often right"
 * alone would refuse four of ten good changes for one P0 question that Genie answers half of the time.
 */
const P0_LOSS_LEVEL = 0.25;

/** A question whose stake has shrunk this far is unsteady, not repaired: it is asked no more. */
const HOPELESS = 0.6;

/** Whether a question may have been broken: lost at first sight and never answered rightly since. */
const isSuspect = ({ turned, candidate, pairs }: QuestionEvidence): boolean =>
  lossEvidence(pairs) > 1 || (turned === 'loss' && candidate.correct === 0);

function decidedUnlessWorse<D>(
  decided: (accepted: boolean, reason: string) => D,
  worse: readonly QuestionEvidence[],
  evidence: readonly QuestionEvidence[],
  proven: string,
): D {
  const names = (questions: readonly QuestionEvidence[]) =>
    questions.map((question) => question.question_id).join(', ');
  if (worse.length > 0) return decided(false, `Answered worse than before, beyond chance: ${names(worse)}.`);
  const lostP0 = evidence.filter((question) => question.is_p0 && lossPValue(question) <= P0_LOSS_LEVEL);
  if (lostP0.length > 0)
    return decided(false, `P0 questions answered rightly less often than before: ${names(lostP0)}.`);
  return decided(true, proven);
}

const pText = (p: number): string => `p = ${p < 0.0001 ? p.toExponential(1) : p.toFixed(4)}`;
const levelText = (alpha: number): string => `the level is ${Number(alpha.toPrecision(3))}`;
