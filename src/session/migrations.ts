import { upgradeApplyLog } from './legacy-apply-log.ts';

/** A session as read from a file, before its fields are checked. */
type RawSession = Readonly<Record<string, unknown>> & { readonly schema_version: string };

/**
 * What turns a session of one major version into one of the next. Pure; what is not named here stays as it is.
 *
 * 1 → 2: runs know where changes are tried, which questions they ask, and where they are tracked. Sessions of
 * version 1 that say nothing of it worked in the space itself and asked every question of their file.
 *
 * 2 → 3: an apply log is the journal entry of its change, as `applyChangeSet` writes it.
 */
const MIGRATIONS: Readonly<Record<string, (session: RawSession) => RawSession>> = {
  '1': (session) => ({
    isolation: 'live',
    clones: null,
    promotion: null,
    tracking: null,
    suite_ref: null,
    excluded_questions: [],
    queued_high_risk: [],
    closed_levers: [],
    ...session,
    schema_version: '2',
  }),
  '2': (session) => ({
    ...session,
    current_apply_log: upgradeApplyLog(session['current_apply_log']),
    provisional_apply_logs: eachOf(session['provisional_apply_logs'], upgradeApplyLog),
    iterations: eachOf(session['iterations'], withUpgradedLog),
    schema_version: '3',
  }),
};

const withUpgradedLog = (iteration: unknown): unknown =>
  typeof iteration === 'object' && iteration !== null && 'apply_log' in iteration
    ? { ...iteration, apply_log: upgradeApplyLog(iteration.apply_log) }
    : iteration;

/** What is no list is left for the schema to refuse. */
const eachOf = (list: unknown, change: (item: unknown) => unknown): unknown =>
  Array.isArray(list) ? list.map(change) : list;

/** The major part of a version such as `2` or `2.1`. */
export const majorOf = (version: string): string => version.split('.')[0] ?? '';

/**
 * Brings a session to this version, step by step; `null` when there is no way from the one it has.
 *
 * @param target - major version
 */
export function migrateSession(session: RawSession, target: string): RawSession | null {
  let current = session;
  while (majorOf(current.schema_version) !== target) {
    const step = MIGRATIONS[majorOf(current.schema_version)];
    if (step === undefined) return null;
    current = step(current);
  }
  return current;
}
