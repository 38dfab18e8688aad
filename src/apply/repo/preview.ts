import type { FileEdit } from '../change-record.ts';

/** Longest preview. @see spec/pipeline.md §6.8 */
const MAX_CHARS = 500;

/** What an edit changes in a file, as lines with `-` and `+`; at most 500 characters. */
export function previewFileEdit({ before, after }: FileEdit): string {
  const [old, next] = [linesOf(before), linesOf(after)];
  const shortest = Math.min(old.length, next.length);
  let head = 0;
  while (head < shortest && old[head] === next[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && old.at(-1 - tail) === next.at(-1 - tail)) tail += 1;
  const text = [
    ...old.slice(head, old.length - tail).map((line) => `-${line}`),
    ...next.slice(head, next.length - tail).map((line) => `+${line}`),
  ].join('\n');
  return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS - 1)}…`;
}

const linesOf = (text: string | null): readonly string[] => (text === null ? [] : text.split('\n'));
