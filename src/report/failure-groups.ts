import type { AsiRecord } from '../asi/index.ts';
import { compareCodeUnits } from '../core/index.ts';
import type { Report } from './report-schema.ts';
import { lastAccepted, type ReportFacts, type ReportRow } from './report-facts.ts';

/** The reason that a judge is surest of; `null` when no judge gave one. */
export const mainReason = (row: ReportRow): AsiRecord | null =>
  [...row.asi].sort((a, b) => b.asi.confidence - a.asi.confidence)[0] ?? null;

/** Failures the run began with, grouped by root cause and first blamed object, with what became of them. */
export function failureGroups({ session, rows }: ReportFacts): Report['clusters'] {
  const start = rows.get(session.iterations[0]?.iteration ?? 0) ?? [];
  const stillWrong = new Set(lastAccepted(session)?.failures ?? start.map((row) => row.question_id));
  const groups = new Map<string, { reason: AsiRecord | null; members: ReportRow[] }>();
  for (const row of start) {
    if (row.correct !== false) continue;
    const reason = mainReason(row);
    const key = `${reason?.asi.failure_type ?? 'other'}\n${reason?.asi.blame_set[0] ?? ''}`;
    const group = groups.get(key) ?? { reason, members: [] };
    group.members.push(row);
    groups.set(key, group);
  }
  return [...groups.entries()]
    .sort(([a, { members: m }], [b, { members: n }]) => n.length - m.length || compareCodeUnits(a, b))
    .map(([, { reason, members }], at) => {
      const questions = members.map((row) => row.question_id);
      return {
        cluster_id: `F${String(at + 1).padStart(3, '0')}`,
        root_cause: reason?.asi.failure_type ?? 'other',
        blame: reason?.asi.blame_set[0] ?? null,
        questions,
        judges: [...new Set(members.flatMap(({ asi }) => asi.map(({ judge }) => judge)))].sort(),
        levers: leversFor(questions, session.iterations),
        solved: questions.filter((id) => !stillWrong.has(id)).length,
      };
    });
}

/** Levers whose patches were meant for one of these questions. */
function leversFor(questions: readonly string[], iterations: ReportFacts['session']['iterations']): number[] {
  const levers = iterations.flatMap(({ lever, patch_set }) =>
    patch_set.some((patch) => predictedOf(patch).some((id) => questions.includes(id))) ? [lever] : [],
  );
  return [...new Set(levers)].sort((a, b) => a - b);
}

/** Questions that a patch claims to affect. */
export const predictedOf = (patch: Readonly<Record<string, unknown>>): string[] => {
  const ids = patch['predicted_affected_questions'];
  return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : [];
};
