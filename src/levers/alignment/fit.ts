import type { ElementUse } from './element.ts';
import type { Cue } from './phrases.ts';
import { abbreviates } from './vocabulary.ts';
import { identifierWords, sameStem } from './words.ts';

/**
 * How well the part of the question where a phrase stands fits what the element does.
 *
 * @param countsRows - whether the answer key counts: `how many pieces` may as well ask for a sum
 */
export function cueFactor(cue: Cue, use: ElementUse, countsRows: boolean): number {
  const { kind } = use.element;
  const isDimension = use.roles.includes('group') || use.roles.includes('select');
  switch (cue) {
    case 'group':
      if (kind === 'expression' || (kind === 'column' && isDimension)) return 1.3;
      return kind === 'table' ? 0.8 : 0.7;
    case 'measure':
      if (kind === 'aggregate' || kind === 'measure' || (kind === 'column' && use.roles.includes('measure')))
        return 1.3;
      return kind === 'table' ? 0.6 : 0.8;
    case 'count':
      if (kind === 'aggregate' && use.element.function === 'count') return 1.25;
      if (kind === 'table') return countsRows ? 1.25 : 0.6;
      if (!countsRows && (kind === 'aggregate' || use.roles.includes('measure'))) return 1.25;
      return kind === 'predicate' ? 1.05 : 0.85;
    case 'filter':
      return kind === 'predicate' || kind === 'date' ? 1.15 : kind === 'table' ? 0.8 : 1;
    case 'none':
      return kind === 'table' ? 0.75 : 1;
  }
}

/** A phrase that looks like the element's own name, alias or literal is the better guess. */
export function likeness(words: readonly string[], use: ElementUse): number {
  let best = abbreviates(use.element, words);
  if (use.alias !== null) {
    const alias = identifierWords(use.alias);
    best = Math.max(best, words.filter((word) => alias.includes(word)).length / words.length);
  }
  if (use.element.kind === 'predicate') {
    const literals = use.element.literals.flatMap(identifierWords);
    if (words.some((word) => literals.some((literal) => sameStem(word, literal)))) best = 1;
    // A code is often the first letter of what it stands for, and a flag is called by what it flags.
    if (words.some((word) => literals.some((literal) => literal.length <= 2 && word.startsWith(literal))))
      best = Math.max(best, 0.5);
    const column = identifierWords(use.element.column).join('');
    if (words.some((word) => word.length >= 5 && column.includes(stem(word)))) best = Math.max(best, 0.8);
  }
  return 1 + 0.5 * best;
}

/** A word without the commonest endings: returned, returning, returns → return. */
const stem = (word: string): string => word.replace(/(?:ing|ed|er|ation|ion|s)$/, '');
