import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBenchmarks, parseBenchmarks } from '../../src/benchmarks/index.ts';
import { isOptimizerError } from '../../src/core/index.ts';
import { optimize } from '../../src/optimize-entry.ts';
import { startLocalWorkspace, type LocalWorkspace } from '../../src/local/index.ts';
import { memoryFileStore } from '../../src/testing/index.ts';

const suite = parseBenchmarks(
  Array.from(
    { length: 3 },
    (_, index) => `- {id: q${index}, question: 'How many things ${index}?', expected_sql: 'SELECT ${index}'}`,
  ).join('\n'),
  { domain: 'things' },
).suite;

describe('bad input ends in a typed error that says what to do', () => {
  let local: LocalWorkspace;
  beforeAll(async () => {
    local = await startLocalWorkspace({ sample: 'tpch' });
  }, 60_000);
  afterAll(() => local.close());

  const run = (changes: { spaceId?: string; token?: string; host?: string }) =>
    optimize({
      workspace: {
        host: changes.host ?? local.host,
        token: changes.token ?? local.token,
        warehouseId: local.warehouseId,
        startsPerMinute: null,
      },
      spaceId: changes.spaceId ?? local.spaceId,
      benchmarks: suite,
      files: memoryFileStore(),
      outputDir: 'out',
    });

  it('names an unknown space', async () => {
    const unknown = 'f'.repeat(32);
    const error: unknown = await run({ spaceId: unknown }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'SPACE_NOT_FOUND' });
    expect(String(error)).toContain(unknown);
  });

  it('says how to fix a wrong token, without repeating it', async () => {
    const token = `dapi${'1'.repeat(32)}`;
    const error: unknown = await run({ token }).catch((reason: unknown) => reason);
    expect(isOptimizerError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'AUTHENTICATION_FAILED', retryable: false });
    expect(JSON.stringify(error) + String(error)).not.toContain(token);
  });

  it('names the host that does not answer', async () => {
    const server: Server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const error: unknown = await run({ host: `http://127.0.0.1:${port}` }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ retryable: true });
    expect(String(error)).toContain(`127.0.0.1:${port}`);
  }, 120_000);

  it('names the port that is in use', async () => {
    const port = Number(new URL(local.host).port);
    await expect(startLocalWorkspace({ sample: 'tpch', port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
    });
  }, 60_000);

  it('names the benchmark file that is missing', async () => {
    await expect(loadBenchmarks('no-such-file.yaml', { domain: 'x' })).rejects.toThrow('no-such-file.yaml');
  });
});
