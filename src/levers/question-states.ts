import type { FailureType } from '../asi/index.ts';
import { nextRung } from './escalation.ts';
import type { ProposalInput } from './input.ts';
import type { LeverOrReview } from './lever-for.ts';
import { failureState, type FailureState, type Observation } from './pass-rate.ts';

/** The state of a question as to one cause of its failure. */
export type QuestionStates = (questionId: string, type: FailureType) => FailureState;

/**
 * Tells constant failures from passing ones, by all answers of the run so far.
 *
 * A question is exhausted when it goes on failing and every lever of the ladder of the cause was tried for it.
 *
 * @param leverOfCause - the lever to try first for a cause of a question
 */
export function questionStates(
  { observations = [], history = [] }: ProposalInput,
  leverOfCause: (questionId: string, type: FailureType) => LeverOrReview,
): QuestionStates {
  const byQuestion = new Map<string, Observation[]>();
  for (const item of observations) {
    const known = byQuestion.get(item.question_id);
    if (known === undefined) byQuestion.set(item.question_id, [item]);
    else known.push(item);
  }
  return (questionId, type) => {
    const rung = nextRung(history, questionId, type, leverOfCause(questionId, type));
    return failureState(byQuestion.get(questionId) ?? [], rung === null || rung === 'recommendation');
  };
}
