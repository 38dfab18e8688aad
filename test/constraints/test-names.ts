import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { RuleKind } from './register.ts';

/** A test, with one name per row of its table. */
export interface NamedTest {
  readonly file: string;
  readonly names: readonly string[];
  /** It calls `expect`, or a function whose name says that it asserts. */
  readonly asserts: boolean;
}

/** Every test below a folder whose file mentions a number of the register. */
export function namedTests(folder: string): NamedTest[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap((name) => {
      const file = join(folder, name);
      const text = readFileSync(file, 'utf8');
      return /\b(?:HC|F)\d|\bmistake \d|\bchecklist \d/.test(text) ? testsOf(file, text) : [];
    });
}

function testsOf(file: string, text: string): NamedTest[] {
  const found: NamedTest[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const names = namesOf(node);
      const [, body] = node.arguments;
      if (names !== null && body !== undefined) found.push({ file, names, asserts: asserts(body) });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** Names of `it('…')` and `it.each(table)('…')`; `null` for every other call. A skipped test has none. */
function namesOf({ expression, arguments: [name] }: ts.CallExpression): readonly string[] | null {
  if (name === undefined || !ts.isStringLiteralLike(name)) return null;
  if (ts.isIdentifier(expression)) return isTest(expression) ? [name.text] : null;
  if (!ts.isCallExpression(expression)) return null;
  const { expression: each, arguments: tables } = expression;
  const isTable = ts.isPropertyAccessExpression(each) && each.name.text === 'each' && isTest(each.expression);
  if (!isTable) return null;
  const [table] = tables;
  return name.text.startsWith('%s')
    ? firstCells(table).map((cell) => cell + name.text.slice(2))
    : [name.text];
}

const isTest = (node: ts.Expression): boolean =>
  ts.isIdentifier(node) && (node.text === 'it' || node.text === 'test');

/** The text in the first cell of every row, as `%s` shows it. */
function firstCells(table: ts.Expression | undefined): string[] {
  if (table !== undefined && ts.isAsExpression(table)) return firstCells(table.expression);
  if (table === undefined || !ts.isArrayLiteralExpression(table)) return [];
  return table.elements.flatMap((row) => {
    const cell = ts.isArrayLiteralExpression(row) ? row.elements[0] : row;
    return cell !== undefined && ts.isStringLiteralLike(cell) ? [cell.text] : [];
  });
}

function asserts(body: ts.Node): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && /^(?:expect|assert[A-Z]\w*|expect[A-Z]\w*)$/.test(node.text)) found = true;
    if (!found) ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

/** The numbers in front of a name: `HC14, mistake 10: …` holds two. */
export function numbersIn(name: string): { readonly kind: RuleKind; readonly number: number }[] {
  const [front = ''] = name.split(':', 1);
  if (front.length === name.length) return [];
  return [...front.matchAll(/(HC|F|mistake |checklist )(\d+)\b/g)].map(([, kind = '', number]) => ({
    kind: kind.trim() as RuleKind,
    number: Number(number),
  }));
}
