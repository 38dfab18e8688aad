/** Where and as whom to sign in; everything that is left out is looked up. */
export interface AuthOptions {
  readonly host?: string | undefined;
  readonly token?: string | undefined;
  /** Returns a token for each request; for sign-ins that this library does not know. */
  readonly tokenProvider?: (() => string | Promise<string>) | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly accountId?: string | undefined;
  readonly workspaceId?: string | undefined;
  /** Profile of the configuration file. Named here, it goes before the environment. */
  readonly profile?: string | undefined;
  /** Default: `~/.databrickscfg`. */
  readonly configFile?: string | undefined;
  /** Restricts the ways to sign in: `pat`, `oauth-m2m` or `databricks-cli`. */
  readonly authType?: string | undefined;
  /** Target of `databricks.yml` in the working folder whose profile is used. */
  readonly target?: string | undefined;
  readonly warehouseId?: string | undefined;
  readonly databricksCliPath?: string | undefined;
}
