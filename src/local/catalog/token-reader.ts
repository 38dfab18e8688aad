import { lineAt, tokenize } from '../engine/lexer.ts';
import type { Token } from '../engine/lexer.ts';
import { parseSyntaxError } from '../engine/sql-error.ts';
import type { DatabricksSqlError } from '../engine/sql-error.ts';

/** Reads a statement token by token; every expectation that fails is a `PARSE_SYNTAX_ERROR` with its place. */
export class TokenReader {
  readonly #sql: string;
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(sql: string) {
    this.#sql = sql;
    this.#tokens = tokenize(sql);
  }

  get done(): boolean {
    return this.#index >= this.#tokens.length;
  }

  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#index + ahead];
  }

  next(): Token {
    const token = this.peek();
    if (token === undefined) throw this.error();
    this.#index += 1;
    return token;
  }

  /** Whether the next tokens are these words (any case) or symbols. */
  at(...words: readonly string[]): boolean {
    return words.every((word, ahead) => {
      const token = this.peek(ahead);
      return (
        token !== undefined &&
        (token.kind === 'word' || token.kind === 'symbol') &&
        token.text.toUpperCase() === word
      );
    });
  }

  /** Takes these words if they come next. */
  take(...words: readonly string[]): boolean {
    if (!this.at(...words)) return false;
    this.#index += words.length;
    return true;
  }

  expect(...words: readonly string[]): void {
    for (const word of words) if (!this.take(word)) throw this.error();
  }

  /** One identifier, unquoted. */
  identifier(): string {
    const token = this.peek();
    if (token === undefined || (token.kind !== 'word' && token.kind !== 'quoted')) throw this.error();
    this.#index += 1;
    return token.value;
  }

  /** A name of one to three parts (or more, for columns). */
  name(): string[] {
    const parts = [this.identifier()];
    while (this.take('.')) parts.push(this.identifier());
    return parts;
  }

  /** A text literal; neighbours are joined, as in SQL. */
  string(): string {
    const token = this.peek();
    if (token?.kind !== 'string') throw this.error();
    let text = '';
    while (this.peek()?.kind === 'string') text += this.next().value;
    return text;
  }

  /** `item, item, …` in parentheses. */
  list<T>(item: () => T): T[] {
    this.expect('(');
    const items: T[] = [];
    if (this.take(')')) return items;
    do items.push(item());
    while (this.take(','));
    this.expect(')');
    return items;
  }

  /** The text up to one of the stop words or symbols at depth 0, or to the end; brackets are skipped whole. */
  textUntil(...stops: readonly string[]): string {
    const first = this.peek();
    if (first === undefined) throw this.error();
    let depth = 0;
    let end = first.start;
    while (!this.done) {
      const token = this.next();
      if (
        depth === 0 &&
        (token.kind === 'word' || token.kind === 'symbol') &&
        stops.includes(token.text.toUpperCase())
      ) {
        this.#index -= 1;
        break;
      }
      if (token.text === '(' || token.text === '<' || token.text === '[') depth += 1;
      if (token.text === ')' || token.text === '>' || token.text === ']') depth -= 1;
      end = token.end;
    }
    if (end === first.start) throw this.error();
    return this.#sql.slice(first.start, end);
  }

  /** Everything that is left. */
  rest(): string {
    const first = this.peek();
    if (first === undefined) throw this.error();
    this.#index = this.#tokens.length;
    return this.#sql.slice(first.start);
  }

  expectEnd(): void {
    if (!this.done) throw this.error();
  }

  error(): DatabricksSqlError {
    const token = this.peek();
    if (token === undefined) return parseSyntaxError('', null);
    const lineStart = this.#sql.lastIndexOf('\n', token.start - 1) + 1;
    return parseSyntaxError(token.text, {
      line: lineAt(this.#sql, token.start),
      position: token.start - lineStart,
    });
  }
}
