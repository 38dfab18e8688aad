import type { Grain } from './time.ts';
import { labelOf } from './label-column.ts';
import { scoreTargets } from './links.ts';
import type { Piece } from './measures.ts';
import { isFigure, type Asset, type AssetColumn } from './model.ts';
import type { Dice } from './near-tie.ts';
import type { Reading } from './reading.ts';
import type { Scope } from './scope.ts';
import { identifier, isAggregate } from './sql-fragment.ts';
import type { SnippetTarget, Target } from './targets.ts';
import { slug } from './tokens.ts';

export interface DimensionChoice {
  readonly piece: Piece;
  readonly score: number;
  /** Set when the words name a whole table: its label column stands for it. */
  readonly entity: Asset | null;
  readonly column: AssetColumn | null;
  /** Indexes of the words it was linked from. */
  readonly covered: readonly number[];
}

/** `group`: after "by" or "per"; `subject`: a noun that may be grouped by; `list`: something to show. */
type DimensionUse = 'group' | 'subject' | 'list';

/** Links words to something that can be grouped by or listed, within reach of the base. `null`: nothing fits. */
export function chooseDimension(
  within: readonly number[],
  scope: Scope,
  reading: Reading,
  dice: Dice,
  use: DimensionUse = 'group',
): DimensionChoice | null {
  const fitting = [...scoreTargets(reading.links, reading.tokens, within).values()]
    .map((entry) => ({ ...entry, score: entry.score * fitness(entry.target, scope, use) }))
    .filter((entry) => entry.score > DIMENSION_FLOOR);
  // "by <whose> <what>": the last noun is what is grouped by, the one before only says whose.
  const head = within.filter((index) => reading.tokens[index]?.content === true).at(-1) ?? -1;
  const hasHead = use === 'group' && fitting.some(({ covered }) => covered.includes(head));
  const candidates = fitting
    .map((entry) =>
      hasHead && !entry.covered.includes(head) ? { ...entry, score: entry.score * WHOSE } : entry,
    )
    .sort((a, b) => orderOf(a.target, scope) - orderOf(b.target, scope));
  const best = dice.choose(candidates, (entry) => entry.score);
  const dimension = best === undefined ? null : dimensionOf(best.target, scope);
  return best === undefined || dimension === null
    ? null
    : { ...dimension, score: best.score, covered: best.covered };
}

const DIMENSION_FLOOR = 0.25;
const WHOSE = 0.7;

function fitness(target: Target, scope: Scope, use: DimensionUse): number {
  if (isBuilt(target) && target.kind !== 'expression') return 0;
  if (isBuilt(target))
    return isAggregate(target.fragment.sql) ? 0 : 1.05 * scope.reachNodes(target.fragment.nodes);
  if (target.kind === 'asset') return target.asset.kind === 'table' ? scope.reach(target.asset) : 0;
  if (target.column.role === 'measure') return 0;
  const share = isFigure(target.column)
    ? FIGURE_SHARE[use === 'list' && target.asset === scope.base ? 'own' : use]
    : target.column.kind === 'date'
      ? 0.75
      : 1;
  return scope.reach(target.asset) * share;
}

/** A figure is grouped by only where the question says so. */
const FIGURE_SHARE = { own: 1, list: 0.7, group: 0.6, subject: 0.3 } as const;

/** Equal scores: the base before joined tables, then canonical order. */
const orderOf = (target: Target, scope: Scope): number => {
  if (target.kind === 'asset') return 300;
  if (target.kind !== 'column') return 0;
  return (target.asset === scope.base ? 0 : 100) + target.asset.columns.indexOf(target.column);
};

function dimensionOf(target: Target, scope: Scope): Omit<DimensionChoice, 'score' | 'covered'> | null {
  if (isBuilt(target)) {
    const { sql, nodes } = target.fragment;
    return { piece: { sql, alias: target.alias, nodes, target }, entity: null, column: null };
  }
  const entity = target.kind === 'asset' ? target.asset : null;
  const column = target.kind === 'column' ? target.column : labelOf(target.asset);
  return column === null ? null : { piece: columnPiece(column, target.asset, scope, target), entity, column };
}

/** A column as select item; in a metric view members stand without a qualifier. */
export function columnPiece(column: AssetColumn, asset: Asset, scope: Scope, target: Target | null): Piece {
  const sql = scope.base.kind === 'metric_view' ? identifier(column.name) : scope.ref(column, asset);
  return { sql, alias: column.name, nodes: [scope.node(asset)], target };
}

/** A date cut to its unit, or the metric view's own dimension for it. */
export function grainPiece(unit: Grain, date: AssetColumn, asset: Asset, scope: Scope): Piece {
  const ready = scope.base.columns.find(
    (column) =>
      column.role !== 'measure' &&
      [column.name, ...column.synonyms].some((name) => slug(name).split('_').includes(unit.toLowerCase())),
  );
  if (scope.base.kind === 'metric_view' && ready !== undefined)
    return columnPiece(ready, scope.base, scope, null);
  const ref = columnPiece(date, asset, scope, null);
  const sql =
    unit === 'YEAR'
      ? `YEAR(${ref.sql})`
      : unit === 'DAY'
        ? `DATE(${ref.sql})`
        : `DATE_TRUNC('${unit}', ${ref.sql})`;
  return { sql, alias: unit.toLowerCase(), nodes: ref.nodes, target: null };
}

const isBuilt = (target: Target): target is SnippetTarget => 'fragment' in target;
