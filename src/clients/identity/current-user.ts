import * as z from 'zod';
import type { CallOptions, CurrentUser } from '../../ports/index.ts';
import { type HttpClient, path } from '../http/index.ts';

const meSchema = z.looseObject({
  id: z.coerce.string(),
  userName: z.string(),
  displayName: z.string().nullish(),
  groups: z.array(z.looseObject({ display: z.string().nullish() })).nullish(),
});

/** Who is signed in. @see spec/databricks-apis.md §7 */
export async function currentUser(http: HttpClient, options: CallOptions = {}): Promise<CurrentUser> {
  const me = await http.request({
    ...options,
    method: 'GET',
    path: path`/api/2.0/preview/scim/v2/Me`,
    schema: meSchema,
  });
  return {
    id: me.id,
    userName: me.userName,
    displayName: me.displayName ?? me.userName,
    groups: (me.groups ?? []).flatMap(({ display }) =>
      display === undefined || display === null ? [] : [display],
    ),
  };
}
