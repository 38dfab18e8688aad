import { answerKey, questionKey } from './answer-text.ts';
import type { Benchmark } from './benchmark.ts';

/** Words that do not change what is asked for. */
const FILLERS = new Set(
  'a an and are can could did do does for give have i in is list me of on our please show tell the there to us was we were what which with would you your'.split(
    ' ',
  ),
);

/**
 * Keys of the families a question belongs to; questions that share one of them are the same family.
 *
 * Same family: the same text, the same answer key as text, the same telling words in any order, or the one is
 * written as `variant_of` the other.
 *
 * @see spec/benchmarks.md §7
 */
export function familyKeys(
  question: Pick<Benchmark, 'id' | 'question' | 'expected_sql' | 'variant_of'>,
): string[] {
  const words = tellingWords(question.question);
  return [
    `text:${questionKey(question.question)}`,
    `sql:${answerKey(question.expected_sql)}`,
    `id:${question.id}`,
    ...(question.variant_of === undefined ? [] : [`id:${question.variant_of}`]),
    // One or two words say too little: "orders" may be a count, a list or a sum.
    ...(words.length < 3 ? [] : [`words:${words.join(' ')}`]),
  ];
}

/** The words of a question that tell it apart, sorted; numbers stay, a plural `s` goes. */
export function tellingWords(question: string): string[] {
  const words = new Set<string>();
  for (const word of question.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []) {
    if (FILLERS.has(word)) continue;
    const isPlural = word.length > 3 && word.endsWith('s') && !word.endsWith('ss');
    words.add(isPlural ? word.slice(0, -1) : word);
  }
  return [...words].sort();
}

/** Groups the questions that share a key, also over others, in order of first appearance. */
export function familiesOf<Question extends Benchmark>(
  questions: readonly Question[],
  familyOf: (question: Benchmark) => string | readonly string[] = familyKeys,
): Question[][] {
  const parents = questions.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parents[root] !== root) root = parents[root] ?? root;
    parents[index] = root;
    return root;
  };
  const firstWith = new Map<string, number>();
  for (const [index, question] of questions.entries()) {
    const keys = familyOf(question);
    for (const key of typeof keys === 'string' ? [keys] : keys) {
      const first = firstWith.get(key);
      if (first === undefined) firstWith.set(key, index);
      else {
        const [a, b] = [rootOf(first), rootOf(index)];
        parents[Math.max(a, b)] = Math.min(a, b);
      }
    }
  }
  const families = new Map<number, Question[]>();
  for (const [index, question] of questions.entries()) {
    const root = rootOf(index);
    const family = families.get(root);
    if (family === undefined) families.set(root, [question]);
    else family.push(question);
  }
  return [...families.values()];
}
