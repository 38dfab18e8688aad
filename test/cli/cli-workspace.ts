import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { startLocalWorkspace, type LocalWorkspace } from '../../src/local/index.ts';

const LIBRARY = fileURLToPath(new URL('../fixtures/local-sample', import.meta.url));

/** Flags that name the library of an embedded workspace and its questions, for a command to ask at full speed. */
export const libraryFlags = ({ spaceId, sample }: LocalWorkspace): readonly string[] => [
  '--space-id',
  spaceId,
  '--benchmarks',
  sample.benchmarksPath,
  '--domain',
  sample.domain,
  '--variables',
  'catalog=town,gold_schema=library',
  '--starts-per-minute',
  '1000',
];

/**
 * An embedded workspace (default: of the library) that commands find in their environment, with an empty folder;
 * `close` takes all of it away.
 */
export async function cliWorkspace(
  starting: Promise<LocalWorkspace> = startLocalWorkspace({ sample: LIBRARY }),
) {
  const local = await starting;
  const dir = await mkdtemp(join(tmpdir(), 'genie-cli-'));
  vi.stubEnv('DATABRICKS_HOST', local.host);
  vi.stubEnv('DATABRICKS_TOKEN', local.token);
  vi.stubEnv('DATABRICKS_WAREHOUSE_ID', local.warehouseId);
  const close = async (): Promise<void> => {
    vi.unstubAllEnvs();
    await local.close();
    await rm(dir, { recursive: true, force: true });
  };
  return { local, dir, close };
}
