import { quoteLiteral } from '../../core/index.ts';
import { affinity } from './affinity.ts';
import { STRENGTH } from './lexicon.ts';
import type { Knowledge } from './knowledge.ts';
import type { Asset, AssetColumn } from './model.ts';
import { kindOf } from './model.ts';
import type { Reading } from './reading.ts';
import { scopeOf } from './scope.ts';
import { qualifiedName } from './sql-fragment.ts';
import type { Period } from './time.ts';
import { contentStems, stem, wordsOf } from './tokens.ts';

export interface FunctionCall {
  readonly asset: Asset;
  readonly sql: string;
  readonly score: number;
  readonly evidence: number;
}

const MISSING_ARGUMENT = -3;
const FILLED_ARGUMENT = 0.6;

/** Tries to answer by calling a table-valued function. `null` for functions without rows or without a fitting word. */
export function callFor(asset: Asset, knowledge: Knowledge, reading: Reading): FunctionCall | null {
  const { routine } = asset;
  if (routine === null || routine.returns.length === 0) return null;
  const values = [...reading.values];
  const periods = [...reading.time.periods];
  let score =
    affinity(asset, scopeOf(asset, knowledge, reading.stems), knowledge, reading, false) +
    returnsScore(asset, reading);
  if (score <= 0) return null;
  const evidence = score;
  const ends = endDates(routine.parameters);
  const args: string[] = [];
  let trailingDefaults = 0;
  for (const parameter of routine.parameters) {
    const value = argumentFor(parameter, asset, reading, periods, values, ends.has(parameter.name));
    const optional =
      parameter.defaultValue !== null ||
      /optional|null for all|or null/i.test(noteOf(parameter.name, asset) + (parameter.comment ?? ''));
    if (value !== null) {
      args.push(value);
      score += FILLED_ARGUMENT;
      trailingDefaults = 0;
    } else if (optional) {
      const hasValue = parameter.defaultValue !== null && !/^null$/i.test(parameter.defaultValue.trim());
      args.push(hasValue ? (parameter.defaultValue ?? 'NULL') : absent(routine.body));
      trailingDefaults = hasValue ? trailingDefaults + 1 : 0;
    } else {
      const stated = statedDefault(parameter.name, asset);
      args.push(stated ?? absent(routine.body));
      score += stated === null ? MISSING_ARGUMENT : 0;
      trailingDefaults = 0;
    }
  }
  const given = args.slice(0, args.length - trailingDefaults);
  return { asset, sql: `SELECT *\nFROM ${qualifiedName(asset.name)}(${given.join(', ')})`, score, evidence };
}

/** Genie passes the word NULL as a string (KGL-1); a body that treats both alike gets a real NULL. */
const absent = (body: string | null): string => (body !== null && /'null'/i.test(body) ? 'NULL' : "'NULL'");

/** Result columns that the question names. */
function returnsScore(asset: Asset, reading: Reading): number {
  const named = asset.columns.filter((column) => {
    const stems = contentStems(column.name);
    return stems.length > 0 && stems.every((word) => reading.stems.has(word));
  });
  return Math.min(1.5, named.length * STRENGTH.namePart * 0.4);
}

/** The text of PARAMS about one parameter: from its name to the name of another; empty when it is not there. */
function noteOf(name: string, asset: Asset): string {
  const mentions = (asset.routine?.parameters ?? []).flatMap((parameter) => {
    const at = asset.sections.params.search(
      new RegExp(`\\b${parameter.name.replaceAll(/\W/g, '.')}\\b`, 'i'),
    );
    return at < 0 ? [] : [{ name: parameter.name, at }];
  });
  const own = mentions.find((mention) => mention.name === name);
  if (own === undefined) return '';
  const next = mentions.filter((mention) => mention.at > own.at).sort((a, b) => a.at - b.at)[0];
  return asset.sections.params.slice(own.at, next?.at);
}

function statedDefault(name: string, asset: Asset): string | null {
  const note = noteOf(name, asset);
  const value =
    /\bdefaults?(?:\s+(?:to|is|value))*\s*[:=]?\s*('[^']*'|-?\d+(?:\.\d+)?|CURRENT_DATE\(\))/i.exec(
      note,
    )?.[1];
  return value ?? null;
}

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly comment: string | null;
}

function argumentFor(
  parameter: Parameter,
  asset: Asset,
  reading: Reading,
  periods: Period[],
  values: Reading['values'][number][],
  isEnd: boolean,
): string | null {
  const words = wordsOf(parameter.name);
  const note = `${noteOf(parameter.name, asset)} ${parameter.comment ?? ''}`;
  const asText = kindOf(parameter.type) === 'text';
  if (isDateParameter(parameter)) return dateArgument(isEnd, asText, periods);
  if (kindOf(parameter.type) === 'number') return numberArgument(words, note, reading, periods);
  if (kindOf(parameter.type) !== 'text') return null;
  return textArgument(words, note, values);
}

const isDateParameter = (parameter: Parameter): boolean =>
  kindOf(parameter.type) === 'date' ||
  wordsOf(parameter.name).some((word) => /^(?:date|start|end|from|to|until|since|begin)$/.test(word));

/** Parameters that end a period: those called so, else the later one of two neighbours that are dates. */
function endDates(parameters: readonly Parameter[]): ReadonlySet<string> {
  const called = parameters.filter(
    (parameter) =>
      isDateParameter(parameter) &&
      wordsOf(parameter.name).some((word) => /^(?:end|to|till?|until|thru|through|last|max)$/.test(word)),
  );
  const pairs = parameters.filter((parameter, at) => {
    const before = parameters[at - 1];
    return before !== undefined && isDateParameter(before) && isDateParameter(parameter);
  });
  return new Set((called.length > 0 ? called : pairs.slice(0, 1)).map(({ name }) => name));
}

function dateArgument(isEnd: boolean, asText: boolean, periods: readonly Period[]): string | null {
  const period = periods[0];
  if (period === undefined) return null;
  if (period.literal !== null) {
    const text = `'${isEnd ? period.literal.last : period.literal.first}'`;
    return asText ? text : `DATE ${text}`;
  }
  const bound = isEnd ? (period.to === null ? 'CURRENT_DATE()' : `DATE_SUB(${period.to}, 1)`) : period.from;
  if (bound === null) return null;
  return asText ? `DATE_FORMAT(${bound}, 'yyyy-MM-dd')` : `DATE(${bound})`;
}

function numberArgument(
  words: readonly string[],
  note: string,
  reading: Reading,
  periods: readonly Period[],
): string | null {
  const text = `${words.join(' ')} ${note.toLowerCase()}`;
  const limit = reading.ranking?.limit;
  if (/\b(?:top|limit|n|rows|max)\b/.test(text) && typeof limit === 'number') return String(limit);
  const unit =
    /\b(day|week|month|quarter|year)s?\b/.exec(words.join(' '))?.[1] ??
    /\b(day|week|month|quarter|year)s?\b/.exec(note.toLowerCase())?.[1];
  const literal = periods.find((period) => period.literal !== null)?.literal ?? null;
  if (literal !== null && unit === 'year') return literal.first.slice(0, 4);
  if (literal !== null && unit === 'month') return String(Number(literal.first.slice(5, 7)));
  if (literal !== null && unit === 'quarter') return String(Math.ceil(Number(literal.first.slice(5, 7)) / 3));
  const counted = periods.find((period) => period.count !== null)?.count ?? null;
  if (unit !== undefined && counted !== null) return String(counted);
  const comparison = reading.comparisons[0];
  if (
    comparison !== undefined &&
    /\b(?:min|max|threshold|least|above|below|over|under|limit|from)\b/.test(text)
  )
    return String(comparison.values[0] ?? 0);
  const next = words
    .map(stem)
    .flatMap((word) =>
      reading.tokens
        .filter((token) => token.stem === word)
        .flatMap((token) => [reading.tokens[token.index + 1], reading.tokens[token.index - 1]]),
    );
  const beside = next.find((token) => typeof token?.number === 'number')?.number ?? null;
  return beside === null ? null : String(beside);
}

/** A linked value whose column shares a word with the parameter; a typed word when nothing else asks for it. */
function textArgument(
  words: readonly string[],
  note: string,
  values: Reading['values'][number][],
): string | null {
  const wanted = new Set([...words, ...wordsOf(note)].map(stem));
  const own = words.map(stem);
  const first = (says: (column: AssetColumn) => boolean): number =>
    values.findIndex((value) => value.options.some((option) => says(option.column)));
  const byName = first((column) => namesOf(column).some((word) => own.includes(word)));
  const byNote = byName >= 0 ? byName : first((column) => namesOf(column).some((word) => wanted.has(word)));
  const typed = values.findIndex((value) => value.source === 'typed' && value.options.length === 0);
  const only = values.length === 1 && /[A-Z\d]/.test(values[0]?.typed ?? '') ? 0 : -1;
  const chosen = [byNote, typed, only].find((index) => index >= 0) ?? -1;
  if (chosen < 0) return null;
  const [value] = values.splice(chosen, 1);
  if (value === undefined) return null;
  const option =
    value.options.find((candidate) => namesOf(candidate.column).some((word) => wanted.has(word))) ??
    value.options[0];
  const literal = option?.literal ?? value.typed;
  const cased = /upper[- ]?case/i.test(note)
    ? literal.toUpperCase()
    : /lower[- ]?case/i.test(note)
      ? literal.toLowerCase()
      : literal;
  return quoteLiteral(cased);
}

/** Stems of everything that a column goes by. */
const namesOf = (column: AssetColumn): string[] =>
  [column.name, ...column.synonyms].flatMap((name) => wordsOf(name)).map(stem);
