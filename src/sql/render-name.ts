import { plainName } from './canonical-text.ts';
import { isStar, type Located, type Piece, type Source } from './model.ts';
import type { RenderContext } from './render-context.ts';
import { aliasesBefore, originOf, resolveName, type Resolution } from './resolve.ts';

/** A derived column longer than this keeps its name: chains of CTEs must not explode. */
const MAX_OPENED_LENGTH = 600;

const whole = (text: string): Piece => ({ text, precedence: 10 });

/** What a column name becomes: see {@link RenderContext}. */
export function renderName(parts: readonly string[], context: RenderContext): Piece {
  const [first = '', ...fields] = parts;
  const parameter = context.parameters.get(first);
  if (parameter !== undefined) return whole([parameter, ...fields].map(plainName).join('.'));
  if (context.mode === 'text') return whole(parts.map(plainName).join('.'));
  const resolution = resolveName(parts, context.scope, context.aliases);
  switch (resolution.kind) {
    case 'unknown':
      return whole([resolution.column, ...resolution.path].map(plainName).join('.'));
    case 'alias':
      return (
        openedOnce({ node: resolution.node, scope: context.scope }, context) ??
        whole(plainName(resolution.name))
      );
    case 'column':
      return context.mode === 'facts'
        ? factsColumn(resolution, context)
        : whole(canonicalColumn(resolution, context));
  }
}

type ColumnResolution = Extract<Resolution, { kind: 'column' }>;

/** The label of the source that a column belongs to. */
export const labelOf = (resolution: ColumnResolution, context: RenderContext): string =>
  context.mode === 'facts'
    ? resolution.source.label
    : `${'^'.repeat(resolution.levels)}${resolution.source.fullLabel}`;

function factsColumn(resolution: ColumnResolution, context: RenderContext): Piece {
  const { source, column, path } = resolution;
  const origin = originOf(source, column);
  const tail = path.map((field) => `.${plainName(field)}`).join('');
  if (origin.kind === 'base') return whole(`${origin.source.label}.${plainName(origin.column)}${tail}`);
  const branch =
    origin.kind === 'computed' && origin.output.branches.length === 1 ? origin.output.branches[0] : undefined;
  const own = whole(`${source.label}.${plainName(column)}${tail}`);
  if (branch === undefined) return own;
  const inner = openedOnce(branch, context);
  return inner === null ? own : tail === '' ? inner : whole(`(${inner.text})${tail}`);
}

/** The expression behind a derived column or an alias; `null` while it is being written, so that a cycle ends. */
function openedOnce(branch: Located, context: RenderContext): Piece | null {
  const known = context.opened.get(branch.node);
  if (known !== undefined) return known;
  context.opened.set(branch.node, null);
  const aliases = aliasesBefore(branch.scope, branch.node);
  const inner = opened(branch.node, {
    ...context,
    scope: branch.scope,
    aliases,
    parameters: new Map(),
  });
  context.opened.set(branch.node, inner);
  return inner;
}

/** An expression in place of the name it was given, or `null` when that would grow too long. */
function opened(value: unknown, context: RenderContext): Piece | null {
  const inner = context.piece(value, context);
  return inner.text.length > MAX_OPENED_LENGTH ? null : inner;
}

/** A column of a CTE or subquery is its position there, so that renaming it changes nothing. */
function canonicalColumn(resolution: ColumnResolution, context: RenderContext): string {
  const { source, column, path } = resolution;
  const position = positionOf(source, column);
  return [labelOf(resolution, context), position, ...path.map(plainName)].join('.');
}

function positionOf(source: Source, column: string): string {
  const renamed = source.renames.indexOf(column);
  if (renamed !== -1) return `$${renamed + 1}`;
  const outputs = source.kind === 'table' || source.kind === 'function' ? null : source.outputs();
  const index = outputs?.findIndex((output) => !isStar(output) && output.name === column) ?? -1;
  return index === -1 ? plainName(column) : `$${index + 1}`;
}
