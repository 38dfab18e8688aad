import type { Session } from '../session/index.ts';

/** The warnings of a session with more, each once. */
export const withWarnings = (
  { warnings }: Pick<Session, 'warnings'>,
  ...more: readonly string[]
): Pick<Session, 'warnings'> => ({ warnings: [...new Set([...warnings, ...more])] });
