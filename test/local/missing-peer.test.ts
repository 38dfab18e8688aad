import { expect, it, vi } from 'vitest';
import { startLocalWorkspace } from '../../src/local/index.ts';
import { FIXTURE } from './http.ts';

vi.mock('@duckdb/node-api', () => {
  throw new TypeError('Cannot find package');
});

it('names the install command when DuckDB is missing', async () => {
  await expect(startLocalWorkspace({ sample: FIXTURE })).rejects.toMatchObject({
    code: 'MISSING_PEER',
    message: expect.stringContaining('npm install @duckdb/node-api') as string,
  });
});
