import * as z from 'zod';
import { currentAccuracy, type Session } from '../session/index.ts';
import { percent, points, table, text } from './markdown.ts';

const accuracies = { measured: z.number().nullable(), now: z.number().nullable() };

/** Corrected answer keys, and what they alone did to the figures. */
export const correctionsSchema = z.strictObject({
  applied: z.array(
    z.strictObject({
      question_id: z.string(),
      key_version: z.number(),
      old_key: z.string(),
      new_key: z.string(),
      at: z.string(),
    }),
  ),
  /** Candidates that wait for a person. */
  proposed: z.array(
    z.strictObject({
      question_id: z.string(),
      new_key: z.string().nullable(),
      confirmations: z.number().nullable(),
      declined: z.boolean(),
    }),
  ),
  /** Evaluations scored again from stored answers. Percent 0–100. */
  rescored: z.array(z.strictObject({ iteration: z.number(), ...accuracies })),
  /** What the corrections changed of the first evaluation, points: no lever's gain. */
  gain_pp: z.number().nullable(),
  /** So many keys were corrected that the suite should be looked at as a whole. */
  refresh_advised: z.boolean(),
});
type Corrections = z.infer<typeof correctionsSchema>;

/** Corrections from which on the suite should be looked at as a whole. @see spec/pipeline.md §6.11 rule 8 */
const REFRESH_AFTER = 3;

export function correctionsOf(session: Session): Corrections {
  const rescored = session.iterations
    .filter(({ rescored_accuracy: again }) => again !== undefined)
    .map((entry) => ({
      iteration: entry.iteration,
      measured: entry.overall_accuracy,
      now: currentAccuracy(entry),
    }));
  const [first] = rescored;
  return {
    applied: session.benchmark_corrections.map(({ question_id, key_version, old_gt, new_gt, timestamp }) => ({
      question_id,
      key_version,
      old_key: old_gt,
      new_key: new_gt,
      at: timestamp,
    })),
    proposed: session.proposed_corrections.map((item) => ({
      question_id: item.question_id,
      new_key: typeof item['new_gt'] === 'string' ? item['new_gt'] : null,
      confirmations: typeof item['confirmations'] === 'number' ? item['confirmations'] : null,
      declined: item['declined'] === true,
    })),
    rescored,
    gain_pp:
      first === undefined || first.now === null || first.measured === null
        ? null
        : first.now - first.measured,
    refresh_advised: session.benchmark_corrections.length >= REFRESH_AFTER,
  };
}

export function renderCorrections({
  applied,
  proposed,
  rescored,
  gain_pp: gain,
  refresh_advised: isAdvised,
}: Corrections): string {
  if (applied.length + proposed.length + rescored.length === 0) return 'No answer key was corrected.';
  return [
    table(
      ['Question', 'Version', 'Old key', 'New key'],
      applied.map((row) => [row.question_id, String(row.key_version), row.old_key, row.new_key]),
      'None was corrected.',
    ),
    ...(rescored.length === 0
      ? []
      : [
          `Every evaluation was scored again from its stored answers. The new keys alone changed the first figure by ${points(gain)}; no lever is credited with it.`,
          table(
            ['Iter', 'As measured', 'Under the keys in force'],
            rescored.map((row) => [String(row.iteration), percent(row.measured), percent(row.now)]),
            '',
          ),
        ]),
    ...(proposed.length === 0
      ? []
      : [
          'Waiting for a person:',
          table(
            ['Question', 'Better key', 'Confirmations', 'Declined'],
            proposed.map((row) => [
              row.question_id,
              text(row.new_key),
              text(row.confirmations),
              row.declined ? 'yes' : 'no',
            ]),
            '',
          ),
        ]),
    ...(isAdvised ? [`${applied.length} keys were corrected: look at the questions as a whole.`] : []),
  ].join('\n\n');
}
