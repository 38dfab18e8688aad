import { stem, stemsOf } from './tokens.ts';
import { NUMBER } from './question-text.ts';

/** "Best X are the X with the highest Y", from an instruction. */
export interface SuperlativeRule {
  /** Stems of the whole phrase, the noun included: `best x`. */
  readonly phrase: readonly string[];
  readonly noun: string;
  readonly direction: 'highest' | 'lowest';
  /** Words to look for in the question's place: plain words, or the label under which a SQL text was filed. */
  readonly measure: string;
  readonly sentence: string;
}

const HIGH = 'highest|most|largest|biggest|greatest|maximum|top';
const LOW = 'lowest|least|fewest|smallest|minimum';
const DEFINITION = new RegExp(
  String.raw`^(?:the\s+|our\s+|an?\s+)?["“']?(?<phrase>(?:[a-z-]+\s+){1,3}[a-z-]+)["”']?\s+(?:is|are|means?|refers? to)\s+(?:(?:the|those|ones?|that|which|an?)\s+)*(?:(?<noun>[a-z-]+(?:\s+[a-z-]+)?)\s+)?(?:with|having|by|of|ranked by|that ha(?:s|ve)|which ha(?:s|ve))\s+(?:the\s+)?(?<direction>${HIGH}|${LOW})\s+(?<measure>.+)$`,
  'i',
);
const GRADE =
  /^(?:best|worst|top|bottom|biggest|largest|smallest|strongest|weakest|busiest|[a-z]+est|most\s+[a-z-]+|least\s+[a-z-]+|key|leading)\s/i;

/** Reads a definition of a superlative; `null` for every other sentence. */
export function superlativeIn(sentence: string): Omit<SuperlativeRule, 'sentence'> | null {
  const groups = DEFINITION.exec(sentence)?.groups;
  const phrase = groups?.['phrase'] ?? '';
  if (groups === undefined || !GRADE.test(`${phrase} `)) return null;
  return {
    phrase: stemsOf(phrase),
    noun: phrase.replace(GRADE, '').trim(),
    direction: new RegExp(`^(?:${HIGH})$`, 'i').test(groups['direction'] ?? '') ? 'highest' : 'lowest',
    measure: measureOf((groups['measure'] ?? '').trim()),
  };
}

/** Without what follows the measure in prose: a comma, a colon, a remark in parentheses. */
const measureOf = (text: string): string =>
  /^(?:\w+\s*\(|\x60)/.test(text) ? text : text.replace(/(?:[;:]|,\s|\s\().*$/, '');

/** The question with every defined superlative written out: "best 3 x" → "3 x with the highest y". */
export function withDefinedSuperlatives(question: string, rules: readonly SuperlativeRule[]): string {
  for (const rule of rules) {
    const rewritten = writtenOut(question, rule);
    if (rewritten !== null) return rewritten;
  }
  return question;
}

const SAYS_MEASURE = /^\s*(?:by|with|in terms of|according to|based on|measured|ranked)\b/i;

function writtenOut(question: string, rule: SuperlativeRule): string | null {
  const nounLength = stemsOf(rule.noun).length;
  const grade = rule.phrase.slice(0, rule.phrase.length - nounLength);
  const noun = rule.phrase.slice(-nounLength);
  const words = [...question.matchAll(/[A-Za-z0-9-]+/g)].map((match) => ({
    stem: stem(match[0].toLowerCase()),
    text: match[0],
    at: match.index,
    end: match.index + match[0].length,
  }));
  for (let start = 0; start < words.length; start++) {
    if (!matches(words, start, grade)) continue;
    let next = start + grade.length;
    const number = new RegExp(`^${NUMBER}$`, 'i').test(words[next]?.text ?? '')
      ? (words[next]?.text ?? '')
      : '';
    if (number !== '') next++;
    if (!matches(words, next, noun)) continue;
    const [first, last] = [words[start], words[next + noun.length - 1]];
    if (first === undefined || last === undefined) continue;
    if (SAYS_MEASURE.test(question.slice(last.end))) return null;
    const things = words
      .slice(next, next + noun.length)
      .map((word) => word.text)
      .join(' ');
    const [before, after] = [question.slice(0, first.at), question.slice(last.end)];
    return [before.trimEnd(), number, things, 'with the', rule.direction, rule.measure + after]
      .filter((part) => part !== '')
      .join(' ');
  }
  return null;
}

const matches = (
  words: readonly { readonly stem: string }[],
  from: number,
  stems: readonly string[],
): boolean => stems.length > 0 && stems.every((wanted, at) => words[from + at]?.stem === wanted);
