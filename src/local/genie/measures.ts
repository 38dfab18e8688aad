import { nearestName } from '../../core/index.ts';
import type { Aggregate, IntentItem } from './intent.ts';
import { scoreTargets } from './links.ts';
import { isFigure, type Asset, type AssetColumn } from './model.ts';
import type { Dice } from './near-tie.ts';
import type { Reading } from './reading.ts';
import type { Scope } from './scope.ts';
import { identifier, isAggregate } from './sql-fragment.ts';
import type { Target } from './targets.ts';
import { isContentWord, slug } from './tokens.ts';

/** A select item with the nodes it needs in FROM. */
export interface Piece {
  readonly sql: string;
  readonly alias: string;
  readonly nodes: readonly string[];
  readonly target: Target | null;
}

export interface MeasureChoice {
  readonly piece: Piece;
  readonly score: number;
  /** Nothing in the space explains the words: the engine took what was near. */
  readonly guessed: boolean;
  /** Counts rows of the base. */
  readonly countsRows: boolean;
  /** The plain column behind it, for questions about single rows. */
  readonly column: AssetColumn | null;
}

/** Links the words of a measure to what the base table can compute. */
export function chooseMeasure(item: IntentItem, scope: Scope, reading: Reading, dice: Dice): MeasureChoice {
  const { base } = scope;
  const within = withoutValues(item.tokens, reading);
  const namesThings = reading.links.phrases.some(
    ({ target, start, end }) =>
      target.kind === 'asset' && target.asset !== base && within.includes(start) && within.includes(end - 1),
  );
  const candidates = [...scoreTargets(reading.links, reading.tokens, within).values()]
    .map((entry) => ({
      ...entry,
      score: entry.score * fitness(entry.target, item.aggregate, base, scope, entry.score),
    }))
    .filter((entry) => entry.score > MEASURE_FLOOR && !(namesThings && entry.target.kind === 'filter'))
    .sort((a, b) => orderOf(a.target, scope) - orderOf(b.target, scope));
  const best = dice.choose(candidates, (entry) => entry.score);
  if (best === undefined) return guess(item, scope, reading, within);
  const coversCue = best.covered.some((index) => item.cue.includes(index)) && best.covered.length > 1;
  // The things counted go by the name of a date: each row with that date is one, however many share a day.
  const events = best.covered.some((index) => isContentWord(reading.tokens[index]?.lower ?? ''));
  return {
    ...measureOf(best.target, coversCue ? null : item.aggregate, base, events),
    score: best.score,
    guessed: false,
  };
}

const MEASURE_FLOOR = 0.25;
const NO_FIGURE = -0.6;

/** Indexes of an item that no value explains. */
export const withoutValues = (tokens: readonly number[], reading: Reading): number[] =>
  tokens.filter((index) => !reading.values.some((value) => index >= value.start && index < value.end));

/** Links at least as strong as this cover a whole name or synonym. */
const WHOLE_NAME = 1.5;
/** A key shares its first words with its table; only its full name means the key. */
const OWN_NAME = 1.6;

function fitness(
  target: Target,
  aggregate: Aggregate | null,
  base: Asset,
  scope: Scope,
  linked: number,
): number {
  const counts = aggregate === 'COUNT' || aggregate === 'COUNT_DISTINCT';
  if (target.kind === 'asset')
    return target.asset === base && base.kind === 'table' && (aggregate === null || counts)
      ? counts
        ? 1.1
        : 1
      : 0;
  if (target.kind === 'column') {
    if (target.asset !== base) return 0;
    const { column } = target;
    if (column.role === 'measure') return 1.05;
    if (column.role === 'dimension') return 0;
    // "how many nights" sums a column of that very name; a word in common is not enough to sum it up.
    if (counts && column.kind === 'number' && !column.isKey) return linked >= WHOLE_NAME ? 0.9 : 0.2;
    if (counts)
      return aggregate === 'COUNT_DISTINCT' || column.isKey ? 0.85 : column.kind === 'date' ? 0.2 : 0.7;
    // A key is no figure: its largest may be asked for, its sum never.
    if (column.kind === 'number' && !isFigure(column))
      return adds(aggregate) || (column.isKey && linked < OWN_NAME) ? 0 : 0.4;
    if (column.kind === 'number') return 1;
    return column.kind === 'date' && (aggregate === 'MIN' || aggregate === 'MAX') ? 1 : 0;
  }
  // "how many <filtered>": a filter that says which rows says whose rows, where nothing else is named.
  if (target.kind === 'filter')
    return counts && base.kind === 'table' && target.fragment.nodes[0] === base.alias ? 0.6 : 0;
  if (!target.fragment.nodes.includes(base.alias)) return 0;
  if (target.kind === 'expression') return aggregate === null || isAggregate(target.fragment.sql) ? 0.3 : 0.8;
  return 1.1 * scope.reachNodes(target.fragment.nodes);
}

const adds = (aggregate: Aggregate | null): boolean =>
  aggregate === 'SUM' || aggregate === 'AVG' || aggregate === 'MEDIAN';

/** Equal scores: what the space defines before what the engine would have to build. */
const orderOf = (target: Target, scope: Scope): number =>
  target.kind === 'measure'
    ? 0
    : target.kind === 'column'
      ? 1 + Math.max(0, scope.base.columns.indexOf(target.column))
      : 500;

/** A target as a select item, summed up as asked or as its description says. */
export function measureOf(
  target: Target,
  aggregate: Aggregate | null,
  base: Asset,
  events = false,
): Omit<MeasureChoice, 'score' | 'guessed'> {
  if (target.kind === 'asset' || target.kind === 'filter')
    return { piece: countOf(base, target), countsRows: true, column: null };
  if (target.kind === 'column') {
    const { column } = target;
    if (column.role === 'measure') {
      return {
        piece: {
          sql: `MEASURE(${identifier(column.name)})`,
          alias: slug(column.name),
          nodes: [base.alias],
          target,
        },
        countsRows: false,
        column: null,
      };
    }
    const ref = `${identifier(base.alias)}.${identifier(column.name)}`;
    const counts = aggregate === 'COUNT' && column.kind === 'date' && events;
    const distinct =
      aggregate === 'COUNT_DISTINCT' ||
      (aggregate === 'COUNT' && !counts && (column.isKey || column.kind !== 'number'));
    const used = counts
      ? 'COUNT'
      : distinct
        ? 'COUNT_DISTINCT'
        : ((aggregate === 'COUNT' ? null : aggregate) ?? hintedAggregate(column));
    return {
      piece: { sql: apply(used, ref), alias: aliasOf(used, column.name), nodes: [base.alias], target },
      countsRows: false,
      column: column.kind === 'text' ? null : column,
    };
  }
  const { fragment } = target;
  const sql =
    target.kind === 'measure' && (isAggregate(fragment.sql) || aggregate === null)
      ? fragment.sql
      : apply(aggregate ?? 'SUM', fragment.sql);
  return {
    piece: { sql, alias: target.alias, nodes: fragment.nodes, target },
    countsRows: false,
    column: null,
  };
}

export const countOf = (base: Asset, target: Target | null): Piece => ({
  sql: 'COUNT(*)',
  alias: `${slug(base.alias)}_count`,
  nodes: [base.alias],
  target,
});

export const apply = (aggregate: Aggregate, expression: string): string =>
  aggregate === 'COUNT_DISTINCT' ? `COUNT(DISTINCT ${expression})` : `${aggregate}(${expression})`;

const aliasOf = (aggregate: Aggregate, name: string): string =>
  `${{ SUM: 'total', AVG: 'average', MIN: 'min', MAX: 'max', COUNT: 'count', COUNT_DISTINCT: 'count', MEDIAN: 'median' }[aggregate]}_${slug(name)}`;

/** A description may say how a column is summed up ("use AVG"). */
function hintedAggregate(column: AssetColumn): Aggregate {
  const hint = /\b(?:use|using|with|via|by|as)\s+(?:an?\s+)?(sum|avg|average|min|max|median)\b/i
    .exec(`${column.description} ${column.comment}`)?.[1]
    ?.toUpperCase();
  return hint === undefined ? 'SUM' : hint === 'AVERAGE' ? 'AVG' : (hint as Aggregate);
}

/** An unknown business word: the nearest name, else the first number of the table; a count counts rows. */
function guess(item: IntentItem, scope: Scope, reading: Reading, within: readonly number[]): MeasureChoice {
  const { base } = scope;
  if (item.aggregate === 'COUNT' || item.aggregate === 'COUNT_DISTINCT') {
    if (base.kind === 'table')
      return { piece: countOf(base, null), score: 0, guessed: true, countsRows: true, column: null };
  }
  const numbers = base.columns.filter(
    (column) => column.role === 'measure' || (column.role === 'plain' && isFigure(column)),
  );
  const words = within
    .map((index) => reading.tokens[index])
    .filter((token) => token?.content === true)
    .map((token) => token?.lower ?? '');
  // Of very short names every word is near.
  const names = numbers.map(({ name }) => name.toLowerCase()).filter((name) => name.length > 3);
  const near = words
    .filter((word) => word.length > 3)
    .map((word) => nearestName(word, names))
    .find((name) => name !== null);
  const counting = item.aggregate === 'COUNT' ? numbers.find((candidate) => candidate.countsRows) : undefined;
  const column = numbers.find((candidate) => candidate.name.toLowerCase() === near) ?? counting ?? numbers[0];
  if (column === undefined)
    return {
      piece: countOf(base, null),
      // A figure was asked for and this table has none.
      score:
        item.aggregate !== null && item.aggregate !== 'COUNT' && item.aggregate !== 'COUNT_DISTINCT'
          ? NO_FIGURE
          : 0,
      guessed: true,
      countsRows: base.kind === 'table',
      column: null,
    };
  const target: Target = { kind: 'column', id: `guess:${column.name}`, asset: base, column };
  return { ...measureOf(target, item.aggregate, base), score: near === undefined ? 0 : 0.4, guessed: true };
}
