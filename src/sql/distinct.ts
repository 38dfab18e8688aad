/** The first of those items that share a key, in order. */
export function distinctBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const own = key(item);
    return !seen.has(own) && seen.add(own);
  });
}
