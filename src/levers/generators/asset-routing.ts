import { compareCodeUnits, shortName } from '../../core/index.ts';
import { parseComment } from '../../patch-dsl/index.ts';
import type { SqlFacts } from '../../sql/index.ts';
import { topicPhrases } from '../alignment/distinctive.ts';
import { isContentWord } from '../alignment/stop-words.ts';
import type { AnalyzedRow } from '../alignment/row-analysis.ts';
import { foldWord, humanize, identifierWords, indexOfRun } from '../alignment/words.ts';
import type { SchemaFunction, SchemaTable } from '../schema.ts';
import { describeUse, extendSections } from './descriptions.ts';
import { formOf } from './tvf-parameter.ts';
import { quoteList, type Change, type Draft, type Generator, type GeneratorContext } from './draft.ts';

/** What answers: a data source, or a function. */
export type Asset =
  | { readonly kind: 'source'; readonly source: SchemaTable }
  | { readonly kind: 'function'; readonly source: SchemaFunction };

/**
 * Tells two competing assets apart, always on both sides: what the preferred one is for, and what
 * the other one is not for. A second draft says the same as an instruction.
 *
 * @see spec/asi-clustering-levers.md §9
 */
export const proposeRouting: Generator = (context) => {
  const contests = new Map<string, { preferred: Asset; rival: Asset; rows: AnalyzedRow[] }>();
  for (const row of context.rows) {
    if (!isMisrouted(row)) continue;
    const preferred = mainAsset(row.row.facts.expected, context);
    const rival = row.row.facts.generated === null ? null : mainAsset(row.row.facts.generated, context);
    if (preferred === null || rival === null || preferred.source.key === rival.source.key) continue;
    if (!preferred.source.inSpace) continue;
    const key = `${preferred.source.key}\u0001${rival.source.key}`;
    const contest = contests.get(key) ?? { preferred, rival, rows: [] };
    contest.rows.push(row);
    contests.set(key, contest);
  }
  return [...contests]
    .sort(([a], [b]) => compareCodeUnits(a, b))
    .flatMap(([, contest]) => proposeContest(contest, context));
};

/** Whether another class of asset answered than the key asks. */
export const isMisrouted = (row: AnalyzedRow): boolean => {
  const { expected_asset: expected, actual_asset: actual } = row.row;
  if (!row.failed || row.row.facts.generated === null) return false;
  if (expected !== undefined && actual !== undefined && actual !== 'NONE' && expected !== actual) return true;
  return row.row.asi.some((record) => record.asi.failure_type === 'asset_routing_error');
};

/** The function a statement calls, else its metric view, else the first table. */
export function mainAsset(facts: SqlFacts, context: GeneratorContext): Asset | null {
  for (const use of facts.tables) {
    if (use.kind !== 'function') continue;
    const source = context.schema.function(use.name);
    if (source !== null) return { kind: 'function', source };
  }
  const tables = facts.tables.flatMap((use) => context.schema.table(use.name) ?? []);
  const source = tables.find((table) => table.kind === 'metric_view') ?? tables[0];
  return source === undefined ? null : { kind: 'source', source };
}

function proposeContest(
  contest: { preferred: Asset; rival: Asset; rows: readonly AnalyzedRow[] },
  context: GeneratorContext,
): Draft[] {
  const { preferred, rival, rows } = contest;
  const topics = topicsOf(rows, preferred, context);
  if (topics.length === 0) return [];
  const [good, bad] = [shortName(preferred.source.key), shortName(rival.source.key)];
  const changes = [positive(preferred, topics, rows), negative(rival, topics, good)].filter(
    (change): change is Change => change !== null,
  );
  const question_ids = rows.map((row) => row.row.question_id).sort(compareCodeUnits);
  const base = {
    failure_type: 'asset_routing_error',
    question_ids,
    reason: `questions on ${quoteList(topics)} were answered from ${bad} instead of ${good}`,
  } as const;
  const confidence = Math.min(0.85, 0.5 + 0.1 * rows.length);
  const instruction: Draft = {
    ...base,
    changes: [
      {
        type: 'add_instruction',
        text: `For questions on ${quoteList(topics, 'or')} use ${good}. Do not use ${bad} for these; use ${bad} only for questions that ${good} cannot answer.`,
      },
    ],
    confidence: confidence * 0.9,
  };
  return changes.length === 2
    ? [{ ...base, changes, confidence, inseparable: true }, instruction]
    : [instruction];
}

function positive(asset: Asset, topics: readonly string[], rows: readonly AnalyzedRow[]): Change | null {
  if (asset.kind === 'source') return describeUse(asset.source, { best_for: topics });
  const params = paramsOf(asset.source, rows);
  return {
    type: 'update_tvf_comment',
    function: asset.source.name,
    sections: extendSections(
      asset.source,
      { best_for: topics.join(' | '), ...(params === '' ? {} : { params }) },
      ' | ',
    ),
  };
}

/** What the arguments of a function are, where its comment does not say it and the keys show it. */
function paramsOf(fn: SchemaFunction, rows: readonly AnalyzedRow[]): string {
  if ((parseComment(fn.comment).sections.params ?? '') !== '') return '';
  const calls = rows.flatMap((row) =>
    row.row.facts.expected.tables.filter((use) => use.kind === 'function').map((use) => use.args),
  );
  return fn.parameters
    .flatMap((parameter, at) => {
      const texts = calls.flatMap((args) => args[at]?.text ?? []);
      const form = texts.length === 0 ? null : formOf(texts);
      return form === null ? [] : [`${parameter.name} ${parameter.type}: ${form}`];
    })
    .join('; ');
}

/** Says on an asset what it is not for, and where to go instead; `null` when that is said already. */
export function negative(asset: Asset, topics: readonly string[], instead: string): Change | null {
  if (asset.kind === 'source')
    return describeUse(asset.source, { not_for: topics.map((topic) => `${topic} (use ${instead})`) });
  return {
    type: 'update_tvf_comment',
    function: asset.source.name,
    sections: extendSections(asset.source, { not_for: `${topics.join(' | ')} (use ${instead})` }, ' | '),
  };
}

/** A topic must mean the preferred asset in this share of the questions that name it. */
const MIN_TOPIC_PRECISION = 0.5;

/**
 * Phrases that mean the preferred asset: questions on other assets seldom use them.
 *
 * For a function its own name is a topic when nothing better is found; the name of a table is not.
 */
export function topicsOf(
  rows: readonly AnalyzedRow[],
  preferred: Asset,
  context: GeneratorContext,
): string[] {
  const isMeant = (row: AnalyzedRow): boolean =>
    mainAsset(row.row.facts.expected, context)?.source.key === preferred.source.key;
  const phrasesByRow = new Map(context.rows.map((row) => [row, topicPhrases(row)]));
  const names = new Map(rows.flatMap((row) => [...(phrasesByRow.get(row) ?? [])]));
  const topics = [...names]
    .map(([key, surface]) => {
      const naming = context.rows.filter((row) => phrasesByRow.get(row)?.has(key));
      const meant = naming.filter(isMeant).length;
      const here = rows.filter((row) => phrasesByRow.get(row)?.has(key)).length;
      return { key, surface, here, precision: meant / (naming.length + 0.5) };
    })
    .filter((topic) => topic.precision >= MIN_TOPIC_PRECISION && (rows.length === 1 || topic.here > 1))
    .sort(
      (a, b) =>
        b.here - a.here ||
        b.precision - a.precision ||
        b.key.split(' ').length - a.key.split(' ').length ||
        compareCodeUnits(a.key, b.key),
    );
  const telling = topics.filter(({ key }) => membersNamed(key, preferred).length > 0);
  // Any asset may be grouped alike: whose question it is shows in the figure.
  const figures = telling.filter(({ key }) =>
    membersNamed(key, preferred).every((member) => isMeasured(member, rows)),
  );
  const chosen: string[] = [];
  for (const { surface } of [figures, telling, topics].find((some) => some.length > 0) ?? []) {
    if (chosen.length === MAX_TOPICS) break;
    if (!chosen.some((other) => other.includes(surface) || surface.includes(other))) chosen.push(surface);
  }
  if (chosen.length > 0 || preferred.kind === 'source') return chosen;
  const name = humanize(shortName(preferred.source.key).replace(/^(?:get|fn|tvf)_/, ''));
  return name.split(' ').some((word) => isContentWord(foldWord(word))) ? [name] : [];
}

/** What the asset holds whose name a topic says: such a topic speaks of the data and not of the occasion. */
function membersNamed(topic: string, asset: Asset): string[] {
  if (asset.kind === 'function') return [];
  const said = topic.split(' ');
  return [...asset.source.columns].flatMap(([member, { name, synonyms }]) =>
    [name, ...synonyms].some((text) => indexOfRun(said, identifierWords(text)) >= 0) ? [member] : [],
  );
}

/** Whether a key of the questions takes the member as a figure. */
const isMeasured = (member: string, rows: readonly AnalyzedRow[]): boolean =>
  rows.some(({ expected }) =>
    [...expected.values()].some(
      ({ element, roles }) =>
        (element.kind === 'measure' && element.measure === member) ||
        (element.kind === 'column' && element.column === member && roles.includes('measure')),
    ),
  );

const MAX_TOPICS = 3;
