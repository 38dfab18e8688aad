/** A text in quotes, as a POSIX shell reads it. */
export const shellQuoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A word as a POSIX shell reads it, in quotes where it must. */
export const shellWord = (word: string): string => (/^[\w./:=,@-]+$/.test(word) ? word : shellQuoted(word));
