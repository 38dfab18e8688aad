import * as z from 'zod';
import type { Benchmark } from '../benchmarks/index.ts';
import type { EvaluationRow } from '../evaluation/index.ts';
import type { FileStore } from '../ports/index.ts';
import { OptimizerError } from '../core/index.ts';
import { journalWriter } from './journal-writer.ts';

/** One question put to Genie once, and what for. Wire names. @see spec/acceptance.md §2 */
const storedAskSchema = z.looseObject({
  config_hash: z.string(),
  question_id: z.string(),
  /** 0, 1, 2 … per configuration and question, in the order of asking. */
  ask_index: z.number().int().min(0),
  verdict: z.enum(['pass', 'fail', 'excluded']),
  /** Kind of asset that answered; absent in older records. */
  asset: z.string().optional(),
  /** The comparison it is fresh evidence for; `null` for the asks of evaluations, which choose the questions. */
  comparison: z.string().nullable(),
  arm: z.enum(['incumbent', 'candidate']).nullable(),
  round: z.number().int().nullable(),
  /** Version of the answer key that the verdict is under; absent: the first. */
  key_version: z.number().int().optional(),
  /** No ask of its own: a stored answer, judged again under a corrected key. */
  rescored: z.literal(true).optional(),
});
export type StoredAsk = z.infer<typeof storedAskSchema>;

/** An ask before it is numbered. */
interface NewAsk {
  readonly config_hash: string;
  readonly question_id: string;
  readonly verdict: StoredAsk['verdict'];
  readonly asset?: string | undefined;
  readonly comparison: string | null;
  readonly arm: StoredAsk['arm'];
  readonly round: number | null;
  readonly key_version?: number | undefined;
  readonly rescored?: true | undefined;
}

/** Every ask of a run, on disk as soon as it is answered, so that a restart pays for none twice. */
export interface AskLedger {
  all(): readonly StoredAsk[];
  add(ask: NewAsk): void;
  /** Resolves once everything added is on disk. */
  flush(): Promise<void>;
}

/** @throws {OptimizerError} code `ASK_LEDGER` when the file is there but damaged */
export async function openAskLedger(files: FileStore, path: string): Promise<AskLedger> {
  const asks = parseAsks(await files.read(path), path);
  const counts = new Map<string, number>();
  const nextIndex = (ask: { readonly config_hash: string; readonly question_id: string }) => {
    const key = JSON.stringify([ask.config_hash, ask.question_id]);
    const index = counts.get(key) ?? 0;
    counts.set(key, index + 1);
    return index;
  };
  asks.forEach(nextIndex);
  const writer = journalWriter(files, path, () => JSON.stringify({ asks }));
  return {
    all: () => asks,
    add(ask) {
      asks.push({ ...ask, ask_index: nextIndex(ask) });
      writer.changed();
    },
    flush: () => writer.flush(),
  };
}

function parseAsks(text: string | null, path: string): StoredAsk[] {
  if (text === null) return [];
  const damaged = (cause: unknown) =>
    new OptimizerError(`The record of asks '${path}' is damaged. Move it away to go on without it.`, {
      code: 'ASK_LEDGER',
      details: { path },
      cause,
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw damaged(cause);
  }
  const parsed = z.object({ asks: z.array(storedAskSchema) }).safeParse(json);
  if (!parsed.success) throw damaged(parsed.error);
  return parsed.data.asks;
}

/**
 * Makes asks of the rows that one configuration answered: each under the answer key its question has in `questions`,
 * evidence for no comparison.
 */
export function askMaker(
  configHash: string,
  questions: readonly Pick<Benchmark, 'id' | 'key_version'>[],
): (row: AskedRow) => NewAsk {
  const versions = new Map(questions.map(({ id, key_version: version }) => [id, version]));
  return (row) => ({
    config_hash: configHash,
    question_id: row.question_id,
    verdict: verdictOf(row),
    asset: row.actual_asset,
    comparison: null,
    arm: null,
    round: null,
    key_version: versions.get(row.question_id),
  });
}

type AskedRow = Pick<EvaluationRow, 'question_id' | 'correct' | 'actual_asset'>;

/** A row's word on its configuration. */
const verdictOf = (row: Pick<EvaluationRow, 'correct'>): StoredAsk['verdict'] =>
  row.correct === null ? 'excluded' : row.correct ? 'pass' : 'fail';

/** Whether the verdict is under this version of the question's answer key; verdicts under others say nothing now. */
export const isUnderKey = (ask: StoredAsk, version: number | undefined): boolean =>
  (ask.key_version ?? 1) === (version ?? 1);

/** Right answers and answers that count, of one configuration to one question, over everything recorded. */
export function poolOf(
  asks: readonly StoredAsk[],
  configHash: string,
  questionId: string,
  /** Version of its answer key; default the first. */
  keyVersion?: number,
): { readonly n: number; readonly correct: number } {
  const counted = asks.filter(
    (ask) =>
      ask.config_hash === configHash &&
      ask.question_id === questionId &&
      isUnderKey(ask, keyVersion) &&
      ask.verdict !== 'excluded',
  );
  return { n: counted.length, correct: counted.filter(({ verdict }) => verdict === 'pass').length };
}
