import type { FileEdit } from '../../session/index.ts';

/** Longest preview. @see spec/pipeline.md §6.8 */
const MAX_CHARS = 500;

/** Pairs of lines that are compared at most; beyond that everything between the first and the last change is shown. */
const MAX_PAIRS = 1_000_000;

/** What an edit changes in a file, as lines with `-` and `+`; at most 500 characters. */
export function previewFileEdit({ before, after }: FileEdit): string {
  const [old, next] = [linesOf(before), linesOf(after)];
  const shortest = Math.min(old.length, next.length);
  let head = 0;
  while (head < shortest && old[head] === next[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && old.at(-1 - tail) === next.at(-1 - tail)) tail += 1;
  const text = changedLines(old.slice(head, old.length - tail), next.slice(head, next.length - tail)).join(
    '\n',
  );
  return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS - 1)}…`;
}

const linesOf = (text: string | null): readonly string[] => (text === null ? [] : text.split('\n'));

/** Lines taken away and lines added, in order; those that stay are left out. */
function changedLines(old: readonly string[], next: readonly string[]): string[] {
  if (old.length * next.length > MAX_PAIRS)
    return [...old.map((line) => `-${line}`), ...next.map((line) => `+${line}`)];
  // Length of the longest common part of what follows line i of the one and line j of the other.
  const width = next.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = next.length - 1; j >= 0; j--)
      common[i * width + j] =
        old[i] === next[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: string[] = [];
  for (let i = 0, j = 0; i < old.length || j < next.length;) {
    if (i < old.length && j < next.length && old[i] === next[j]) {
      i += 1;
      j += 1;
    } else if (i < old.length && (j === next.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(`-${old[i] ?? ''}`);
      i += 1;
    } else {
      lines.push(`+${next[j] ?? ''}`);
      j += 1;
    }
  }
  return lines;
}
