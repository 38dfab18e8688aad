import { lexSql, significantTokens } from '../../../sql/index.ts';

/** `status = 'A'`, as far as it can be read from SQL or from prose that quotes some. */
export interface Condition {
  /** Last part of the name, lower case. */
  readonly column: string;
  readonly operator: string;
  /** As written, quotes gone. */
  readonly value: string;
}

const OPERATORS = new Set(['=', '<>', '!=', '<', '<=', '>', '>=']);

/** Comparisons of a column with a literal in a text; a text without any gives `[]`. */
export function conditionsIn(text: string): Condition[] {
  const tokens = significantTokens(lexSql(text));
  return tokens.flatMap((token, at) => {
    const [left, right] = [tokens[at - 1], tokens[at + 1]];
    if (!OPERATORS.has(token.text) || left === undefined || right === undefined) return [];
    if (left.kind !== 'word' && left.kind !== 'quoted') return [];
    if (right.kind !== 'string' && right.kind !== 'number') return [];
    return [
      {
        column: left.text.replaceAll('`', '').toLowerCase(),
        operator: token.text === '!=' ? '<>' : token.text,
        value: right.kind === 'string' ? right.text.slice(1, -1) : right.text,
      },
    ];
  });
}

/**
 * Whether two meanings cannot both hold for one term.
 *
 * Only what can be told apart for certain counts: one column equal to two values, or compared with two bounds by one
 * operator. Meanings in prose are never said to differ.
 */
export function contradict(a: string, b: string): boolean {
  const [left, right] = [conditionsIn(a), conditionsIn(b)];
  return left.some(
    (one) =>
      isAlone(one, left) &&
      right.some(
        (other) =>
          isAlone(other, right) &&
          one.column === other.column &&
          one.operator === other.operator &&
          one.operator !== '<>' &&
          one.value !== other.value,
      ),
  );
}

/** A column named twice in one meaning is a range or an alternative, which a single pair does not decide. */
const isAlone = (condition: Condition, all: readonly Condition[]): boolean =>
  all.filter(({ column }) => column === condition.column).length === 1;
