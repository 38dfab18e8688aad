/** Runs the whole optimization on the embedded workspace, offline. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// #region run
import { loadBenchmarks, optimize } from 'genie-optimizer';
import { startLocalWorkspace } from 'genie-optimizer/local';

const outputDir = await mkdtemp(join(tmpdir(), 'genie-optimizer-'));
const workspace = await startLocalWorkspace({ sample: 'tpch' }); // or: await connect({ profile: 'dev' })
const { sample, spaceId } = workspace;

const run = await optimize({
  workspace,
  spaceId,
  benchmarks: await loadBenchmarks(sample.benchmarksPath, { domain: sample.domain }),
  variables: sample.variables,
  propagationMs: 0, // a real workspace needs the default of 30 s after each change
  outputDir,
  sessionFile: join(outputDir, 'optimization-progress.json'),
});

console.log(`${run.baselineAccuracyPct?.toFixed(1)} % → ${run.finalAccuracyPct?.toFixed(1)} %`);
console.log(`Report: ${run.reportPath}`);
await workspace.close();
// #endregion run
