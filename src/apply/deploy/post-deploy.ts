import type { Clock, FileStore } from '../../ports/index.ts';
import { describeChange, diffSpaces, readAt, type Space, type SpaceChange } from '../../spaces/index.ts';
import type { TemplateVariables } from '../../sql/index.ts';
import { syncSpaceFile } from '../repo/space-file.ts';
import type { DeployReport } from './deploy-bundle.ts';
import type { DeployEscalation } from './escalation.ts';

/** @see spec/control-levers.md §5, spec/pipeline.md §6.15 */
export const POST_DEPLOY_DEFAULTS = { iteration: 999, tolerancePp: 2, waitMs: 30_000, maxFixes: 2 } as const;

/** Whether what was deployed answers as well as what was accepted. Accuracies in percent, 0–100. */
export interface PostDeployComparison {
  readonly in_loop_pct: number;
  readonly deployed_pct: number;
  /** Percentage points; negative when the deployed space is better. */
  readonly drop_pp: number;
  readonly ok: boolean;
}

/** Sound when the deployed accuracy is at least the accepted one less the tolerance, which belongs to the sound side. */
export function comparePostDeploy(
  inLoopPct: number,
  deployedPct: number,
  tolerancePp: number = POST_DEPLOY_DEFAULTS.tolerancePp,
): PostDeployComparison {
  const drop = inLoopPct - deployedPct;
  // Differences of percentages carry noise in their last digits.
  return { in_loop_pct: inLoopPct, deployed_pct: deployedPct, drop_pp: drop, ok: drop <= tolerancePp + 1e-9 };
}

export interface PostDeployRound {
  readonly comparison: PostDeployComparison | null;
  /** What leads from the deployed space to the accepted one. */
  readonly live_differences: readonly SpaceChange[];
  /** What the source file lacked; it was written before the next deployment. */
  readonly written: readonly SpaceChange[];
}

export interface PostDeployReport {
  /** `inconclusive`: nothing could be evaluated. */
  readonly status: 'ok' | 'inconclusive' | 'discrepancy';
  readonly rounds: readonly PostDeployRound[];
  /** `null` unless the status is `discrepancy`. */
  readonly escalation: DeployEscalation | null;
}

export interface PostDeployOptions {
  /** Accuracy of the last accepted evaluation, percent. */
  readonly inLoopPct: number;
  /** The space as the run found it: what it had and the accepted one lacks was removed on purpose. */
  readonly found: Space;
  /** The space that was accepted. */
  readonly accepted: Space;
  readonly readLive: () => Promise<Space>;
  /** Asks all questions again under the given iteration number; `null` when nothing could be evaluated. */
  readonly evaluate: (iteration: number) => Promise<number | null>;
  /** File that the space is deployed from. */
  readonly sourceFile: string;
  readonly files: FileStore;
  readonly variables?: TemplateVariables | undefined;
  /** Repeats deployment and job after the file was completed. */
  readonly redeploy: () => Promise<DeployReport>;
  readonly clock: Clock;
  readonly tolerancePp?: number | undefined;
  readonly waitMs?: number | undefined;
  readonly maxFixes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Compares the deployed space with the accepted one, and completes the source file when that is why it answers worse.
 *
 * The usual cause of a drop is a change that lives on the live side only, which the deployment then overwrote.
 */
export async function verifyPostDeploy(options: PostDeployOptions): Promise<PostDeployReport> {
  const { accepted, clock, files, signal, sourceFile, variables = {} } = options;
  const waitMs = options.waitMs ?? POST_DEPLOY_DEFAULTS.waitMs;
  const maxFixes = options.maxFixes ?? POST_DEPLOY_DEFAULTS.maxFixes;
  const rounds: PostDeployRound[] = [];
  // What the file alone has is its own business.
  const isLost = ({ kind, path }: SpaceChange): boolean =>
    kind !== 'removed' || readAt(options.found, path) !== undefined;
  const escalate = (hypothesis: string, deploy: DeployReport | null): PostDeployReport => ({
    status: 'discrepancy',
    rounds,
    escalation: escalationOf(rounds, hypothesis, deploy, sourceFile),
  });

  for (;;) {
    await clock.sleep(waitMs, { signal });
    const live_differences = diffSpaces(await options.readLive(), accepted);
    const deployedPct = await options.evaluate(POST_DEPLOY_DEFAULTS.iteration);
    const comparison =
      deployedPct === null ? null : comparePostDeploy(options.inLoopPct, deployedPct, options.tolerancePp);
    const round = { comparison, live_differences, written: [] };
    if (comparison?.ok !== false) {
      rounds.push(round);
      return { status: comparison === null ? 'inconclusive' : 'ok', rounds, escalation: null };
    }
    const text = rounds.length < maxFixes ? await files.read(sourceFile) : null;
    const synced = text === null ? null : syncSpaceFile(sourceFile, text, accepted, variables, isLost);
    if (synced === null || synced.changes.length === 0) {
      rounds.push(round);
      return escalate(
        live_differences.length > 0
          ? `The deployed space differs from the accepted one in ${live_differences.length} places although ${synced === null ? `${maxFixes} repairs were made` : 'the file has all of it'}.`
          : 'The deployed space is the accepted one; the difference is in Unity Catalog, in the data, or chance.',
        null,
      );
    }
    await files.write(sourceFile, synced.text);
    rounds.push({ ...round, written: synced.changes });
    const deploy = await options.redeploy();
    if (deploy.status !== 'SUCCESS') return escalate('The completed file could not be deployed.', deploy);
  }
}

function escalationOf(
  rounds: readonly PostDeployRound[],
  hypothesis: string,
  deploy: DeployReport | null,
  sourceFile: string,
): DeployEscalation {
  const errors = rounds.flatMap(({ comparison }, index) =>
    comparison === null
      ? []
      : [
          {
            attempt: index + 1,
            step: 'post_deploy',
            code: 'post_deploy_discrepancy',
            message: `deployed ${comparison.deployed_pct.toFixed(1)} %, accepted ${comparison.in_loop_pct.toFixed(1)} %`,
            run_id: null,
          },
        ],
  );
  const repairs = rounds.flatMap(({ written }, index) =>
    written.length === 0
      ? []
      : [{ attempt: index + 1, code: 'FILE_INCOMPLETE' as const, changes: written.map(describeChange) }],
  );
  return {
    code: 'post_deploy_discrepancy',
    errors: [...errors, ...(deploy?.escalation?.errors ?? [])],
    fixes_attempted: [...repairs, ...(deploy?.fixes ?? [])],
    hypothesis,
    deploy_status: deploy?.status ?? 'SUCCESS',
    run_url: deploy?.run_url ?? null,
    recommendation: `Compare the deployed space with ${sourceFile} and with the report of the run, then deploy again.`,
  };
}
