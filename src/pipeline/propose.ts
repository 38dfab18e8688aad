import { clusterFailures } from '../asi/index.ts';
import { proposeAll, type HistoryEntry, type Proposal } from '../levers/index.ts';
import type { ProposeInput } from './phases.ts';
import type { Run } from './run.ts';

/**
 * The default proposals of a lever, from the failures of the train questions.
 *
 * The texts of all questions are handed over for one purpose: to refuse patches that quote them.
 */
export function defaultProposals(run: Run, input: ProposeInput): readonly Proposal[] {
  const { space } = input.state;
  const { clusters, longTail } = clusterFailures(input.rows, { space, catalog: input.catalog });
  const { proposals } = proposeAll({
    clusters: [...clusters, ...longTail],
    rows: input.rows,
    space,
    catalog: input.catalog,
    history: run.recorder.current().history as HistoryEntry[],
    protectedTexts: run.suite.questions.map(({ id, question, expected_sql, split }) => ({
      id,
      question,
      expected_sql,
      split,
    })),
    allowTrainExamples: run.ctx.options.allowTrainExamples,
  });
  return proposals.filter((proposal) => proposal.lever === input.lever);
}

/** Texts of every benchmark question and answer key: none may appear in a patch. */
export const forbiddenTexts = (run: Pick<Run, 'suite' | 'ctx'>): string[] =>
  run.suite.questions
    .filter((question) => !(run.ctx.options.allowTrainExamples === true && question.split === 'train'))
    .flatMap((question) => [question.question, question.expected_sql]);
