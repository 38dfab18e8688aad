import { compareCodeUnits } from '../../core/index.ts';
import type { Space } from '../../spaces/index.ts';
import type { Schema } from '../schema.ts';
import { nameInTable, type Element, type ElementUse } from './element.ts';
import { countTogether, pairKey, type Counts } from './counts.ts';
import { isNameable, linkScore } from './link-score.ts';
import type { Phrase } from './phrases.ts';
import type { AnalyzedRow } from './row-analysis.ts';
import { calledInKey, spelledOut } from './spelled-out.ts';
import { isContentWord } from './stop-words.ts';
import { explainWords, knownNames, type KnownName } from './vocabulary.ts';
import { indexOfRun } from './words.ts';

/** A phrase that people use for an element, with its evidence. */
export interface LinkedPhrase {
  /** Folded words. */
  readonly key: string;
  /** As people write it most often. */
  readonly surface: string;
  /** 0–1. */
  readonly score: number;
  /** Train questions whose wording supports the link, sorted. */
  readonly question_ids: readonly string[];
}

/** An element that answers lacked, with the phrases that name it, best first. */
export interface Finding {
  readonly element: Element;
  readonly use: ElementUse;
  /** Train questions that needed the element and did not get it, sorted. */
  readonly question_ids: readonly string[];
  readonly phrases: readonly LinkedPhrase[];
}

export const ALIGNMENT_DEFAULTS = {
  /** A link below this score is no evidence. */
  minScore: 0.3,
  /** Further phrases of an element must reach this share of the best one's score. */
  siblingShare: 0.6,
  maxPhrases: 3,
} as const;

interface Link {
  readonly row: AnalyzedRow;
  readonly use: ElementUse;
  readonly phrase: Phrase;
  readonly score: number;
}

/**
 * Finds which words of the questions name which elements that the answers lacked.
 *
 * A phrase counts for an element when it comes with it in many questions and seldom without it, is
 * not explained by a name that the question's answer key uses, and stands where such an element is
 * named. In each question every phrase names at most one element and every element has at most one
 * phrase; a phrase that several elements claim goes to the best supported one.
 */
export function alignPhrases(
  rows: readonly AnalyzedRow[],
  schema: Schema,
  space: Space,
): ReadonlyMap<string, Finding> {
  const counts = countTogether(rows);
  const links = rows
    .filter((row) => row.lacking.size > 0)
    .flatMap((row) => linkRow(row, rows, counts, schema, space));
  const owners = ownersOf(links);
  const findings = new Map<string, Finding>();
  for (const row of rows) {
    for (const key of row.lacking) {
      const use = row.expected.get(key);
      if (use === undefined || findings.has(key)) continue;
      findings.set(key, {
        element: use.element,
        use: mergedUse(key, rows, use),
        question_ids: rows
          .filter((other) => other.lacking.has(key))
          .map((other) => other.row.question_id)
          .sort(compareCodeUnits),
        phrases: phrasesFor(key, links, owners),
      });
    }
  }
  return new Map([...findings].sort(([a], [b]) => compareCodeUnits(a, b)));
}

function mergedUse(key: string, rows: readonly AnalyzedRow[], first: ElementUse): ElementUse {
  const uses = rows.flatMap((row) => row.expected.get(key) ?? []);
  const aliases = uses.flatMap((use) => use.alias ?? []);
  return {
    element: first.element,
    roles: [...new Set(uses.flatMap((use) => use.roles))].sort(),
    alias: mostCommon(aliases),
  };
}

function linkRow(
  row: AnalyzedRow,
  rows: readonly AnalyzedRow[],
  counts: Counts,
  schema: Schema,
  space: Space,
): Link[] {
  const namesByKey = new Map(
    [...row.expected].map(([key, use]) => [key, knownNames(use.element, schema, space)]),
  );
  const explained = explainWords(row.folded, [...namesByKey.values()].flat());
  const lacking = [...row.lacking]
    .flatMap((key) => row.expected.get(key) ?? [])
    .filter(
      (use) =>
        isNameable(use, row, schema, space) && !isNamed(namesByKey.get(use.element.key) ?? [], row.folded),
    );
  // A name of nothing but words of asking (`count`) may be said and not meant.
  const tellingNames = ({ element }: ElementUse): KnownName[] =>
    (namesByKey.get(element.key) ?? []).filter(({ words }) => words.some(isContentWord));
  const candidates: Link[] = [];
  for (const key of row.lacking) {
    const use = row.expected.get(key);
    const phrase = use === undefined ? null : calledInKey(use, row.words);
    if (use === undefined || phrase === null || isNamed(tellingNames(use), row.folded)) continue;
    if (isSaidForItAlone(phrase, use, rows))
      candidates.push({ row, use, phrase, score: CALLED_IN_KEY_SCORE });
  }
  for (const use of lacking) {
    const spelled = spelledOut(use.element, row.words);
    if (spelled !== null) {
      if (isUnderstood(spelled, use, rows)) continue;
      candidates.push({ row, use, phrase: spelled, score: SPELLED_OUT_SCORE });
    }
    for (const phrase of row.phrases) {
      const score = linkScore(phrase, use, { row, explained, counts, schema, rivals: lacking.length });
      if (score >= ALIGNMENT_DEFAULTS.minScore) candidates.push({ row, use, phrase, score });
    }
  }
  candidates.sort(
    (a, b) =>
      b.score - a.score ||
      b.phrase.length - a.phrase.length ||
      a.phrase.start - b.phrase.start ||
      compareCodeUnits(a.use.element.key, b.use.element.key),
  );
  const [taken, named] = [new Set<number>(), new Set<string>()];
  return candidates.filter(({ phrase, use }) => {
    const places = Array.from({ length: phrase.length }, (_, offset) => phrase.start + offset);
    if (named.has(use.element.key) || places.some((place) => taken.has(place))) return false;
    named.add(use.element.key);
    for (const place of places) taken.add(place);
    return true;
  });
}

/** Score of a phrase that is the element's own name, written in words. */
const SPELLED_OUT_SCORE = 0.9;

/** Score of a word of asking that the answer key has for the element. */
const CALLED_IN_KEY_SCORE = 0.85;

/** Whether every question that says the phrase needs the element. */
const isSaidForItAlone = (phrase: Phrase, { element }: ElementUse, rows: readonly AnalyzedRow[]): boolean =>
  rows.every((row) => row.expected.has(element.key) || !row.folded.includes(phrase.key));

/** Whether another question says the same words and was answered with the element. */
const isUnderstood = (phrase: Phrase, { element }: ElementUse, rows: readonly AnalyzedRow[]): boolean =>
  rows.some(
    (row) =>
      row.row.correct === true &&
      row.expected.has(element.key) &&
      indexOfRun(row.folded, phrase.key.split(' ')) >= 0,
  );

/** Whether the question says a full name of the element: whatever went wrong, it was not for lack of a word. */
const isNamed = (names: readonly KnownName[], folded: readonly string[]): boolean =>
  names.some((name) => name.strength === 1 && indexOfRun(folded, name.words) >= 0);

/** For each phrase the element with the most support. */
function ownersOf(links: readonly Link[]): ReadonlyMap<string, Element> {
  const support = new Map<string, { element: Element; score: number }>();
  for (const link of links) {
    const key = pairKey(link.phrase.key, link.use.element.key);
    const entry = support.get(key) ?? { element: link.use.element, score: 0 };
    entry.score += link.score;
    support.set(key, entry);
  }
  const owners = new Map<string, { element: Element; score: number }>();
  for (const [key, entry] of [...support].sort(([a], [b]) => compareCodeUnits(a, b))) {
    const phrase = key.split('\u0001')[0] ?? '';
    const owner = owners.get(phrase);
    if (owner === undefined || entry.score > owner.score) owners.set(phrase, entry);
  }
  return new Map([...owners].map(([phrase, entry]) => [phrase, entry.element]));
}

function phrasesFor(
  key: string,
  links: readonly Link[],
  owners: ReadonlyMap<string, Element>,
): LinkedPhrase[] {
  const byPhrase = new Map<string, Link[]>();
  for (const link of links) {
    if (link.use.element.key !== key) continue;
    const owner = owners.get(link.phrase.key);
    const sameElement = links.filter(
      (other) => other.phrase.key === link.phrase.key && other.use.element.key === key,
    ).length;
    if (owner !== undefined && owner.key !== key && !mayShare(owner, link.use.element, sameElement)) continue;
    byPhrase.set(link.phrase.key, [...(byPhrase.get(link.phrase.key) ?? []), link]);
  }
  const phrases = [...byPhrase]
    .map(([phrase, found]): LinkedPhrase => {
      return {
        key: phrase,
        surface: mostCommon(found.map((link) => link.phrase.surface)) ?? phrase,
        score: Math.max(...found.map((link) => link.score)),
        question_ids: [...new Set(found.map((link) => link.row.row.question_id))].sort(compareCodeUnits),
      };
    })
    .sort(
      (a, b) =>
        b.score - a.score || b.question_ids.length - a.question_ids.length || compareCodeUnits(a.key, b.key),
    );
  const floor = (phrases[0]?.score ?? 0) * ALIGNMENT_DEFAULTS.siblingShare;
  return phrases.filter((phrase) => phrase.score >= floor).slice(0, ALIGNMENT_DEFAULTS.maxPhrases);
}

/**
 * Whether a second element may have the phrase, too: a table and its own column, or the same figure
 * in another table, which the rest of a question tells apart.
 */
function mayShare(owner: Element, other: Element, evidence: number): boolean {
  if (!('table' in owner) || !('table' in other)) return false;
  if (owner.table === other.table) return owner.kind === 'table' || other.kind === 'table';
  const name = nameInTable(owner);
  return evidence > 1 || (name !== null && name === nameInTable(other));
}

/** The most frequent text, the shorter and then the first in code-unit order among equals. */
function mostCommon(texts: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return (
    [...counts].sort(
      (a, b) => b[1] - a[1] || a[0].length - b[0].length || compareCodeUnits(a[0], b[0]),
    )[0]?.[0] ?? null
  );
}
