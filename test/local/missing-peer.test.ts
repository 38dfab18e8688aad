import { describe, expect, it, vi } from 'vitest';
import { startLocalWorkspace } from '../../src/local/index.ts';
import { FIXTURE } from './http.ts';

vi.mock('@duckdb/node-api', () => {
  throw new TypeError('Cannot find package');
});

describe('the embedded workspace without DuckDB', () => {
  it.each([FIXTURE, 'tpch'])('names the install command for the sample %s', async (sample) => {
    await expect(startLocalWorkspace({ sample })).rejects.toMatchObject({
      code: 'MISSING_PEER',
      message: expect.stringContaining('npm install @duckdb/node-api') as string,
    });
  });
});
