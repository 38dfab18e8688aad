import { compareCodeUnits } from '../../core/index.ts';
import { normalizeFailureType, type FailureType } from '../../asi/index.ts';
import { describeColumn, describeTable } from './descriptions.ts';
import type { Draft, Generator } from './draft.ts';

/** Failures that no statement shows: only the judge's word says what the metadata lack. */
const NOTE_TYPES: ReadonlySet<FailureType> = new Set([
  'monitoring_gap',
  'stale_data',
  'data_freshness',
  'ml_feature_missing',
  'model_scoring_error',
  'feature_store_mismatch',
  'description_mismatch',
]);

/** Writes what a judge found missing (`missing_metadata`) into the description of the blamed object. */
export const proposeNotes: Generator = ({ rows, schema }) => {
  const notes = new Map<
    string,
    { type: FailureType; target: string; sentence: string; questions: Set<string> }
  >();
  for (const { row, failed } of rows) {
    for (const { asi } of failed ? row.asi : []) {
      const { failure_type: type } = normalizeFailureType(asi.failure_type);
      const sentence = asi.missing_metadata?.trim() ?? '';
      if (!NOTE_TYPES.has(type) || sentence === '') continue;
      for (const target of asi.blame_set) {
        const key = `${type}\u0001${target.toLowerCase()}\u0001${sentence}`;
        const note = notes.get(key) ?? { type, target, sentence, questions: new Set() };
        note.questions.add(row.question_id);
        notes.set(key, note);
      }
    }
  }
  return [...notes]
    .sort(([a], [b]) => compareCodeUnits(a, b))
    .flatMap(([, note]): Draft[] => {
      const sentence = /[.!?]$/.test(note.sentence) ? note.sentence : `${note.sentence}.`;
      const table = schema.table(note.target);
      const owner = schema.table(note.target.split(/[.#]/).slice(0, -1).join('.') || null);
      const column = owner?.columns.get((note.target.split(/[.#]/).at(-1) ?? '').toLowerCase());
      const change =
        table !== null
          ? describeTable(table, sentence)
          : owner !== null && column !== undefined
            ? describeColumn(owner, column, sentence)
            : null;
      if (change === null) return [];
      return [
        {
          failure_type: note.type,
          question_ids: [...note.questions].sort(compareCodeUnits),
          changes: [change],
          reason: `the description of ${note.target} does not say it`,
          confidence: Math.min(0.8, 0.5 + 0.1 * note.questions.size),
        },
      ];
    });
};
