import { columnPiece } from './dimensions.ts';
import { labelOf } from './label-column.ts';
import { measureOf } from './measures.ts';
import type { Asset } from './model.ts';
import { written, type NumberCondition, type NumberConditions } from './number-conditions.ts';
import type { Scope } from './scope.ts';
import type { Shape } from './shape.ts';

/** "things with more than 5 …", where a thing has many rows of the figure: its total is compared, not each row. */
export function withTotals(
  shape: Shape,
  numbers: NumberConditions,
  scope: Scope,
): { readonly shape: Shape; readonly numbers: NumberConditions } {
  const thing = shape.columns.length > 0 ? listedAsset(shape, scope) : null;
  const label = thing === null ? null : labelOf(thing);
  const totalled = thing === null ? [] : numbers.where.filter((number) => hasMany(thing, number, scope));
  if (thing === null || label === null || totalled.length === 0) return { shape, numbers };
  const measures = totalled.map((number) => {
    const target = { kind: 'column', id: `total:${number.column.name}`, ...number } as const;
    return { choice: { ...measureOf(target, 'SUM', number.asset), score: 0, guessed: false }, tokens: [] };
  });
  return {
    shape: {
      ...shape,
      measures,
      groups: [columnPiece(label, thing, scope, null)],
      columns: [],
      distinct: false,
      groupScore: shape.groupScore + totalled.reduce((sum, { score }) => sum + score, 0),
    },
    numbers: {
      where: numbers.where.filter((number) => !totalled.includes(number)),
      having: [
        ...numbers.having,
        ...totalled.map(({ comparison }, at) => written(measures[at]?.choice.piece.sql ?? '', comparison)),
      ],
    },
  };
}

/** The one table whose rows are listed; `null` when columns of several stand beside each other. */
function listedAsset(shape: Shape, scope: Scope): Asset | null {
  const nodes = new Set(shape.columns.flatMap((piece) => piece.nodes));
  const [node, ...more] = nodes;
  return node === undefined || more.length > 0 ? null : (scope.assetOf(node) ?? null);
}

/** Walking from the listed table to the figure, or back from a figure of the base, tells which side has many rows. */
function hasMany(thing: Asset, number: NumberCondition, scope: Scope): boolean {
  if (number.asset === thing) return false;
  if (thing === scope.base) return scope.path(number.asset)?.some((step) => step.fansOut) === true;
  const steps = number.asset === scope.base ? scope.path(thing) : null;
  return (
    steps !== null && steps.length > 0 && steps.every((step) => !step.fansOut && step.edge.many !== null)
  );
}
