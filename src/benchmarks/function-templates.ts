import { quoteLiteral } from '../core/index.ts';
import type { Asset } from './asset-inventory.ts';
import {
  fullName,
  identifier,
  withRole,
  type Make,
  type QuestionDraft,
  type ValuesOf,
} from './question-draft.ts';

/** Questions about a table-valued function; none when a required argument cannot be filled from the data. */
export function functionDrafts(
  asset: Asset,
  assets: readonly Asset[],
  valuesOf: ValuesOf,
  make: Make,
): QuestionDraft[] {
  const required = asset.parameters.filter(({ defaultValue }) => defaultValue === null);
  const filled = required.map(({ name, type }) => argumentFor(name, type, assets, valuesOf));
  const columns = asset.columns.map(({ name }) => identifier(name));
  if (columns.length === 0 || filled.some((value) => value === null)) return [];
  const given = filled.filter((value) => value !== null);
  const call = `${fullName(asset.name)}(${given.map(({ sql }) => sql).join(', ')})`;
  const asked = required.map(({ name }, at) => `${parameterWords(name)} ${given[at]?.words}`).join(', ');
  const suffix = asked === '' ? '' : ` for ${asked}`;
  const order = columns.map((_, at) => at + 1).join(', ');
  const drafts = [
    make(
      asset.columns.some(({ role }) => role === 'date') ? 'time-series' : 'detail',
      `What are the ${asset.words}${suffix}?`,
      `SELECT ${columns.join(', ')}\nFROM ${call}\nORDER BY ${order}`,
    ),
    make(
      'aggregation',
      `How many rows are there of ${asset.words}${suffix}?`,
      `SELECT COUNT(*) AS row_count\nFROM ${call}`,
    ),
  ];
  const number = withRole(asset, 'number')[0];
  if (number !== undefined) {
    const rest = columns.filter((name) => name !== identifier(number.name));
    drafts.push(
      make(
        'ranking',
        `Which three of the ${asset.words} have the highest ${number.words}${suffix}?`,
        `SELECT ${columns.join(', ')}\nFROM ${call}\nORDER BY ${[`${identifier(number.name)} DESC`, ...rest].join(', ')}\nLIMIT 3`,
      ),
    );
  }
  return drafts;
}

/** `for_year` is asked as "for year", not "for for year". */
const parameterWords = (name: string): string => name.replaceAll('_', ' ').replace(/^for /i, '');

/** A value that occurs in the data for a parameter of this name and type. */
function argumentFor(
  name: string,
  type: string,
  assets: readonly Asset[],
  valuesOf: ValuesOf,
): { readonly sql: string; readonly words: string } | null {
  const known = assets.flatMap((asset) =>
    asset.columns.flatMap((column) => {
      const values = asset.kind === 'TABLE' ? valuesOf(asset.name, column.name) : null;
      return values === null ? [] : [{ asset, column, values }];
    }),
  );
  const dates = known.filter(({ column, values }) => column.role === 'date' && values.min !== null);
  const [first] = dates;
  if (/^(?:DATE|TIMESTAMP)/i.test(type)) {
    const range = first?.values;
    const value = (/(?:^|_)(?:to|end|until|before|last|max)/i.test(name) ? range?.max : range?.min)?.slice(
      0,
      10,
    );
    return value === undefined ? null : { sql: `DATE '${value}'`, words: value };
  }
  if (/INT|LONG|SHORT|DECIMAL|NUMERIC|DOUBLE|FLOAT/i.test(type)) {
    if (!/year|yr/i.test(name)) return { sql: '5', words: '5' };
    const year = first?.values.max?.slice(0, 4);
    return year === undefined ? null : { sql: year, words: year };
  }
  if (!/^(?:STRING|VARCHAR)/i.test(type)) return null;
  const wanted = wordsOf(name);
  const fitting = known
    .filter(({ values }) => values.values.length > 0)
    .map((one) => ({
      ...one,
      score: overlap(wanted, wordsOf(`${one.asset.words} ${one.column.words} ${one.column.name}`)),
    }))
    .toSorted((a, b) => b.score - a.score)[0];
  const value = fitting === undefined || fitting.score < 1 ? undefined : fitting.values.values[0];
  return value === undefined ? null : { sql: quoteLiteral(value), words: value };
}

const wordsOf = (text: string): ReadonlySet<string> =>
  new Set((text.toLowerCase().match(/[a-z]+/g) ?? []).map((word) => word.replace(/s$/, '')));

/** Share of the wanted words that are there. */
const overlap = (wanted: ReadonlySet<string>, there: ReadonlySet<string>): number =>
  [...wanted].filter((word) => there.has(word)).length / Math.max(1, wanted.size);
