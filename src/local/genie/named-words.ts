import type { Link } from './links.ts';
import { covers, overlaps } from './question-text.ts';
import type { TimeIntent } from './time.ts';
import type { Span, Token } from './tokens.ts';
import { AMOUNT_WORDS, PLAIN_NOUNS, STOP_WORDS } from './words.ts';

/**
 * Gives meaning back to general words where the space names something by them: a table of records, a column "repair time".
 *
 * A single word needs a table or column of exactly that name; inside a longer name any word but one of amounts counts.
 */
export function withNamedWords(tokens: readonly Token[], phrases: readonly Link[]): Token[] {
  return tokens.map((token) => {
    if (
      token.content ||
      token.number !== null ||
      STOP_WORDS.has(token.lower) ||
      AMOUNT_WORDS.has(token.lower)
    )
      return token;
    const sorts = /^(?:order|rank|group)/.test(token.lower) && tokens[token.index + 1]?.lower === 'by';
    const named = phrases.some(
      (link) =>
        covers(link, token.index) &&
        (link.end - link.start > 1 || (PLAIN_NOUNS.has(token.lower.replace(/s$/, '')) && !sorts)),
    );
    return named ? { ...token, content: true } : token;
  });
}

/** Names of several words of something to group by: no word inside one is a period. */
export const longNames = (phrases: readonly Link[]): Link[] =>
  phrases.filter(
    (link) =>
      link.end - link.start > 1 &&
      ((link.target.kind === 'column' && link.target.column.role !== 'measure') ||
        link.target.kind === 'expression'),
  );

/** Leaves out the groupings and open periods that are part of a longer name. */
export function withoutNames(time: TimeIntent, names: readonly Link[]): TimeIntent {
  const inside = (span: Span): boolean => names.some((name) => overlaps(name, span));
  const sticksOut = (span: Span): boolean =>
    names.some((name) => overlaps(name, span) && (name.start < span.start || name.end > span.end));
  return {
    ...time,
    grain: time.grain !== null && inside(time.grain.span) ? null : time.grain,
    periods: time.periods.filter((period) => period.literal !== null || !sticksOut(period.span)),
  };
}
