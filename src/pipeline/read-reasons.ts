import { ASI_SOURCES, withTableReasons, type AsiSource } from '../asi/index.ts';
import { messageOf, nameParts } from '../core/index.ts';
import { readReasons, type EvaluationRow } from '../evaluation/index.ts';
import type { Run } from './run.ts';

/**
 * The rows that proposals are made from, with the reasons of their failures.
 *
 * Where a run writes its verdicts to Unity Catalog they are read from there first, so that what a person corrected in
 * the table counts; else, and where the table cannot be read, each row speaks for itself. Every reason says which.
 *
 * @see spec/pipeline.md §10, constraint 21
 */
export async function rowsWithReasons(
  { ctx, tip, recorder }: Run,
  rows: readonly EvaluationRow[],
): Promise<readonly EvaluationRow[]> {
  const { iteration } = tip.evaluation;
  const [catalog, schema] = nameParts(ctx.options.ucSchema ?? '');
  const runId = recorder.current().tracking?.evaluation_runs[String(iteration)];
  const asTheyAre = withTableReasons(rows, []);
  if (catalog === undefined || schema === undefined || runId === undefined) return asTheyAre;
  try {
    const { signal } = ctx;
    return await readReasons(ctx.workspace.sql, { catalog, schema }, { rows, runId, iteration, signal });
  } catch (error) {
    ctx.signal?.throwIfAborted();
    const why = messageOf(error);
    const message = `The reasons of failures are taken from the answers; the table of verdicts could not be read: ${why}`;
    ctx.emit({ type: 'warning', code: 'ASI_TABLE_UNREAD', message });
    return asTheyAre;
  }
}

/** How many reasons of failures came from where; sources of none are absent. */
export function countSources(rows: readonly EvaluationRow[]): Readonly<Partial<Record<AsiSource, number>>> {
  const all = rows.flatMap(({ asi }) => asi.map((record) => record.asi_source));
  const counts = ASI_SOURCES.map((source) => [source, all.filter((item) => item === source).length] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
