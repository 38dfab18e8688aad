import type { Asi, AsiRecord } from '../asi/index.ts';
import type { Judge, JudgeOutcome, ResultComparison } from '../judges/index.ts';
import type { EvaluationRow, StoredVerdict } from './evaluation-result.ts';
import type { Prediction } from './prediction.ts';

/**
 * The row that a prediction and the words of its judges make.
 *
 * @param outcomes - one for each judge, in their order
 */
export function judgedRow(
  { input, status, conversationId, statementId, timing }: Prediction,
  judges: readonly Judge[],
  outcomes: readonly JudgeOutcome[],
): EvaluationRow {
  const { benchmark, comparison } = input;
  const exclusion = exclusionOf(comparison);
  const correct = exclusion === null ? comparison.match === true : null;
  const verdicts: Record<string, StoredVerdict> = {};
  const softSignals: string[] = [];
  const asi: AsiRecord[] = [];
  for (let at = 0; at < judges.length; at++) {
    const [judge, outcome] = [judges[at], outcomes[at]];
    if (judge === undefined || outcome === undefined) continue;
    const { name, kind } = judge;
    verdicts[name] = storedVerdict(outcome, kind === 'llm' && asksModel(outcome) ? 'LLM_JUDGE' : 'CODE');
    if (correct === true && outcome.status === 'scored' && outcome.value === 'no') softSignals.push(name);
    const reason = exclusion === null ? failureAsi(outcome) : null;
    if (reason !== null)
      asi.push({ question_id: benchmark.id, judge: name, asi: reason, rationale: outcome.rationale });
  }
  return {
    question_id: benchmark.id,
    question: benchmark.question,
    split: benchmark.split ?? 'train',
    priority: benchmark.priority,
    category: benchmark.category,
    expected_asset: benchmark.expected_asset,
    actual_asset: input.actualAsset,
    expected_sql: input.expectedSql,
    generated_sql: input.generatedSql,
    answer_text: input.answerText,
    status,
    conversation_id: conversationId,
    statement_id: statementId,
    comparison,
    verdicts,
    asi,
    correct,
    exclusion,
    soft_signals: softSignals,
    facts: { expected: input.expectedFacts, generated: input.generatedFacts },
    timing_ms: timing,
  };
}

/** A judge that may ask a model decides some rows without it. */
const asksModel = (outcome: JudgeOutcome): boolean =>
  outcome.status === 'verdict'
    ? outcome.decidedBy !== 'code'
    : outcome.status !== 'skipped' && outcome.status !== 'excluded';

function exclusionOf(comparison: ResultComparison): EvaluationRow['exclusion'] {
  const reason = comparison.exclusion ?? (comparison.match === null ? 'genie_result_unavailable' : null);
  return reason === null ? null : { reason_code: reason, reason_detail: comparison.error?.message ?? reason };
}

function storedVerdict(outcome: JudgeOutcome, source: 'CODE' | 'LLM_JUDGE'): StoredVerdict {
  const { rationale } = outcome;
  switch (outcome.status) {
    case 'scored':
    case 'verdict':
      return { value: outcome.value, rationale, reason: null, source };
    case 'excluded':
    case 'skipped':
      return { value: outcome.status, rationale, reason: outcome.reason, source };
    case 'errored':
      return { value: 'unknown', rationale, reason: null, source };
    default:
      return outcome satisfies never;
  }
}

/** Only a no and an arbiter's word against Genie are failures. */
function failureAsi(outcome: JudgeOutcome): Asi | null {
  if (outcome.status === 'scored') return outcome.value === 'no' ? outcome.asi : null;
  if (outcome.status !== 'verdict') return null;
  return outcome.value === 'ground_truth_correct' || outcome.value === 'neither_correct' ? outcome.asi : null;
}
