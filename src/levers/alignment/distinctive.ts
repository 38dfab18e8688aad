import { compareCodeUnits } from '../../core/index.ts';
import type { AnalyzedRow } from './row-analysis.ts';
import { isContentWord, isFunctionWord } from './stop-words.ts';
import { isUnbroken } from './words.ts';

/** Words that may stand inside a topic: `quarter to quarter`, `orders of customer`. */
const LINKS = new Set(['to', 'of', 'by', 'over', 'per', 'on']);

/** Phrases of one to three words, words of asking included: `best customers` is what a ranking is for. */
export function topicPhrases(row: AnalyzedRow): Map<string, string> {
  const phrases = new Map<string, string>();
  for (let start = 0; start < row.words.length; start++) {
    for (let length = 1; length <= 3 && start + length <= row.words.length; length++) {
      const run = row.words.slice(start, start + length);
      if (!isUnbroken(run)) break;
      const isEdge = (at: number): boolean => at === 0 || at === length - 1;
      const fits = run.every(
        (word, at) => !isFunctionWord(word.folded) || (!isEdge(at) && LINKS.has(word.folded)),
      );
      const linked = length === 3 && LINKS.has(run[1]?.folded ?? '');
      const content = run.filter((word) => isContentWord(word.folded)).length;
      if (!fits || (content === 0 && !(linked && run[0]?.folded === run[2]?.folded))) continue;
      phrases.set(run.map((word) => word.folded).join(' '), run.map((word) => word.surface).join(' '));
    }
  }
  return phrases;
}

/** Phrases of a question that no question of another meaning says, the longest first. */
export function distinctivePhrases(
  row: AnalyzedRow,
  isMeant: (other: AnalyzedRow) => boolean,
  rows: readonly AnalyzedRow[],
): string[] {
  const others = rows.filter((other) => other !== row && !isMeant(other)).map(topicPhrases);
  return [...topicPhrases(row)]
    .filter(([key]) => !others.some((phrases) => phrases.has(key)))
    .map(([key, surface]) => ({ key, surface, length: key.split(' ').length }))
    .sort((a, b) => b.length - a.length || compareCodeUnits(a.key, b.key))
    .map(({ surface }) => surface);
}
