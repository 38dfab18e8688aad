import type { Finding, LinkedPhrase } from '../alignment/align.ts';
import { likeness } from '../alignment/fit.ts';
import type { AnalyzedRow } from '../alignment/row-analysis.ts';
import { isContentWord } from '../alignment/stop-words.ts';
import { explainWords, knownNames } from '../alignment/vocabulary.ts';
import { identifierWords, indexOfRun, sameStem } from '../alignment/words.ts';
import type { GeneratorContext } from './draft.ts';

/**
 * Phrases of a finding that its questions show to mean a stored value, not merely to stand beside it.
 *
 * A phrase is shown to mean it when it comes with the condition in several questions and never without it, when it is
 * akin to column, value or description, or when no other word of its question is left that could mean the condition.
 * A bound or a test for NULL has no value to be misnamed; its phrases are taken as they are.
 */
export function evidentPhrases(finding: Finding, context: GeneratorContext): readonly LinkedPhrase[] {
  if (!asksForValue(finding)) return finding.phrases;
  return finding.phrases.filter(
    (phrase) =>
      isAkin(phrase, finding, context) ||
      comesAlways(phrase, finding, context) ||
      isOnlyGuess(phrase, finding, context),
  );
}

const asksForValue = ({ element }: Finding): boolean =>
  element.kind === 'predicate' &&
  element.literals.length > 0 &&
  !/[<>]/.test(element.sql.replaceAll('<>', ''));

const saying = (run: readonly string[], { rows }: GeneratorContext): AnalyzedRow[] =>
  rows.filter((row) => indexOfRun(row.folded, run) >= 0);

function comesAlways({ key }: LinkedPhrase, { element }: Finding, context: GeneratorContext): boolean {
  const rows = saying(key.split(' '), context);
  return rows.length > 1 && rows.every((row) => row.expected.has(element.key));
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
        .filter(({ key, question_ids: ids }) => key === phrase.key || ids.includes(row.row.question_id))
        .flatMap(({ key }) => key.split(' ')),
    );
    return row.folded.every(
      (word, at) =>
        !isContentWord(word) ||
        (explained[at] ?? 0) > 0 ||
        taken.has(word) ||
        saying([word], context).some((other) => !other.expected.has(element.key)),
    );
  });
}
