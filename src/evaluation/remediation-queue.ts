import { parse, stringify } from 'yaml';
import * as z from 'zod';
import type { Benchmark } from '../benchmarks/index.ts';
import { OptimizerError } from '../core/index.ts';
import type { GroundTruthCheck } from './ground-truth-validation.ts';

/** Name of the queue's file. @see spec/benchmarks.md §11 */
export const REMEDIATION_QUEUE_FILE = 'gt_remediation_queue.yaml';

const remediationEntrySchema = z.looseObject({
  id: z.string(),
  question: z.string(),
  original_sql: z.string(),
  error: z.string(),
  error_type: z.string(),
  attempts: z.number().int(),
  last_candidate_sql: z.string().nullable(),
  queued_at: z.string(),
});

/** A question whose answer key waits for a person. @see spec/evaluation.md §9.5 */
export type RemediationEntry = z.infer<typeof remediationEntrySchema>;

/** The questions of a validation that cannot be used, as queue entries. */
export const remediationEntries = (checks: readonly GroundTruthCheck[]): RemediationEntry[] =>
  checks
    .filter(({ status }) => status !== 'valid')
    .map((check) => ({
      id: check.id,
      question: check.question,
      original_sql: check.original_sql,
      error: (check.error ?? 'The question has no answer key.').slice(0, 500),
      error_type: check.reason_code ?? 'missing_ground_truth',
      attempts: check.attempts,
      last_candidate_sql: check.proposals[0]?.expected_sql ?? check.last_candidate_sql,
      queued_at: check.checked_at,
    }));

/**
 * The queue after another validation: what became valid or left the suite goes, what is new comes behind.
 *
 * An entry that stays keeps the time it was queued at; questions that were not checked now stay as they are.
 */
export function updateQueue(
  queue: readonly RemediationEntry[],
  checks: readonly GroundTruthCheck[],
  questions: readonly Pick<Benchmark, 'id'>[],
): RemediationEntry[] {
  const known = new Set(questions.map(({ id }) => id));
  const checked = new Set(checks.map(({ id }) => id));
  const failing = new Map(remediationEntries(checks).map((entry) => [entry.id, entry]));
  const kept = queue
    .filter(({ id }) => known.has(id) && (failing.has(id) || !checked.has(id)))
    .map((entry) => ({ ...entry, ...failing.get(entry.id), queued_at: entry.queued_at }));
  const queued = new Set(kept.map(({ id }) => id));
  return [...kept, ...[...failing.values()].filter(({ id }) => !queued.has(id))];
}

/** The queue as the text of its file. */
export const formatQueue = (queue: readonly RemediationEntry[]): string =>
  stringify(queue, { lineWidth: 0, blockQuote: 'literal' });

/**
 * Reads a queue file; an empty text is an empty queue.
 *
 * @throws {OptimizerError} code `REMEDIATION_QUEUE` when it is no list of entries
 */
export function parseQueue(text: string, file: string = REMEDIATION_QUEUE_FILE): RemediationEntry[] {
  const fail = (problem: string, cause?: unknown) =>
    new OptimizerError(`${file} cannot be read: ${problem}. Correct it, or delete it and validate again.`, {
      code: 'REMEDIATION_QUEUE',
      details: { file },
      cause,
    });
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    throw fail((cause as Error).message.split('\n')[0] ?? '', cause);
  }
  const read = z.array(remediationEntrySchema).safeParse(value ?? []);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw fail(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unexpected form'}`);
}
