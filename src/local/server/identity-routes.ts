import type { Route } from './router.ts';

/** The one user of the embedded workspace. */
export const LOCAL_USER = 'local.user@example.com';

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
      userName: LOCAL_USER,
      displayName: 'Local User',
      active: true,
      emails: [{ value: LOCAL_USER, type: 'work', primary: true }],
      groups: [{ display: 'users', value: '1' }],
    }),
  },
];
