/** 1: the first row beats the second; -1: it is beaten; 0: neither. */
export function compareRows(
  a: Float64Array,
  from: number,
  b: Float64Array,
  at: number,
  width: number,
): -1 | 0 | 1 {
  let k = 0;
  while (k < width && a[from + k] === b[at + k]) k++;
  if (k === width) return 0;
  // The first value that differs leaves one way to go, so the others need one look each.
  if ((a[from + k] as number) > (b[at + k] as number)) {
    while (k < width && (a[from + k] as number) >= (b[at + k] as number)) k++;
    return k === width ? 1 : 0;
  }
  while (k < width && (a[from + k] as number) <= (b[at + k] as number)) k++;
  return k === width ? -1 : 0;
}
