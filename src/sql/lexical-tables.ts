import { isName, isWord, nameText, type Token } from './lexer.ts';
import { CLAUSE_WORDS, KEYWORDS } from './vocabulary.ts';

/** A name at the place of a table, found without a syntax tree. */
export interface TableMention {
  readonly chain: readonly Token[];
  /** Index of the first name token in the significant tokens. */
  readonly index: number;
  readonly alias: Token | null;
  /** Tokens between the parentheses of a call, or `null` for a plain name. */
  readonly argumentTokens: readonly Token[] | null;
}

interface Frame {
  /** Inside `extract(… FROM …)` and the like FROM is no clause; a SELECT in the frame makes it one. */
  readonly call: boolean;
  sawSelect: boolean;
  /** A comma at this depth separates tables. */
  inFrom: boolean;
}

/** Words in front of a table name in statements that are no query. */
const TARGET_WORDS = ['INTO', 'UPDATE', 'TABLE', 'DESCRIBE'] as const;

/**
 * All tables and table functions of a statement, CTE names included.
 *
 * @param tokens - significant tokens, see {@link significantTokens}
 */
export function scanTables(tokens: readonly Token[]): TableMention[] {
  const mentions: TableMention[] = [];
  const frames: Frame[] = [{ call: false, sawSelect: false, inFrom: false }];
  let expectTable = false;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    const frame = frames.at(-1);
    if (token === undefined || frame === undefined) break;
    if (expectTable) {
      if (
        isWord(token, 'LATERAL', 'STREAM', 'EXTENDED', 'FORMATTED', 'OVERWRITE') ||
        (isWord(token, 'TABLE') && tokens[index + 1]?.text === '(')
      )
        continue;
      if (token.text === '(' && !isWord(tokens[index + 1], 'SELECT', 'WITH', 'FROM', 'VALUES', 'TABLE')) {
        frames.push({ call: false, sawSelect: true, inFrom: true });
        continue;
      }
      expectTable = false;
      if (isName(token) && !startsClause(token)) {
        const mention = readMention(tokens, index);
        mentions.push(mention);
        index += mention.chain.length * 2 - 2;
        continue;
      }
    }
    if (token.text === '(') {
      frames.push({ call: isCall(tokens, index), sawSelect: false, inFrom: false });
    } else if (token.text === ')') {
      if (frames.length > 1) frames.pop();
    } else if (token.text === ';') {
      frames.splice(0, frames.length, { call: false, sawSelect: false, inFrom: false });
    } else if (isWord(token, 'SELECT')) {
      frame.sawSelect = true;
      frame.inFrom = false;
    } else if (isWord(token, 'FROM')) {
      expectTable = !(frame.call && !frame.sawSelect) && !isDistinctFrom(tokens, index);
      frame.inFrom = expectTable;
    } else if (isWord(token, 'JOIN')) {
      expectTable = true;
      frame.inFrom = true;
    } else if (token.text === ',' && frame.inFrom) {
      expectTable = true;
    } else if (frame.inFrom && (startsClause(token) || isWord(token, 'VIEW') || token.text === '|>')) {
      frame.inFrom = false;
    } else if (isTarget(tokens, index)) {
      expectTable = true;
    }
  }
  return mentions;
}

/** The dotted names at the place of tables, without calls. */
export const tableChains = (tokens: readonly Token[]): (readonly Token[])[] =>
  scanTables(tokens).map((mention) => mention.chain);

const startsClause = (token: Token): boolean =>
  token.kind === 'word' && CLAUSE_WORDS.has(token.text.toUpperCase());

function readMention(tokens: readonly Token[], index: number): TableMention {
  const chain: Token[] = [];
  let next = index;
  for (;;) {
    const part = tokens[next];
    if (!isName(part)) break;
    chain.push(part);
    if (tokens[next + 1]?.text !== '.' || !isName(tokens[next + 2])) break;
    next += 2;
  }
  next++;
  let argumentTokens: readonly Token[] | null = null;
  if (tokens[next]?.text === '(') {
    const end = closingParenthesis(tokens, next);
    argumentTokens = tokens.slice(next + 1, end);
    next = end + 1;
  }
  if (isWord(tokens[next], 'AS')) next++;
  const alias = tokens[next];
  const hasAlias =
    alias !== undefined &&
    (alias.kind === 'quoted' || (alias.kind === 'word' && !KEYWORDS.has(alias.text.toUpperCase())));
  return { chain, index, alias: hasAlias ? alias : null, argumentTokens };
}

/** Index of the parenthesis that closes the one at `open`, or the number of tokens when it never closes. */
export function closingParenthesis(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    const text = tokens[index]?.text;
    if (text === '(') depth++;
    if (text === ')' && --depth === 0) return index;
  }
  return tokens.length;
}

/** Whether the parenthesis at `index` follows a function name. */
function isCall(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  return isName(before) && !(before.kind === 'word' && KEYWORDS.has(before.text.toUpperCase()));
}

const isDistinctFrom = (tokens: readonly Token[], index: number): boolean =>
  isWord(tokens[index - 1], 'DISTINCT') && isWord(tokens[index - 2], 'IS', 'NOT');

/** `INSERT INTO t`, `UPDATE t`, `DESCRIBE TABLE t`; never a column that has such a name. */
function isTarget(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (!isWord(token, ...TARGET_WORDS) || tokens[index + 1]?.text === '(') return false;
  if (isWord(token, 'TABLE')) return index <= 2 && !isWord(tokens[0], 'SELECT');
  if (isWord(token, 'INTO')) return isWord(tokens[index - 1], 'INSERT', 'MERGE');
  return index === 0 && !isWord(tokens[1], 'TABLE');
}

/** A CTE: its name, and the index of the token behind its body. */
export interface CteMention {
  readonly name: string;
  readonly recursive: boolean;
  /** Its own body reads the table of that name, unless it is recursive: the name counts from here on. */
  readonly visibleFrom: number;
}

/** Names defined by `WITH name [(columns)] AS (…)`, at any depth. */
export function scanCtes(tokens: readonly Token[]): CteMention[] {
  const ctes: CteMention[] = [];
  for (const [start, token] of tokens.entries()) {
    if (!isWord(token, 'WITH')) continue;
    const recursive = isWord(tokens[start + 1], 'RECURSIVE');
    let index = start + (recursive ? 2 : 1);
    for (;;) {
      const name = tokens[index];
      if (!isName(name)) break;
      let as = index + 1;
      if (tokens[as]?.text === '(') as = closingParenthesis(tokens, as) + 1;
      while (
        tokens[as] !== undefined &&
        !isWord(tokens[as], 'AS') &&
        isWord(tokens[index + 1], 'MAX') &&
        as < index + 6
      )
        as++;
      const open = isWord(tokens[as], 'AS') ? as + 1 : as;
      if (tokens[open]?.text !== '(') break;
      const end = closingParenthesis(tokens, open);
      ctes.push({ name: nameText(name), recursive, visibleFrom: recursive ? index : end });
      if (tokens[end + 1]?.text !== ',') break;
      index = end + 2;
    }
  }
  return ctes;
}
