import { engineLimit } from './sql-error.ts';
import { binary, call, parenthesised, stringLiteral } from './tree.ts';
import type { Node } from './tree.ts';

/** Letters of a Java date pattern in DuckDB's strftime; the longest run first. */
const STRFTIME: Readonly<Record<string, string>> = {
  yyyy: '%Y',
  y: '%Y',
  yy: '%y',
  MMMM: '%B',
  LLLL: '%B',
  MMM: '%b',
  LLL: '%b',
  MM: '%m',
  M: '%-m',
  dd: '%d',
  d: '%-d',
  HH: '%H',
  H: '%-H',
  hh: '%I',
  h: '%-I',
  mm: '%M',
  m: '%-M',
  ss: '%S',
  s: '%-S',
  SSS: '%g',
  a: '%p',
  EEEE: '%A',
  EEE: '%a',
  EE: '%a',
  E: '%a',
  DDD: '%j',
  D: '%-j',
};

const QUARTER = /^[Qq]+$/;

/** Runs of one letter, quoted text, and everything else, in order. */
function pieces(pattern: string): { readonly letters: string | null; readonly text: string }[] {
  return [...pattern.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+/g)].map((match) => {
    if (match[2] !== undefined) return { letters: match[0], text: match[0] };
    const text = match[1] === undefined ? match[0] : match[1] === '' ? "'" : match[1].replaceAll("''", "'");
    return { letters: null, text };
  });
}

const strftimeOf = (letters: string): string => {
  const code = STRFTIME[letters];
  if (code === undefined) throw engineLimit(`The date pattern letter '${letters}'`);
  return code;
};

/** An expression that writes a timestamp by a Java pattern, quarters included, which strftime does not know. */
export function datePatternExpression(timestamp: Node, pattern: string): Node {
  const parts: unknown[] = [];
  let run = '';
  const flush = () => {
    if (run !== '') parts.push(call('strftime', [timestamp, stringLiteral(run)]));
    run = '';
  };
  for (const piece of pieces(pattern)) {
    if (piece.letters === null) run += piece.text.replaceAll('%', '%%');
    else if (QUARTER.test(piece.letters)) {
      flush();
      const prefix = piece.letters.length >= 3 ? 'Q' : piece.letters.length === 2 ? '0' : '';
      parts.push(call('concat', [stringLiteral(prefix), call('quarter', [timestamp])]));
    } else run += strftimeOf(piece.letters);
  }
  flush();
  if (parts.length === 0) return stringLiteral('');
  return parenthesised(
    parts.slice(1).reduce<unknown>((left, right) => binary('concat', left, right), parts[0]),
  );
}

/** A Java pattern for reading a text, in DuckDB's strptime. */
export const strptimePattern = (pattern: string): string =>
  pieces(pattern)
    .map((piece) =>
      piece.letters === null
        ? piece.text.replaceAll('%', '%%')
        : strftimeOf(piece.letters).replace('%-', '%'),
    )
    .join('');
