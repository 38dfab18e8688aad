import { quoteIdentifier } from '../core/index.ts';

/**
 * Small SQL texts that a space holds: conditions, join predicates, expressions. Only tokens, no grammar.
 */
interface Token {
  readonly kind: 'text' | 'quoted' | 'word' | 'space' | 'comment' | 'other';
  readonly text: string;
}

const TOKEN = new RegExp(
  [
    `(?<text>'(?:[^'\\\\]|\\\\.|'')*'|"(?:[^"\\\\]|\\\\.)*")`,
    '(?<quoted>`(?:[^`]|``)*`)',
    String.raw`(?<comment>--[^\n]*|/\*[\s\S]*?\*/)`,
    String.raw`(?<word>[\p{L}_][\p{L}\p{N}_$]*)`,
    String.raw`(?<space>\s+)`,
    String.raw`(?<other>\d[\w.]*|[\s\S])`,
  ].join('|'),
  'gu',
);

export function fragmentTokens(sql: string): Token[] {
  return [...sql.matchAll(TOKEN)].map((match) => {
    const [kind, text] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? [
      'other',
      match[0],
    ];
    return { kind: kind as Token['kind'], text: text ?? match[0] };
  });
}

/** The comparison form of a fragment: no comments, no needless spaces and backticks, lower case outside of literals. */
export function fragmentKey(sql: string): string {
  return fragmentTokens(sql)
    .filter(({ kind }) => kind !== 'space' && kind !== 'comment')
    .map(({ kind, text }) =>
      kind === 'text'
        ? text
        : kind === 'quoted'
          ? text.slice(1, -1).replaceAll('``', '`').toLowerCase()
          : text.toLowerCase(),
    )
    .join(' ')
    .replaceAll(' . ', '.');
}

/** What makes a text unfit as a condition or expression; `null` when nothing is found. */
export function fragmentProblem(sql: string): string | null {
  const tokens = fragmentTokens(sql).filter(({ kind }) => kind !== 'space');
  if (tokens.length === 0) return 'it is empty';
  if (/^where$/i.test(tokens[0]?.text ?? '')) return 'it starts with WHERE; write the condition alone';
  let depth = 0;
  for (const { kind, text } of tokens) {
    if (kind === 'comment') return 'it contains a comment';
    if (kind !== 'other') continue;
    if (text === ';') return 'it contains a semicolon';
    if (text === "'" || text === '`' || text === '"') return 'a quote is not closed';
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    if (depth < 0) break;
  }
  return depth === 0 ? null : 'its parentheses do not match';
}

/** Writes `alias.column` for each bare name that is a column of the table; names with a qualifier and function calls stay. */
export function qualifyColumns(sql: string, alias: string, columns: readonly string[]): string {
  const known = new Set(columns.map((column) => column.toLowerCase()));
  const tokens = fragmentTokens(sql);
  const solid = (from: number, step: 1 | -1): string => {
    let at = from + step;
    while (tokens[at]?.kind === 'space') at += step;
    return tokens[at]?.text ?? '';
  };
  return tokens
    .map(({ kind, text }, index) => {
      if (kind !== 'word' && kind !== 'quoted') return text;
      const name = kind === 'quoted' ? text.slice(1, -1).replaceAll('``', '`') : text;
      const isBare = solid(index, -1) !== '.' && !['.', '('].includes(solid(index, 1));
      return isBare && known.has(name.toLowerCase()) ? `${alias}.${text}` : text;
    })
    .join('');
}

/** Puts backticks around the parts of every `alias.column`; the API refuses bare names in joins. */
export function quotePredicate(sql: string): string {
  const tokens = fragmentTokens(sql);
  return tokens
    .map(({ kind, text }, index) => {
      const isPart = tokens[index - 1]?.text === '.' || tokens[index + 1]?.text === '.';
      return kind === 'word' && isPart ? quoteIdentifier(text) : text;
    })
    .join('');
}

/** The first parts of all `alias.column`s, in lower case. */
export function qualifiers(sql: string): string[] {
  const tokens = fragmentTokens(sql);
  const found = tokens.flatMap(({ kind, text }, index) => {
    if (
      (kind !== 'word' && kind !== 'quoted') ||
      tokens[index + 1]?.text !== '.' ||
      tokens[index - 1]?.text === '.'
    )
      return [];
    return [(kind === 'quoted' ? text.slice(1, -1).replaceAll('``', '`') : text).toLowerCase()];
  });
  return [...new Set(found)];
}
