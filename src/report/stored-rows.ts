import * as z from 'zod';
import { parseJson } from '../core/index.ts';
import { readRowsText, type Session } from '../session/index.ts';
import type { ReportRow } from './report-facts.ts';

/** As much of a stored evaluation as a report reads. */
const storedSchema = z.looseObject({
  rows: z.array(
    z.looseObject({
      question_id: z.string(),
      question: z.string(),
      correct: z.boolean().nullable(),
      verdicts: z.record(z.string(), z.looseObject({ value: z.string() })),
      asi: z.array(z.looseObject({ judge: z.string() })),
    }),
  ),
});

/**
 * Rows of the full evaluations of a session, by iteration.
 *
 * Where answer keys were corrected, the rows under the new ones.
 * Those that are missing or damaged are left out: a report does without them.
 */
export async function readStoredRows(
  iterations: Session['iterations'],
  read: (path: string) => Promise<string | null>,
): Promise<ReadonlyMap<number, readonly ReportRow[]>> {
  const found = new Map<number, readonly ReportRow[]>();
  for (const iteration of iterations) {
    const text = await readRowsText(iteration, read);
    const parsed = text === null ? null : storedSchema.safeParse(parseJson(text));
    if (parsed?.success) found.set(iteration.iteration, parsed.data.rows as unknown as readonly ReportRow[]);
  }
  return found;
}
