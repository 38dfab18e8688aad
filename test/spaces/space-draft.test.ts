import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Draft, readAt, writeAt } from '../../src/spaces/index.ts';
import type { SpacePath } from '../../src/spaces/index.ts';

const name = fc.constantFrom('a', 'b', 'c', '__proto__');
/** Few objects, so that paths share segments by identity, as those of one patch do. */
const keyed = fc.constantFrom(...['a', 'b', 'c', '__proto__'].map((is) => ({ by: 'id', is })));
const segment = fc.oneof(name, keyed);
/** A list after each key, as in a space, so that paths fit the values they make. */
const path: fc.Arbitrary<SpacePath> = fc
  .array(fc.tuple(name, segment), { minLength: 1, maxLength: 3 })
  .map((pairs) => pairs.flatMap(([key, then]) => (typeof then === 'string' ? [key] : [`list_${key}`, then])));
const value = fc.oneof(
  fc.constant(undefined),
  fc.string(),
  fc.array(fc.string()),
  fc.record({ id: name, x: fc.nat() }),
);
const write = fc.record({ path, value });

const item = (id: string, text: string) => ({ id, text, words: [text] });

describe('Draft', () => {
  it('writes what writeAt writes, and leaves the input and everything handed out before as it was', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 12 }), (writes) => {
        const root: unknown = { list_a: [{ id: 'a', x: 1 }, { id: 'b' }] };
        const kept = structuredClone(root);
        const draft = new Draft<unknown>(root);
        let expected = root;
        const handedOut: { value: unknown; copy: string }[] = [];
        for (const { path, value } of writes) {
          const before = draft.read(path);
          expect(before).toEqual(readAt(expected, path));
          handedOut.push({ value: before, copy: JSON.stringify(before) ?? '' });
          expected = writeAt(expected, path, value);
          draft.write(path, value, before);
          expect(draft.current).toEqual(expected);
          for (const { value: old, copy } of handedOut) expect(JSON.stringify(old) ?? '').toBe(copy);
        }
        expect(root).toEqual(kept);
      }),
      { numRuns: 300 },
    );
  });

  it('shares what it does not write, and copies a list once however often it is written', () => {
    const items = Array.from({ length: 100 }, (_, index) => item(`i${index}`, 'x'));
    const draft = new Draft({ items, other: { deep: [1] } });
    draft.write(['items', { by: 'id', is: 'i3' }, 'text'], 'y', 'x');
    const once = draft.current.items;
    for (let at = 0; at < 100; at += 1)
      draft.write(['items', { by: 'id', is: `i${at}` }, 'text'], `t${at}`, undefined);
    expect(draft.current.items).toBe(once);
    expect(draft.current.other.deep).toBe(draft.current.other.deep);
    expect(draft.current.items.map(({ text }) => text)).toEqual(items.map((_, at) => `t${at}`));
    expect(draft.current.items[7]?.words).toBe(items[7]?.words);
    expect(items.every(({ text }) => text === 'x')).toBe(true);
  });

  it('finds items after others were added and removed', () => {
    const items = Array.from({ length: 80 }, (_, index) => item(`i${index}`, 'x'));
    const draft = new Draft({ items });
    const found = (is: string) => draft.read(['items', { by: 'id', is }]);
    for (const { id } of items) expect(found(id)).toEqual(item(id, 'x'));
    draft.write(['items', { by: 'id', is: 'i0' }], undefined, items[0]);
    draft.write(['items', { by: 'id', is: 'a new one' }], item('a new one', 'n'), undefined);
    expect(found('i0')).toBeUndefined();
    expect(found('i79')).toEqual(item('i79', 'x'));
    expect(found('a new one')).toEqual(item('a new one', 'n'));
  });
});
