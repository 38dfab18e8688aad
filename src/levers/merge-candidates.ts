import { compareCodeUnits } from '../core/index.ts';
import type { Candidate } from './finish-proposal.ts';
import { EXAMPLE_SIMILARITY, INSTRUCTION_SIMILARITY, textSimilarity } from './guards/similarity.ts';
import { patchFingerprint } from './memory.ts';

/** Each change once: equal ones and those that say the same in other words are one proposal for all their questions. */
export const mergeCandidates = (candidates: readonly Candidate[]): Candidate[] =>
  mergeSimilar(mergeEqual(candidates));

/** Equal for candidates that make the same changes, for whatever reason. */
export const fingerprintOf = (candidate: Candidate): string =>
  candidate.changes
    .map(({ change }) => patchFingerprint(change))
    .sort(compareCodeUnits)
    .join(' ');

/** The same changes for several reasons are one proposal; a change is proposed once only. */
function mergeEqual(candidates: readonly Candidate[]): Candidate[] {
  const byPrint = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const print = fingerprintOf(candidate);
    const known = byPrint.get(print);
    const question_ids = unionOf(known?.question_ids ?? [], candidate.question_ids);
    byPrint.set(print, { ...(known ?? candidate), question_ids });
  }
  const used = new Set<string>();
  // The larger first: a change that helps alone and together with others is worth more together.
  const largest = [...byPrint.values()].sort((a, b) => b.changes.length - a.changes.length);
  return largest.flatMap((candidate) => {
    const fresh = candidate.changes.filter(({ change }) => {
      const print = patchFingerprint(change);
      if (used.has(print)) return false;
      used.add(print);
      return true;
    });
    return fresh.length === 0 ? [] : [{ ...candidate, changes: fresh }];
  });
}

/** Instructions that say the same, and examples of one statement, are one; the surer of them stays. */
function mergeSimilar(candidates: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of candidates.toSorted((a, b) => b.draft.confidence - a.draft.confidence)) {
    const at = kept.findIndex((one) => saysTheSame(one, candidate));
    const known = kept[at];
    if (known === undefined) kept.push(candidate);
    else kept[at] = { ...known, question_ids: unionOf(known.question_ids, candidate.question_ids) };
  }
  return kept;
}

function saysTheSame(a: Candidate, b: Candidate): boolean {
  const [one, other] = [onlyChange(a), onlyChange(b)];
  if (one === null || other === null || one['type'] !== other['type']) return false;
  if (one['type'] === 'add_example_sql')
    return textSimilarity(String(one['sql']), String(other['sql'])) > EXAMPLE_SIMILARITY;
  if (one['type'] !== 'add_instruction') return false;
  const [left, right] = [String(one['text']), String(other['text'])];
  // Rules of one pattern differ in what they name: that is what they are about.
  return namedIn(left) === namedIn(right) && textSimilarity(left, right) > INSTRUCTION_SIMILARITY;
}

const onlyChange = ({ changes }: Candidate): Readonly<Record<string, unknown>> | null => {
  const [only, second] = changes;
  return only === undefined || second !== undefined ? null : only.change;
};

/** Quoted words, identifiers and numbers of a text, in a fixed order. */
const namedIn = (text: string): string =>
  [...text.matchAll(/'[^']*'|"[^"]*"|\b\w*[_.]\w+|\d+/g)]
    .map(([name]) => name.toLowerCase())
    .sort()
    .join(' ');

const unionOf = (a: readonly string[], b: readonly string[]): readonly string[] =>
  [...new Set([...a, ...b])].sort(compareCodeUnits);
