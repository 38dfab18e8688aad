/** The form in which two questions count as the same text: trimmed, lower case, single spaces. */
export const questionKey = (question: string): string => question.trim().replace(/\s+/g, ' ').toLowerCase();

/** Splits a statement into comments, quoted parts and the rest; unterminated quotes run to the end. */
const SQL_PIECES =
  /(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|('(?:\\[\s\S]|''|[^'\\])*(?:'|$)|"(?:\\[\s\S]|""|[^"\\])*(?:"|$)|`(?:``|[^`])*(?:`|$))|([^'"`\-/]+|[-/])/g;

interface SqlPiece {
  readonly kind: 'comment' | 'quoted' | 'plain';
  readonly text: string;
}

/** The pieces of a statement in order; joined again they are the statement. */
export function sqlPieces(sql: string): SqlPiece[] {
  return [...sql.matchAll(SQL_PIECES)].map(([text, comment, quoted]) => ({
    kind: comment !== undefined ? 'comment' : quoted !== undefined ? 'quoted' : 'plain',
    text,
  }));
}

/** A statement with each comment replaced by one space, literals intact. */
export const withoutComments = (sql: string): string =>
  sqlPieces(sql)
    .map((piece) => (piece.kind === 'comment' ? ' ' : piece.text))
    .join('');

/**
 * Text form of an answer key under which paraphrases of one question are recognised.
 *
 * Equal under case of keywords and names, whitespace, comments and a final semicolon; literals keep
 * their case. Different spellings of one query stay different: families are then merely not found.
 */
export function answerKey(sql: string): string {
  return foldedText(sql)
    .trim()
    .replace(/[\s;]+$/, '');
}

function foldedText(sql: string): string {
  // Most answer keys have neither literals nor comments, and then nothing needs to be cut out.
  if (!/['"`]|--|\/\*/.test(sql)) return folded(sql);
  let [text, open] = ['', ''];
  for (const piece of sqlPieces(sql)) {
    if (piece.kind === 'quoted') {
      text += folded(open) + piece.text;
      open = '';
    } else open += piece.kind === 'comment' ? ' ' : piece.text;
  }
  return text + folded(open);
}

const folded = (text: string): string => text.replace(/\s+/g, ' ').toLowerCase();
