/** Replaces one phase: only confident proposals are tried. Gates and rollback run around it as ever. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBenchmarks, optimize, type PhaseHandlers } from 'genie-optimizer';
import { startLocalWorkspace } from 'genie-optimizer/local';

// #region override
const phases: PhaseHandlers = {
  propose: async (_ctx, input, runDefault) => {
    const { proposals } = await runDefault(input);
    const confident = proposals.filter((proposal) => proposal.confidence >= 0.5);
    console.log(
      `Lever ${input.lever}: ${confident.length} of ${proposals.length} proposals are confident enough`,
    );
    return { proposals: confident };
  },
};
// #endregion override

const outputDir = await mkdtemp(join(tmpdir(), 'genie-optimizer-'));
const workspace = await startLocalWorkspace({ sample: 'tpch' });
const run = await optimize({
  workspace,
  spaceId: workspace.spaceId,
  benchmarks: await loadBenchmarks(workspace.sample.benchmarksPath, { domain: workspace.sample.domain }),
  variables: workspace.sample.variables,
  phases,
  maxIterations: 2,
  propagationMs: 0,
  outputDir,
  sessionFile: join(outputDir, 'optimization-progress.json'),
});
console.log(
  `${run.status}: ${run.baselineAccuracyPct?.toFixed(1)} % → ${run.finalAccuracyPct?.toFixed(1)} %`,
);
await workspace.close();
