import { clusterFailures } from '../asi/index.ts';
import {
  limitsOf,
  proposeAll,
  writeProposals,
  type KnownLimit,
  type ProposalInput,
} from '../levers/index.ts';
import type { Session } from '../session/index.ts';
import type { ProposeInput, ProposeOutput } from './phases.ts';
import { isUnderKey } from './ask-ledger.ts';
import { countSources, rowsWithReasons } from './read-reasons.ts';
import type { Run } from './run.ts';
import { closedTrials } from './suspects.ts';
import { clusterInput } from './unstable-questions.ts';
import { waveringRouting } from './wavering-routing.ts';

/**
 * The default proposals of a lever, from the failures of the train questions.
 *
 * The texts of all questions are handed over for one purpose: to refuse patches that quote them. With a chat
 * model its wording and additions pass the same guards.
 */
export async function defaultProposals(run: Run, input: ProposeInput): Promise<ProposeOutput> {
  const { options, signal } = run.ctx;
  const rows = await rowsWithReasons(run, input.rows);
  const material = materialOf(run, { ...input, rows });
  const { clusters } = material;
  const { proposals, limits, judgeQuality, evictions } = options.chatModel
    ? await writeProposals(material, { model: options.chatModel, signal })
    : proposeAll(material);
  return {
    proposals: proposals.filter((proposal) => proposal.lever === input.lever),
    clusters,
    limits,
    judgeQuality,
    evictions,
    asiSources: countSources(rows),
  };
}

function materialOf(run: Run, input: ProposeInput): ProposalInput {
  const { space } = input.state;
  const failures = clusterInput(input.rows, input.unstable);
  const { clusters, longTail } = clusterFailures(failures, { space, catalog: input.catalog });
  const keys = new Map(
    run.suite.questions
      .filter(({ split }) => split === 'train')
      .map(({ id, key_version: version }) => [id, version]),
  );
  return {
    clusters: [...clusters, ...longTail],
    unstable: input.unstable.map(({ question_id: id }) => id),
    limitedQuestions: waveringRouting(run),
    rows: input.rows,
    space,
    catalog: input.catalog,
    history: closedTrials(run.recorder.current().history),
    observations: run.ctx.asks
      .all()
      .filter((ask) => keys.has(ask.question_id) && isUnderKey(ask, keys.get(ask.question_id)))
      .map(({ question_id, verdict, asset }) => ({
        question_id,
        correct: verdict === 'excluded' ? null : verdict === 'pass',
        ...(asset === undefined ? {} : { actual_asset: asset }),
      })),
    protectedTexts: run.suite.questions.map(({ id, question, expected_sql, split }) => ({
      id,
      question,
      expected_sql,
      split,
    })),
    allowTrainExamples: run.ctx.options.allowTrainExamples,
    assetRoles: run.ctx.options.assetRoles,
  };
}

/**
 * Recognises known limits once more when the last lever is done: what that one tried in vain counts too.
 */
export async function noteLimits(run: Run): Promise<void> {
  const { state, catalog, evaluation } = run.tip;
  const rows = evaluation.rows.filter(({ split }) => split === 'train');
  if (rows.length === 0 || run.recorder.current().history.length === 0) return;
  const limits = limitsOf(materialOf(run, { lever: 6, rows, unstable: [], state, catalog }));
  await run.recorder.update((session) => ({ platform_limitations: withLimits(session, limits) }));
}

/** Limits once met stay known: a question that happens to pass now is no less wavering for that. */
export function withLimits(
  { platform_limitations: known }: Pick<Session, 'platform_limitations'>,
  limits: readonly KnownLimit[],
): Session['platform_limitations'] {
  const merged = new Map(known.map((limit) => [JSON.stringify([limit.code, limit.recommendation]), limit]));
  for (const { id: code, question_ids, recommendation } of limits) {
    const key = JSON.stringify([code, recommendation]);
    const ids = new Set([...(merged.get(key)?.question_ids ?? []), ...question_ids]);
    merged.set(key, { code, question_ids: [...ids].sort(), recommendation });
  }
  return [...merged.values()];
}

/** What the session keeps of the things noticed while proposing: every limit, and the latest of the others. */
export const proposalNotes = (session: Session, output: ProposeOutput): Partial<Session> => ({
  ...(output.limits && { platform_limitations: withLimits(session, output.limits) }),
  ...(output.judgeQuality && { judge_quality: output.judgeQuality.map((item) => ({ ...item })) }),
  ...(output.evictions && { instruction_evictions: output.evictions.map((item) => ({ ...item })) }),
});

/** Texts of every benchmark question and answer key: none may appear in a patch. */
export const forbiddenTexts = (run: Pick<Run, 'suite' | 'ctx'>): string[] =>
  run.suite.questions
    .filter((question) => !(run.ctx.options.allowTrainExamples === true && question.split === 'train'))
    .flatMap((question) => [question.question, question.expected_sql]);
