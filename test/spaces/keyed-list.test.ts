import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAt } from '../../src/spaces/index.ts';

const key = fc.oneof(fc.constantFrom('a', 'b', 'B', '', 'ü', '😀', '__proto__'), fc.string({ maxLength: 3 }));
const items = fc.uniqueArray(key, { maxLength: 20 }).map((keys) => keys.map((id) => ({ id })));

describe('a keyed path', () => {
  it('finds the item with the key in a list of any order', () => {
    fc.assert(
      fc.property(items, key, (list, is) => {
        expect(readAt({ list }, ['list', { by: 'id', is }])).toBe(list.find(({ id }) => id === is));
      }),
    );
  });

  it('finds it in a sorted list, and among items that have no such key', () => {
    fc.assert(
      fc.property(items, key, fc.boolean(), (list, is, mixed) => {
        const sorted = list.toSorted((a, b) => (a.id < b.id ? -1 : 1));
        const all = mixed ? [null, 7, { id: 3 }, ...sorted, {}] : sorted;
        expect(readAt({ all }, ['all', { by: 'id', is }])).toBe(sorted.find(({ id }) => id === is));
      }),
    );
  });
});
