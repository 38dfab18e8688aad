import { startLocalWorkspace } from '../../src/local/index.ts';
import type { LocalWorkspace, LocalWorkspaceOptions } from '../../src/local/index.ts';

export const FIXTURE = new URL('../fixtures/local-sample', import.meta.url).pathname;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export type Api = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

/** A workspace over the fixture sample with a function that calls it over HTTP. */
export async function workspaceWithApi(
  options: LocalWorkspaceOptions = {},
): Promise<{ workspace: LocalWorkspace; api: Api }> {
  const workspace = await startLocalWorkspace({ sample: FIXTURE, ...options });
  return { workspace, api: apiOf(workspace) };
}

export const apiOf =
  (workspace: LocalWorkspace): Api =>
  async (method, path, body, headers = {}) => {
    const response = await fetch(workspace.host + path, {
      method,
      headers: { authorization: `Bearer ${workspace.token}`, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  };

export const statement = (
  workspace: LocalWorkspace,
  sql: string,
  more: Readonly<Record<string, unknown>> = {},
) => ({
  statement: sql,
  warehouse_id: workspace.warehouseId,
  catalog: 'town',
  schema: 'library',
  ...more,
});

/** Rows of a statement run over HTTP. */
export async function rowsOf(api: Api, workspace: LocalWorkspace, sql: string): Promise<unknown> {
  const { body } = await api('POST', '/api/2.0/sql/statements', statement(workspace, sql));
  return (
    (body as unknown as { result?: { data_array?: unknown }; status: unknown }).result?.data_array ??
    body['status']
  );
}
