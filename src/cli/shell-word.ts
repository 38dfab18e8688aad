/** A word as a POSIX shell reads it, in quotes where it must. */
export const shellWord = (word: string): string =>
  /^[\w./:=,@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
