import type { CallOptions } from './call-options.ts';
import type { CatalogPort } from './catalog-port.ts';
import type { CatalogEditorPort } from './catalog-editor-port.ts';
import type { GeniePort } from './genie-port.ts';
import type { IdentityPort } from './identity-port.ts';
import type { MlflowPort } from './mlflow-port.ts';
import type { SqlPort } from './sql-port.ts';
import type { WorkspaceFilesPort } from './workspace-files-port.ts';

/** A tracking service, and what is needed to give it a place of its own in a workspace. */
export interface TrackingService {
  readonly mlflow: MlflowPort;
  /** Who is signed in: names the default experiment in a workspace. */
  readonly identity?: IdentityPort | undefined;
  /** Makes the folder that the experiment stands in. */
  readonly folders?: Pick<WorkspaceFilesPort, 'makeFolder'> | undefined;
}

/** Everything the pipeline needs of a Databricks workspace. `connect()` makes one over HTTP. */
export interface Workspace {
  /** Where it is, for messages and reports. Never holds a credential. */
  readonly host: string;
  /** Fails when whoever is signed in may not see spaces; a run calls it before everything else. */
  readonly verifyAccess?: ((options?: CallOptions) => Promise<void>) | undefined;
  readonly genie: GeniePort;
  /** Conversation starts a minute that `genie` keeps to; `null`: no limit. Absent: that of the service, 5. */
  readonly startsPerMinute?: number | null | undefined;
  readonly sql: SqlPort;
  readonly catalog: CatalogPort;
  /** MLflow of the workspace; absent: runs can only be tracked elsewhere. */
  readonly tracking?: TrackingService | undefined;
  /** Writes to Unity Catalog; absent: a version is restored without its objects there. */
  readonly catalogEditor?: CatalogEditorPort | undefined;
}
