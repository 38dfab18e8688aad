import { compareCodeUnits } from '../core/index.ts';
import type { PatchPayload } from '../patch-dsl/index.ts';
import { instructionText, type Space } from '../spaces/index.ts';
import type { AnalyzedRow } from './alignment/row-analysis.ts';
import { isContentWord } from './alignment/stop-words.ts';
import { wordsOf } from './alignment/words.ts';
import type { Scored } from './finish-proposal.ts';
import type { ProposalInput } from './input.ts';

/** Characters of the general instruction, existing text included. @see spec/control-levers.md §1 */
export const INSTRUCTION_CHAR_BUDGET = 4000;

/** Instructions, examples and functions that a space may hold. @see spec/control-levers.md §1 */
export const INSTRUCTION_SLOTS = 100;

/** A line of the instruction that could go, and what it would make room for. */
export interface Eviction {
  /** The patch that takes it out; nothing applies it unasked, because it is the owner's text. */
  readonly patch: { readonly type: 'remove_instruction' } & PatchPayload<'remove_instruction'>;
  /** Passing train questions that the line speaks to; the fewer, the less is lost. */
  readonly value: number;
  /** Questions that the instruction in its place should fix. */
  readonly for_question_ids: readonly string[];
  readonly reason: string;
}

export interface Fitted {
  readonly kept: readonly Scored[];
  readonly left: readonly Scored[];
  readonly evictions: readonly Eviction[];
}

/**
 * Leaves out the instructions and examples for which there is no room, least useful first.
 *
 * For an instruction that would be worth more than lines already there, the cheapest such line is named.
 *
 * @param items - best net impact first
 */
export function fitInstructions(
  items: readonly Scored[],
  rows: readonly AnalyzedRow[],
  input: ProposalInput,
): Fitted {
  let chars = (input.instructionCharBudget ?? INSTRUCTION_CHAR_BUDGET) - instructionText(input.space).length;
  let slots = INSTRUCTION_SLOTS - usedSlots(input.space);
  const lines = lineValues(input.space, rows);
  const kept: Scored[] = [];
  const left: Scored[] = [];
  const evictions: Eviction[] = [];
  for (const item of items) {
    const growth = item.changes
      .filter(({ change }) => change.type === 'add_instruction')
      .reduce((sum, { payload }) => sum + String(payload['text']).length + 1, 0);
    const examples = item.changes.filter(({ change }) => change.type === 'add_example_sql').length;
    if ((growth === 0 || growth <= chars) && (examples === 0 || examples <= slots)) {
      chars -= growth;
      slots -= examples;
      kept.push(item);
      continue;
    }
    left.push(item);
    const cheapest = lines.find((line) => line.text.length + 1 + chars >= growth && line.value < item.net);
    if (growth === 0 || cheapest === undefined) continue;
    lines.splice(lines.indexOf(cheapest), 1);
    evictions.push({
      patch: { type: 'remove_instruction', old_text: cheapest.text },
      value: cheapest.value,
      for_question_ids: item.question_ids,
      reason: `The line serves ${cheapest.value} passing questions; the one that needs its room promises ${item.net.toFixed(1)}.`,
    });
  }
  return { kept, left, evictions };
}

const usedSlots = ({ instructions }: Space): number =>
  (instructions?.text_instructions?.length ?? 0) +
  (instructions?.example_question_sqls?.length ?? 0) +
  (instructions?.sql_functions?.length ?? 0);

/** Share of a line's words that a question must say for the line to speak to it. */
const SPOKEN_SHARE = 0.3;

/** The lines of the instruction with the passing questions that they speak to, the least useful first. */
function lineValues(space: Space, rows: readonly AnalyzedRow[]): { text: string; value: number }[] {
  const passing = rows.filter((row) => row.row.correct === true).map((row) => new Set(row.folded));
  return instructionText(space)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((text) => {
      const words = [...new Set(wordsOf(text).map((word) => word.folded))].filter(isContentWord);
      const needed = Math.max(1, Math.ceil(words.length * SPOKEN_SHARE));
      const value = passing.filter((said) => words.filter((word) => said.has(word)).length >= needed).length;
      return { text, value };
    })
    .sort((a, b) => a.value - b.value || b.text.length - a.text.length || compareCodeUnits(a.text, b.text));
}
