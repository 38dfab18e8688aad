import { seededRandom, type Random } from '../../src/core/index.ts';
import { pick } from '../chance.ts';

const CONSONANTS = 'bdfgklmnprtvz'.split('');
const VOWELS = 'aiou'.split('');
const ENDINGS = 'kmnrt'.split('');

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** A source of invented words, none of them twice: no rule can have been made for them. */
export function wordSource(seed: string): { readonly random: Random; readonly word: () => string } {
  const random = seededRandom(seed);
  const used = new Set<string>();
  const word = (): string => {
    for (;;) {
      const syllables = 2 + Math.floor(random() * 2);
      const made = `${Array.from({ length: syllables }, () => pick(CONSONANTS, random) + pick(VOWELS, random)).join('')}${pick(ENDINGS, random)}`;
      if (used.has(made)) continue;
      used.add(made);
      return made;
    }
  };
  return { random, word };
}
