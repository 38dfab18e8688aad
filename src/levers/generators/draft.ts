import type { FailureType } from '../../asi/index.ts';
import { compareCodeUnits } from '../../core/index.ts';
import type { PatchType } from '../../patch-dsl/index.ts';
import type { CatalogSnapshot } from '../../ports/index.ts';
import type { Space } from '../../spaces/index.ts';
import type { Finding } from '../alignment/align.ts';
import type { AnalyzedRow } from '../alignment/row-analysis.ts';
import { indexOfRun } from '../alignment/words.ts';
import type { Schema } from '../schema.ts';

/** The payload of a patch with its type; the envelope comes later. */
export type Change = { readonly type: PatchType } & Readonly<Record<string, unknown>>;

/** A proposal before it is scored, levelled and guarded. */
export interface Draft {
  readonly failure_type: FailureType;
  /** Train questions it should help. */
  readonly question_ids: readonly string[];
  readonly changes: readonly Change[];
  /** Why, as the second half of a sentence: "because …". */
  readonly reason: string;
  /** 0–1: how sure the evidence is. */
  readonly confidence: number;
  /** The changes are worth nothing apart: keep them in one proposal even when their levers differ. */
  readonly inseparable?: boolean;
  /** Phrases without which the changes touch no question. Default: what the changes themselves tell. */
  readonly acts_on?: readonly string[];
}

/** What a generator reads. It holds train questions only. */
export interface GeneratorContext {
  readonly schema: Schema;
  readonly space: Space;
  readonly catalog: CatalogSnapshot;
  readonly rows: readonly AnalyzedRow[];
  readonly findings: ReadonlyMap<string, Finding>;
  /** Questions whose statement changes between runs, also right ones. */
  readonly unstable?: ReadonlySet<string>;
  readonly allowTrainExamples: boolean;
}

/** Writes drafts for one kind of failure from the differences found. */
export type Generator = (context: GeneratorContext) => readonly Draft[];

/** `a`, `a and b`, `a, b and c`, each in single quotes. */
export const quoteList = (phrases: readonly string[], conjunction = 'and'): string => {
  const quoted = phrases.map((phrase) => `'${phrase}'`);
  return quoted.length < 2
    ? quoted.join('')
    : `${quoted.slice(0, -1).join(', ')} ${conjunction} ${quoted.at(-1) ?? ''}`;
};

/** Rows whose question says all words of a phrase in a row. */
export const rowsSaying = (phrase: string, rows: readonly AnalyzedRow[]): AnalyzedRow[] => {
  const run = phrase.split(' ');
  return rows.filter((row) => indexOfRun(row.folded, run) >= 0);
};

/** Questions that lacked the element and say one of the phrases; all that lacked it when none of them does. */
export function questionsNaming(
  finding: Finding,
  phrases: readonly { readonly key: string }[],
  rows: readonly AnalyzedRow[],
): readonly string[] {
  const runs = phrases.map((phrase) => phrase.key.split(' '));
  const naming = rows
    .filter(
      (row) => row.lacking.has(finding.element.key) && runs.some((run) => indexOfRun(row.folded, run) >= 0),
    )
    .map((row) => row.row.question_id);
  return naming.length === 0 ? finding.question_ids : naming.sort(compareCodeUnits);
}

/** First letter in upper case. */
export const capitalize = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** A text with a sentence added behind it; the owner's words stay as they are. */
export const appendSentence = (text: string, sentence: string): string =>
  text.trim() === ''
    ? sentence
    : `${/[.!?:;]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`} ${sentence}`;

/** Average score of the evidence behind a finding, damped when one question alone supports it. */
export const evidenceConfidence = (scores: readonly number[], questions: number): number => {
  const best = scores.length === 0 ? 0.5 : Math.max(...scores);
  return Math.min(0.9, 0.4 + 0.35 * Math.min(1, best) + 0.1 * Math.min(2, questions - 1));
};
