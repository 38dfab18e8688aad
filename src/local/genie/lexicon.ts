import { nameKey } from '../../core/index.ts';
import type { InstructionRules } from './instructions.ts';
import { pushTo, type Schema } from './schema.ts';
import { namedColumn, type Target } from './targets.ts';
import { STOP_WORDS } from './words.ts';
import { contentStems, rootOf, singular, stem, stemsOf, wordsOf } from './tokens.ts';

export type LinkSource = 'synonym' | 'label' | 'name' | 'description' | 'comment' | 'value';

export interface PhraseEntry {
  readonly target: Target;
  readonly strength: number;
  readonly source: LinkSource;
  /** The phrase in the singular, as it was written, joined without gaps. */
  readonly surfaces: ReadonlySet<string>;
}

export interface WordEntry {
  readonly target: Target;
  readonly weight: number;
  readonly source: LinkSource;
}

/** Words of a space: whole phrases link strongly, single words of longer texts weakly. */
export interface Lexicon {
  /** Stems of a phrase joined without gaps → targets. */
  readonly phrases: ReadonlyMap<string, readonly PhraseEntry[]>;
  readonly words: ReadonlyMap<string, readonly WordEntry[]>;
  /** As `phrases` and `words`, by the roots of the stems: for words that are nowhere as they stand. */
  readonly phraseRoots: ReadonlyMap<string, readonly PhraseEntry[]>;
  readonly wordRoots: ReadonlyMap<string, readonly WordEntry[]>;
  /** Instruction terms that only rename: phrase stems → other stems. */
  readonly renames: ReadonlyMap<string, readonly string[]>;
}

/**
 * How much each source of a link is worth. A synonym is an exact phrase and beats a name; a description only
 * contributes the overlap of its words; comments of the catalog count less than the space's own text.
 */
export const STRENGTH = {
  synonym: 3,
  label: 3,
  inherited: 2.2,
  columnName: 2.6,
  assetName: 2.4,
  assetNoun: 2.2,
  rowNoun: 1.3,
  namePart: 1.3,
  description: 0.9,
  comment: 0.6,
  assetText: 0.7,
} as const;

export function buildLexicon(targets: readonly Target[], rules: InstructionRules, schema: Schema): Lexicon {
  const phrases = new Map<string, PhraseEntry[]>();
  const words = new Map<string, WordEntry[]>();
  const phraseRoots = new Map<string, PhraseEntry[]>();
  const phrase = (text: string, entry: Omit<PhraseEntry, 'surfaces'>): void => {
    const key = stemsOf(text).join('');
    if (key === '') return;
    const surface = wordsOf(text).map(singular).join('');
    pushTo(phraseRoots, stemsOf(text).map(rootOf).join(''), { ...entry, surfaces: new Set([surface]) });
    const known = phrases
      .get(key)
      ?.find((other) => other.target.id === entry.target.id && other.strength >= entry.strength);
    if (known === undefined) pushTo(phrases, key, { ...entry, surfaces: new Set([surface]) });
    else if (!known.surfaces.has(surface)) {
      const list = phrases.get(key) ?? [];
      list[list.indexOf(known)] = { ...known, surfaces: new Set([...known.surfaces, surface]) };
    }
  };
  const overlap = (text: string, target: Target, weight: number, source: LinkSource): void => {
    for (const word of contentStems(text)) pushTo(words, word, { target, weight, source });
  };
  for (const target of targets) {
    if (target.kind === 'asset') {
      const { asset } = target;
      phrase(nameWords(asset.alias).join(' '), { target, strength: STRENGTH.assetName, source: 'name' });
      phrase(nounOf(asset.alias), { target, strength: STRENGTH.assetNoun, source: 'name' });
      for (const noun of rowNouns(asset.comment))
        phrase(noun, { target, strength: STRENGTH.rowNoun, source: 'comment' });
      for (const noun of rowNouns(asset.description))
        phrase(noun, { target, strength: STRENGTH.rowNoun * 1.2, source: 'description' });
      nameParts(asset.alias, (word, share) =>
        pushTo(words, word, { target, weight: STRENGTH.namePart * share, source: 'name' }),
      );
      for (const name of otherNames(`${asset.description}\n${asset.comment}`))
        phrase(name, { target, strength: STRENGTH.assetNoun, source: 'description' });
      overlap(asset.description, target, STRENGTH.assetText, 'description');
      overlap(asset.comment, target, STRENGTH.assetText * 0.7, 'comment');
    } else if (target.kind === 'column') {
      const { column } = target;
      phrase(nameWords(column.name).join(' '), { target, strength: STRENGTH.columnName, source: 'name' });
      if (column.isKey)
        phrase(nameWords(column.name).slice(0, -1).join(' '), {
          target,
          strength: STRENGTH.columnName * 0.6,
          source: 'name',
        });
      nameParts(column.name, (word, share) =>
        pushTo(words, word, { target, weight: STRENGTH.namePart * share, source: 'name' }),
      );
      for (const synonym of column.synonyms)
        phrase(synonym, { target, strength: STRENGTH.synonym, source: 'synonym' });
      for (const synonym of column.inherited)
        phrase(synonym, { target, strength: STRENGTH.inherited, source: 'synonym' });
      for (const name of otherNames(`${column.description}\n${column.comment}`))
        phrase(name, { target, strength: STRENGTH.synonym * 0.9, source: 'description' });
      overlap(column.description, target, STRENGTH.description, 'description');
      overlap(column.comment, target, STRENGTH.comment, 'comment');
    } else {
      for (const text of target.phrases) phrase(text, { target, strength: STRENGTH.label, source: 'label' });
      for (const text of target.phrases)
        overlap(text, target, STRENGTH.namePart / Math.max(1, contentStems(text).length), 'label');
      overlap(target.text, target, STRENGTH.comment * 0.5, 'comment');
    }
  }
  for (const term of rules.terms) {
    const column = term.meaning.kind === 'words' ? null : namedColumn(term.meaning.fragment.sql, schema);
    const target = targets.find((item) => item.kind === 'column' && item.column === column);
    if (target !== undefined) phrase(term.phrase, { target, strength: STRENGTH.label, source: 'label' });
  }
  const renames = new Map(
    rules.terms.flatMap((term) =>
      term.meaning.kind === 'words'
        ? [[stemsOf(term.phrase).join(''), stemsOf(term.meaning.text)] as const]
        : [],
    ),
  );
  const rare = rarer(words);
  return { phrases, words: rare, phraseRoots, wordRoots: byRoot(rare), renames };
}

/** `x_net_weight` → `net weight`: a prefix of one or two letters that every column carries names nothing. */
export function nameWords(name: string): string[] {
  const words = wordsOf(name);
  return words.length > 1 && (words[0]?.length ?? 0) <= 2 && !/^(?:is|no|of|in|on|to)$/.test(words[0] ?? '')
    ? words.slice(1)
    : words;
}

/** The name without the marks of modelling: `dim_x`, `x_tbl` → `x`. */
const nounOf = (alias: string): string =>
  nameWords(alias)
    .filter((word, at, words) => words.length === 1 || !/^(?:dim|fact|fct|tbl|table|vw|view|mv)$/.test(word))
    .join(' ');

const ROW_NOUNS = [
  /^\s*(?:all |the |our |list of )*([a-z-]+(?: [a-z-]+)?)\.?\s*$/i,
  /\bone row (?:per|for each|for every) (?:single )?([a-z-]+(?: [a-z-]+)?)/i,
  /\b(?:each|every) row (?:is|holds|describes|represents) (?:an? |one )?([a-z-]+(?: [a-z-]+)?)/i,
];

/** What a row is, as a comment says it: "Things.", "One row per thing." */
function rowNouns(text: string): string[] {
  return ROW_NOUNS.flatMap((pattern) => {
    const words = (pattern.exec(text)?.[1] ?? '').split(' ').filter((word) => word !== '');
    const end = words.findIndex((word) => STOP_WORDS.has(word.toLowerCase()));
    const noun = (end < 0 ? words : words.slice(0, end)).join(' ');
    return noun === '' ? [] : [noun];
  });
}

/** "Also called 'things' and 'items'.", "a.k.a. things": other names that a text gives. */
function otherNames(text: string): string[] {
  return [...text.matchAll(OTHER_NAMES)].flatMap(([, list = '']) => {
    const quoted = [...list.matchAll(/["'“‘]([^"'”’]+)["'”’]/g)].map(([, name = '']) => name);
    return quoted.length > 0 ? quoted : list.split(/\s*,\s*|\s+(?:and|or)\s+/);
  });
}

const OTHER_NAMES =
  /\b(?:(?:also|often|commonly|otherwise) (?:called|known as|referred to as)|known as|a\.?k\.?a\.?|synonyms?:)[: ]+([^.;\n]+)/gi;

function nameParts(name: string, add: (stemmed: string, share: number) => void): void {
  const words = nameWords(name);
  if (words.length < 2) return;
  for (const word of new Set(words)) if (contentStems(word).length > 0) add(stem(word), 1 / words.length);
}

function byRoot(words: ReadonlyMap<string, readonly WordEntry[]>): Map<string, WordEntry[]> {
  const roots = new Map<string, WordEntry[]>();
  for (const [word, entries] of words) for (const entry of entries) pushTo(roots, rootOf(word), entry);
  return roots;
}

/** A word that many targets share tells them apart less. */
function rarer(words: ReadonlyMap<string, readonly WordEntry[]>): Map<string, WordEntry[]> {
  return new Map(
    [...words].map(([word, entries]) => {
      const spread = new Set(entries.map((entry) => groupOf(entry.target))).size;
      const factor = 1 / (1 + Math.log(spread));
      return [word, entries.map((entry) => ({ ...entry, weight: entry.weight * factor }))];
    }),
  );
}

const groupOf = (target: Target): string =>
  target.kind === 'column' ? `${nameKey(target.asset.name)}#${target.column.name}` : target.id;
