import type { Profile } from './config-file.ts';
import type { AuthSources } from './environment.ts';

/** Values of one level: options, environment or a profile. */
export interface Level {
  readonly source: string;
  /** What a person changes when this level is wrong. */
  readonly remedy: string;
  readonly values: Values;
}

export interface Values {
  readonly host?: string | undefined;
  readonly token?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly accountId?: string | undefined;
  readonly workspaceId?: string | undefined;
  readonly authType?: string | undefined;
  readonly warehouseId?: string | undefined;
}

/** Values of a profile of the configuration file. */
export const profileLevel = (name: string, shownPath: string, values: Profile): Level => ({
  source: `profile '${name}' in ${shownPath}`,
  remedy: `Renew the token of profile '${name}', or sign in again: databricks auth login --profile ${name}`,
  values: present({
    host: values['host'],
    token: values['token'],
    clientId: values['client_id'],
    clientSecret: values['client_secret'],
    accountId: values['account_id'],
    workspaceId: values['workspace_id'],
    authType: values['auth_type'],
    warehouseId: values['warehouse_id'],
  }),
});

/** Values of the environment, by their documented variables. */
export const environmentValues = (env: AuthSources['env']): Values =>
  present({
    host: env['DATABRICKS_HOST'],
    token: env['DATABRICKS_TOKEN'],
    clientId: env['DATABRICKS_CLIENT_ID'],
    clientSecret: env['DATABRICKS_CLIENT_SECRET'],
    accountId: env['DATABRICKS_ACCOUNT_ID'],
    workspaceId: env['DATABRICKS_WORKSPACE_ID'],
    authType: env['DATABRICKS_AUTH_TYPE'],
    warehouseId: env['DATABRICKS_WAREHOUSE_ID'],
  });

/** Drops empty texts, which an unset variable of a shell often leaves behind. */
export function present(values: Values): Values {
  const { host, token, clientId, clientSecret, accountId, workspaceId, authType, warehouseId } = values;
  return {
    host: nonEmpty(host),
    token: nonEmpty(token),
    clientId: nonEmpty(clientId),
    clientSecret: nonEmpty(clientSecret),
    accountId: nonEmpty(accountId),
    workspaceId: nonEmpty(workspaceId),
    authType: nonEmpty(authType),
    warehouseId: nonEmpty(warehouseId),
  };
}

/** A text without surrounding space; `undefined` when nothing is left of it. */
export const nonEmpty = (value: string | undefined): string | undefined =>
  value === undefined || value.trim() === '' ? undefined : value.trim();

/** Whether any part of a credential is given, complete or not. */
export const hasCredential = ({ token, clientId, clientSecret }: Values): boolean =>
  token !== undefined || clientId !== undefined || clientSecret !== undefined;

/** The value of the first level that has one. */
export const firstValue = (levels: readonly Level[], key: keyof Values): string | null =>
  levels.find(({ values }) => values[key] !== undefined)?.values[key] ?? null;
