import type { Iteration } from './iteration.ts';

/** The stored rows of an iteration: under corrected answer keys where those are there, else as measured. */
export const readRowsText = async (
  { rescored_ref: rescored, rows_ref: measured }: Pick<Iteration, 'rescored_ref' | 'rows_ref'>,
  read: (path: string) => Promise<string | null>,
): Promise<string | null> =>
  (rescored === undefined ? null : await read(rescored)) ?? (measured === null ? null : read(measured));
