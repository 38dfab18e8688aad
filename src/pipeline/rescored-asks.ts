import type { Benchmark } from '../benchmarks/index.ts';
import type { RescoredEvaluation } from '../evaluation/index.ts';
import { askMaker, type AskLedger } from './ask-ledger.ts';

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
  const askOf = askMaker(evaluation.config_hash, questions);
  const rescored = new Set(evaluation.rescored);
  const known = new Set(
    asks
      .all()
      .filter((ask) => ask.rescored === true && ask.config_hash === evaluation.config_hash)
      .map(keyOf),
  );
  for (const row of evaluation.rows) {
    if (!rescored.has(row.question_id)) continue;
    const ask = askOf(row);
    if (known.has(keyOf(ask))) continue;
    known.add(keyOf(ask));
    asks.add({ ...ask, rescored: true });
  }
}

/** An answer key: without a version it is the first. */
const keyOf = (ask: { readonly question_id: string; readonly key_version?: number | undefined }): string =>
  JSON.stringify([ask.question_id, ask.key_version ?? 1]);
