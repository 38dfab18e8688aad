import { connect, nodeFileStore, systemClock, type ConnectOptions } from './clients/index.ts';
import { optimize as runOptimize, type OptimizeOptions, type OptimizeResult } from './pipeline/index.ts';
import type { Workspace } from './ports/index.ts';

/** A place to connect to: what `startLocalWorkspace()` returns, or host and token of your own. */
export interface WorkspaceAddress {
  readonly host: string;
  readonly token: string;
  readonly warehouseId?: string | undefined;
  /** Questions to start per minute; `null`: no limit. Default 5, the limit of the real service. */
  readonly startsPerMinute?: number | null | undefined;
}

/** Options of `optimize()`, with the workspace as ports or as an address. */
export type OptimizeInput = Omit<OptimizeOptions, 'workspace'> & {
  readonly workspace: Workspace | WorkspaceAddress;
};

/**
 * Makes a space answer better: measures it, finds the metadata to blame, changes it, keeps what helps.
 *
 * The run writes its session before every change and can be killed at any moment; call it again
 * with `resume: true` to go on. Held-out questions are asked once, at the very end.
 *
 * @throws {InvalidOptionError} @throws {NoQuestionsError} @throws {SpaceNotReadableError}
 * @throws {SpaceEditedElsewhereError} @throws {RollbackFailedError} @throws {AbortedError}
 */
export async function optimize(input: OptimizeInput): Promise<OptimizeResult> {
  const workspace = isWorkspace(input.workspace)
    ? input.workspace
    : await connect(addressOptions(input.workspace));
  return runOptimize({ ...input, workspace }, { clock: systemClock(), files: nodeFileStore() });
}

const isWorkspace = (place: Workspace | WorkspaceAddress): place is Workspace => 'genie' in place;

const addressOptions = ({ host, token, warehouseId, startsPerMinute }: WorkspaceAddress): ConnectOptions => ({
  host,
  token,
  ...(warehouseId === undefined ? {} : { warehouseId }),
  ...(startsPerMinute === undefined ? {} : { startsPerMinute }),
});
