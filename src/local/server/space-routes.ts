import { dataSources, parseSpace, sqlFunctions } from '../../spaces/index.ts';
import { nameParts } from '../../core/index.ts';
import type { CatalogModel } from '../catalog/catalog-model.ts';
import { ApiError } from './api-error.ts';
import { pageOf } from './paging.ts';
import { optionalText, requiredText } from './read-fields.ts';
import type { Route } from './router.ts';
import { etagOf } from './space-store.ts';
import type { SpaceChange, SpaceStore, StoredSpace } from './space-store.ts';
import { acceptSpace } from './strict-space.ts';
import type { UnknownKeys } from './strict-space.ts';

const HOME = '/Users/local.user@example.com';

/** `/api/2.0/genie/spaces`. @see spec/databricks-apis.md §2.1 */
export function spaceRoutes(spaces: SpaceStore, model: CatalogModel, unknownKeys: UnknownKeys): Route[] {
  const accept = (input: unknown): string => {
    const text = acceptSpace(input, unknownKeys);
    checkVisible(text, model);
    return text;
  };
  return [
    {
      method: 'GET',
      path: '/api/2.0/genie/spaces',
      handle: ({ query }) => {
        const page = pageOf(spaces.list(), query, { size: 100, max: 1000 });
        return {
          spaces: page.items.map(summaryOf),
          ...(page.nextPageToken === undefined ? {} : { next_page_token: page.nextPageToken }),
        };
      },
    },
    {
      method: 'POST',
      path: '/api/2.0/genie/spaces',
      handle: async ({ body }) => {
        const warehouseId = requiredText(body, 'warehouse_id');
        const serializedSpace = accept(body['serialized_space']);
        const space = await spaces.create({
          title: optionalText(body, 'title') ?? 'New Genie Space',
          description: optionalText(body, 'description') ?? null,
          warehouseId,
          parentPath: pathOf(optionalText(body, 'parent_path') ?? HOME),
          serializedSpace,
        });
        return exportOf(space);
      },
    },
    {
      method: 'GET',
      path: '/api/2.0/genie/spaces/:space_id',
      handle: ({ params, query }) => {
        const space = spaces.get(params['space_id'] ?? '');
        return query.get('include_serialized_space') === 'true' ? exportOf(space) : summaryOf(space);
      },
    },
    {
      method: 'PATCH',
      path: '/api/2.0/genie/spaces/:space_id',
      handle: async ({ params, body }) => {
        const spaceId = params['space_id'] ?? '';
        spaces.get(spaceId);
        return exportOf(await spaces.update(spaceId, changeOf(body, accept), optionalText(body, 'etag')));
      },
    },
    {
      method: 'DELETE',
      path: '/api/2.0/genie/spaces/:space_id',
      handle: async ({ params }) => {
        await spaces.trash(params['space_id'] ?? '');
        return {};
      },
    },
  ];
}

function changeOf(body: Readonly<Record<string, unknown>>, accept: (input: unknown) => string): SpaceChange {
  const title = optionalText(body, 'title');
  const description = optionalText(body, 'description');
  const warehouseId = optionalText(body, 'warehouse_id');
  const parentPath = optionalText(body, 'parent_path');
  const content = body['serialized_space'];
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(warehouseId === undefined ? {} : { warehouseId }),
    ...(parentPath === undefined ? {} : { parentPath: pathOf(parentPath) }),
    ...(content === undefined || content === null ? {} : { serializedSpace: accept(content) }),
  };
}

/** The service takes `/Workspace/…` and answers without the prefix. */
const pathOf = (path: string): string => path.replace(/^\/Workspace(?=\/)/, '');

const summaryOf = (space: StoredSpace) => ({
  space_id: space.spaceId,
  title: space.title,
  ...(space.description === null ? {} : { description: space.description }),
  warehouse_id: space.warehouseId,
  parent_path: space.parentPath,
  create_time: space.createTime,
  update_time: space.updateTime,
});

const exportOf = (space: StoredSpace) => ({
  ...summaryOf(space),
  serialized_space: space.serializedSpace,
  etag: etagOf(space),
});

/** A space may name only objects that exist. @throws {ApiError} 403 */
function checkVisible(serializedSpace: string, model: CatalogModel): void {
  const space = parseSpace(serializedSpace);
  const missing = [
    ...dataSources(space)
      .filter((source) => lookUp(model, source.identifier, 'relation') === null)
      .map((source) => source.identifier),
    ...sqlFunctions(space)
      .filter((fn) => lookUp(model, fn.identifier, 'function') === null)
      .map((fn) => fn.identifier),
  ];
  if (missing.length > 0) {
    throw new ApiError(
      403,
      'PERMISSION_DENIED',
      `PermissionDenied: An error occurred while accessing ${missing.map((name) => `'${name}'`).join(', ')}: the object does not exist or you have no access to it.`,
    );
  }
}

function lookUp(model: CatalogModel, identifier: string, kind: 'relation' | 'function'): unknown {
  const [catalog = '', schema = '', name = ''] = nameParts(identifier);
  return kind === 'relation'
    ? model.relation({ catalog, schema, name })
    : model.function({ catalog, schema, name });
}
