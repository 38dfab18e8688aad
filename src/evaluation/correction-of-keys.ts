import type { Benchmark, BenchmarkChanges } from '../benchmarks/index.ts';
import type { EvaluationResult } from './evaluation-result.ts';
import {
  arbiterFindings,
  CORRECTION_DEFAULTS,
  type CorrectionCandidate,
  type DoubtfulQuestion,
} from './correction-candidates.ts';
import {
  newKeyFields,
  validateGroundTruth,
  withFields,
  type GroundTruthCheck,
  type GroundTruthOptions,
} from './ground-truth-validation.ts';
import type { RemediationEntry } from './remediation-queue.ts';
import { rescore, type RescoredEvaluation, type RescoreOptions } from './rescore.ts';

export const CORRECTION_MODES = ['propose', 'auto'] as const;
export type CorrectionMode = (typeof CORRECTION_MODES)[number];

export interface CorrectKeysOptions extends GroundTruthOptions {
  /** `propose` (default): a candidate is applied only when `confirm` says so. `auto`: after two confirmations, unless disputed. */
  readonly mode?: CorrectionMode | undefined;
  /** Asked for every candidate that runs; without it `propose` applies nothing. */
  readonly confirm?:
    ((candidate: CorrectionCandidate, check: GroundTruthCheck) => boolean | Promise<boolean>) | undefined;
  /** Evaluations that must agree, from 1. Default 2. */
  readonly confirmations?: number | undefined;
  /** Goes into `correction_run_id`. */
  readonly runId?: string | undefined;
  /** Questions whose key may be corrected; none with an empty list. Default all. Quarantine concerns every question. */
  readonly only?: readonly string[] | undefined;
  /**
   * Judging of the past evaluations; `sql`, `catalog`, `variables` and `clock` are those above. Without it they
   * are not scored again.
   */
  readonly rescoring?: Omit<RescoreOptions, 'sql' | 'catalog' | 'variables' | 'clock' | 'signal'> | undefined;
}

/** One applied correction, as the session keeps it. @see spec/benchmarks.md §11 */
export interface CorrectionRecord {
  readonly question_id: string;
  readonly old_gt: string;
  readonly new_gt: string;
  readonly key_version: number;
  readonly arbiter_run_id: string | null;
  readonly timestamp: string;
}

/** A past evaluation under the corrected keys. */
export interface CorrectedEvaluation {
  readonly evaluation: RescoredEvaluation;
  /** What the corrections alone changed, in points; `null` when either side has no accuracy. Never a lever's gain. */
  readonly correctionGainPp: number | null;
}

export interface CorrectedKeys {
  /** All questions, the corrected ones with their new key version. */
  readonly questions: readonly Benchmark[];
  readonly records: readonly CorrectionRecord[];
  /** Field changes by id, for `editBenchmark`. */
  readonly changes: ReadonlyMap<string, BenchmarkChanges>;
  /** Candidates that wait for a person or for more confirmations. */
  readonly proposed: readonly CorrectionCandidate[];
  /** Candidates whose statement failed or returned nothing. */
  readonly rejected: readonly { readonly candidate: CorrectionCandidate; readonly reason: string }[];
  readonly doubtful: readonly DoubtfulQuestion[];
  /** Questions that a person must look at. */
  readonly remediation: readonly RemediationEntry[];
  /** The history under the new keys, in its order; empty when nothing was corrected, or without `rescoring`. */
  readonly history: readonly CorrectedEvaluation[];
  /** So much was corrected that the suite should be looked at as a whole. */
  readonly refreshAdvised: boolean;
}

/**
 * Corrects answer keys that the arbiter found wrong and scores every past evaluation again under the new keys.
 *
 * A candidate is run before anything else: it must be one reading statement that returns something. Genie is not
 * asked again. Questions that were wrong on both sides three times in a row are put in quarantine.
 *
 * @param history - every evaluation whose score is still compared with, in order
 * @see decisions 11, spec/benchmarks.md §11, spec/evaluation.md §12.3
 */
export async function correctKeys(
  history: readonly EvaluationResult[],
  questions: readonly Benchmark[],
  options: CorrectKeysOptions,
): Promise<CorrectedKeys> {
  const { mode = 'propose', clock, only, rescoring } = options;
  const { candidates: found, doubtful } = arbiterFindings(history, questions, options);
  const candidates =
    only === undefined ? found : found.filter(({ question_id }) => only.includes(question_id));
  const checks = await checkCandidates(candidates, questions, options);
  const proposed: CorrectionCandidate[] = [];
  const rejected: { candidate: CorrectionCandidate; reason: string }[] = [];
  const records: CorrectionRecord[] = [];
  const changes = new Map<string, BenchmarkChanges>();
  const at = clock.now();

  for (const candidate of candidates) {
    const question = questions.find(({ id }) => id === candidate.question_id);
    const check = checks.get(candidate.question_id);
    if (question === undefined || check === undefined) continue;
    const problem = problemOf(check);
    if (problem !== null) {
      rejected.push({ candidate, reason: problem });
      continue;
    }
    const accepted =
      mode === 'auto'
        ? candidate.confirmed
        : options.confirm !== undefined && (await options.confirm(candidate, check));
    if (!accepted) {
      proposed.push(candidate);
      continue;
    }
    changes.set(question.id, {
      ...newKeyFields(question, candidate.new_gt, 'arbiter_corrected', at),
      ...(options.runId === undefined ? {} : { correction_run_id: options.runId }),
    });
    records.push({
      question_id: question.id,
      old_gt: candidate.old_gt,
      new_gt: candidate.new_gt,
      key_version: (question.key_version ?? 1) + 1,
      arbiter_run_id: options.runId ?? null,
      timestamp: at.toISOString(),
    });
  }

  for (const { question_id, action, consecutive } of doubtful)
    if (action === 'quarantine' && !changes.has(question_id))
      changes.set(question_id, {
        quarantined_at: at.toISOString(),
        quarantine_reason: `Neither the answer key nor Genie's answer was right in ${consecutive} evaluations in a row.`,
      });
  const corrected = questions.map((question) => withFields(question, changes.get(question.id) ?? {}));
  return {
    questions: corrected,
    records,
    changes,
    proposed,
    rejected,
    doubtful,
    remediation: doubtfulEntries(doubtful, questions, at.toISOString()),
    history:
      changes.size === 0 || rescoring === undefined
        ? []
        : await rescoreHistory(history, corrected, { ...options, rescoring }),
    refreshAdvised: correctedSoFar(corrected) >= CORRECTION_DEFAULTS.refreshAfter,
  };
}

/**
 * Scores evaluations again under these keys from their stored answers, oldest first.
 *
 * Evaluations that hold none of the changed keys come back as they were.
 */
export async function rescoreHistory(
  history: readonly EvaluationResult[],
  questions: readonly Benchmark[],
  options: Pick<CorrectKeysOptions, 'sql' | 'catalog' | 'variables' | 'clock' | 'signal'> & {
    readonly rescoring: NonNullable<CorrectKeysOptions['rescoring']>;
  },
): Promise<CorrectedEvaluation[]> {
  const { sql, catalog, variables, clock, signal, rescoring } = options;
  const scored: CorrectedEvaluation[] = [];
  for (const before of history) {
    const evaluation = await rescore(before, questions, {
      ...rescoring,
      sql,
      catalog,
      variables,
      clock,
      signal,
    });
    const [old, now] = [before.overall_accuracy, evaluation.overall_accuracy];
    scored.push({ evaluation, correctionGainPp: old === null || now === null ? null : now - old });
  }
  return scored;
}

async function checkCandidates(
  candidates: readonly CorrectionCandidate[],
  questions: readonly Benchmark[],
  options: CorrectKeysOptions,
): Promise<ReadonlyMap<string, GroundTruthCheck>> {
  const trials = candidates.flatMap(({ question_id, new_gt }) => {
    const question = questions.find(({ id }) => id === question_id);
    return question === undefined
      ? []
      : [{ ...question, expected_sql: new_gt, expected_result_hash: undefined }];
  });
  // A model that rewrites the candidate would make it another answer than the arbiter called right.
  const { details } = await validateGroundTruth(trials, { ...options, chatModel: undefined });
  return new Map(details.map((check) => [check.id, check]));
}

function problemOf(check: GroundTruthCheck): string | null {
  if (check.status !== 'valid') return check.error ?? 'the statement cannot be run';
  if (check.empty_result) return 'the statement returns nothing';
  const unordered = check.findings.find(({ code }) => code === 'LIMIT_WITHOUT_ORDER');
  return unordered?.message ?? null;
}

const doubtfulEntries = (
  doubtful: readonly DoubtfulQuestion[],
  questions: readonly Benchmark[],
  now: string,
): RemediationEntry[] =>
  doubtful.flatMap(({ question_id, rationale, consecutive }) => {
    const question = questions.find(({ id }) => id === question_id);
    return question === undefined
      ? []
      : [
          {
            id: question_id,
            question: question.question,
            original_sql: question.expected_sql,
            error: (rationale === '' ? 'Neither the answer key nor the answer is right.' : rationale).slice(
              0,
              500,
            ),
            error_type: 'neither_correct',
            attempts: consecutive,
            last_candidate_sql: null,
            queued_at: now,
          },
        ];
  });

const correctedSoFar = (questions: readonly Benchmark[]): number =>
  questions.filter(({ source }) => source === 'arbiter_corrected').length;
