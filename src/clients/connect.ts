import { OptimizerError } from '../core/index.ts';
import type { CallOptions, Clock, Logger, TrackingService, Workspace } from '../ports/index.ts';
import { type AuthOptions, type AuthSources, processSources, resolveAuth } from './auth/index.ts';
import { CatalogClient, CatalogEditor } from './catalog/index.ts';
import { ConversationsClient, GenieClient } from './genie/index.ts';
import { HttpClient, type RetryLimits } from './http/index.ts';
import { IdentityClient } from './identity/index.ts';
import { type ConversationLimiter, conversationLimiter, SharedLedger } from './limiter/index.ts';
import { MlflowClient } from './mlflow/index.ts';
import type { PollInterval } from './poll-interval.ts';
import { SqlClient } from './sql/index.ts';
import { systemClock } from './system/index.ts';
import { verifyAccess, type SignedInBy } from './verify-access.ts';
import { WorkspaceFilesClient } from './workspace-files/index.ts';

/** Where to connect and how fast to ask. @see {@link AuthOptions} for signing in */
export interface ConnectOptions extends AuthOptions {
  /** Space whose warehouse is used when none is named. */
  readonly spaceId?: string | undefined;
  /** Conversation starts a minute, over all spaces of the workspace. Default 5; `null` sets no limit. */
  readonly startsPerMinute?: number | null | undefined;
  /** Folder in which processes on this machine share the limit, such as `os.tmpdir()`. Default: each counts alone. */
  readonly shareLimitIn?: string | undefined;
  /** Shared by several connections to one workspace; excludes `startsPerMinute` and `shareLimitIn`. */
  readonly limiter?: ConversationLimiter | undefined;
  readonly askTimeoutMs?: number | undefined;
  readonly pollInterval?: PollInterval | undefined;
  /** Limit of one HTTP attempt. */
  readonly timeoutMs?: number | undefined;
  readonly retry?: Partial<RetryLimits> | undefined;
  /** What signing in may look at besides the options; default: this process. */
  readonly sources?: Partial<AuthSources> | undefined;
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
}

/** A workspace over HTTP. */
export interface ConnectedWorkspace extends Workspace {
  readonly http: HttpClient;
  readonly genie: GenieClient;
  /** Shares its rate limit with `genie`. */
  readonly conversations: ConversationsClient;
  readonly sql: SqlClient;
  readonly catalog: CatalogClient;
  readonly catalogEditor: CatalogEditor;
  /** MLflow of the workspace. */
  readonly tracking: TrackingService & { readonly mlflow: MlflowClient };
  readonly signedInBy: SignedInBy;
  readonly verifyAccess: (options?: CallOptions) => Promise<void>;
}

/** A statement should run, and nothing says on which warehouse. */
export class WarehouseUnknownError extends OptimizerError {
  constructor(host: string) {
    super(
      `No SQL warehouse is known for ${host}. Pass warehouseId, set DATABRICKS_WAREHOUSE_ID, add warehouse_id to the profile, ` +
        'or pass spaceId so that the warehouse of the space is used.',
      { code: 'WAREHOUSE_UNKNOWN', details: { host } },
    );
  }
}

/**
 * Signs in to a workspace and returns what the library needs of it. Nothing is sent until it is used.
 *
 * The warehouse is the named one, else that of the environment or profile, else that of `spaceId`, else that of the
 * space that was read last.
 *
 * @throws {AuthConfigurationError} when no way to sign in is found
 */
export async function connect(options: ConnectOptions = {}): Promise<ConnectedWorkspace> {
  const clock = options.clock ?? systemClock();
  const { logger } = options;
  const auth = await resolveAuth(options, processSources({ clock, ...options.sources }));
  const http = new HttpClient({
    host: auth.host,
    credentials: auth.credentials,
    workspaceId: auth.workspaceId,
    clock,
    logger,
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    ...(options.retry === undefined ? {} : { retry: options.retry }),
  });

  let warehouseOfSpace: string | null = null;
  const asking = {
    http,
    clock,
    limiter:
      options.limiter ??
      conversationLimiter({
        startsPerMinute: options.startsPerMinute,
        clock,
        ...(options.shareLimitIn === undefined
          ? {}
          : { ledger: new SharedLedger(options.shareLimitIn, auth.host) }),
      }),
    ...(options.askTimeoutMs === undefined ? {} : { askTimeoutMs: options.askTimeoutMs }),
    ...(options.pollInterval === undefined ? {} : { pollInterval: options.pollInterval }),
  };
  const genie = new GenieClient({
    ...asking,
    onSpaceRead: (space) => {
      warehouseOfSpace = space.warehouseId ?? warehouseOfSpace;
    },
  });
  const findWarehouse = async (call: CallOptions): Promise<string> => {
    if (options.spaceId !== undefined && warehouseOfSpace === null)
      await genie.getSpace(options.spaceId, call);
    if (warehouseOfSpace === null) throw new WarehouseUnknownError(http.host);
    return warehouseOfSpace;
  };
  const sql = new SqlClient({
    http,
    clock,
    logger,
    warehouseId: auth.warehouseId ?? findWarehouse,
    ...(options.pollInterval === undefined ? {} : { pollInterval: options.pollInterval }),
  });
  const signedInBy: SignedInBy = {
    type: auth.credentials.type,
    source: auth.credentials.source,
    profile: auth.profile,
  };
  return {
    host: http.host,
    verifyAccess: (call) => verifyAccess(http, signedInBy, call),
    http,
    genie,
    ...(options.startsPerMinute === undefined ? {} : { startsPerMinute: options.startsPerMinute }),
    conversations: new ConversationsClient(asking),
    sql,
    catalog: new CatalogClient({ sql, http, logger }),
    catalogEditor: new CatalogEditor({ sql }),
    tracking: {
      mlflow: new MlflowClient({ http, flavor: 'databricks', clock }),
      identity: new IdentityClient({ http }),
      folders: new WorkspaceFilesClient({ http }),
    },
    signedInBy,
  };
}
