import { nameKey, quoteLiteral } from '../core/index.ts';
import type { Asset, AssetColumn } from './asset-inventory.ts';
import type { Category } from './benchmark.ts';
import { functionDrafts } from './function-templates.ts';
import {
  asName,
  draftsFor,
  fullName,
  identifier,
  withRole,
  type Make,
  type QuestionDraft,
  type ValuesOf,
} from './question-draft.ts';

/**
 * Questions that can be asked of these assets, by rule, without a model.
 *
 * Every statement orders by a unique or grouped column where it limits, uses full names and holds
 * no values but those from `valuesOf`. Functions whose required arguments cannot be filled give none.
 *
 * @see spec/benchmarks.md §3.2
 */
export function questionTemplates(
  assets: readonly Asset[],
  valuesOf: ValuesOf = () => null,
): QuestionDraft[] {
  return assets.flatMap((asset) => {
    const make = draftsFor(asset);
    if (asset.kind === 'MV') return metricViewDrafts(asset, make);
    if (asset.kind === 'TVF') return functionDrafts(asset, assets, valuesOf, make);
    return [
      ...tableDrafts(asset, valuesOf, make),
      ...filterDrafts(asset, valuesOf, make),
      ...joinDrafts(asset, assets, make),
    ];
  });
}

function metricViewDrafts(asset: Asset, make: Make): QuestionDraft[] {
  const from = fullName(asset.name);
  const [label] = withRole(asset, 'label');
  const [date] = withRole(asset, 'date');
  return withRole(asset, 'measure').flatMap((measure) => {
    const value = `MEASURE(${identifier(measure.name)}) AS ${identifier(measure.name)}`;
    const drafts = [
      make('aggregation', `What is the overall ${measure.words}?`, `SELECT ${value}\nFROM ${from}`),
    ];
    if (label !== undefined) {
      const group = identifier(label.name);
      const grouped = `SELECT ${group}, ${value}\nFROM ${from}\nGROUP BY ${group}`;
      drafts.push(
        make(
          'comparison',
          `How does ${measure.words} compare across each ${label.words}?`,
          `${grouped}\nORDER BY ${group}`,
        ),
        make(
          'ranking',
          `Which three values of ${label.words} have the highest ${measure.words}?`,
          `${grouped}\nORDER BY MEASURE(${identifier(measure.name)}) DESC, ${group}\nLIMIT 3`,
        ),
      );
    }
    if (date !== undefined) {
      const group = identifier(date.name);
      drafts.push(
        make(
          'time-series',
          `How did ${measure.words} develop by ${date.words}?`,
          `SELECT ${group}, ${value}\nFROM ${from}\nGROUP BY ${group}\nORDER BY ${group}`,
        ),
      );
    }
    return drafts;
  });
}

function tableDrafts(asset: Asset, valuesOf: ValuesOf, make: Make): QuestionDraft[] {
  const from = fullName(asset.name);
  const things = asset.words;
  const count = asName(things, 'count');
  const labels = groupingLabels(asset, valuesOf);
  const [numbers, dates] = [withRole(asset, 'number'), withRole(asset, 'date')];
  const drafts = [
    make('aggregation', `How many ${things} are there?`, `SELECT COUNT(*) AS ${count}\nFROM ${from}`),
  ];
  for (const number of numbers.slice(0, 2)) {
    const column = identifier(number.name);
    const kind: Category = asset.prediction ? 'prediction' : 'aggregation';
    drafts.push(
      make(
        kind,
        `What is the average ${number.words} of the ${things}?`,
        `SELECT AVG(${column}) AS ${asName('average', number.words)}\nFROM ${from}`,
      ),
    );
  }
  for (const label of labels.slice(0, 2)) {
    const column = identifier(label.name);
    const grouped = `SELECT ${column}, COUNT(*) AS ${count}\nFROM ${from}\nWHERE ${column} IS NOT NULL\nGROUP BY ${column}`;
    drafts.push(
      make(
        'list',
        `Which different values of ${label.words} occur in the ${things}?`,
        `SELECT DISTINCT ${column}\nFROM ${from}\nWHERE ${column} IS NOT NULL\nORDER BY ${column}`,
      ),
      make(
        'ranking',
        `Which three values of ${label.words} have the most ${things}?`,
        `${grouped}\nORDER BY ${count} DESC, ${column}\nLIMIT 3`,
      ),
      make(
        'threshold',
        `Which values of ${label.words} have more ${things} than the average ${label.words}?`,
        `WITH per_value AS (\n${indented(grouped)}\n)\nSELECT ${column}, ${count}\nFROM per_value\nWHERE ${count} > (SELECT AVG(${count}) FROM per_value)\nORDER BY ${column}`,
      ),
    );
    const [number] = numbers;
    if (number !== undefined)
      drafts.push(
        make(
          'comparison',
          `How does the average ${number.words} of the ${things} compare by ${label.words}?`,
          `SELECT ${column}, AVG(${identifier(number.name)}) AS ${asName('average', number.words)}\nFROM ${from}\nWHERE ${column} IS NOT NULL\nGROUP BY ${column}\nORDER BY ${column}`,
        ),
      );
  }
  const [date] = dates;
  if (date !== undefined) {
    const column = identifier(date.name);
    drafts.push(
      make(
        'time-series',
        `How many ${things} were there in each month by ${date.words}?`,
        `SELECT CAST(DATE_TRUNC('MONTH', ${column}) AS DATE) AS month, COUNT(*) AS ${count}\nFROM ${from}\nWHERE ${column} IS NOT NULL\nGROUP BY CAST(DATE_TRUNC('MONTH', ${column}) AS DATE)\nORDER BY month`,
      ),
    );
  }
  return [...drafts, ...detailDrafts(asset, make)];
}

/** Most groups that an answer is worth; a label with more is nearly a key. */
const MAX_GROUPS = 50;

/** Labels that make groups, as far as known: neither one value for all rows nor one for each. */
const groupingLabels = (asset: Asset, valuesOf: ValuesOf): readonly AssetColumn[] =>
  withRole(asset, 'label').filter(({ name }) => {
    const known = valuesOf(asset.name, name);
    return known === null || (known.distinct > 1 && known.distinct <= MAX_GROUPS);
  });

/** Needs a primary key: without one a limit has no certain end. */
function detailDrafts(asset: Asset, make: Make): QuestionDraft[] {
  const keys = asset.primaryKey.map(identifier);
  const by = withRole(asset, 'number')[0] ?? withRole(asset, 'date')[0];
  if (keys.length === 0 || by === undefined || asset.primaryKey.includes(by.name)) return [];
  const shown = [
    ...keys,
    ...withRole(asset, 'label')
      .slice(0, 2)
      .map(({ name }) => identifier(name))
      .filter((name) => !keys.includes(name)),
    identifier(by.name),
  ];
  const most = by.role === 'date' ? 'latest' : 'highest';
  return [
    make(
      'detail',
      `Show the five ${asset.words} with the ${most} ${by.words} in detail.`,
      `SELECT ${shown.join(', ')}\nFROM ${fullName(asset.name)}\nWHERE ${identifier(by.name)} IS NOT NULL\nORDER BY ${identifier(by.name)} DESC, ${keys.join(', ')}\nLIMIT 5`,
    ),
  ];
}

function filterDrafts(asset: Asset, valuesOf: ValuesOf, make: Make): QuestionDraft[] {
  return groupingLabels(asset, valuesOf)
    .slice(0, 2)
    .flatMap((label) => {
      const [value] = valuesOf(asset.name, label.name)?.values ?? [];
      if (value === undefined || value.length > 40) return [];
      return [
        make(
          'aggregation',
          `How many ${asset.words} have ${label.words} ${value}?`,
          `SELECT COUNT(*) AS ${asName(asset.words, 'count')}\nFROM ${fullName(asset.name)}\nWHERE ${identifier(label.name)} = ${quoteLiteral(value)}`,
        ),
      ];
    });
}

function joinDrafts(asset: Asset, assets: readonly Asset[], make: Make): QuestionDraft[] {
  return asset.foreignKeys.flatMap(({ columns, referencedTable, referencedColumns }) => {
    const other = assets.find(({ name }) => nameKey(name) === nameKey(referencedTable));
    const label = other?.columns.find((column) => column.role === 'label');
    if (other === undefined || label === undefined || other === asset || columns.length === 0) return [];
    const on = columns.map(
      (column, at) => `a.${identifier(column)} = b.${identifier(referencedColumns[at] ?? column)}`,
    );
    const group = `b.${identifier(label.name)}`;
    return [
      make(
        'multi-table',
        `How many ${asset.words} belong to each ${label.words} of the ${other.words}?`,
        `SELECT ${group}, COUNT(*) AS ${asName(asset.words, 'count')}\nFROM ${fullName(asset.name)} AS a\nJOIN ${fullName(other.name)} AS b ON ${on.join(' AND ')}\nGROUP BY ${group}\nORDER BY ${group}`,
        [other.name],
      ),
    ];
  });
}

const indented = (text: string): string => text.replaceAll(/^/gm, '  ');
