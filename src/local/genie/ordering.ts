import { chooseDimension, columnPiece } from './dimensions.ts';
import { labelOf } from './label-column.ts';
import { covers } from './question-text.ts';
import { withoutValues, type MeasureChoice, type Piece } from './measures.ts';
import type { Dice } from './near-tie.ts';
import type { Reading } from './reading.ts';
import type { Scope } from './scope.ts';
import type { Shape } from './shape.ts';
import { identifier } from './sql-fragment.ts';

/** Select items with their order and limit. */
export interface Ordered {
  readonly groups: readonly Piece[];
  readonly measures: readonly MeasureChoice[];
  readonly columns: readonly Piece[];
  readonly order: { readonly by: string; readonly direction: 'ASC' | 'DESC' } | null;
  readonly limit: number | null;
}

/** Rankings order by the measure, a wish to sort by what it names, a row of periods by time. */
export function ordered(shape: Shape, scope: Scope, reading: Reading, dice: Dice): Ordered {
  const measures = shape.measures.map(({ choice }) => choice);
  const plain = { groups: shape.groups, measures, columns: shape.columns, order: null, limit: null };
  const first = measures[0];
  const { ranking } = reading;
  if (ranking !== null && first !== undefined && (shape.groups.length > 0 || shape.rowLevel)) {
    const limit = ranking.limit ?? (wantsOne(reading) || shape.hasGrain ? 1 : null);
    if (!shape.rowLevel || first.column === null) {
      return { ...plain, order: { by: identifier(first.piece.alias), direction: ranking.direction }, limit };
    }
    const figure = columnPiece(first.column, scope.base, scope, null);
    const label = shape.groups.length > 0 ? null : labelOf(scope.base);
    const rows = [...(label === null ? shape.groups : [columnPiece(label, scope.base, scope, null)]), figure];
    return {
      groups: [],
      measures: [],
      columns: rows,
      order: { by: figure.sql, direction: ranking.direction },
      limit,
    };
  }
  if (typeof ranking?.limit === 'number' && shape.columns.length > 0)
    return { ...plain, limit: ranking.limit };
  const sort = reading.intent.items.find((item) => item.role === 'order');
  if (sort !== undefined) {
    const direction = reading.tokens.some((token) =>
      /^desc|^highest$|^largest$|^most$|^newest$|^latest$/.test(token.lower),
    )
      ? 'DESC'
      : 'ASC';
    const target = chooseDimension(withoutValues(sort.tokens, reading), scope, reading, dice, 'list');
    const label = sort.tokens.some((index) => /^names?$/.test(reading.tokens[index]?.lower ?? ''))
      ? labelOf(scope.base)
      : null;
    const group = shape.groups.find(
      (piece) => piece.target !== null && piece.target.id === target?.piece.target?.id,
    );
    const measure = measures.find(
      (choice) => choice.piece.target !== null && choice.piece.target.id === target?.piece.target?.id,
    );
    const aggregated = group?.alias ?? measure?.piece.alias ?? first?.piece.alias;
    const by =
      shape.columns.length > 0
        ? (target?.piece.sql ??
          (label === null ? shape.columns[0] : columnPiece(label, scope.base, scope, null))?.sql)
        : aggregated === undefined
          ? undefined
          : identifier(aggregated);
    if (by !== undefined) return { ...plain, order: { by, direction } };
  }
  const grain = shape.hasGrain ? shape.groups[0] : undefined;
  return grain === undefined ? plain : { ...plain, order: { by: identifier(grain.alias), direction: 'ASC' } };
}

/** "which thing has …" wants one row, "which things have …" all of them. */
function wantsOne(reading: Reading): boolean {
  const item = reading.intent.items.find(
    (candidate) => candidate.role === 'subject' || candidate.role === 'group',
  );
  const words = (item?.tokens ?? [])
    .map((index) => reading.tokens[index])
    .filter((token) => token?.content === true);
  // "which thing handles …": the verb behind the noun is no part of it.
  const named = words.filter((token) => reading.certain.some((link) => covers(link, token?.index ?? -1)));
  const noun = (named.length > 0 ? named : words).at(-1);
  const verb = reading.tokens[(noun?.index ?? -2) + 1]?.lower ?? '';
  return /^(?:has|is|was|does|with)$/.test(verb)
    ? verb !== 'with' || !/[^s]s$/.test(noun?.lower ?? '')
    : !/[^su]s$/.test(noun?.lower ?? '');
}
