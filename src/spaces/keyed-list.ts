/**
 * The position of an item whose member `by` equals `is`, exactly and with case; −1 when there is none.
 *
 * The lists of a space stand in the order of their keys, as the API demands, so the search halves them; one
 * that is out of order is read from the front.
 */
export function indexOfKey(list: readonly unknown[], by: string, is: string): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const key = keyAt(list, middle, by);
    if (typeof key !== 'string' || key < is) low = middle + 1;
    else high = middle;
  }
  if (low < list.length && keyAt(list, low, by) === is) return low;
  for (let at = 0; at < list.length; at += 1) if (keyAt(list, at, by) === is) return at;
  return -1;
}

const keyAt = (list: readonly unknown[], at: number, by: string): unknown =>
  (list[at] as Record<string, unknown> | null | undefined)?.[by];
