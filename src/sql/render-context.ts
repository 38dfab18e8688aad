import { plainName } from './canonical-text.ts';
import type { Modeler, Piece, QueryModel, Scope } from './model.ts';
import type { NormalLevel } from './normalize.ts';
import type { AliasView } from './resolve.ts';
import { asFields, asList, identifierName, IGNORED_FIELDS, kindOf, isAbsent } from './tree.ts';

/**
 * What names become: `facts` writes base tables by short name and looks through CTEs, the levels of
 * the canonical form keep the structure and drop names that people chose.
 */
export type RenderMode = 'facts' | NormalLevel;

export interface RenderContext {
  readonly mode: RenderMode;
  readonly scope: Scope;
  readonly aliases: AliasView;
  /** Lambda parameters by name. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly modeler: Modeler;
  /** Derived columns already written out, by their expression: a chain of CTEs is opened once. */
  readonly opened: Map<unknown, Piece | null>;
  /** Expressions and queries contain each other: both renderers travel with the context. */
  readonly piece: (value: unknown, context: RenderContext) => Piece;
  readonly queryText: (model: QueryModel, mode: RenderMode, modeler: Modeler) => string;
}

/** The text of an expression. */
export const textOf = (value: unknown, context: RenderContext): string => context.piece(value, context).text;

/** The same inside a stronger operator: in parentheses when it binds less than `precedence`. */
export const operandOf = (value: unknown, precedence: number, context: RenderContext): string =>
  enclosed(context.piece(value, context), precedence);

/** A piece inside an operator of a strength. */
export const enclosed = (inner: Piece, precedence: number): string =>
  inner.precedence < precedence ? `(${inner.text})` : inner.text;

/** The text of a query inside an expression. */
export const queryTextOf = (query: unknown, context: RenderContext): string =>
  context.queryText(context.modeler.query(query, context.scope), context.mode, context.modeler);

export const isLevel = (mode: RenderMode, ...modes: readonly RenderMode[]): boolean => modes.includes(mode);

/** Whether order and spelling of operands are evened out. */
export const evensOrder = (mode: RenderMode): boolean => mode !== 'text';

export const levelOf = (mode: RenderMode): NormalLevel => (mode === 'facts' ? 'sem' : mode);

/** Expressions behind commas. */
export function list(values: unknown, context: RenderContext): string {
  return asList(values)
    .map((item) => textOf(item, context))
    .join(', ');
}

/** Every field that means something, by name: an unknown kind never compares equal by accident. */
export function renderUnknown(
  kind: string,
  fields: Readonly<Record<string, unknown>>,
  context: RenderContext,
): string {
  const name = typeof fields['original_name'] === 'string' ? fields['original_name'].toLowerCase() : kind;
  const inner = kindOf(fields);
  if (inner !== null && !RECORD_KEYS.has(inner)) return `${name}(${textOf(fields, context)})`;
  const shown = meaningful(fields).filter(([key]) => key !== 'original_name');
  const parts = shown.map(([key, field]) =>
    key === 'this' || key === 'expression' || key === 'expressions'
      ? renderRaw(field, context)
      : `${key}: ${renderRaw(field, context)}`,
  );
  return `${name}(${parts.join(', ')})`;
}

/** Fields beyond those already written, appended in braces. */
export function extras(
  fields: Readonly<Record<string, unknown>>,
  written: readonly string[],
  context: RenderContext,
): string {
  const rest = meaningful(fields).filter(([key]) => !written.includes(key));
  return rest.length === 0
    ? ''
    : ` {${rest.map(([key, field]) => `${key}: ${renderRaw(field, context)}`).join(', ')}}`;
}

/** Fields that are set and mean something. */
export const meaningful = (fields: Readonly<Record<string, unknown>>): [string, unknown][] =>
  Object.entries(fields).filter(([key, field]) => !IGNORED_FIELDS.has(key) && !isEmpty(field));

/** Keys that look like a node of one field but are plain records. */
const RECORD_KEYS: ReadonlySet<string> = new Set(['this', 'name', 'expressions', 'type', 'value']);

/** Any field of a node. */
export function renderRaw(value: unknown, context: RenderContext): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.map((item) => renderRaw(item, context)).join(', ');
  const kind = kindOf(value);
  if (kind !== null && !RECORD_KEYS.has(kind)) return textOf(value, context);
  const identifier = identifierName(value);
  const fields = meaningful(asFields(value));
  if (identifier !== null && fields.length === 1) return plainName(identifier);
  return `{${fields.map(([key, field]) => `${key}: ${renderRaw(field, context)}`).join(', ')}}`;
}

/** Whether a field of a node says nothing. */
export const isEmpty = (field: unknown): boolean =>
  isAbsent(field) || field === false || (Array.isArray(field) && field.length === 0);
