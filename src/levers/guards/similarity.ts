/** Above this two instructions that name the same are one, and two examples show one statement. */
export const INSTRUCTION_SIMILARITY = 0.7;
export const EXAMPLE_SIMILARITY = 0.85;

/** Above this a text says nothing new. @see spec/asi-clustering-levers.md §6 */
export const NO_OP_SIMILARITY = 0.97;

const plain = (text: string): string => text.toLowerCase().replaceAll(/\s+/g, ' ').trim();

function trigrams(text: string): ReadonlySet<string> {
  const padded = `  ${plain(text)} `;
  return new Set(Array.from({ length: padded.length - 2 }, (_, at) => padded.slice(at, at + 3)));
}

/** Share of the runs of three characters that two texts have in common, 0–1; case and spaces do not count. */
export function textSimilarity(a: string, b: string): number {
  const [left, right] = [trigrams(a), trigrams(b)];
  const common = [...left].filter((gram) => right.has(gram)).length;
  return common / (left.size + right.size - common);
}

/**
 * Whether a text adds nothing to the one in its place.
 *
 * What was appended is compared with each sentence there is: a short sentence behind a long text would else drown.
 */
export function saysNothingNew(current: string, proposed: string): boolean {
  const isSame = (a: string, b: string): boolean => textSimilarity(a, b) > NO_OP_SIMILARITY;
  if (plain(current) === '' || plain(proposed) === '') return plain(current) === plain(proposed);
  if (!plain(proposed).startsWith(plain(current))) return isSame(current, proposed);
  const added = plain(proposed).slice(plain(current).length);
  if (plain(added) === '') return true;
  return current.split(/(?<=[.!?])\s+|\n/).some((sentence) => isSame(sentence, added));
}
