import {
  deployBundle,
  POST_DEPLOY_DEFAULTS,
  readSpace,
  verifyPostDeploy,
  type DeployReport,
  type PostDeployReport,
} from '../apply/index.ts';
import { questionsInScope } from '../benchmarks/index.ts';
import { InvalidOptionError, isOptimizerError } from '../core/index.ts';
import { describeChange, parseSpace } from '../spaces/index.ts';
import { escalated } from './escalated.ts';
import type { PhaseInput } from './phases.ts';
import { repoStore } from './repository.ts';
import { ask, phaseOf, readCatalog, type Run } from './run.ts';

/** Deploys what was accepted from its files; nothing to do without a target, or when nothing was accepted. */
export async function deployAccepted(run: Run): Promise<void> {
  const { ctx, recorder } = run;
  const { deployTarget: target, genieJob: job, repo } = ctx.options;
  const session = recorder.current();
  const hasAccepted = session.iterations.some(({ lever, outcome }) => lever > 0 && outcome === 'accepted');
  if (target === undefined || !hasAccepted || session.deploy_result?.status === 'SUCCESS') return;
  const input = { target, job: job ?? null, sourceFile: repo?.space ?? null };
  const report = await phaseOf(run, 'deploy', input, (given) => deploy(run, given));
  await recorder.update(() => ({ deploy_result: { ...report } }));
  if (report.status !== 'SUCCESS')
    await escalate(run, report.escalation, `Deployment ended as ${report.status}.`);
}

/** Asks the deployed space again and completes its file when that is why it answers worse. */
export async function verifyDeployment(run: Run): Promise<void> {
  const { ctx, recorder, accepted } = run;
  const session = recorder.current();
  const { deployTarget: target, genieJob: job, repo } = ctx.options;
  const inLoopPct = accepted.evaluation.overall_accuracy;
  const isDone = session.post_deploy_result !== undefined;
  if (session.deploy_result?.status !== 'SUCCESS' || isDone || inLoopPct === null) return;
  const { initial_config: initial } = session;
  if (target === undefined || repo?.space === undefined || initial === null) return;
  const sourceFile = repo.space;
  const input = { iteration: POST_DEPLOY_DEFAULTS.iteration, inLoopPct, state: accepted.state };
  const report = await phaseOf(run, 'postDeploy', input, (given) =>
    verifyPostDeploy({
      inLoopPct: given.inLoopPct,
      found: parseSpace(initial),
      accepted: given.state.space,
      readLive: async () => (await live(run)).space,
      evaluate: (iteration) => accuracyOf(run, iteration),
      sourceFile,
      files: repoStore(ctx.options),
      variables: repo.variables ?? ctx.options.variables,
      redeploy: () => deploy(run, { target, job: job ?? null, sourceFile }),
      clock: ctx.clock,
      waitMs: ctx.options.propagationMs,
      signal: ctx.signal,
    }),
  );
  await recorder.update(() => ({ post_deploy_result: recordOf(report) }));
  if (report.status === 'discrepancy')
    await escalate(run, report.escalation, 'The deployed space answers worse than the accepted one.');
}

async function deploy(run: Run, { target, job, sourceFile }: PhaseInput<'deploy'>): Promise<DeployReport> {
  const { options, clock, signal } = run.ctx;
  const { bundles, jobs } = options;
  if (bundles === undefined) throw new InvalidOptionError('bundles', 'is needed to deploy');
  return deployBundle(
    { bundles, jobs, files: repoStore(options), clock },
    { target, job: job ?? undefined, sourceFile: sourceFile ?? undefined, signal },
  );
}

const live = ({ ctx }: Run) => readSpace(ctx.workspace.genie, ctx.spaceId, { signal: ctx.signal });

/** `null` when nothing could be evaluated; the run itself is sound without. */
async function accuracyOf(run: Run, iteration: number): Promise<number | null> {
  const { ctx, suite } = run;
  try {
    const state = await live(run);
    const catalog = await readCatalog(ctx, state.space);
    const questions = questionsInScope(suite, 'full');
    const found = await ask(ctx, { scope: 'full', iteration, questions, state, catalog }, ctx.spaceId);
    return found.overall_accuracy;
  } catch (error) {
    if (ctx.signal?.aborted === true || !isOptimizerError(error)) throw error;
    const message = `The deployed space could not be evaluated: ${error.message}`;
    ctx.emit({ type: 'warning', code: 'POST_DEPLOY', message });
    return null;
  }
}

/** As the session keeps it: differences as lines. */
const recordOf = ({ status, rounds }: PostDeployReport) => ({
  status,
  rounds: rounds.map(({ comparison, live_differences, written }) => ({
    comparison,
    live_differences: live_differences.map(describeChange),
    written: written.map(describeChange),
  })),
});

async function escalate(
  { ctx, recorder }: Run,
  escalation: DeployReport['escalation'],
  problem: string,
): Promise<void> {
  const said = escalation?.errors.at(-1)?.message;
  const detail =
    escalation === null
      ? problem
      : `${problem} ${escalation.hypothesis} ${said === undefined ? '' : `What was said last: ${said} `}${escalation.recommendation}`;
  const code = escalation?.code ?? 'deploy_failed';
  ctx.emit({ type: 'warning', code: code.toUpperCase(), message: detail });
  await recorder.update(() => escalated(ctx.clock, code, detail));
}
