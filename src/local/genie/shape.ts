import type { DateChoice } from './dates.ts';
import { chooseDimension, columnPiece, grainPiece, type DimensionChoice } from './dimensions.ts';
import type { IntentItem } from './intent.ts';
import { labelOf } from './label-column.ts';
import {
  chooseMeasure,
  countOf,
  measureOf,
  withoutValues,
  type MeasureChoice,
  type Piece,
} from './measures.ts';
import type { Dice } from './near-tie.ts';
import type { Reading } from './reading.ts';
import type { Scope } from './scope.ts';

export interface MeasuredItem {
  readonly choice: MeasureChoice;
  /** The words it was linked from. */
  readonly tokens: readonly number[];
}

/** What is measured, grouped and listed. `columns` is empty when something is aggregated. */
export interface Shape {
  readonly measures: readonly MeasuredItem[];
  readonly groups: readonly Piece[];
  readonly columns: readonly Piece[];
  readonly distinct: boolean;
  readonly groupScore: number;
  /** Indexes of the words that groups were linked from: they speak for no table besides. */
  readonly grouped: readonly number[];
  readonly unresolved: number;
  /** Rows of the base are ranked by one of its own columns: nothing is summed up. */
  readonly rowLevel: boolean;
  readonly hasGrain: boolean;
}

/** Decides between a list and an aggregation, and links the words of each part. */
export function shapeOf(scope: Scope, reading: Reading, dice: Dice, date: DateChoice | null): Shape {
  const items = reading.intent.items;
  const meaningful = (item: IntentItem): boolean =>
    withoutValues(item.tokens, reading).some((index) => reading.tokens[index]?.content === true);
  const measured = items.filter(
    (item) => item.role === 'measure' && (item.aggregate !== null || meaningful(item)),
  );
  const subjects = items.filter((item) => item.role === 'subject' && meaningful(item));
  const grouping = items.filter((item) => item.role === 'group' && meaningful(item));
  const { grain } = reading.time;
  const aggregated =
    measured.length > 0 || reading.ranking?.byMeasure === true || grouping.length > 0 || grain !== null;
  const measures: MeasuredItem[] = measured.map((item) => ({
    choice: saidElsewhere(chooseMeasure(item, scope, reading, dice), grouping, scope, reading),
    tokens: item.tokens,
  }));
  if (measures.length === 0) measures.push(...unspokenMeasures(subjects, aggregated, scope, reading, dice));
  if (measures.length === 0) return listShape(scope, reading, dice, subjects);

  const average = measured.length > 0 && measured.every((item) => item.aggregate === 'AVG');
  // "things per kind": the things are what is counted, so they are no group of another table's rows.
  const counted = measured.length === 0 && grouping.length > 0 && reading.ranking === null;
  const dimensions = [...subjects, ...grouping]
    .filter((item) => !measures.some(({ tokens }) => tokens === item.tokens))
    .map((item) =>
      chooseDimension(
        withoutValues(item.tokens, reading),
        scope,
        reading,
        dice,
        item.role === 'group' ? 'group' : 'subject',
      ),
    )
    .map((dimension, at) => {
      const entity = dimension?.entity ?? scope.base;
      return counted && at < subjects.length && entity !== scope.base ? null : dimension;
    });
  const found = dimensions.filter(
    (dimension): dimension is DimensionChoice =>
      dimension !== null &&
      // "things per month", where the word for the things is that of their date: the date is there already.
      !(grain !== null && dimension.column !== null && dimension.column === date?.column) &&
      !measures.some(
        ({ choice }) => choice.piece.target !== null && choice.piece.target.id === dimension.piece.target?.id,
      ),
  );
  // "average … per <row of the base>" is the plain average.
  const kept = found.filter((dimension) => !(average && dimension.entity === scope.base));
  const first = measures[0]?.choice;
  const grainPieces =
    grain === null || date === null ? [] : [grainPiece(grain.unit, date.column, date.asset, scope)];
  return {
    measures,
    groups: uniqueBy([...grainPieces, ...kept.map((dimension) => dimension.piece)], (piece) => piece.sql),
    columns: [],
    distinct: false,
    groupScore:
      found.reduce((sum, dimension) => sum + dimension.score, 0) + (grainPieces.length > 0 ? 0.5 : 0),
    grouped: found.flatMap((dimension) => dimension.covered),
    unresolved: dimensions.filter((dimension) => dimension === null).length,
    rowLevel:
      reading.ranking !== null &&
      first !== undefined &&
      first.column !== null &&
      measured.every((item) => item.aggregate === null) &&
      grouping.length === 0 &&
      found.every((dimension) => dimension.entity === scope.base) &&
      (found.length > 0 || reading.ranking.limit !== null),
    hasGrain: grainPieces.length > 0,
  };
}

/** "how many … did we see of <measure>": a measure that the question names in another place stands for a guessed one. */
function saidElsewhere(
  choice: MeasureChoice,
  grouping: readonly IntentItem[],
  scope: Scope,
  reading: Reading,
): MeasureChoice {
  if (!choice.guessed) return choice;
  const link = reading.certain.find(
    ({ target, start }) =>
      target.kind === 'column' &&
      target.asset === scope.base &&
      target.column.role === 'measure' &&
      !grouping.some(({ tokens }) => tokens.includes(start)),
  );
  return link === undefined
    ? choice
    : { ...measureOf(link.target, null, scope.base), score: link.strength * 0.8, guessed: false };
}

/** No word says "total" or "how many": figures among the subjects are measured all the same, else rows are counted. */
function unspokenMeasures(
  subjects: readonly IntentItem[],
  aggregated: boolean,
  scope: Scope,
  reading: Reading,
  dice: Dice,
): MeasuredItem[] {
  const readings = subjects.map((item) => ({
    item,
    choice: chooseMeasure(item, scope, reading, dice),
    other: chooseDimension(withoutValues(item.tokens, reading), scope, reading, dice, 'subject'),
  }));
  const figures = readings.filter(
    ({ choice, other }) =>
      !choice.guessed &&
      choice.score >= (other?.score ?? 0) * 0.99 &&
      // "top 3 things": the things are ranked, they are not what is measured.
      (!choice.countsRows || (aggregated && (reading.ranking === null || subjects.length > 1))),
  );
  if (figures.length > 0 && (aggregated || (figures.length === subjects.length && !wantsRows(reading)))) {
    return figures.map(({ item, choice }) => ({ choice, tokens: item.tokens }));
  }
  if (!aggregated) return [];
  const unknown = readings.find(({ other }) => other === null)?.item;
  if (unknown !== undefined && reading.ranking === null) {
    return [{ choice: chooseMeasure(unknown, scope, reading, dice), tokens: unknown.tokens }];
  }
  if (reading.ranking !== null) {
    const nothing: IntentItem = { role: 'measure', aggregate: null, tokens: [], cue: [], ranks: true };
    return [{ choice: chooseMeasure(nothing, scope, reading, dice), tokens: [] }];
  }
  const isTable = scope.base.kind === 'table';
  const count = {
    piece: countOf(scope.base, null),
    score: 0,
    guessed: !isTable,
    countsRows: isTable,
    column: null,
  };
  return [{ choice: count, tokens: [] }];
}

/** "list …", or names and details asked for: rows, even when a figure is among them. */
const wantsRows = (reading: Reading): boolean =>
  reading.tokens[0]?.lower === 'list' ||
  reading.tokens.some((token) => /^(?:names?|details|each|all)$/.test(token.lower));

/** A list of rows: the columns named, else every visible column of what is asked for. */
function listShape(scope: Scope, reading: Reading, dice: Dice, subjects: readonly IntentItem[]): Shape {
  const extra = reading.intent.items.filter(
    (item) => item.role === 'filter' && reading.tokens[(item.tokens[0] ?? 0) - 1]?.lower === 'with',
  );
  const choices = [...subjects, ...extra].map((item) =>
    chooseDimension(withoutValues(item.tokens, reading), scope, reading, dice, 'list'),
  );
  const found = choices.filter((choice): choice is DimensionChoice => choice !== null);
  const named = found.filter((choice) => choice.entity === null);
  const namesEntity =
    named.length < found.length ||
    reading.links.phrases.some((link) => link.target.kind === 'asset' && link.target.asset === scope.base);
  const label = found.find((choice) => choice.entity !== null)?.piece ?? entityLabel(scope, reading);
  const everything = scope.base.columns.filter((column) => column.role !== 'measure');
  const whole = wholeRows(named, subjects.length + extra.length, scope, reading);
  const columns =
    named.length > 0 && !whole
      ? [...(label === null ? [] : [label]), ...named.map((choice) => choice.piece)]
      : everything.map((column) => columnPiece(column, scope.base, scope, null));
  const categories = named.every(
    ({ column }) =>
      column === null || (!column.isKey && (column.kind === 'text' || column.kind === 'boolean')),
  );
  return {
    measures: [],
    groups: [],
    columns: uniqueBy(columns, (piece) => piece.sql),
    distinct:
      reading.intent.distinct ||
      (named.length > 0 && !whole && !namesEntity && categories) ||
      // Things listed by way of another table come once each.
      columns.every((piece) => piece.nodes.every((node) => node !== scope.base.alias)),
    groupScore: found.reduce((sum, choice) => sum + choice.score, 0),
    grouped: [],
    unresolved: choices.length - found.length,
    rowLevel: false,
    hasGrain: false,
  };
}

/** "show the <table>": all of its columns, although a column goes by the same word. */
function wholeRows(
  named: readonly DimensionChoice[],
  parts: number,
  scope: Scope,
  reading: Reading,
): boolean {
  const [only] = named;
  if (only === undefined || parts !== 1 || reading.tokens.some((token) => /^names?$/.test(token.lower)))
    return false;
  const opener = reading.tokens
    .slice(0, 4)
    .some((token) => /^(?:list|show|display|give|get|see)$/.test(token.lower));
  return (
    opener &&
    only.covered.length > 0 &&
    reading.links.phrases.some(
      (link) =>
        link.target.kind === 'asset' &&
        link.target.asset === scope.base &&
        only.covered.every((index) => index >= link.start && index < link.end),
    )
  );
}

/** "the name and … of all <rows>": the word name alone means the label of the rows. */
function entityLabel(scope: Scope, reading: Reading): Piece | null {
  const label = reading.tokens.some((token) => /^names?$/.test(token.lower)) ? labelOf(scope.base) : null;
  return label === null ? null : columnPiece(label, scope.base, scope, null);
}

export function uniqueBy<T>(values: readonly T[], key: (value: T) => string): T[] {
  const byKey = new Map<string, T>();
  for (const value of values) if (!byKey.has(key(value))) byKey.set(key(value), value);
  return [...byKey.values()];
}
