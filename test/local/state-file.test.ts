import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rowsOf, workspaceWithApi } from './http.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-'));
});
afterEach(() => rm(folder, { recursive: true }));

const content = {
  version: 2,
  data_sources: { tables: [{ identifier: 'town.library.books', description: ["It's new"] }] },
};

it('keeps spaces and catalog changes over a restart', async () => {
  const stateFile = join(folder, 'state.duckdb');
  const first = await workspaceWithApi({ stateFile });
  const path = `/api/2.0/genie/spaces/${first.workspace.spaceId}`;
  const patched = await first.api('PATCH', path, {
    serialized_space: JSON.stringify(content),
    title: 'Renamed',
  });
  const created = (
    await first.api('POST', '/api/2.0/genie/spaces', {
      warehouse_id: first.workspace.warehouseId,
      title: 'Extra',
      serialized_space: JSON.stringify(content),
    })
  ).body as unknown as { space_id: string };
  const trashed = (
    await first.api('POST', '/api/2.0/genie/spaces', {
      warehouse_id: first.workspace.warehouseId,
      title: 'Gone',
      serialized_space: JSON.stringify(content),
    })
  ).body as unknown as { space_id: string };
  await first.api('DELETE', `/api/2.0/genie/spaces/${trashed.space_id}`);
  await rowsOf(first.api, first.workspace, "COMMENT ON COLUMN books.title IS 'kept'");
  await rowsOf(first.api, first.workspace, 'SELECT 1');
  await first.workspace.close();

  const second = await workspaceWithApi({ stateFile });
  const list = (await second.api('GET', '/api/2.0/genie/spaces')).body as unknown as {
    spaces: { space_id: string; title: string }[];
  };
  const again = await second.api('GET', `${path}?include_serialized_space=true`);
  const comments = await rowsOf(
    second.api,
    second.workspace,
    "SELECT comment FROM town.information_schema.columns WHERE table_name = 'books' AND column_name = 'title'",
  );
  await second.workspace.close();
  expect(list.spaces.map((space) => [space.space_id, space.title])).toEqual([
    [first.workspace.spaceId, 'Renamed'],
    [created.space_id, 'Extra'],
  ]);
  expect(again.body['etag']).toBe(patched.body['etag']);
  expect(comments).toEqual([['kept']]);
});

it('keeps what MLflow holds over a restart', async () => {
  const stateFile = join(folder, 'state.duckdb');
  const first = await workspaceWithApi({ stateFile });
  const post = (path: string, body: object) => first.api('POST', `/api/2.0/mlflow/${path}`, body);
  const name = "/Shared/it's kept";
  const { body: made } = await post('experiments/create', { name, tags: [{ key: 'a', value: '1' }] });
  const experimentId = made['experiment_id'];
  const created = await post('runs/create', { experiment_id: experimentId, run_name: 'first' });
  const { run_id: runId } = (created.body['run'] as { info: { run_id: string } }).info;
  const metrics = [{ key: 'accuracy', value: 87.5, timestamp: 1 }];
  await post('runs/log-batch', { run_id: runId, metrics, params: [{ key: 'p', value: 'x' }] });
  // Refused as a whole request, but its parameter stays, as the service keeps it.
  await post('runs/log-batch', { run_id: runId, params: [{ key: 'q', value: 'y' }], tags: [{ key: 'a?' }] });
  const asked = await post('artifacts/credentials-for-write', { run_id: runId, path: ['rows.json'] });
  const [credential] = asked.body['credential_infos'] as { signed_uri: string }[];
  await fetch(credential?.signed_uri ?? '', { method: 'PUT', body: 'kept' });
  const deleted = await post('runs/create', { experiment_id: experimentId });
  const gone = (deleted.body['run'] as { info: { run_id: string } }).info.run_id;
  await post('runs/delete', { run_id: gone });
  const search = { experiment_ids: [experimentId] };
  const before = await post('runs/search', search);
  await first.workspace.close();

  const second = await workspaceWithApi({ stateFile });
  const after = await second.api('POST', '/api/2.0/mlflow/runs/search', search);
  const list = await second.api('GET', `/api/2.0/mlflow/artifacts/list?run_id=${runId}`);
  const again = await second.api('POST', '/api/2.0/mlflow/experiments/create', { name });
  await second.workspace.close();
  expect(after.body).toEqual(before.body);
  expect(after.body['runs']).toMatchObject([
    { data: { metrics, params: [{ key: 'p' }, { key: 'q' }] }, info: { run_name: 'first' } },
  ]);
  expect(list.body['files']).toEqual([{ path: 'rows.json', is_dir: false, file_size: 4 }]);
  expect(again.body['error_code']).toBe('RESOURCE_ALREADY_EXISTS');
});

it('refuses a file that is damaged or in use, and says what to do', async () => {
  const damaged = join(folder, 'damaged.duckdb');
  await writeFile(damaged, 'x'.repeat(20_000));
  await expect(workspaceWithApi({ stateFile: damaged })).rejects.toMatchObject({
    code: 'STATE_FILE',
    message: expect.stringContaining('Delete it to start anew') as string,
  });
});

it('refuses the file of another sample', async () => {
  const stateFile = join(folder, 'state.duckdb');
  const first = await workspaceWithApi({ stateFile });
  await first.workspace.close();
  await expect(workspaceWithApi({ stateFile, sample: 'retail' })).rejects.toMatchObject({
    code: 'STATE_FILE',
    message: expect.stringContaining("belongs to sample 'library'") as string,
  });
});
