import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { previewFileEdit } from '../../../src/apply/index.ts';

const preview = (before: string | null, after: string | null) =>
  previewFileEdit({ path: 'a.sql', before, after });

describe('the preview of an edit of a file', () => {
  it.each([
    ['a new file', null, 'a\nb', '+a\n+b'],
    ['a removed file', 'a\nb', null, '-a\n-b'],
    ['one line', 'a\nb\nc', 'a\nx\nc', '-b\n+x'],
    ['two places, without what stands between', 'a\nb\nc\nd\ne', 'x\nb\nc\nd\ny', '-a\n+x\n-e\n+y'],
    ['nothing', 'a\nb', 'a\nb', ''],
  ])('shows %s', (_, before, after, expected) => {
    expect(preview(before, after)).toBe(expected);
  });

  it('is no longer than 500 characters, however large the file', () => {
    const lines = (word: string) => Array.from({ length: 3000 }, (_, index) => `${word} ${index}`).join('\n');
    expect(preview(lines('before'), lines('after'))).toHaveLength(500);
  });

  it('leaves out every line that stays', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, text, (old, next) => {
        const shown = preview(old.join('\n'), next.join('\n')).split('\n').filter(Boolean);
        const count = (lines: readonly string[], line: string) =>
          lines.filter((other) => other === line).length;
        for (const line of ['a', 'b', 'c', 'd'])
          expect(count(shown, `+${line}`) - count(shown, `-${line}`)).toBe(
            count(next, line) - count(old, line),
          );
        expect(shown.length).toBeLessThanOrEqual(old.length + next.length);
      }),
    );
  });
});
