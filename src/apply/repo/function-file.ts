import { nameKey } from '../../core/index.ts';
import { createFunctionSql, parseCreateFunction } from '../../patch-dsl/index.ts';
import type { CatalogFunction } from '../../ports/index.ts';
import { lexSql, significantTokens, stringValue, type Token } from '../../sql/index.ts';
import { sameButForSpace, type EditStatus } from './edit-step.ts';
import type { FileTemplates } from './file-templates.ts';
import { RepoFileConflictError, RepoFileFormatError } from './repo-errors.ts';
import { indentAt, lineStart, splice } from './text-tree.ts';

/** A `CREATE FUNCTION` statement in a file, with the tokens from CREATE on. */
export interface FunctionStatement {
  /** In comparison form, placeholders resolved. */
  readonly name: string;
  readonly start: number;
  /** Behind the last token, in front of the semicolon. */
  readonly end: number;
  readonly tokens: readonly Token[];
}

const isWord = (token: Token | undefined, word: string): boolean =>
  token?.kind === 'word' && token.text.toUpperCase() === word;

/** The functions that a SQL file creates, in order. */
export function functionStatements(fileText: string, templates: FileTemplates): FunctionStatement[] {
  const statements: Token[][] = [[]];
  for (const token of lexSql(fileText)) {
    if (token.text === ';') statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.flatMap((all): FunctionStatement[] => {
    const meaningful = significantTokens(all);
    const at = meaningful.findIndex((token) => isWord(token, 'FUNCTION'));
    const open = meaningful.findIndex(({ text }) => text === '(');
    const [first] = meaningful;
    const [last, name, beforeOpen] = [all.at(-1), meaningful[at + 1], meaningful[open - 1]];
    if (!isWord(first, 'CREATE') || at < 0 || open < at + 2) return [];
    if (first === undefined || last === undefined || name === undefined || beforeOpen === undefined)
      return [];
    const written = fileText
      .slice(name.start, beforeOpen.end)
      .replace(/^IF\s+NOT\s+EXISTS\s+/i, '')
      .replaceAll(/\s*\.\s*/g, '.');
    return [
      {
        name: nameKey(templates.resolve(written)),
        start: first.start,
        end: meaningful.at(-1)?.end ?? last.end,
        tokens: meaningful,
      },
    ];
  });
}

export interface FunctionChange {
  /** `undefined`: the function is new. */
  readonly from: CatalogFunction | undefined;
  /** `undefined`: the function is dropped. */
  readonly to: CatalogFunction | undefined;
}

/**
 * Carries the change of a function over into the file that creates it.
 *
 * When only the comment changes, its literal is replaced; when only the body changes, the text after RETURN; else
 * the whole statement. Text around it stays.
 * @throws {RepoFileConflictError} @throws {RepoFileFormatError}
 */
export function editFunctionFile(
  path: string,
  fileText: string,
  statement: FunctionStatement,
  { from, to }: FunctionChange,
  templates: FileTemplates,
): { readonly text: string | null; readonly status: EditStatus } {
  const { start, end, name } = statement;
  const found = parseCreateFunction(templates.resolve(fileText.slice(start, end)));
  if ('problem' in found)
    throw new RepoFileFormatError(
      path,
      `the statement of ${name} is not understood: ${found.problem}`,
      'Correct it.',
    );
  const conflict = (part: string, expected: unknown, other: unknown): RepoFileConflictError =>
    new RepoFileConflictError(path, `${part} of ${name}`, 'the file says something else there', {
      expected,
      found: other,
    });

  if (from === undefined) {
    if (to === undefined || isAlready(found, to)) return { text: fileText, status: 'already' };
    throw conflict('definition', createFunctionSql(to), fileText.slice(start, end));
  }
  if (to === undefined) {
    if (!sameDefinition(found, from))
      throw conflict('definition', createFunctionSql(from), fileText.slice(start, end));
    return { text: withoutStatement(fileText, statement), status: 'written' };
  }
  const [comment, body] = [differs('comment', from, to), differs('body', from, to)];
  if (comment.only || body.only || comment.andBody) {
    let text = fileText;
    // The body stands behind the comment: places before it stay where they are.
    if (body.is && !sameButForSpace(found.body, to.body)) {
      if (!sameButForSpace(found.body, from.body)) throw conflict('body', from.body, found.body);
      text = replaceBody(text, statement, found.body === from.body?.trim(), to.body ?? '', templates);
    }
    const place = commentPlace(statement);
    const said = place === null ? null : templates.resolve(place.value);
    if (comment.is && !sameButForSpace(said, to.comment)) {
      if (!sameButForSpace(said, from.comment)) throw conflict('comment', from.comment, said);
      text = replaceComment(text, statement, place, to.comment, templates);
    }
    return { text, status: text === fileText ? 'already' : 'written' };
  }
  if (isAlready(found, to)) return { text: fileText, status: 'already' };
  if (!sameDefinition(found, from))
    throw conflict('definition', createFunctionSql(from), fileText.slice(start, end));
  // Clauses such as DETERMINISTIC that the catalog does not show are those of the file.
  const definition = to.definition ?? found.definition;
  const whole = createFunctionSql(definition === undefined ? to : { ...to, definition });
  const written = templates.write(whole, undefined, 'sql');
  return { text: splice(fileText, start, end, withBreaksOf(fileText, written)), status: 'written' };
}

/** What of two forms of a function differs, as far as one member goes. */
function differs(member: 'comment' | 'body', from: CatalogFunction, to: CatalogFunction) {
  const is = from[member] !== to[member];
  const blank = { comment: null, body: '' };
  const without = (fn: CatalogFunction, what: Partial<typeof blank>): string =>
    createFunctionSql({ ...fn, ...what });
  const only = is && without(from, { [member]: blank[member] }) === without(to, { [member]: blank[member] });
  return { is, only, andBody: without(from, blank) === without(to, blank) };
}

/** Equal but for white space; clauses that the catalog does not show do not count. */
const sameDefinition = (a: CatalogFunction, b: CatalogFunction): boolean =>
  sameButForSpace(createFunctionSql(shown(a)), createFunctionSql(shown(b)));
const isAlready = (found: CatalogFunction, to: CatalogFunction): boolean =>
  sameDefinition(found, to) &&
  (to.definition === undefined ||
    sameButForSpace(createFunctionSql({ ...found, name: to.name }), createFunctionSql(to)));
const shown = ({ definition: _definition, ...fn }: CatalogFunction): CatalogFunction => ({
  ...fn,
  name: nameKey(fn.name),
  body: fn.body?.trim() ?? null,
});

/** The RETURN of a statement: the first one outside of parentheses. */
function returnAt({ tokens }: FunctionStatement): number {
  let depth = 0;
  return tokens.findIndex((token) => {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    return depth === 0 && isWord(token, 'RETURN');
  });
}

function replaceBody(
  text: string,
  statement: FunctionStatement,
  isExact: boolean,
  body: string,
  templates: FileTemplates,
): string {
  const start = statement.tokens[returnAt(statement) + 1]?.start ?? statement.end;
  const old = text.slice(start, statement.end);
  const written = templates.write(body.trim(), isExact ? old : undefined, 'sql');
  return splice(text, start, statement.end, withBreaksOf(text, written));
}

const hasWindowsBreaks = (text: string): boolean => text.includes('\r\n');

/** A statement with the line breaks of a file; those within literals are part of a value and stay. */
function withBreaksOf(fileText: string, sql: string): string {
  if (!hasWindowsBreaks(fileText)) return sql;
  const windows = (text: string): string => text.replaceAll(/\r?\n/g, '\r\n');
  let written = '';
  let at = 0;
  for (const { kind, start, end } of lexSql(sql)) {
    const token = sql.slice(start, end);
    written += windows(sql.slice(at, start)) + (kind === 'string' ? token : windows(token));
    at = end;
  }
  return written + windows(sql.slice(at));
}

/** The COMMENT clause of the function itself; neighbouring literals are one text. */
interface CommentPlace {
  readonly clauseStart: number;
  readonly start: number;
  readonly end: number;
  /** Where the next clause begins. */
  readonly nextStart: number;
  readonly value: string;
}

function commentPlace(statement: FunctionStatement): CommentPlace | null {
  const { tokens } = statement;
  const returnIndex = returnAt(statement);
  let depth = 0;
  const at = tokens.findIndex((token, index) => {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    return index < returnIndex && depth === 0 && isWord(token, 'COMMENT');
  });
  const behind = tokens.findIndex((token, index) => index > at && token.kind !== 'string');
  const literals = at < 0 ? [] : tokens.slice(at + 1, behind);
  const [clause, first, last] = [tokens[at], literals[0], literals.at(-1)];
  if (clause === undefined || first === undefined || last === undefined) return null;
  return {
    clauseStart: clause.start,
    start: first.start,
    end: last.end,
    nextStart: tokens[behind]?.start ?? last.end,
    value: literals.map(stringValue).join(''),
  };
}

function replaceComment(
  text: string,
  statement: FunctionStatement,
  place: CommentPlace | null,
  comment: string | null,
  templates: FileTemplates,
): string {
  if (place !== null) {
    const { clauseStart, start, end, nextStart, value } = place;
    if (comment === null) return splice(text, clauseStart, nextStart, '');
    const literal = literalLike(templates.write(comment, value), text.slice(start, end), text);
    return splice(text, start, end, literal);
  }
  const returnStart = statement.tokens[returnAt(statement)]?.start;
  if (comment === null || returnStart === undefined) return text;
  const indent = indentAt(text, returnStart);
  const isOwnLine = lineStart(text, returnStart) + indent.length === returnStart;
  const behind = isOwnLine ? `${hasWindowsBreaks(text) ? '\r\n' : '\n'}${indent}` : ' ';
  const clause = `COMMENT ${literalLike(templates.write(comment), '', text)}${behind}`;
  return splice(text, returnStart, returnStart, clause);
}

/**
 * A string literal with the quotes, escapes and line breaks that another one uses.
 *
 * In a file with Windows line breaks those of the value are escaped, lest an editor make others of them.
 */
function literalLike(value: string, old: string, fileText: string): string {
  const quote = old.startsWith('"') ? '"' : "'";
  const isDoubled = old.slice(1, -1).includes(quote + quote);
  const escapesBreaks = /\\n/.test(old) || hasWindowsBreaks(fileText);
  const body = value
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, isDoubled ? quote + quote : `\\${quote}`)
    .replaceAll('\r', '\\r');
  return quote + (escapesBreaks ? body.replaceAll('\n', '\\n') : body) + quote;
}

/** The file without a statement; `null` when nothing but white space is left. */
function withoutStatement(text: string, { start, end }: FunctionStatement): string | null {
  const rest = /^\s*;?[ \t]*(?:\r?\n){0,2}/.exec(text.slice(end))?.[0].length ?? 0;
  const left = splice(text, start, end + rest, '');
  return left.trim() === '' ? null : left;
}
