import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { startLocalWorkspace, type LocalWorkspace } from '../../src/local/index.ts';
import { GOLDEN_QUERIES, libraryJob } from '../scenarios/library-job.ts';

const LIBRARY = fileURLToPath(new URL('../fixtures/local-sample', import.meta.url));

/** Flags that name where a run keeps its session and its reports, and let it ask at full speed. */
export const sessionFlags = (sessionFile: string, outputDir: string): readonly string[] => [
  '--session-file',
  sessionFile,
  '--output-dir',
  outputDir,
  '--starts-per-minute',
  '1000',
];

/** The same, for a run on the library of an embedded workspace and its questions. */
export const runFlags = (
  { spaceId, sample }: Pick<LocalWorkspace, 'spaceId' | 'sample'>,
  sessionFile: string,
  outputDir: string,
): readonly string[] => [
  '--space-id',
  spaceId,
  '--benchmarks',
  sample.benchmarksPath,
  '--domain',
  sample.domain,
  '--variables',
  'catalog=town,gold_schema=library',
  ...sessionFlags(sessionFile, outputDir),
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

/** The library with a job that evaluates, as commands find it; `asked` is its space with the golden queries. */
export async function jobWorkspace() {
  const library = await libraryJob();
  const place = await cliWorkspace(Promise.resolve(library.local));
  const benchmarksPath = join(place.dir, 'golden-queries.yaml');
  await writeFile(benchmarksPath, GOLDEN_QUERIES);
  const { spaceId, sample } = library.local;
  return { ...place, jobRuns: library.jobRuns, asked: { spaceId, sample: { ...sample, benchmarksPath } } };
}
