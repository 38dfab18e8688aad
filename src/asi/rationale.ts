import type { FailureType } from './taxonomy.ts';

const PROBLEM =
  /\b(?:wrong|missing|incorrect|absent|lacks?|omits?|not (?:the right|used|applied|included))\b/;

/** Words that name the part of a statement a rationale complains about, most telling first. */
const PATTERNS: readonly (readonly [pattern: RegExp, type: FailureType])[] = [
  [/\b(?:asset|routing|routed)\b/, 'asset_routing_error'],
  [/\b(?:table-valued function|tvf|parameters?|arguments?)\b/, 'tvf_parameter_error'],
  [/\bjoin(?:s|ed|ing)?\b/, 'wrong_join'],
  [/\b(?:date|period|time|temporal) (?:filter|range|restriction|predicate)\b/, 'missing_temporal_filter'],
  [/\b(?:filters?|where|predicates?|conditions?|literals?)\b/, 'missing_filter'],
  [/\b(?:measures?|metrics?)\b/, 'wrong_measure'],
  [/\b(?:aggregat(?:e|es|ed|ion|ions)|group(?:ed|ing)?|grain)\b/, 'wrong_aggregation'],
  [/\btables?\b/, 'wrong_table'],
  [/\bcolumns?\b/, 'wrong_column'],
  [/\b(?:order|sort(?:ed|ing)?|limit|ties?)\b/, 'missing_instruction'],
];

/**
 * The failure type that a rationale speaks of, by whole words, or `null` when it names none.
 *
 * A sentence counts only when it also says that something is wrong or missing; "the vegetable is
 * missing" therefore blames no table.
 *
 * @see spec/asi-clustering-levers.md §4
 */
export function failureTypeFromRationale(rationale: string): FailureType | null {
  for (const sentence of rationale.toLowerCase().split(/[.;\n]+/)) {
    if (!PROBLEM.test(sentence)) continue;
    const hit = PATTERNS.find(([pattern]) => pattern.test(sentence));
    if (hit !== undefined) return hit[1];
  }
  return null;
}
