/**
 * New ids of the form `<domain>_<NNN>`, behind the highest number in use: gaps are never filled, so no id comes back.
 *
 * @param taken - every id that is or was in use, also those of removed questions
 * @see spec/benchmarks.md §2
 */
export function nextQuestionIds(domain: string, taken: Iterable<string>, count: number): string[] {
  const prefix =
    domain
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, '_')
      .replace(/^_+|_+$/g, '') || 'question';
  const pattern = /^(.+)_(\d+)$/;
  let highest = 0;
  for (const id of taken) {
    const match = pattern.exec(id);
    if (match?.[1] === prefix) highest = Math.max(highest, Number(match[2]));
  }
  return Array.from({ length: count }, (_, at) => `${prefix}_${String(highest + at + 1).padStart(3, '0')}`);
}
