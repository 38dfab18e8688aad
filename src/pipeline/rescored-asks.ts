import type { Benchmark } from '../benchmarks/index.ts';
import type { RescoredEvaluation } from '../evaluation/index.ts';
import { isUnderKey, verdictOf, type AskLedger } from './ask-ledger.ts';

/**
 * Notes what stored answers are worth under corrected answer keys: verdicts under the old keys count no more.
 *
 * Safe to repeat: a run that was killed and comes here again adds nothing.
 */
export function noteRescored(
  asks: AskLedger,
  evaluation: RescoredEvaluation,
  questions: readonly Pick<Benchmark, 'id' | 'key_version'>[],
): void {
  const versions = new Map(questions.map(({ id, key_version: version }) => [id, version]));
  for (const row of evaluation.rows) {
    if (!evaluation.rescored.includes(row.question_id)) continue;
    const version = versions.get(row.question_id);
    const isKnown = asks
      .all()
      .some(
        (ask) =>
          ask.rescored === true &&
          ask.config_hash === evaluation.config_hash &&
          ask.question_id === row.question_id &&
          isUnderKey(ask, version),
      );
    if (isKnown) continue;
    asks.add({
      config_hash: evaluation.config_hash,
      question_id: row.question_id,
      verdict: verdictOf(row),
      asset: row.actual_asset,
      comparison: null,
      arm: null,
      round: null,
      key_version: version,
      rescored: true,
    });
  }
}
