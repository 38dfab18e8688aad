import { plainName, quoteText } from './canonical-text.ts';
import { sortsBefore } from './constant-expression.ts';
import type { Piece } from './model.ts';
import { normalizeNode } from './normalize.ts';
import { renderCall, renderLambda, renderOrder, renderWindow } from './render-call.ts';
import {
  enclosed,
  evensOrder,
  extras,
  levelOf,
  list,
  meaningful,
  operandOf,
  queryTextOf,
  renderRaw,
  renderUnknown,
  textOf,
  type RenderContext,
} from './render-context.ts';
import { labelOf, renderName } from './render-name.ts';
import { callName, NO_ALIASES, namePartsOf, resolveName } from './resolve.ts';
import {
  asFields,
  asList,
  fieldsOf,
  flatten,
  identifierName,
  isQuery,
  kindOf,
  scalarText,
  isAbsent,
} from './tree.ts';

const BINARY: ReadonlyMap<string, readonly [operator: string, precedence: number]> = new Map([
  ['or', ['or', 1]],
  ['and', ['and', 2]],
  ['eq', ['=', 4]],
  ['neq', ['<>', 4]],
  ['lt', ['<', 4]],
  ['lte', ['<=', 4]],
  ['gt', ['>', 4]],
  ['gte', ['>=', 4]],
  ['null_safe_eq', ['<=>', 4]],
  ['null_safe_neq', ['is distinct from', 4]],
  ['bitwise_or', ['|', 5]],
  ['bitwise_xor', ['^', 5]],
  ['bitwise_and', ['&', 5]],
  ['concat', ['||', 6]],
  ['add', ['+', 7]],
  ['sub', ['-', 7]],
  ['mul', ['*', 8]],
  ['div', ['/', 8]],
  ['mod', ['%', 8]],
]);

const FLIPPED: ReadonlyMap<string, string> = new Map([
  ['lt', 'gt'],
  ['gt', 'lt'],
  ['lte', 'gte'],
  ['gte', 'lte'],
]);

/** Operators whose operands may change places. */
const SYMMETRIC: ReadonlySet<string> = new Set(['eq', 'neq', 'null_safe_eq', 'add', 'mul']);

/** Kinds whose text is one piece in any surroundings. */
const LOOSE: ReadonlyMap<string, number> = new Map([
  ['not', 3],
  ['in', 4],
  ['between', 4],
  ['like', 4],
  ['i_like', 4],
  ['is_null', 4],
  ['is_true', 4],
  ['is_false', 4],
  ['regexp_like', 4],
  ['neg', 9],
  ['lambda', 0],
]);

/** The canonical text of an expression, with how strongly it holds together. */
export function renderPiece(value: unknown, context: RenderContext): Piece {
  const even = normalizeNode(value, levelOf(context.mode));
  const names = namePartsOf(even);
  if (names !== null) return renderName(names, context);
  const kind = kindOf(even) ?? '';
  const loose = LOOSE.get(kind) ?? 10;
  const split = kind === 'between' && context.mode === 'sem';
  const precedence = BINARY.get(kind)?.[1] ?? (split ? 1 : loose);
  return { text: render(even, context), precedence };
}

function render(value: unknown, context: RenderContext): string {
  const kind = kindOf(value);
  if (kind === null) return renderRaw(value, context);
  const fields = fieldsOf(value);
  if (isQuery(value)) return `(${queryTextOf(value, context)})`;
  if (kind === 'and' || kind === 'or') return renderLogic(value, kind, context);
  const binary = BINARY.get(kind);
  if (binary !== undefined && isAbsent(fields['quantifier']))
    return renderBinary(kind, fields, binary, context);
  switch (kind) {
    case 'literal':
      return renderLiteral(fields);
    case 'boolean':
      return scalarText(fields['value']);
    case 'null':
      return 'null';
    case 'parameter':
      return `:${scalarText(fields['name'])}`;
    case 'placeholder':
      return '?';
    case 'star':
      return renderStar(fields, context);
    case 'dot':
      return `${operandOf(fields['this'], 10, context)}.${plainName(identifierName(fields['field']) ?? '')}`;
    case 'not':
      return `not ${operandOf(fields['this'], 4, context)}`;
    case 'neg':
      return `-${operandOf(fields['this'], 10, context)}`;
    case 'is_null':
      return `${operandOf(fields['this'], 5, context)} is ${fields['not'] === true ? 'not ' : ''}null`;
    case 'in':
      return renderIn(fields, context);
    case 'between':
      return renderBetween(fields, context);
    case 'like':
    case 'i_like':
      return renderLike(kind, fields, context);
    case 'regexp_like':
      return `${operandOf(fields['this'], 5, context)} rlike ${operandOf(fields['pattern'], 5, context)}`;
    case 'cast':
    case 'try_cast':
    case 'safe_cast':
      return `${kind}(${textOf(fields['this'], context)} as ${typeText(fields['to'])})${extras(fields, ['this', 'to'], context)}`;
    case 'case':
      return renderCase(fields, context);
    case 'interval_of':
      return `interval ${operandOf(fields['count'], 10, context)} ${scalarText(fields['unit'])}`;
    case 'extract':
      return `extract(${typeof fields['field'] === 'string' ? fields['field'].toLowerCase() : renderRaw(fields['field'], context)} from ${textOf(fields['this'], context)})`;
    case 'exists':
      return `${fields['not'] === true ? 'not ' : ''}exists (${queryTextOf(fields['this'], context)})`;
    case 'tuple':
      return `(${list(fields['expressions'], context)})`;
    case 'alias':
      return `${textOf(fields['this'], context)} as ${plainName(identifierName(fields['alias']) ?? '')}`;
    case 'named_argument':
      return `${plainName(identifierName(fields['name']) ?? '')} => ${textOf(fields['value'], context)}`;
    case 'subscript':
      return `${operandOf(fields['this'], 10, context)}[${textOf(fields['index'], context)}]`;
    case 'j_s_o_n_extract':
      return isAbsent(fields['variant_extract'])
        ? renderUnknown(kind, fields, context)
        : `${operandOf(fields['this'], 10, context)}:${scalarText(fieldsOf(fields['expression'])['value'])}`;
    case 'values': {
      const rows = asList(fields['expressions']).map(
        (row) => `(${list(asFields(row)['expressions'], context)})`,
      );
      return `values ${rows.join(', ')}${extras(fields, ['expressions', 'alias', 'column_aliases'], context)}`;
    }
    case 'lambda':
      return renderLambda(fields, context);
    case 'window_function':
      return renderWindow(fields, context);
    case 'within_group':
      return `${textOf(fields['this'], context)} within group (order by ${renderOrder(fields['order_by'], context)})`;
    default:
      return callName(value) === null
        ? renderUnknown(kind, fields, context)
        : renderCall(value, fields, context);
  }
}

function renderLiteral(fields: Readonly<Record<string, unknown>>): string {
  const value = scalarText(fields['value']);
  const type = scalarText(fields['literal_type']);
  if (type === 'number') return value.toLowerCase();
  return type === 'string' ? quoteText(value) : `${type} ${quoteText(value)}`;
}

/** The type of a cast; the parser writes STRING as `text`. */
function typeText(value: unknown): string {
  const type = asFields(value);
  const name = String(type['data_type'] ?? value);
  const details = meaningful(type).filter(([key]) => key !== 'data_type');
  if (details.length === 0) return name === 'text' ? 'string' : name.toLowerCase();
  return `${name.toLowerCase()}(${details.map(([key, detail]) => `${key}: ${JSON.stringify(detail).toLowerCase()}`).join(', ')})`.replace(
    /^decimal\(precision: (\d+), scale: (\d+)\)$/,
    'decimal($1,$2)',
  );
}

function renderStar(fields: Readonly<Record<string, unknown>>, context: RenderContext): string {
  const qualifier =
    context.mode !== 'text' && context.scope.sources.length === 1 ? null : identifierName(fields['table']);
  const source = qualifier === null ? null : resolveName([qualifier, '*'], context.scope, NO_ALIASES);
  const label = source?.kind === 'column' && context.mode !== 'text' ? labelOf(source, context) : qualifier;
  return `${label === null ? '' : `${label}.`}*${extras(fields, ['table'], context)}`;
}

function renderLogic(value: unknown, kind: 'and' | 'or', context: RenderContext): string {
  const precedence = kind === 'and' ? 2 : 1;
  const texts = flatten(value, kind)
    .flatMap((part) => betweenParts(part, kind, context))
    .map((part) => operandOf(part, precedence, context));
  return (evensOrder(context.mode) ? texts.sort() : texts).join(` ${kind} `);
}

/** At level `sem` a BETWEEN inside AND joins the chain as its two comparisons. */
function betweenParts(part: unknown, kind: 'and' | 'or', context: RenderContext): unknown[] {
  if (kind !== 'and' || context.mode !== 'sem' || kindOf(part) !== 'between') return [part];
  const fields = fieldsOf(part);
  if (fields['not'] === true || meaningful(fields).length !== 3) return [part];
  return [
    { gte: { left: fields['this'], right: fields['low'] } },
    { lte: { left: fields['this'], right: fields['high'] } },
  ];
}

function renderBinary(
  kind: string,
  fields: Readonly<Record<string, unknown>>,
  [operator, precedence]: readonly [string, number],
  context: RenderContext,
): string {
  const comparison = precedence === 4;
  const [left, right] = [context.piece(fields['left'], context), context.piece(fields['right'], context)];
  const rest = extras(fields, ['left', 'right'], context);
  const write = (first: Piece, sign: string, second: Piece): string =>
    `${enclosed(first, comparison ? 5 : precedence)} ${sign} ${enclosed(second, precedence + 1)}${rest}`;
  const opposite = FLIPPED.get(kind) ?? (SYMMETRIC.has(kind) ? kind : undefined);
  const swap =
    evensOrder(context.mode) &&
    opposite !== undefined &&
    sortsBefore(fields['right'], right.text, fields['left'], left.text);
  return swap ? write(right, BINARY.get(opposite)?.[0] ?? operator, left) : write(left, operator, right);
}

function renderIn(fields: Readonly<Record<string, unknown>>, context: RenderContext): string {
  const left = operandOf(fields['this'], 5, context);
  const not = fields['not'] === true ? ' not' : '';
  const items = asList(fields['expressions']).map((item) => textOf(item, context));
  const inside = isAbsent(fields['query'])
    ? (evensOrder(context.mode) ? items.sort() : items).join(', ')
    : queryTextOf(fields['query'], context);
  return `${left}${not} in (${inside})${extras(fields, ['this', 'not', 'expressions', 'query'], context)}`;
}

function renderBetween(fields: Readonly<Record<string, unknown>>, context: RenderContext): string {
  const subject = operandOf(fields['this'], 5, context);
  const [low, high] = [operandOf(fields['low'], 5, context), operandOf(fields['high'], 5, context)];
  const rest = extras(fields, ['this', 'low', 'high', 'not'], context);
  const negated = fields['not'] === true;
  if (context.mode !== 'sem' || rest !== '')
    return `${subject} ${negated ? 'not ' : ''}between ${low} and ${high}${rest}`;
  const parts = negated
    ? [
        { lt: { left: fields['this'], right: fields['low'] } },
        { gt: { left: fields['this'], right: fields['high'] } },
      ]
    : [
        { gte: { left: fields['this'], right: fields['low'] } },
        { lte: { left: fields['this'], right: fields['high'] } },
      ];
  const texts = parts.map((part) => textOf(part, context)).sort();
  return texts.join(negated ? ' or ' : ' and ');
}

function renderLike(kind: string, fields: Readonly<Record<string, unknown>>, context: RenderContext): string {
  const quantifier = isAbsent(fields['quantifier'])
    ? ''
    : ` ${scalarText(fields['quantifier']).toLowerCase()}`;
  const word = kind === 'like' ? 'like' : 'ilike';
  const not = fields['not'] === true ? 'not ' : '';
  const text = `${operandOf(fields['left'], 5, context)} ${not}${word}${quantifier} ${operandOf(fields['right'], 5, context)}`;
  return text + extras(fields, ['left', 'right', 'quantifier', 'not'], context);
}

function renderCase(fields: Readonly<Record<string, unknown>>, context: RenderContext): string {
  const subject = isAbsent(fields['operand']) ? '' : ` ${textOf(fields['operand'], context)}`;
  const whens = asList(fields['whens']).map((when) => {
    const [condition, result] = asList(when);
    return ` when ${textOf(condition, context)} then ${textOf(result, context)}`;
  });
  const otherwise =
    isAbsent(fields['else_']) || (context.mode !== 'text' && kindOf(fields['else_']) === 'null')
      ? ''
      : ` else ${textOf(fields['else_'], context)}`;
  return `case${subject}${whens.join('')}${otherwise} end`;
}
