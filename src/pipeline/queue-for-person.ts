import {
  formatQueue,
  parseQueue,
  REMEDIATION_QUEUE_FILE,
  type RemediationEntry,
} from '../evaluation/index.ts';
import { runFolder } from './prepare-suite.ts';
import type { Run } from './run.ts';

/**
 * Puts questions whose answer key needs a person into the queue beside the report; one that waits already keeps its
 * place and time.
 */
export async function queueForPerson(
  { ctx }: Pick<Run, 'ctx'>,
  entries: readonly RemediationEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  const path = `${runFolder(ctx)}/${REMEDIATION_QUEUE_FILE}`;
  const queue = parseQueue((await ctx.options.files.read(path)) ?? '', path);
  const fresh = new Map(entries.map((entry) => [entry.id, entry]));
  const known = new Set(queue.map(({ id }) => id));
  await ctx.options.files.write(
    path,
    formatQueue([
      ...queue.map((entry) => ({ ...entry, ...fresh.get(entry.id), queued_at: entry.queued_at })),
      ...entries.filter(({ id }) => !known.has(id)),
    ]),
  );
}
