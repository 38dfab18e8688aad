import { loadBenchmarks } from '../../src/benchmarks/index.ts';
import { connect, systemClock } from '../../src/clients/index.ts';
import { startLocalWorkspace, type LocalWorkspace } from '../../src/local/index.ts';
import { optimize, type OptimizeOptions, type OptimizeResult } from '../../src/pipeline/index.ts';
import { memoryFileStore, type MemoryFileStore } from '../../src/testing/index.ts';

/** One whole run on the embedded workspace, over HTTP, with its files in memory. */
export interface SampleRun {
  readonly local: LocalWorkspace;
  readonly files: MemoryFileStore;
  readonly optimize: (changes?: Partial<OptimizeOptions>) => Promise<OptimizeResult>;
  readonly spaceText: () => Promise<string>;
}

/** Starts the embedded workspace with the `tpch` sample; close it with `run.local.close()`. */
export async function sampleRun(
  files: MemoryFileStore = memoryFileStore(),
  localOptions: { readonly stateFile?: string } = {},
): Promise<SampleRun> {
  const local = await startLocalWorkspace({ sample: 'tpch', ...localOptions });
  const workspace = await connect({
    host: local.host,
    token: local.token,
    warehouseId: local.warehouseId,
    startsPerMinute: null,
  });
  const benchmarks = await loadBenchmarks(local.sample.benchmarksPath, { domain: local.sample.domain });
  return {
    local,
    files,
    optimize: (changes = {}) =>
      optimize(
        {
          workspace,
          spaceId: local.spaceId,
          benchmarks,
          variables: local.sample.variables,
          maxIterations: 12,
          propagationMs: 0,
          outputDir: 'out',
          // One phase less that asks; its own tests switch it on.
          finalRepeatability: false,
          ...changes,
        },
        { clock: systemClock(), files },
      ),
    spaceText: async () => (await workspace.genie.getSpace(local.spaceId)).serializedSpace,
  };
}
