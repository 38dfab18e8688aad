import { loadBenchmarks } from '../../src/benchmarks/index.ts';
import { connect, systemClock } from '../../src/clients/index.ts';
import { startLocalWorkspace } from '../../src/local/index.ts';
import { optimize, type PhaseHandlers } from '../../src/pipeline/index.ts';
import type { Decision } from '../../src/session/index.ts';
import { memoryFileStore } from '../../src/testing/index.ts';
import { truthMeter, type Stand } from './truth.ts';

/** One run: a sample, a seed of the simulator, a rule. */
export interface Job {
  readonly sample: string;
  readonly seed: number;
  readonly rule: string;
  readonly variance: number;
  readonly iterations: number;
}

/** What a run brought. Accuracies are percent. */
export interface RunResult extends Job {
  readonly seenBefore: number | null;
  readonly seenAfter: number | null;
  readonly heldOutBefore: number | null;
  readonly heldOutAfter: number | null;
  readonly trueBefore: number;
  readonly trueAfter: number;
  /** Accepted changes, with what each did to the true accuracy. */
  readonly steps: readonly { readonly lever: number; readonly truthPp: number }[];
  readonly candidates: number;
  /** Questions asked, without those that measured the truth. */
  readonly asks: number;
  readonly seconds: number;
}

/** Keeps whatever does not score lower: what most tools do. */
function plainly(judged: Decision): Decision {
  const delta = judged.delta_pp ?? -1;
  return delta >= 0
    ? { ...judged, rule: 'plain', decision: 'accepted', reason: `Not worse: ${delta.toFixed(1)} points.` }
    : { ...judged, rule: 'plain', decision: 'rejected', reason: `Worse: ${delta.toFixed(1)} points.` };
}

/**
 * Optimizes a sample on a workspace of its own, and measures the true accuracy of every accepted state beside it.
 *
 * @param tell - told what is decided, line by line
 */
export async function runOnce(job: Job, tell: (line: string) => void): Promise<RunResult> {
  const { sample, seed, rule, variance } = job;
  const started = performance.now();
  const local = await startLocalWorkspace({ sample, seed, variance });
  try {
    const workspace = await connect({
      host: local.host,
      token: local.token,
      warehouseId: local.warehouseId,
      startsPerMinute: null,
    });
    const suite = await loadBenchmarks(local.sample.benchmarksPath, { domain: local.sample.domain });
    const truthOf = truthMeter(workspace, local, suite, variance);
    const truths: { lever: number; truth: number }[] = [];
    let truthAsks = 0;
    const measure = async (lever: number, stand: Stand): Promise<void> => {
      const before = local.askLog.length;
      truths.push({ lever, truth: await truthOf(stand) });
      truthAsks += local.askLog.length - before;
    };
    let trial: Stand | null = null;
    const phases: PhaseHandlers = {
      baseline: async (_ctx, input, runDefault) => {
        const evaluation = await runDefault();
        await measure(0, input);
        return evaluation;
      },
      fullEval: (_ctx, input, runDefault) => {
        trial = input;
        return runDefault();
      },
      regressionCheck: async (ctx, _input, runDefault) => {
        const judged = await runDefault();
        const decision = rule === 'plain' ? plainly(judged) : judged;
        if (decision.decision === 'accepted' && trial !== null)
          await measure(ctx.session().pending?.lever ?? 0, trial);
        return decision;
      },
    };
    const result = await optimize(
      {
        workspace,
        spaceId: local.spaceId,
        benchmarks: suite,
        variables: local.sample.variables,
        maxIterations: job.iterations,
        propagationMs: 0,
        outputDir: 'out',
        // What is measured here is the rule, not the check at the end.
        finalRepeatability: false,
        acceptance: rule === 'plain' ? 'threshold' : (rule as 'paired'),
        phases,
        onEvent: (event) => {
          if (event.type === 'decision')
            tell(`lever ${event.lever}: ${event.decision.decision}. ${event.decision.reason}`);
          if (event.type === 'lever_skipped') tell(`lever ${event.lever}: ${event.reason}. ${event.detail}`);
        },
      },
      { clock: systemClock(), files: memoryFileStore() },
    );
    return {
      ...job,
      seenBefore: result.baselineAccuracyPct,
      seenAfter: result.finalAccuracyPct,
      heldOutBefore: result.heldOut?.beforePct ?? null,
      heldOutAfter: result.heldOut?.afterPct ?? null,
      trueBefore: truths[0]?.truth ?? Number.NaN,
      trueAfter: truths.at(-1)?.truth ?? Number.NaN,
      steps: truths
        .slice(1)
        .map(({ lever, truth }, at) => ({ lever, truthPp: truth - (truths[at]?.truth ?? Number.NaN) })),
      candidates: result.session.iterations.filter(({ lever }) => lever > 0).length,
      asks: local.askLog.length - truthAsks,
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await local.close();
  }
}
