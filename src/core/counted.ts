/**
 * A number with its noun, for people: `1 statement`, `2 statements`.
 *
 * @param plural - of a noun that does not just take an `s`
 */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`;
