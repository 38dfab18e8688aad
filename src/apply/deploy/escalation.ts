import { counted } from '../../core/index.ts';
import type { DeployFix, DeployStatus, DeployStep } from './deploy-bundle.ts';

/** What a person needs who takes over a deployment that failed. @see spec/control-levers.md §5 */
export interface DeployEscalation {
  readonly code: 'deploy_failed' | 'post_deploy_discrepancy';
  readonly errors: readonly {
    readonly attempt: number;
    readonly step: string;
    readonly code: string;
    readonly message: string;
    readonly run_id: string | null;
  }[];
  readonly fixes_attempted: readonly DeployFix[];
  readonly hypothesis: string;
  readonly deploy_status: DeployStatus;
  readonly run_url: string | null;
  readonly recommendation: string;
}

export function escalationOf(
  status: DeployStatus,
  steps: readonly DeployStep[],
  fixes: readonly DeployFix[],
): DeployEscalation {
  const errors = steps.flatMap(({ attempt, step, failure, run_id }) =>
    failure === null ? [] : [{ attempt, step, code: failure.code, message: failure.message, run_id }],
  );
  const last = steps.findLast(({ failure }) => failure !== null)?.failure ?? null;
  const codes = [...new Set(errors.map(({ code }) => code))];
  return {
    code: 'deploy_failed',
    errors,
    fixes_attempted: fixes,
    hypothesis:
      codes.length > 1
        ? `Several causes one after the other: ${codes.join(', ')}.`
        : codes[0] === 'UNKNOWN' && fixes.length === 0
          ? 'The cause is none that is known, so nothing was repaired.'
          : `${codes[0] ?? 'UNKNOWN'}${typeof last?.subject === 'string' ? ` (${last.subject})` : ''} survived ${counted(fixes.length, 'repair')}.`,
    deploy_status: status,
    run_url: steps.findLast(({ run_url }) => run_url !== null)?.run_url ?? null,
    recommendation: `${last?.advice ?? 'Run the deployment by hand.'} Then deploy again.`,
  };
}
