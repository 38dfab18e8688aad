import type { Route } from './router.ts';

/** Where this is, and who is asking: the one user of the embedded workspace. @see spec/databricks-apis.md §1.4, §7 */
export const identityRoutes = (): Route[] => [
  {
    method: 'GET',
    path: '/.well-known/databricks-config',
    // No `oidc_endpoint`: the embedded workspace issues no tokens.
    handle: () => ({ workspace_id: '1000000000000000', cloud: 'AWS' }),
  },
  {
    method: 'GET',
    path: '/api/2.0/preview/scim/v2/Me',
    handle: () => ({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      id: '1000000000000001',
      userName: 'local.user@example.com',
      displayName: 'Local User',
      active: true,
      emails: [{ value: 'local.user@example.com', type: 'work', primary: true }],
      groups: [{ display: 'users', value: '1' }],
    }),
  },
];
