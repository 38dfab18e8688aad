import type { Knowledge } from './knowledge.ts';
import { scoreTargets } from './links.ts';
import { columnKey, type Asset, type AssetColumn } from './model.ts';
import type { Dice } from './near-tie.ts';
import type { Reading } from './reading.ts';
import type { Scope } from './scope.ts';

export interface DateChoice {
  readonly asset: Asset;
  readonly column: AssetColumn;
  readonly score: number;
}

/**
 * The date a period is about: one that the question's words link to, one that an instruction names for dates,
 * else the first date column of the base, else one of a table within reach.
 */
export function chooseDate(
  scope: Scope,
  knowledge: Knowledge,
  reading: Reading,
  dice: Dice,
): DateChoice | null {
  const all = reading.tokens.map((token) => token.index);
  const linked = scoreTargets(reading.links, reading.tokens, all);
  const score = (column: AssetColumn, asset: Asset): number => {
    const entry = linked.get(`column:${columnKey(column)}`);
    const instruction = knowledge.rules.dates.reduce((best, rule) => {
      const named =
        rule.fragment.nodes.includes(asset.alias) &&
        rule.fragment.sql.toLowerCase().endsWith(`.${column.name.toLowerCase()}`);
      return named
        ? Math.max(best, 0.8 + 0.8 * rule.topic.filter((word) => reading.stems.has(word)).length)
        : best;
    }, 0);
    const generic = GENERAL_DATE_WORDS.reduce(
      (sum, word) => sum + (column.synonyms.some((synonym) => synonym.toLowerCase() === word) ? 0.5 : 0),
      0,
    );
    return (entry?.score ?? 0) + instruction + generic;
  };
  const own = datesOf(scope.base).map((column) => ({
    asset: scope.base,
    column,
    score: score(column, scope.base) + 1,
  }));
  const joined = knowledge.schema.assets
    .filter((asset) => asset !== scope.base && asset.kind === 'table')
    .flatMap((asset) => datesOf(asset).map((column) => ({ asset, column, named: score(column, asset) })))
    // A base with dates of its own looks elsewhere only for a date that is named.
    .filter(({ asset, named }) => (own.length === 0 || named >= NAMED) && scope.path(asset) !== null)
    .map(({ asset, column, named }) => {
      // A join that may repeat rows leads to the dates of other facts: their table's texts say nothing here.
      const sure = scope.path(asset)?.every(({ edge, fansOut }) => edge.many !== null && !fansOut) === true;
      const mentioned = own.length === 0 && sure ? mention(linked, asset) : 0;
      return { asset, column, score: (named + mentioned + 0.5) * scope.reach(asset) };
    });
  return dice.choose([...own, ...joined], (choice) => choice.score) ?? null;
}

/** A date that a whole phrase of the question names scores at least this. */
const NAMED = 1.2;

const GENERAL_DATE_WORDS = ['date', 'when', 'day', 'time', 'period', 'month', 'year', 'quarter'];

const datesOf = (asset: Asset): AssetColumn[] =>
  asset.columns.filter((column) => column.kind === 'date' && column.role !== 'measure');

const mention = (linked: ReturnType<typeof scoreTargets>, asset: Asset): number =>
  linked.get(`asset:${asset.alias}`)?.score ?? 0;
