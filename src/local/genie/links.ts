import type { Lexicon, LinkSource } from './lexicon.ts';
import { covers, overlaps } from './question-text.ts';
import type { Target } from './targets.ts';
import { rootOf, singular, type Span, type Token } from './tokens.ts';

/** A phrase of the question that stands for a target. */
export interface Link extends Span {
  readonly target: Target;
  readonly strength: number;
  readonly source: LinkSource;
}

export interface Links {
  readonly phrases: readonly Link[];
  /** Weak evidence per token. */
  readonly words: readonly (readonly {
    readonly target: Target;
    readonly weight: number;
    readonly source: LinkSource;
  }[])[];
  /** Scores of stretches of words already asked for: every base asks for the same ones. */
  readonly scored: Map<string, ReadonlyMap<string, TargetScore>>;
}

export interface TargetScore {
  readonly target: Target;
  readonly score: number;
  /** Token indexes that it explains. */
  readonly covered: readonly number[];
}

const LONGEST_PHRASE = 6;

/** Finds every phrase and word of the lexicon in the question; `blocked` tokens (periods) name nothing. */
export function linkQuestion(
  tokens: readonly Token[],
  lexicon: Lexicon,
  blocked: readonly Span[] = [],
): Links {
  const phrases: Link[] = [];
  const isBlocked = (span: Span): boolean => blocked.some((other) => overlaps(other, span));
  const words = tokens.map((token) =>
    token.content && !isBlocked({ start: token.index, end: token.index + 1 })
      ? [...(lexicon.words.get(token.stem) ?? derived(lexicon.wordRoots.get(rootOf(token.stem))))]
      : [],
  );
  for (let start = 0; start < tokens.length; start++) {
    let [key, surface, roots] = ['', '', ''];
    for (let end = start + 1; end <= Math.min(tokens.length, start + LONGEST_PHRASE); end++) {
      const last = tokens[end - 1];
      if (last === undefined || last.quoted || (last.afterComma && end > start + 1)) break;
      // "litres are lost" says the name "litres lost".
      if (end > start + 1 && COPULA.test(last.lower)) continue;
      key += last.stem;
      roots += rootOf(last.stem);
      if (isBlocked({ start, end }) && end - start === 1) continue;
      surface += singular(last.lower);
      for (const entry of lexicon.phrases.get(key) ?? [])
        phrases.push({
          start,
          end,
          ...entry,
          strength: entry.strength * (entry.surfaces.has(surface) ? 1 : OTHER_FORM),
        });
      if (!lexicon.phrases.has(key) && !last.quoted && !last.code)
        for (const entry of lexicon.phraseRoots.get(roots) ?? [])
          phrases.push({ start, end, ...entry, strength: entry.strength * SAME_ROOT });
      for (const renamed of lexicon.renames.get(key) ?? []) {
        for (const entry of lexicon.phrases.get(renamed) ?? [])
          phrases.push({ start, end, ...entry, strength: entry.strength * 0.95 });
        for (const entry of lexicon.words.get(renamed) ?? []) words[start]?.push(entry);
      }
      const whole = lexicon.renames.get(key)?.join('');
      if (whole !== undefined && (lexicon.renames.get(key)?.length ?? 0) > 1) {
        for (const entry of lexicon.phrases.get(whole) ?? [])
          phrases.push({ start, end, ...entry, strength: entry.strength * 0.95 });
      }
    }
  }
  return { phrases, words, scored: new Map() };
}

const COPULA = /^(?:is|are|was|were)$/;

/** A name in another form of the word ("billed" for a bill) is weaker than the very word. */
const OTHER_FORM = 0.75;

/** A word that is only derived from the same stem ("reservation", where a name says "reserved") is weaker still. */
const SAME_ROOT = 0.6;

const derived = <E extends { readonly weight: number }>(entries: readonly E[] | undefined): E[] =>
  (entries ?? []).map((entry) => ({ ...entry, weight: entry.weight * SAME_ROOT }));

/** Longest phrases first, none overlapping: the words that are surely explained. */
export function maximalLinks(links: Links): Link[] {
  const chosen: Link[] = [];
  for (const link of [...links.phrases].sort(
    (a, b) => b.end - b.start - (a.end - a.start) || b.strength - a.strength || a.start - b.start,
  )) {
    if (!chosen.some((other) => overlaps(other, link))) chosen.push(link);
  }
  return chosen.sort((a, b) => a.start - b.start);
}

/**
 * How well a target explains a set of tokens: its best phrase, weighted by the share of meaningful words it covers,
 * plus the weak evidence of the words outside that phrase.
 */
export function scoreTargets(
  links: Links,
  tokens: readonly Token[],
  within: readonly number[],
): ReadonlyMap<string, TargetScore> {
  const key = within.join();
  const known = links.scored.get(key) ?? scoresOf(links, tokens, within);
  links.scored.set(key, known);
  return known;
}

function scoresOf(
  links: Links,
  tokens: readonly Token[],
  within: readonly number[],
): Map<string, TargetScore> {
  const inside = new Set(within);
  const contentCount = Math.max(1, within.filter((index) => tokens[index]?.content === true).length);
  const scores = new Map<string, TargetScore>();
  const best = new Map<string, Link>();
  for (const link of links.phrases) {
    const covered = range(link);
    if (!covered.every((index) => inside.has(index))) continue;
    const share = Math.min(
      1,
      covered.filter((index) => tokens[index]?.content === true).length / contentCount,
    );
    const score = link.strength * (0.45 + 0.55 * share);
    const previous = scores.get(link.target.id);
    if (previous === undefined || score > previous.score) {
      scores.set(link.target.id, { target: link.target, score, covered });
      best.set(link.target.id, link);
    }
  }
  const weak = new Map<string, number>();
  for (const index of within) {
    const perTarget = new Map<string, { target: Target; weight: number }>();
    for (const entry of links.words[index] ?? []) {
      const link = best.get(entry.target.id);
      if (link !== undefined && covers(link, index)) continue;
      const known = perTarget.get(entry.target.id);
      if (known === undefined || entry.weight > known.weight) perTarget.set(entry.target.id, entry);
    }
    for (const [id, entry] of perTarget) {
      const total = Math.min(WEAK_CAP, (weak.get(id) ?? 0) + entry.weight);
      const gained = total - (weak.get(id) ?? 0);
      weak.set(id, total);
      const known = scores.get(id);
      scores.set(id, {
        target: entry.target,
        score: (known?.score ?? 0) + gained,
        covered: [...(known?.covered ?? []), index],
      });
    }
  }
  return scores;
}

/** However many words of a description fit, a synonym stays stronger. */
const WEAK_CAP = 2.2;

export const range = (span: Span): number[] =>
  Array.from({ length: span.end - span.start }, (_, offset) => span.start + offset);
