import { clusterFailures } from '../asi/index.ts';
import { proposeAll, writeProposals, type ProposalInput } from '../levers/index.ts';
import type { Session } from '../session/index.ts';
import type { ProposeInput, ProposeOutput } from './phases.ts';
import type { Run } from './run.ts';
import { closedTrials } from './suspects.ts';

/**
 * The default proposals of a lever, from the failures of the train questions.
 *
 * The texts of all questions are handed over for one purpose: to refuse patches that quote them. With a chat
 * model its wording and additions pass the same guards.
 */
export async function defaultProposals(run: Run, input: ProposeInput): Promise<ProposeOutput> {
  const { options, signal } = run.ctx;
  const material = materialOf(run, input);
  const { proposals, limits, judgeQuality, evictions } = options.chatModel
    ? await writeProposals(material, { model: options.chatModel, signal })
    : proposeAll(material);
  return {
    proposals: proposals.filter((proposal) => proposal.lever === input.lever),
    limits,
    judgeQuality,
    evictions,
  };
}

function materialOf(run: Run, input: ProposeInput): ProposalInput {
  const { space } = input.state;
  const { clusters, longTail } = clusterFailures(input.rows, { space, catalog: input.catalog });
  const train = new Set(run.suite.questions.filter(({ split }) => split === 'train').map(({ id }) => id));
  return {
    clusters: [...clusters, ...longTail],
    rows: input.rows,
    space,
    catalog: input.catalog,
    history: closedTrials(run.recorder.current().history),
    observations: run.ctx.asks
      .all()
      .filter((ask) => train.has(ask.question_id))
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
  };
}

/** What the session keeps of the things noticed while proposing: the latest of each. */
export const proposalNotes = (output: ProposeOutput): Partial<Session> => ({
  ...(output.limits && {
    platform_limitations: output.limits.map(({ id, question_ids, recommendation }) => ({
      code: id,
      question_ids: [...question_ids],
      recommendation,
    })),
  }),
  ...(output.judgeQuality && { judge_quality: output.judgeQuality.map((item) => ({ ...item })) }),
  ...(output.evictions && { instruction_evictions: output.evictions.map((item) => ({ ...item })) }),
});

/** Texts of every benchmark question and answer key: none may appear in a patch. */
export const forbiddenTexts = (run: Pick<Run, 'suite' | 'ctx'>): string[] =>
  run.suite.questions
    .filter((question) => !(run.ctx.options.allowTrainExamples === true && question.split === 'train'))
    .flatMap((question) => [question.question, question.expected_sql]);
