import { InvalidOptionError } from '../../core/index.ts';
import type { AssetRoutingOptions } from '../asset-routing.ts';
import { defineJudge } from '../define-judge.ts';
import type { Judge, JudgeOutcome } from '../judge.ts';
import { runJudges } from '../run-judges.ts';
import { structuralJudges } from '../structural-judges.ts';
import { llmJudges, type LlmJudgesOptions } from './llm-judges.ts';

/** Which implementation of the four judges and the arbiter is used. @see decisions 9 */
export const JUDGE_MODES = ['structural', 'llm', 'both'] as const;
export type JudgeMode = (typeof JUDGE_MODES)[number];

export interface SelectJudgesOptions extends Partial<LlmJudgesOptions>, AssetRoutingOptions {
  /** Default `structural`. */
  readonly judges?: JudgeMode | undefined;
}

/** Two implementations of one judge that scored the same row differently. */
export interface JudgeDisagreement {
  readonly question_id: string;
  readonly judge: string;
  readonly structural: 'yes' | 'no';
  readonly llm: 'yes' | 'no';
  readonly structural_rationale: string;
  readonly llm_rationale: string;
}

/** How often both implementations of a judge said the same, over the rows both scored. */
export interface JudgeAgreement {
  readonly judge: string;
  readonly both_scored: number;
  readonly agreed: number;
  /** Rows on which the model's side failed. */
  readonly llm_unknown: number;
}

export interface JudgeSelection {
  /** All eight, in scoring order. */
  readonly judges: readonly Judge[];
  /** What was seen since the selection was made; empty unless both implementations ran. */
  readonly disagreementReport: () => {
    readonly agreement: readonly JudgeAgreement[];
    readonly disagreements: readonly JudgeDisagreement[];
  };
}

/**
 * The eight judges in the wanted implementation.
 *
 * With `both` the structural verdict counts; where it was skipped, as for a statement that no parser
 * reads, the model's does. Every disagreement is kept for the report.
 *
 * @throws {InvalidOptionError} when a model is needed and none is given
 */
export function selectJudges({
  judges: mode = 'structural',
  chatModel,
  softRouting,
  ...options
}: SelectJudgesOptions = {}): JudgeSelection {
  const structural = structuralJudges(softRouting === undefined ? {} : { softRouting });
  const nothing = { agreement: [], disagreements: [] };
  if (mode === 'structural') return { judges: structural, disagreementReport: () => nothing };
  if (chatModel === undefined)
    throw new InvalidOptionError(
      'chatModel',
      `must be given for judges: '${mode}'; without a model use 'structural'`,
    );
  const byName = new Map(llmJudges({ chatModel, ...options }).map((judge) => [judge.name, judge]));
  if (mode === 'llm')
    return {
      judges: structural.map((judge) => byName.get(judge.name) ?? judge),
      disagreementReport: () => nothing,
    };
  const record = new Map<string, Tally>();
  return {
    judges: structural.map((judge) => {
      const other = byName.get(judge.name);
      return other === undefined ? judge : judge.name === 'arbiter' ? other : paired(judge, other, record);
    }),
    disagreementReport: () => ({
      agreement: [...record].map(([judge, { bothScored, agreed, unknown }]) => ({
        judge,
        both_scored: bothScored,
        agreed,
        llm_unknown: unknown,
      })),
      disagreements: [...record.values()].flatMap(({ disagreements }) => disagreements),
    }),
  };
}

interface Tally {
  bothScored: number;
  agreed: number;
  unknown: number;
  readonly disagreements: JudgeDisagreement[];
}

function paired(structural: Judge, llm: Judge, record: Map<string, Tally>): Judge {
  return defineJudge({
    ...structural,
    judge: async (input, call = {}) => {
      const [first, second] = await Promise.all([
        outcomeOf(structural, input, call),
        outcomeOf(llm, input, call),
      ]);
      note(record, structural.name, input.benchmark.id, first, second);
      return first.status === 'skipped' && second.status === 'scored' ? second : first;
    },
  });
}

/** A judge that throws is errored here too, so that the other one still counts. */
async function outcomeOf(judge: Judge, ...[input, call]: Parameters<Judge['judge']>): Promise<JudgeOutcome> {
  const outcome = (await runJudges([judge], input, call)).get(judge.name);
  if (outcome === undefined) throw new InvalidOptionError('judges', `must hold '${judge.name}'`);
  return outcome;
}

function note(
  record: Map<string, Tally>,
  judge: string,
  questionId: string,
  first: JudgeOutcome,
  second: JudgeOutcome,
): void {
  const tally = record.get(judge) ?? { bothScored: 0, agreed: 0, unknown: 0, disagreements: [] };
  record.set(judge, tally);
  if (second.status === 'errored') tally.unknown += 1;
  if (first.status !== 'scored' || second.status !== 'scored') return;
  tally.bothScored += 1;
  if (first.value === second.value) {
    tally.agreed += 1;
    return;
  }
  tally.disagreements.push({
    question_id: questionId,
    judge,
    structural: first.value,
    llm: second.value,
    structural_rationale: first.rationale,
    llm_rationale: second.rationale,
  });
}
