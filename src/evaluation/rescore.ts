import type { Benchmark } from '../benchmarks/index.ts';
import { benchmarkFingerprint, isQuarantined, questionDefaults } from '../benchmarks/index.ts';
import { InvalidOptionError } from '../core/index.ts';
import type { GenieAnswer, GeniePort, SqlPort } from '../ports/index.ts';
import { accuracyOf, judgeTotals } from './accuracy.ts';
import { evaluate, type EvaluateOptions } from './evaluate.ts';
import type { EvaluationResult, EvaluationRow } from './evaluation-result.ts';
import { answerKeyText } from './statements.ts';

/** What judging again needs; everything of the space is that of the evaluation, not of now. */
export interface RescoreOptions extends Pick<
  EvaluateOptions,
  | 'catalog'
  | 'space'
  | 'judges'
  | 'variables'
  | 'maxRows'
  | 'requireOrder'
  | 'groundTruth'
  | 'factsCache'
  | 'clock'
  | 'signal'
> {
  /** Runs answer keys, and Genie's statements whose rows the warehouse no longer keeps. */
  readonly sql: SqlPort;
}

/** An evaluation under other answer keys. */
export interface RescoredEvaluation extends EvaluationResult {
  /** Questions whose answer key changed and whose stored answer was judged again. */
  readonly rescored: readonly string[];
  /** Questions whose answer key changed but that hold no answer: their rows are as they were. */
  readonly unanswered: readonly string[];
  /** Questions that the new keys put into quarantine: their rows stay, and count no more. */
  readonly quarantined: readonly string[];
  /** When it was scored again, ISO 8601. */
  readonly rebaselined_at: string;
}

/**
 * Scores a stored evaluation against corrected answer keys, without asking Genie again.
 *
 * Rows whose question and answer key did not change stay exactly as they are. For the others the new key
 * is run, Genie's stored rows are fetched, or its stored statement is run again where they are gone, and
 * all judges judge anew. Questions that the new keys do not hold keep their rows; new questions are ignored.
 * Those in quarantine keep their rows too, excluded, and are no part of the fingerprint: an evaluation that
 * did not ask them compares with this one.
 *
 * @param result - any evaluation, also one read from a session file
 * @throws what {@link evaluate} throws
 * @see decisions 11, spec/evaluation.md §12.3
 */
export async function rescore(
  result: EvaluationResult,
  newAnswerKeys: readonly Benchmark[],
  { sql, ...options }: RescoreOptions,
): Promise<RescoredEvaluation> {
  const clock = options.clock ?? { now: () => new Date() };
  const keys = new Map(newAnswerKeys.map((benchmark) => [benchmark.id, benchmark]));
  const changed = result.rows.filter((row) => {
    const benchmark = keys.get(row.question_id);
    return (
      benchmark !== undefined &&
      !isQuarantined(benchmark) &&
      (answerKeyText(benchmark.expected_sql, options.variables ?? {}) !== row.expected_sql ||
        benchmark.expected_asset !== row.expected_asset)
    );
  });
  const [answered, unanswered] = [changed.filter(isAnswered), changed.filter((row) => !isAnswered(row))];
  const judged = await judgeAgain(answered, keys, result, sql, options);
  const rows = result.rows.map((row) => {
    const benchmark = keys.get(row.question_id);
    return benchmark !== undefined && isQuarantined(benchmark)
      ? setAside(row, benchmark)
      : (judged.get(row.question_id) ?? row);
  });
  const judges = judgeTotals(rows);
  const isAside = ({ exclusion }: EvaluationRow): boolean => exclusion?.reason_code === 'quarantined';
  return {
    ...result,
    ...accuracyOf(rows),
    scores: judges.scores,
    degraded_judges: judges.degraded,
    rows,
    benchmark_fingerprint: benchmarkFingerprint(
      rows.filter((row) => !isAside(row)).map((row) => questionOf(row, keys)),
    ),
    rescored: answered.map(({ question_id }) => question_id),
    unanswered: unanswered.map(({ question_id }) => question_id),
    quarantined: rows.filter(isAside).map(({ question_id }) => question_id),
    rebaselined_at: clock.now().toISOString(),
  };
}

/** The row of a question in quarantine: all there, and in no figure. */
function setAside(row: EvaluationRow, benchmark: Benchmark): EvaluationRow {
  const reason = benchmark.quarantine_reason ?? 'The question was put into quarantine.';
  return {
    ...row,
    correct: null,
    exclusion: { reason_code: 'quarantined', reason_detail: reason },
    verdicts: Object.fromEntries(
      Object.keys(row.verdicts).map((judge) => [
        judge,
        { value: 'excluded', rationale: reason, reason: 'quarantined' as const },
      ]),
    ),
    asi: [],
  };
}

/** Genie was asked and its answer arrived; a failed or wordy answer is one too. */
const isAnswered = ({ conversation_id, generated_sql, exclusion }: EvaluationRow): boolean =>
  generated_sql !== null || (conversation_id !== null && exclusion?.reason_code !== 'infrastructure');

async function judgeAgain(
  rows: readonly EvaluationRow[],
  keys: ReadonlyMap<string, Benchmark>,
  result: EvaluationResult,
  sql: SqlPort,
  options: Omit<RescoreOptions, 'sql'>,
): Promise<ReadonlyMap<string, EvaluationRow>> {
  const judged = new Map<string, EvaluationRow>();
  for (const batch of withDistinctQuestions(rows)) {
    const answers = new Map(batch.map((row) => [row.question, storedAnswer(row)]));
    const ask: GeniePort['ask'] = (_, question) => {
      const answer = answers.get(question);
      return answer === undefined
        ? Promise.reject(new InvalidOptionError('result', `holds no answer to '${question}'`))
        : Promise.resolve(answer);
    };
    const { rows: again } = await evaluate({
      ...options,
      questions: batch.map((row) => questionOf(row, keys)),
      workspace: { genie: { ask }, sql },
      spaceId: '',
      scope: result.scope,
      iteration: result.iteration,
      configHash: result.config_hash,
    });
    const stored = new Map(batch.map((row) => [row.question_id, row]));
    for (const fresh of again) {
      const row = stored.get(fresh.question_id);
      if (row === undefined) continue;
      judged.set(fresh.question_id, {
        ...fresh,
        status: row.status,
        conversation_id: row.conversation_id,
        timing_ms: { ...fresh.timing_ms, genie: row.timing_ms.genie },
      });
    }
  }
  return judged;
}

/** Stored answers are found by the text of the question: no batch holds one twice. */
function withDistinctQuestions(rows: readonly EvaluationRow[]): readonly (readonly EvaluationRow[])[] {
  const batches: Map<string, EvaluationRow>[] = [];
  for (const row of rows) {
    const free = batches.find((batch) => !batch.has(row.question));
    if (free === undefined) batches.push(new Map([[row.question, row]]));
    else free.set(row.question, row);
  }
  return batches.map((batch) => [...batch.values()]);
}

/** The question with its new key, asked as it was asked then. */
function questionOf(row: EvaluationRow, keys: ReadonlyMap<string, Benchmark>): Benchmark {
  const benchmark = keys.get(row.question_id);
  return benchmark === undefined
    ? {
        ...questionDefaults(),
        id: row.question_id,
        question: row.question,
        expected_sql: row.expected_sql,
        expected_asset: row.expected_asset,
        category: row.category,
        priority: row.priority,
        split: row.split,
      }
    : { ...benchmark, question: row.question };
}

const storedAnswer = (row: EvaluationRow): GenieAnswer => ({
  outcome: row.generated_sql !== null ? 'sql' : row.status === 'FAILED' ? 'failed' : 'text',
  status: row.status,
  conversationId: row.conversation_id ?? '',
  messageId: '',
  attachmentId: null,
  sql: row.generated_sql,
  extraSql: [],
  statementId: row.statement_id ?? null,
  text: row.answer_text,
  thoughts: [],
  error: null,
  elapsedMs: row.timing_ms.genie,
});
