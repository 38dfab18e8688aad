/** Errors of an output that nobody reads any more: `| head -1` has ended, the terminal was closed. */
const GONE: ReadonlySet<string> = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']);

interface Output {
  write(text: string): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/**
 * Writes to an output that may be closed while we write: from then on it is silent.
 *
 * @param whenGone - told once, when the first write fails: with nothing when nobody reads any more, else with the
 *   reason, such as a full disk
 */
export function writerTo(output: Output, whenGone: (reason: string | null) => void): (text: string) => void {
  let isOpen = true;
  output.on('error', (error) => {
    if (isOpen) whenGone('code' in error && GONE.has(String(error.code)) ? null : error.message);
    isOpen = false;
  });
  return (text) => {
    if (isOpen) output.write(text);
  };
}

/** Whether a line can be redrawn: a terminal that is not as dumb as an editor's or a log's. */
export const canRedraw = (
  output: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean => output.isTTY === true && env['TERM'] !== 'dumb';
