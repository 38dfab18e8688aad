import { isOptimizerError } from '../core/index.ts';
import type { Session } from '../session/index.ts';
import { NOT_REVERTED } from './roll-back.ts';

/** What a process ends with. @see spec/pipeline.md §3 */
export const EXIT_CODES = {
  ok: 0,
  failed: 1,
  usage: 2,
  notConverged: 3,
  notRestored: 4,
  deployFailed: 5,
} as const;

/** Errors that mean "the command was called wrongly". */
const USAGE_CODES: ReadonlySet<string> = new Set(['USAGE', 'INVALID_OPTION']);

/** Errors that mean "the world is not as it was before". */
const NOT_RESTORED_CODES: ReadonlySet<string> = new Set(['ROLLBACK_FAILED', 'CHANGE_NOT_UNDONE']);

/** Exit code of a finished run. */
export const exitCodeOf = (
  session: Pick<Session, 'status' | 'deploy_result' | 'post_deploy_result' | 'escalation'>,
): number => (session.escalation?.code === NOT_REVERTED ? EXIT_CODES.notRestored : exitCodeOfEnd(session));

const exitCodeOfEnd = (session: Pick<Session, 'status' | 'deploy_result' | 'post_deploy_result'>): number =>
  (session.deploy_result !== undefined && session.deploy_result.status !== 'SUCCESS') ||
  session.post_deploy_result?.status === 'discrepancy'
    ? EXIT_CODES.deployFailed
    : session.status === 'converged' || session.status === 'evaluated'
      ? EXIT_CODES.ok
      : EXIT_CODES.notConverged;

/** Exit code of a run that ended in an error. */
export function exitCodeOfError(error: unknown): number {
  if (!isOptimizerError(error)) return EXIT_CODES.failed;
  if (USAGE_CODES.has(error.code)) return EXIT_CODES.usage;
  return NOT_RESTORED_CODES.has(error.code) ? EXIT_CODES.notRestored : EXIT_CODES.failed;
}
