import { compareCodeUnits } from '../../core/index.ts';
import type { Finding, LinkedPhrase } from '../alignment/align.ts';
import { likeness } from '../alignment/fit.ts';
import { phraseAt } from '../alignment/phrases.ts';
import { isContentWord } from '../alignment/stop-words.ts';
import { explainWords, knownNames } from '../alignment/vocabulary.ts';
import { identifierWords, indexOfRun, isUnbroken, sameStem } from '../alignment/words.ts';
import { rowsSaying, type GeneratorContext } from './draft.ts';

/**
 * Phrases of a finding that its questions show to mean a stored value, not merely to stand beside it.
 *
 * A phrase is shown to mean it when it comes with the condition in several questions and never without it, when it is
 * akin to column, value or description, or when no other word of its question is left that could mean the condition.
 * A verb and its object are one such phrase where nothing else is left.
 * A bound or a test for NULL has no value to be misnamed; its phrases are taken as they are.
 */
export function evidentPhrases(finding: Finding, context: GeneratorContext): readonly LinkedPhrase[] {
  if (!asksForValue(finding)) return finding.phrases;
  const evident = finding.phrases.flatMap((phrase) => {
    const isEvident =
      isAkin(phrase, finding, context) ||
      comesAlways(phrase, finding, context) ||
      isOnlyGuess(phrase, finding, context);
    if (isEvident) return [phrase];
    const whole = acrossArticles(phrase, context);
    return whole !== null && isOnlyGuess(whole, finding, context) ? [whole] : [];
  });
  return evident.filter(({ key }, at) => evident.findIndex((other) => other.key === key) === at);
}

/** Words that stand before a noun and belong to it. */
const ARTICLES = new Set(['a', 'an', 'the', 'our', 'your', 'my', 'their', 'its', 'his', 'her']);

/** The phrase with the verb before, or the object behind, an article beside it: `accept our newsletter`. */
function acrossArticles(phrase: LinkedPhrase, { rows }: GeneratorContext): LinkedPhrase | null {
  const run = phrase.key.split(' ');
  const row = rows.find((other) => phrase.question_ids.includes(other.row.question_id));
  const start = row === undefined ? -1 : indexOfRun(row.folded, run);
  if (row === undefined || start < 0) return null;
  const reaches = (article: number, word: number): boolean =>
    ARTICLES.has(row.folded[article] ?? '') && isContentWord(row.folded[word] ?? '');
  const end = start + run.length;
  const from = reaches(start - 1, start - 2) ? start - 2 : start;
  const to = reaches(end, end + 1) ? end + 2 : end;
  if (to - from === run.length || !isUnbroken(row.words.slice(from, to))) return null;
  const { key, surface } = phraseAt(row.words, from, to - from, 'none');
  return {
    ...phrase,
    key,
    surface,
    question_ids: rowsSaying(key, rows)
      .map((other) => other.row.question_id)
      .filter((id) => phrase.question_ids.includes(id))
      .sort(compareCodeUnits),
  };
}

const asksForValue = ({ element }: Finding): boolean =>
  element.kind === 'predicate' &&
  element.literals.length > 0 &&
  !/[<>]/.test(element.sql.replaceAll('<>', ''));

function comesAlways({ key }: LinkedPhrase, { element }: Finding, { rows }: GeneratorContext): boolean {
  const saying = rowsSaying(key, rows);
  return saying.length > 1 && saying.every((row) => row.expected.has(element.key));
}

function isAkin({ key }: LinkedPhrase, { element, use }: Finding, { schema }: GeneratorContext): boolean {
  const words = key.split(' ');
  if (likeness(words, use) > 1) return true;
  if (element.kind !== 'predicate') return false;
  const described = identifierWords(schema.column(element.table, element.column)?.description ?? '');
  return words.some((word) => described.some((other) => isContentWord(other) && sameStem(word, other)));
}

/** Whether one of its questions has no further word that nothing explains and no question says without the condition. */
function isOnlyGuess(phrase: LinkedPhrase, { element }: Finding, context: GeneratorContext): boolean {
  const { rows, schema, space, findings } = context;
  return rows.some((row) => {
    if (!phrase.question_ids.includes(row.row.question_id)) return false;
    const names = [...row.expected.values()].flatMap((use) => knownNames(use.element, schema, space));
    const explained = explainWords(row.folded, names);
    const taken = new Set(
      [...findings.values()]
        .flatMap(({ phrases }) => phrases)
        .filter(({ question_ids: ids }) => ids.includes(row.row.question_id))
        .flatMap(({ key }) => key.split(' '))
        .concat(phrase.key.split(' ')),
    );
    return row.folded.every(
      (word, at) =>
        !isContentWord(word) ||
        (explained[at] ?? 0) > 0 ||
        taken.has(word) ||
        rowsSaying(word, rows).some((other) => !other.expected.has(element.key)),
    );
  });
}
