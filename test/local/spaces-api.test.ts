import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalWorkspace } from '../../src/local/index.ts';
import { workspaceWithApi } from './http.ts';
import type { Api } from './http.ts';

let workspace: LocalWorkspace;
let api: Api;
const SPACES = '/api/2.0/genie/spaces';

beforeAll(async () => {
  ({ workspace, api } = await workspaceWithApi());
});
afterAll(() => workspace.close());

const read = async (spaceId = workspace.spaceId) => {
  const { body } = await api('GET', `${SPACES}/${spaceId}?include_serialized_space=true`);
  return body as unknown as { space_id: string; title: string; etag: string; serialized_space: string };
};

const books = { identifier: 'town.library.books' };
const loans = { identifier: 'town.library.loans' };
const id = (n: number) => n.toString(16).padStart(32, '0');
const withTables = (...tables: unknown[]) => ({ version: 2, data_sources: { tables } });
const withInstructions = (instructions: unknown) => ({ ...withTables(books), instructions });

describe('spaces over HTTP', () => {
  it('lists without content, gets with content and etag only when asked', async () => {
    const list = await api('GET', SPACES);
    expect(JSON.stringify(list.body)).not.toContain('serialized_space');
    const plain = await api('GET', `${SPACES}/${workspace.spaceId}`);
    expect(plain.body).not.toHaveProperty('etag');
    const full = await read();
    expect(full).toMatchObject({ space_id: workspace.spaceId, title: 'Town library' });
    expect(JSON.parse(full.serialized_space)).toMatchObject({ version: 2 });
    expect(full.etag).toMatch(/^\w+$/);
  });

  it('pages a list', async () => {
    const created = await api('POST', SPACES, {
      warehouse_id: workspace.warehouseId,
      title: 'Second',
      serialized_space: JSON.stringify(withTables(books)),
    });
    const first = (await api('GET', `${SPACES}?page_size=1`)).body as unknown as {
      spaces: { space_id: string }[];
      next_page_token: string;
    };
    const second = (await api('GET', `${SPACES}?page_size=1&page_token=${first.next_page_token}`)).body;
    expect(first.spaces.map((space) => space.space_id)).toEqual([workspace.spaceId]);
    expect(second).toEqual({ spaces: [expect.objectContaining({ title: 'Second' }) as unknown] });
    const wrong = await api('GET', `${SPACES}?page_token=zzz`);
    expect(wrong.status).toBe(400);
    const createdId = (created.body as { space_id: string }).space_id;
    expect((await api('DELETE', `${SPACES}/${createdId}`)).status).toBe(200);
    const gone = await api('GET', `${SPACES}/${createdId}`);
    expect([gone.status, gone.body['error_code']]).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
  });

  it('changes the etag with the content and with nothing else', async () => {
    const before = await read();
    const same = await api('PATCH', `${SPACES}/${workspace.spaceId}`, {
      serialized_space: before.serialized_space,
      title: 'Renamed',
      etag: before.etag,
    });
    expect(same.body).toMatchObject({ etag: before.etag, title: 'Renamed' });
    const changed = await api('PATCH', `${SPACES}/${workspace.spaceId}`, {
      serialized_space: JSON.stringify(withTables(books, loans)),
      etag: before.etag,
    });
    expect(changed.status).toBe(200);
    expect(changed.body['etag']).not.toBe(before.etag);
    const conflict = await api('PATCH', `${SPACES}/${workspace.spaceId}`, {
      serialized_space: before.serialized_space,
      etag: before.etag,
    });
    expect([conflict.status, conflict.body['error_code']]).toEqual([409, 'ABORTED']);
    expect(conflict.body['message']).toMatch(
      /^Space configuration has been modified since this export was taken/,
    );
    expect(JSON.parse((await read()).serialized_space)).toEqual(withTables(books, loans));
    const unguarded = await api('PATCH', `${SPACES}/${workspace.spaceId}`, {
      serialized_space: before.serialized_space,
    });
    expect(unguarded.status).toBe(200);
    expect((await read()).serialized_space).toBe(before.serialized_space);
  });

  it('stores version 1 as version 2', async () => {
    const v1 = {
      version: 1,
      data_sources: {
        tables: [
          {
            ...books,
            column_configs: [
              { column_name: 'genre', get_example_values: true, build_value_dictionary: true },
            ],
          },
        ],
      },
    };
    const { body } = await api('POST', SPACES, {
      warehouse_id: workspace.warehouseId,
      serialized_space: JSON.stringify(v1),
    });
    const created = body as unknown as { space_id: string; serialized_space: string };
    expect(JSON.parse(created.serialized_space)).toEqual({
      version: 2,
      data_sources: {
        tables: [
          {
            ...books,
            column_configs: [
              { column_name: 'genre', enable_format_assistance: true, enable_entity_matching: true },
            ],
          },
        ],
      },
    });
    await api('DELETE', `${SPACES}/${created.space_id}`);
  });

  it.each([
    [
      'a bare object',
      400,
      'MALFORMED_REQUEST',
      "Expected 'VALUE_STRING' not 'START_OBJECT'",
      withTables(books),
    ],
    [
      'a second encoding',
      400,
      'INVALID_PARAMETER_VALUE',
      "Expected 'START_OBJECT' not 'VALUE_STRING'",
      JSON.stringify(JSON.stringify(withTables(books))),
    ],
    ['broken JSON', 400, 'INVALID_PARAMETER_VALUE', 'Invalid serialized_space: ', '{"version": 2'],
    [
      'no version',
      400,
      'INVALID_PARAMETER_VALUE',
      'Invalid export proto: ExportConverter supports versions 1 and 2, but got 0',
      JSON.stringify({ data_sources: {} }),
    ],
    [
      'an unknown key',
      400,
      'INVALID_PARAMETER_VALUE',
      'Invalid serialized_space: Cannot find field: title in message databricks.datarooms.export.GenieSpaceExport',
      JSON.stringify({ ...withTables(books), title: 'x' }),
    ],
    [
      'an alias on a filter',
      400,
      'INVALID_PARAMETER_VALUE',
      'Cannot find field: alias',
      JSON.stringify(
        withInstructions({
          sql_snippets: { filters: [{ id: id(1), sql: ['a = 1'], display_name: 'a', alias: 'a' }] },
        }),
      ),
    ],
    [
      'a text where a list belongs',
      400,
      'INVALID_PARAMETER_VALUE',
      'Invalid serialized_space: Expected an array for description but found "x"',
      JSON.stringify(withTables({ ...books, description: 'x' })),
    ],
    [
      'version 1 flags in version 2',
      400,
      'INVALID_PARAMETER_VALUE',
      'uses version 1 fields',
      JSON.stringify(
        withTables({ ...books, column_configs: [{ column_name: 'genre', get_example_values: true }] }),
      ),
    ],
    [
      'tables out of order',
      400,
      'INVALID_PARAMETER_VALUE',
      'Invalid export proto: data_sources.tables must be sorted by identifier',
      JSON.stringify(withTables(loans, books)),
    ],
    [
      'an id without form',
      400,
      'INVALID_PARAMETER_VALUE',
      'Failed to parse export proto: text_instruction.id',
      JSON.stringify(withInstructions({ text_instructions: [{ id: 'abc', content: ['x'] }] })),
    ],
    [
      'a missing id',
      400,
      'INVALID_PARAMETER_VALUE',
      'Failed to parse export proto: text_instruction.id must be provided',
      JSON.stringify(withInstructions({ text_instructions: [{ content: ['x'] }] })),
    ],
    [
      'one id twice',
      400,
      'INVALID_PARAMETER_VALUE',
      'Invalid export proto: ',
      JSON.stringify(
        withInstructions({
          sql_functions: [{ id: id(1), identifier: 'town.library.busiest_members' }],
          text_instructions: [{ id: id(1), content: ['x'] }],
        }),
      ),
    ],
    [
      'two text instructions',
      400,
      'INVALID_PARAMETER_VALUE',
      'Invalid export proto: ',
      JSON.stringify(
        withInstructions({
          text_instructions: [
            { id: id(1), content: ['x'] },
            { id: id(2), content: ['y'] },
          ],
        }),
      ),
    ],
    [
      'a join without its marker',
      400,
      'INVALID_PARAMETER_VALUE',
      'Failed to parse export proto: ',
      JSON.stringify({
        ...withTables(books, loans),
        instructions: {
          join_specs: [
            {
              id: id(1),
              left: { ...books, alias: 'books' },
              right: { ...loans, alias: 'loans' },
              sql: ['books.book_id = loans.book_id'],
            },
          ],
        },
      }),
    ],
    [
      'a snippet without display_name',
      400,
      'INVALID_PARAMETER_VALUE',
      'display_name is required but missing',
      JSON.stringify(
        withInstructions({ sql_snippets: { measures: [{ id: id(1), sql: ['SUM(books.price)'] }] } }),
      ),
    ],
    [
      'a table that does not exist',
      403,
      'PERMISSION_DENIED',
      'PermissionDenied: An error occurred',
      JSON.stringify(withTables({ identifier: 'town.library.nothing' })),
    ],
  ])('refuses %s and changes nothing', async (_what, status, code, message, content: unknown) => {
    const before = await read();
    const answer = await api('PATCH', `${SPACES}/${workspace.spaceId}`, { serialized_space: content });
    expect([answer.status, answer.body['error_code']]).toEqual([status, code]);
    expect(answer.body['message']).toContain(message);
    expect((await read()).serialized_space).toBe(before.serialized_space);
  });

  it('keeps unknown keys when told to', async () => {
    const lenient = await workspaceWithApi({ unknownKeys: 'keep' });
    const content = { ...withTables(books), config: { theme: 'dark' } };
    const { body } = await lenient.api('PATCH', `${SPACES}/${lenient.workspace.spaceId}`, {
      serialized_space: JSON.stringify(content),
    });
    expect(JSON.parse(String(body['serialized_space']))).toEqual(content);
    await lenient.workspace.close();
  });

  it('answers an unknown space with 404', async () => {
    const answer = await api('PATCH', `${SPACES}/${id(9)}`, { title: 'x' });
    expect([answer.status, answer.body['error_code']]).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
  });
});
