import { lexSql } from '../../sql/index.ts';
import type { Token as SqlToken } from '../../sql/index.ts';

/** One token of Databricks SQL with its place; comments are left out, `$$ … $$` bodies are one token. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'dollar' | 'number' | 'symbol' | 'parameter';
  /** As written. */
  readonly text: string;
  /** Without quotes and escapes; for words the text itself, for parameters the name. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const KINDS: Readonly<Record<SqlToken['kind'], Token['kind'] | null>> = {
  word: 'word',
  quoted: 'quoted',
  string: 'string',
  number: 'number',
  parameter: 'parameter',
  template: 'symbol',
  operator: 'symbol',
  comment: null,
  hint: null,
};

/** Splits a text into tokens; never fails. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  while (offset < sql.length) {
    const found = lexSql(sql.slice(offset));
    const dollar = found.findIndex(
      (token, index) =>
        token.text === '$' && found[index + 1]?.text === '$' && found[index + 1]?.start === token.end,
    );
    const before = dollar === -1 ? found : found.slice(0, dollar);
    for (const token of before) {
      const kind = KINDS[token.kind];
      if (kind !== null)
        tokens.push({
          kind,
          text: token.text,
          value: valueOf(kind, token.text),
          start: token.start + offset,
          end: token.end + offset,
        });
    }
    const opening = found[dollar];
    if (opening === undefined) break;
    const start = offset + opening.start;
    const close = sql.indexOf('$$', start + 2);
    const end = close === -1 ? sql.length : close + 2;
    tokens.push({
      kind: 'dollar',
      text: sql.slice(start, end),
      value: sql.slice(start + 2, close === -1 ? end : close),
      start,
      end,
    });
    offset = end;
  }
  return tokens;
}

function valueOf(kind: Token['kind'], text: string): string {
  if (kind === 'quoted') return text.slice(1, -1).replaceAll('``', '`');
  if (kind === 'parameter') return text.slice(1);
  if (kind !== 'string') return text;
  if (/^[rR]/.test(text)) return text.slice(2, -1);
  const quote = text.charAt(0);
  return unescape(text.slice(1, -1).replaceAll(quote + quote, quote));
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  '0': '\0',
  Z: '\u001a',
};

/** `\%` and `\_` keep their backslash, because LIKE needs it. */
const unescape = (text: string): string =>
  text.replaceAll(/\\(u[0-9a-fA-F]{4}|[\s\S])/g, (whole, body: string) => {
    if (body.length === 5) return String.fromCharCode(Number.parseInt(body.slice(1), 16));
    return body === '%' || body === '_' ? whole : (ESCAPES[body] ?? body);
  });

/** 1-based line of an offset. */
export const lineAt = (sql: string, offset: number): number => sql.slice(0, offset).split('\n').length;

/** Splits a script at `;` outside strings, `$$` bodies and comments; empty statements are left out. */
export function scriptStatements(script: string): { readonly sql: string; readonly line: number }[] {
  const statements: { sql: string; line: number }[] = [];
  let open: Token[] = [];
  const flush = () => {
    const [first] = open;
    const last = open.at(-1);
    if (first !== undefined && last !== undefined) {
      statements.push({ sql: script.slice(first.start, last.end), line: lineAt(script, first.start) });
    }
    open = [];
  };
  for (const token of tokenize(script)) {
    if (token.text === ';') flush();
    else open.push(token);
  }
  flush();
  return statements;
}
