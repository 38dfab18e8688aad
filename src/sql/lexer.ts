/**
 * What a piece of SQL text is.
 *
 * `word` is an identifier or keyword, `quoted` an identifier in backticks, `template` a placeholder
 * `${name}` that was not resolved. White space is never a token; comments and hints are.
 */
export type TokenKind =
  'word' | 'quoted' | 'string' | 'number' | 'parameter' | 'template' | 'operator' | 'comment' | 'hint';

export interface Token {
  readonly kind: TokenKind;
  /** As written, quotes included. */
  readonly text: string;
  /** UTF-16 offsets into the statement, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** A string, quoted name or block comment that the text ends in the middle of. */
  readonly unterminated: boolean;
}

const OPERATORS = [
  '<=>',
  '->>',
  '=>',
  '::',
  '->',
  '<=',
  '>=',
  '<>',
  '!=',
  '==',
  '||',
  '|>',
  '<<',
  '>>',
  ':=',
] as const;
const WORD = /[\p{L}\p{M}_](?:[\p{L}\p{M}\p{N}_]|\$(?!\{))*/uy;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?:BD|[LSYDF])?/iy;
const DIGIT_WORD = /\d+[\p{L}_][\p{L}\p{M}\p{N}_$]*/uy;
const PARAMETER = /:[\p{L}_][\p{L}\p{N}_]*/uy;
const TEMPLATE = /\$\{[^}\s]*\}|\{\{[^}]*\}\}/y;
const SPACE = /\s+/y;
const LINE_COMMENT = /--[^\n\r]*/y;
const LAST_ASCII = 127;
const DOLLAR = 36;
/** What the operators of several characters begin with. */
const LONG_OPERATOR_STARTS = new Set(OPERATORS.map((operator) => operator.charAt(0)));

/**
 * Cuts Databricks SQL into tokens, comments included.
 *
 * Knows `'…'`, `"…"` and `` `…` `` with doubled quotes, backslash escapes in strings, raw `r'…'`,
 * line comments, nested block comments, hints, `:name` parameters (against `col:path` and `::`).
 * Never fails: text that ends inside a string gives a last token with `unterminated`.
 */
export function lexSql(sql: string): Token[] {
  const tokens: Token[] = [];
  let previous: Token | undefined;
  for (let position = endOfSpace(sql, 0); position < sql.length; position = endOfSpace(sql, previous.end)) {
    previous = nextToken(sql, position, previous);
    tokens.push(previous);
  }
  return tokens;
}

function endOfSpace(sql: string, start: number): number {
  let position = start;
  while (position < sql.length) {
    const code = sql.charCodeAt(position);
    if (code === 32 || (code >= 9 && code <= 13)) position += 1;
    else if (code <= LAST_ASCII) break;
    else {
      const space = matchAt(SPACE, sql, position);
      if (space === null) break;
      position += space.length;
    }
  }
  return position;
}

/** The kind of each ASCII character for words: 1 begins one, 2 goes on in one. Others are left to the patterns. */
const WORD_CHARACTERS = Uint8Array.from({ length: 128 }, (_, code) =>
  /[a-z_]/i.test(String.fromCharCode(code)) ? 1 : /\d/.test(String.fromCharCode(code)) ? 2 : 0,
);

/** The end of a plain word; `null` where none begins or where it may go on with a rarer character. */
function endOfPlainWord(sql: string, start: number): number | null {
  if (WORD_CHARACTERS[sql.charCodeAt(start)] !== 1) return null;
  let end = start + 1;
  let code = sql.charCodeAt(end);
  while (code <= LAST_ASCII && WORD_CHARACTERS[code] !== 0) code = sql.charCodeAt((end += 1));
  return code > LAST_ASCII || code === DOLLAR ? null : end;
}

function nextToken(sql: string, start: number, previous: Token | undefined): Token {
  const char = sql[start] ?? '';
  const next = sql[start + 1] ?? '';
  const make = (kind: TokenKind, end: number, unterminated = false): Token => ({
    kind,
    text: sql.slice(start, end),
    start,
    end,
    unterminated,
  });

  if (char === '-' && next === '-')
    return make('comment', start + (matchAt(LINE_COMMENT, sql, start)?.length ?? 2));
  if (char === '/' && next === '*') return blockComment(sql, start, make);
  if (char === "'" || char === '"') return quotedText(sql, start, 1, 'string', true, make);
  if (char === '`') return quotedText(sql, start, 1, 'quoted', false, make);
  if ((char === 'r' || char === 'R') && (next === "'" || next === '"')) return rawString(sql, start, make);

  const plain = endOfPlainWord(sql, start);
  if (plain !== null) return make('word', plain);
  const template = char === '$' || char === '{' ? matchAt(TEMPLATE, sql, start) : null;
  if (template !== null) return make('template', start + template.length);
  // Of what is left, only rarer letters begin a word.
  const word =
    (char > '@' ? matchAt(WORD, sql, start) : null) ??
    (isDigit(char) ? digitWord(sql, start, previous) : null);
  if (word !== null) return make('word', start + word.length);
  if (isDigit(char) || (char === '.' && isDigit(next) && !endsName(previous, start))) {
    const number = matchAt(NUMBER, sql, start);
    if (number !== null) return make('number', start + number.length);
  }
  if (char === ':' && next !== ':' && !endsName(previous, start)) {
    const parameter = matchAt(PARAMETER, sql, start);
    if (parameter !== null) return make('parameter', start + parameter.length);
  }
  if (char === '?') return make('parameter', start + 1);
  const operator = LONG_OPERATOR_STARTS.has(char)
    ? OPERATORS.find((candidate) => sql.startsWith(candidate, start))
    : undefined;
  return make('operator', start + (operator ?? String.fromCodePoint(sql.codePointAt(start) ?? 0)).length);
}

type MakeToken = (kind: TokenKind, end: number, unterminated?: boolean) => Token;

function blockComment(sql: string, start: number, make: MakeToken): Token {
  let depth = 0;
  let position = start;
  while (position < sql.length) {
    if (sql.startsWith('/*', position)) {
      depth++;
      position += 2;
    } else if (sql.startsWith('*/', position)) {
      depth--;
      position += 2;
      if (depth === 0) return make(sql.startsWith('/*+', start) ? 'hint' : 'comment', position);
    } else {
      position++;
    }
  }
  return make('comment', sql.length, true);
}

function quotedText(
  sql: string,
  start: number,
  prefixLength: number,
  kind: TokenKind,
  backslashEscapes: boolean,
  make: MakeToken,
): Token {
  const quote = sql[start + prefixLength - 1];
  let position = start + prefixLength;
  while (position < sql.length) {
    const char = sql[position];
    if (backslashEscapes && char === '\\') {
      position += 2;
    } else if (char !== quote) {
      position++;
    } else if (sql[position + 1] === quote) {
      position += 2;
    } else {
      return make(kind, position + 1);
    }
  }
  return make(kind, sql.length, true);
}

/** `r'…'` knows no escape at all, not even the doubled quote. */
function rawString(sql: string, start: number, make: MakeToken): Token {
  const end = sql.indexOf(sql[start + 1] ?? "'", start + 2);
  return end === -1 ? make('string', sql.length, true) : make('string', end + 1);
}

/** Names like `2023_sales`; `10L` and `1e5` stay numbers. */
function digitWord(sql: string, start: number, previous: Token | undefined): string | null {
  const word = matchAt(DIGIT_WORD, sql, start);
  if (word === null) return null;
  if (previous?.text === '.' && previous.end === start) return word;
  return matchAt(NUMBER, sql, start) === word || /^\d+e\d+$/i.test(word) ? null : word;
}

/** Whether `previous` touches `position` and can be the left side of `a.b`, `a:b` or `a::b`. */
function endsName(previous: Token | undefined, position: number): boolean {
  if (previous === undefined || previous.end !== position) return false;
  return (
    previous.kind === 'word' || previous.kind === 'quoted' || previous.text === ')' || previous.text === ']'
  );
}

const isDigit = (char: string): boolean => char >= '0' && char <= '9';

function matchAt(pattern: RegExp, text: string, position: number): string | null {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0] ?? null;
}

/** Tokens that mean something: without comments and hints. */
export const significantTokens = (tokens: readonly Token[]): Token[] =>
  tokens.filter((token) => token.kind !== 'comment' && token.kind !== 'hint');

/** A name token in comparison form: lower case, backticks removed. */
export const nameText = (token: Token): string =>
  token.kind === 'quoted' ? unquote(token.text, '`').toLowerCase() : token.text.toLowerCase();

/** Whether the token can be (a part of) an object name. */
export const isName = (token: Token | undefined): token is Token =>
  token !== undefined && (token.kind === 'word' || token.kind === 'quoted' || token.kind === 'template');

/** Whether the token is the unquoted word given in upper case. */
export const isWord = (token: Token | undefined, ...words: readonly string[]): boolean =>
  token?.kind === 'word' && words.includes(token.text.toUpperCase());

/** The value of a string token: quotes removed, escapes and doubled quotes resolved. */
export function stringValue(token: Token): string {
  const raw = token.text.startsWith('r') || token.text.startsWith('R');
  if (raw) return token.text.slice(2, token.unterminated ? undefined : -1);
  const quote = token.text[0] ?? "'";
  const body = token.text.slice(1, token.unterminated ? undefined : -1);
  return body.replace(
    /\\(u[0-9a-fA-F]{4}|[0-3][0-7]{2}|[\s\S])|''|""/g,
    (match: string, escape: string | undefined) =>
      escape === undefined ? (match === quote + quote ? quote : match) : unescape(escape),
  );
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  '0': '\0',
  Z: '\u001a',
};

function unescape(escape: string): string {
  if (escape.startsWith('u') && escape.length === 5)
    return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  if (/^[0-3][0-7]{2}$/.test(escape)) return String.fromCharCode(Number.parseInt(escape, 8));
  if (escape === '%' || escape === '_') return `\\${escape}`;
  return ESCAPES[escape] ?? escape;
}

function unquote(text: string, quote: string): string {
  const body = text.startsWith(quote) ? text.slice(1) : text;
  const name = body.endsWith(quote) ? body.slice(0, -1) : body;
  return name.includes(quote) ? name.replaceAll(quote + quote, quote) : name;
}
