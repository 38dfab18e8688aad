import type { Route } from './router.ts';

/** Who is asking: the one user of the embedded workspace. @see spec/databricks-apis.md §7 */
export const identityRoutes = (): Route[] => [
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
