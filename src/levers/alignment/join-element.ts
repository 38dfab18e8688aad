import type { SqlFacts } from '../../sql/index.ts';
import type { Schema } from '../schema.ts';
import type { Element } from './element.ts';

/** The equality pairs of a join as one element, tables and pairs in a fixed order; `null` when a side cannot be told. */
export function joinElement(pairs: SqlFacts['joins'][number]['pairs'], schema: Schema): Element | null {
  const resolved = pairs.flatMap(([a, b]) => {
    const [left, right] = [schema.table(a.table), schema.table(b.table)];
    if (left === null || right === null || left.key === right.key) return [];
    return left.key < right.key
      ? [{ left: left.key, right: right.key, pair: [a.column, b.column] as const }]
      : [{ left: right.key, right: left.key, pair: [b.column, a.column] as const }];
  });
  const [first] = resolved;
  if (first === undefined || resolved.some((item) => item.left !== first.left || item.right !== first.right))
    return null;
  const sorted = resolved.map((item) => item.pair).sort((a, b) => (a.join('=') < b.join('=') ? -1 : 1));
  const text = sorted.map((pair) => pair.join('=')).join('&');
  return {
    kind: 'join',
    key: `join:${first.left}~${first.right}#${text}`,
    left: first.left,
    right: first.right,
    pairs: sorted,
  };
}
