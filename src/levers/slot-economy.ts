import { compareCodeUnits } from '../core/index.ts';
import type { PatchPayload } from '../patch-dsl/index.ts';
import { exampleSqls, instructionText, textOf, type Space } from '../spaces/index.ts';
import type { AnalyzedRow } from './alignment/row-analysis.ts';
import { isContentWord } from './alignment/stop-words.ts';
import { wordsOf } from './alignment/words.ts';
import type { Scored } from './finish-proposal.ts';
import type { ProposalInput } from './input.ts';

/** Characters of the general instruction, existing text included. @see spec/control-levers.md §1 */
export const INSTRUCTION_CHAR_BUDGET = 4000;

/** Instructions, examples and functions that a space may hold. @see spec/control-levers.md §1 */
export const INSTRUCTION_SLOTS = 100;

/** A line of the instruction, or an example, that could go, and what it would make room for. */
export interface Eviction {
  /** The patch that takes it out; nothing applies it unasked, because it is the owner's text. */
  readonly patch:
    | ({ readonly type: 'remove_instruction' } & PatchPayload<'remove_instruction'>)
    | ({ readonly type: 'remove_example_sql' } & PatchPayload<'remove_example_sql'>);
  /** Passing train questions that it speaks to; the fewer, the less is lost. */
  readonly value: number;
  /** Questions that what comes in its place should fix. */
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
 * For an instruction or example that would be worth more than what has its room, the cheapest of that is named.
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
  const shown = exampleValues(input.space, rows);
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
    const isTooLong = growth > chars;
    const pool = isTooLong ? lines : shown;
    const cheapest = pool.find(
      (one) => one.value < item.net && (!isTooLong || one.text.length + 1 + chars >= growth),
    );
    if (cheapest === undefined) continue;
    pool.splice(pool.indexOf(cheapest), 1);
    const { text, value } = cheapest;
    evictions.push({
      patch: isTooLong
        ? { type: 'remove_instruction', old_text: text }
        : { type: 'remove_example_sql', target: cheapest.target },
      value,
      for_question_ids: item.question_ids,
      reason: `The ${isTooLong ? 'line' : 'example'} serves ${value} passing questions; the one that needs its room promises ${item.net.toFixed(1)}.`,
    });
  }
  return { kept, left, evictions };
}

const usedSlots = ({ instructions }: Space): number =>
  (instructions?.text_instructions?.length ?? 0) +
  (instructions?.example_question_sqls?.length ?? 0) +
  (instructions?.sql_functions?.length ?? 0);

/** Share of its words that a question must say for a line or an example to speak to it. */
const SPOKEN_SHARE = 0.3;

/** What has a place in the instructions, with the passing questions that it speaks to. */
interface Placed {
  readonly text: string;
  /** How a patch finds it. */
  readonly target: string;
  readonly value: number;
}

const lineValues = (space: Space, rows: readonly AnalyzedRow[]): Placed[] =>
  valuesOf(
    instructionText(space)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map((text) => ({ text, target: text })),
    rows,
  );

const exampleValues = (space: Space, rows: readonly AnalyzedRow[]): Placed[] =>
  valuesOf(
    exampleSqls(space).map(({ id, question }) => ({ text: textOf(question), target: id })),
    rows,
  );

/** The least useful first. */
function valuesOf(
  items: readonly { readonly text: string; readonly target: string }[],
  rows: readonly AnalyzedRow[],
): Placed[] {
  const passing = rows.filter((row) => row.row.correct === true).map((row) => new Set(row.folded));
  return items
    .map(({ text, target }) => {
      const words = [...new Set(wordsOf(text).map((word) => word.folded))].filter(isContentWord);
      const needed = Math.max(1, Math.ceil(words.length * SPOKEN_SHARE));
      const value = passing.filter((said) => words.filter((word) => said.has(word)).length >= needed).length;
      return { text, target, value };
    })
    .sort((a, b) => a.value - b.value || b.text.length - a.text.length || compareCodeUnits(a.text, b.text));
}
