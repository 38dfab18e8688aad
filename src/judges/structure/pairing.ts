/** Takes out of both lists, in order, all pairs that pass the test. */
export function takePairs<T>(left: T[], right: T[], test: (left: T, right: T) => boolean): [T, T][] {
  const pairs: [T, T][] = [];
  const candidates = [...left];
  for (const item of candidates) {
    const at = right.findIndex((other) => test(item, other));
    const partner = right[at];
    if (partner === undefined) continue;
    right.splice(at, 1);
    left.splice(left.indexOf(item), 1);
    pairs.push([item, partner]);
  }
  return pairs;
}
