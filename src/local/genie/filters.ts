import { quoteLiteral } from '../../core/index.ts';
import type { ValueLookup } from '../genie-engine.ts';
import type { DateChoice } from './dates.ts';
import { columnPiece } from './dimensions.ts';
import type { Knowledge } from './knowledge.ts';
import { codeColumnOf, labelOf } from './label-column.ts';
import { columnKey, type Asset, type AssetColumn } from './model.ts';
import type { Piece } from './measures.ts';
import type { Dice } from './near-tie.ts';
import type { Reading } from './reading.ts';
import type { Scope } from './scope.ts';
import { pushTo } from './schema.ts';
import type { SnippetTarget } from './targets.ts';
import { nameWords } from './lexicon.ts';
import { covers } from './question-text.ts';
import { isCode, stemsOf } from './tokens.ts';
import { asWritten, type ValueLink } from './value-links.ts';
import { NEGATIONS } from './words.ts';

/** A predicate of WHERE with the nodes it needs and how much of the question it explains. */
export interface Condition {
  readonly sql: string;
  readonly nodes: readonly string[];
  readonly score: number;
  readonly why: string;
  /** The column of which several values are asked for. */
  readonly several?: Piece | undefined;
}

const FILTER_SCORE = 2;

/** Filters that the question mentions by label, synonym or defined term. */
export function mentionedFilters(scope: Scope, knowledge: Knowledge, reading: Reading): Condition[] {
  const phrases = reading.links.phrases;
  // "by <word>" asks for a row per kind; nothing is left out because a filter goes by that word.
  const groupItems = reading.intent.items.filter(({ role }) => role === 'group');
  return knowledge.filters.flatMap((filter): Condition[] => {
    const links = phrases.filter(
      (link) =>
        link.target.id === filter.id &&
        !groupItems.some(({ tokens }) =>
          tokens.every((index) => covers(link, index) || reading.tokens[index]?.content !== true),
        ),
    );
    const swallowed = links.every((link) =>
      phrases.some(
        (other) =>
          other.target.id !== filter.id &&
          other.target.kind !== 'asset' &&
          other.start <= link.start &&
          other.end >= link.end &&
          other.end - other.start > link.end - link.start,
      ),
    );
    const direct = links.length > 0 && !swallowed;
    const scattered = filter.phraseStems.some(
      (stems) => stems.length > 1 && stems.every((stem) => reading.stems.has(stem)),
    );
    const reach = usable(filter, scope);
    if (!(direct || scattered) || reach === 0) return [];
    const first = links[0];
    const negated =
      first !== undefined &&
      [1, 2].some((back) => NEGATIONS.has(reading.tokens[first.start - back]?.lower ?? '')) &&
      !/^(?:not|no|non|without)\b/i.test(filter.label);
    return [
      {
        sql: negated ? `NOT (${filter.fragment.sql})` : grouped(filter.fragment.sql),
        nodes: filter.fragment.nodes,
        score: FILTER_SCORE * reach,
        why: filter.label,
      },
    ];
  });
}

/** Filters that hold unless somebody says otherwise; only where all their tables are already in the query. */
export function defaultFilters(
  inQuery: ReadonlySet<string>,
  scope: Scope,
  knowledge: Knowledge,
  reading: Reading,
  dice: Dice,
): Condition[] {
  const always = knowledge.filters
    .filter((filter) => filter.byDefault)
    .map((filter) => ({ fragment: filter.fragment, why: filter.label }));
  const onTopic = knowledge.rules.defaults
    .filter(
      (rule) =>
        rule.topic.length > 0 &&
        rule.topic.filter((word) => reading.stems.has(word)).length / rule.topic.length >= 0.6,
    )
    .map((rule) => ({ fragment: rule.fragment, why: rule.sentence }));
  return [...always, ...onTopic]
    .filter(({ fragment }) => fragment.nodes.length > 0 && fragment.nodes.every((node) => inQuery.has(node)))
    .filter(() => !dice.drops())
    .map(({ fragment, why }) => ({ sql: grouped(fragment.sql), nodes: fragment.nodes, score: 0, why }));
}

const usable = (filter: SnippetTarget, scope: Scope): number => {
  const reach = filter.fragment.nodes.length === 0 ? 0 : scope.reachNodes(filter.fragment.nodes);
  return reach < 0.5 ? 0 : reach;
};

/** A top-level OR needs parentheses between ANDs. */
export const grouped = (sql: string): string =>
  /\bor\b/i.test(sql) && !/^\([^()]*\)$/.test(sql) ? `(${sql})` : sql;

/** Values of the question as predicates: one column's values become an IN list. */
export async function valueConditions(
  scope: Scope,
  knowledge: Knowledge,
  reading: Reading,
  lookup: ValueLookup,
): Promise<Condition[]> {
  const chosen = new Map<
    string,
    { asset: Asset; column: AssetColumn; link: ValueLink; literal: string; score: number }[]
  >();
  for (const link of reading.values) {
    const option = bestOption(link, scope, knowledge, reading);
    if (option === null) continue;
    const literal =
      link.source === 'typed' && option.column.formatAssistance
        ? asWritten(option.literal, await lookup.distinct(option.asset.name, option.column.name, 20))
        : option.literal;
    pushTo(chosen, `${columnKey(option.column)}|${link.negated}`, { ...option, link, literal });
  }
  return [...chosen.values()].map((entries): Condition => {
    const [first] = entries;
    if (first === undefined) return { sql: 'TRUE', nodes: [], score: 0, why: '' };
    const ref = columnPiece(first.column, first.asset, scope, null);
    const literals = [
      ...new Set(
        entries.map((entry) =>
          first.column.kind === 'number' ? entry.literal : quoteLiteral(entry.literal),
        ),
      ),
    ];
    const [equal, within] = first.link.negated ? ['<>', 'NOT IN'] : ['=', 'IN'];
    const sql =
      literals.length === 1
        ? `${ref.sql} ${equal} ${literals[0]}`
        : `${ref.sql} ${within} (${literals.join(', ')})`;
    return {
      sql,
      nodes: ref.nodes,
      score: entries.reduce((sum, entry) => sum + entry.score, 0),
      why: `${first.column.name}: ${entries.map((entry) => entry.literal).join(', ')}`,
      several: literals.length > 1 && !first.link.negated ? ref : undefined,
    };
  });
}

function bestOption(
  link: ValueLink,
  scope: Scope,
  knowledge: Knowledge,
  reading: Reading,
): { asset: Asset; column: AssetColumn; literal: string; score: number } | null {
  let best: { asset: Asset; column: AssetColumn; literal: string; score: number } | null = null;
  for (const option of link.options) {
    const asset = knowledge.schema.asset(option.column.asset);
    if (asset === undefined) continue;
    const namesake =
      scope.base.kind === 'metric_view' && asset !== scope.base
        ? namesakeOf(option.column, scope.base)
        : null;
    if (namesake !== null && (best === null || best.score < NAMESAKE_SCORE)) {
      best = { asset: scope.base, column: namesake, literal: option.literal, score: NAMESAKE_SCORE };
    }
    const mention = reading.links.phrases.some(
      (phrase) => phrase.target.kind === 'asset' && phrase.target.asset === asset,
    )
      ? 0.3
      : 0;
    const score = (VALUE_SCORE[link.source] + (option.named ? 0.8 : 0) + mention) * scope.reach(asset);
    if (score >= 0.9 && (best === null || score > best.score))
      best = { asset, column: option.column, literal: option.literal, score };
  }
  if (best !== null || link.options.length > 0) return best;
  const column = isCode(link.typed) ? codeColumnOf(scope.base, link.typed) : labelOf(scope.base);
  return column === null || column.kind !== 'text'
    ? null
    : { asset: scope.base, column, literal: link.typed, score: 0.2 };
}

const NAMESAKE_SCORE = 1.4;

/** The dimension of a metric view that goes by the name or a synonym of a table's column. */
function namesakeOf(column: AssetColumn, view: Asset): AssetColumn | null {
  const names = new Set(
    [nameWords(column.name).join(' '), ...column.synonyms].map((name) => stemsOf(name).join('')),
  );
  return (
    view.columns.find(
      (candidate) =>
        candidate.role === 'dimension' &&
        [nameWords(candidate.name).join(' '), ...candidate.synonyms].some((name) =>
          names.has(stemsOf(name).join('')),
        ),
    ) ?? null
  );
}

const VALUE_SCORE: Readonly<Record<ValueLink['source'], number>> = {
  entity: 2,
  description: 1.8,
  typed: 1.2,
};

/** Flags that the question names: `is_open` for "open", turned round after "not". */
export function flagConditions(scope: Scope, knowledge: Knowledge, reading: Reading): Condition[] {
  const found = new Map<string, Condition>();
  for (const link of reading.certain)
    addFlag(link.target.kind === 'column' ? link.target.column : null, link.start, 1.8);
  reading.links.words.forEach((entries, index) => {
    for (const entry of entries)
      if (entry.target.kind === 'column' && entry.source !== 'comment' && entry.weight > 0.3)
        addFlag(entry.target.column, index, 1.2);
  });
  return [...found.values()];

  function addFlag(column: AssetColumn | null, at: number, score: number): void {
    if (
      column === null ||
      column.kind !== 'boolean' ||
      column.role === 'measure' ||
      found.has(columnKey(column))
    )
      return;
    const asset = knowledge.schema.asset(column.asset);
    const isGroup = reading.intent.items.some((item) => item.role === 'group' && item.tokens.includes(at));
    if (asset === undefined || scope.reach(asset) < 0.5 || isGroup) return;
    const ref = columnPiece(column, asset, scope, null);
    const negated = [1, 2].some((back) => NEGATIONS.has(reading.tokens[at - back]?.lower ?? ''));
    found.set(columnKey(column), {
      sql: `${ref.sql} = ${negated ? 'FALSE' : 'TRUE'}`,
      nodes: ref.nodes,
      score: score * scope.reach(asset),
      why: column.name,
    });
  }
}

/** Periods as ranges on the chosen date; nested arithmetic is understood but not written (KGL-3). */
export function timeConditions(
  scope: Scope,
  reading: Reading,
  date: DateChoice | null,
  dice: Dice,
): Condition[] {
  if (date === null) return [];
  const ref = columnPiece(date.column, date.asset, scope, null);
  return reading.time.periods.map((period): Condition => {
    const upper =
      period.from !== null && period.to !== null && period.literal === null && dice.drops()
        ? null
        : period.to;
    const bounds = [
      ...(period.from === null ? [] : [`${ref.sql} >= ${period.from}`]),
      ...(upper === null ? [] : [`${ref.sql} < ${upper}`]),
    ];
    return {
      sql: bounds.join(' AND '),
      nodes: ref.nodes,
      score: 0.8 * scope.reach(date.asset),
      why: `${date.column.name} in the period asked for`,
    };
  });
}
