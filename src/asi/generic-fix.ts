import { compareCodeUnits } from '../core/index.ts';
import type { AsiRecord } from './asi.ts';
import type { BlameIndex } from './blame.ts';

const VAGUE_START = /^(?:please )?(?:review|check|verify|ensure|investigate|consider|look at|examine)\b/i;
const QUOTED = /'[^']{2,}'|"[^"]{2,}"|“[^”]{2,}”/;
const PAYLOAD =
  /'[^']{2,}'|"[^"]{2,}"|“[^”]{2,}”|[=<>]|\b(?:means|synonyms?|join(?:s|ed)? .+ (?:on|to)|filter(?:ed)? (?:by|on)|is (?:null|not)|in \()/i;

/**
 * Whether a counterfactual fix says nothing that can be carried out.
 *
 * Specific is a fix that names an object of the space or quotes the user's phrase, and brings
 * something to write: a quoted text, a predicate, a synonym, a join.
 *
 * @see spec/asi-clustering-levers.md §6
 */
export function isGenericFix(fix: string, index: BlameIndex): boolean {
  const text = fix.trim();
  if (text === '' || !PAYLOAD.test(text)) return true;
  if (VAGUE_START.test(text) && !QUOTED.test(text)) return true;
  if (QUOTED.test(text)) return false;
  const words = text.match(/[\w$`.]+/g) ?? [];
  return !words.some((word) => index.resolve(word.replace(/\.$/, '')) !== null);
}

/** A judge that keeps saying nothing specific. */
export interface JudgeQualityFeedback {
  readonly judge_name: string;
  readonly feedback_type: 'generic_counterfactual_fix';
  /** The most common generic fix. */
  readonly example: string;
  readonly desired: string;
  readonly count: number;
}

/** Counts generic fixes per judge, most first; judges without any are absent. */
export function judgeQualityFeedback(
  records: readonly AsiRecord[],
  index: BlameIndex,
): readonly JudgeQualityFeedback[] {
  const byJudge = new Map<string, Map<string, number>>();
  for (const { judge, asi } of records) {
    const fix = asi.counterfactual_fix;
    if (fix === null || !isGenericFix(fix, index)) continue;
    const counts = byJudge.get(judge) ?? new Map<string, number>();
    byJudge.set(judge, counts.set(fix, (counts.get(fix) ?? 0) + 1));
  }
  return [...byJudge]
    .map(([judge_name, counts]) => {
      const ranked = [...counts].sort((a, b) => b[1] - a[1] || compareCodeUnits(a[0], b[0]));
      return {
        judge_name,
        feedback_type: 'generic_counterfactual_fix' as const,
        example: ranked[0]?.[0] ?? '',
        desired: 'Name the object to change and quote the text, predicate or synonym to write.',
        count: ranked.reduce((sum, [, count]) => sum + count, 0),
      };
    })
    .sort((a, b) => b.count - a.count || compareCodeUnits(a.judge_name, b.judge_name));
}
