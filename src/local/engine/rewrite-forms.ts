import { quoteName } from '../../core/index.ts';
import { tokenize } from './lexer.ts';
import type { Token } from './lexer.ts';

/** Writes forms that the parser does not read in words that it does: `TABLE t`, bare `VALUES`, OVERLAY, IDENTIFIER. */
export function rewriteForms(sql: string): string {
  const tokens = tokenize(sql);
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== 'word') return;
    const word = token.text.toUpperCase();
    const next = tokens[index + 1];
    if (startsQuery(tokens, index)) {
      if (word === 'TABLE' && (next?.kind === 'word' || next?.kind === 'quoted'))
        edits.push({ ...spanOf(token), text: 'SELECT * FROM' });
      if (word === 'VALUES' && index === 0) edits.push({ ...spanOf(token), text: 'SELECT * FROM VALUES' });
    }
    if (word === 'OVERLAY' && next?.text === '(') edits.push(...overlayCommas(tokens, index + 2));
    const name = tokens[index + 2];
    const close = tokens[index + 3];
    if (word === 'IDENTIFIER' && next?.text === '(' && name?.kind === 'string' && close?.text === ')')
      edits.push({ start: token.start, end: close.end, text: quoteName(name.value) });
  });
  let text = '';
  let end = 0;
  for (const edit of edits.sort((left, right) => left.start - right.start)) {
    text += sql.slice(end, edit.start) + edit.text;
    end = edit.end;
  }
  return text + sql.slice(end);
}

const spanOf = ({ start, end }: Token) => ({ start, end });

/** Whether a query may begin here: first of all, after an opening bracket, after a set operator. */
function startsQuery(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  return before === undefined || /^(?:\(|union|all|except|intersect|minus)$/i.test(before.text);
}

/** `OVERLAY(a PLACING b FROM p FOR n)`: the words between the arguments are commas. */
function overlayCommas(tokens: readonly Token[], from: number) {
  const edits: { start: number; end: number; text: string }[] = [];
  let depth = 1;
  for (let index = from; index < tokens.length && depth > 0; index += 1) {
    const token = tokens[index];
    if (token === undefined) break;
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth === 1 && token.kind === 'word' && /^(?:placing|from|for)$/i.test(token.text))
      edits.push({ ...spanOf(token), text: ',' });
  }
  return edits;
}
