import * as z from 'zod';
import { parseJson } from '../core/index.ts';
import type { EvaluationRow } from '../evaluation/index.ts';
import type { FileStore } from '../ports/index.ts';
import { journalWriter } from './journal-writer.ts';

/** The state that answers, and the evaluation it is asked for. */
interface AnswerKey {
  readonly iteration: number;
  readonly configHash: string;
}

/**
 * What each state has answered in the evaluation under way, kept on disk row by row.
 *
 * The slice gate, the P0 gate and the full evaluation of one candidate overlap: a question asked by one
 * of them is not asked again by the next, nor by a run resumed after a kill. Rows of an earlier
 * iteration are dropped: another evaluation starts empty.
 */
export interface RowJournal {
  of(key: AnswerKey): readonly EvaluationRow[];
  add(key: AnswerKey, row: EvaluationRow): void;
  /** Resolves once everything added is on disk. */
  flush(): Promise<void>;
}

const journalSchema = z.object({
  iteration: z.number().int(),
  answers: z.record(z.string(), z.array(z.looseObject({ question_id: z.string() }))),
});

/** Opens the journal; a file that is missing or cut short starts it empty, which costs only asks. */
export async function openRowJournal(files: FileStore, path: string): Promise<RowJournal> {
  const text = await files.read(path);
  const stored = text === null ? null : journalSchema.safeParse(parseJson(text));
  let iteration = stored?.success ? stored.data.iteration : -1;
  let answers = new Map<string, EvaluationRow[]>(
    stored?.success ? (Object.entries(stored.data.answers) as unknown as [string, EvaluationRow[]][]) : [],
  );
  const writer = journalWriter(files, path, () =>
    JSON.stringify({
      iteration,
      // Facts of statements are read again from the SQL.
      answers: Object.fromEntries(
        [...answers].map(([hash, rows]) => [hash, rows.map(({ facts: _facts, ...row }) => row)]),
      ),
    }),
  );
  return {
    of: (key) => (key.iteration === iteration ? (answers.get(key.configHash) ?? []) : []),
    add(key, row) {
      if (key.iteration !== iteration) {
        iteration = key.iteration;
        answers = new Map();
      }
      answers.set(key.configHash, [...(answers.get(key.configHash) ?? []), row]);
      writer.changed();
    },
    flush: () => writer.flush(),
  };
}
