import { distinctBy } from './distinct.ts';
import type { ColumnRef } from './facts.ts';
import type { ComputedOutput, Scope } from './model.ts';
import {
  aliasesBefore,
  dateUnitOf,
  isAggregate,
  namePartsOf,
  NO_ALIASES,
  originOf,
  resolveName,
  type AliasView,
} from './resolve.ts';
import { asFields, asList, fieldsOf, identifierName, IGNORED_FIELDS, isQuery, kindOf } from './tree.ts';

/** What a walk over an expression meets, in the order of the text. */
export interface ExpressionVisitor {
  /** A column name in parts; lambda parameters and date units are none. */
  readonly name?: (parts: readonly string[], inWindow: boolean) => void;
  /** A query inside the expression; the walk does not enter it. */
  readonly query?: (node: unknown) => void;
  /** `window` is the OVER clause, or `null` without one. */
  readonly aggregate?: (node: unknown, window: unknown) => void;
}

/** Walks the names, subqueries and aggregates of an expression. */
export function walkExpression(value: unknown, visitor: ExpressionVisitor): void {
  visit(value, { visitor, parameters: new Set(), inWindow: false });
}

interface Walk {
  readonly visitor: ExpressionVisitor;
  readonly parameters: ReadonlySet<string>;
  readonly inWindow: boolean;
}

function visit(value: unknown, walk: Walk): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, walk);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const parts = namePartsOf(value);
  if (parts !== null) {
    if (!walk.parameters.has(parts[0] ?? '')) walk.visitor.name?.(parts, walk.inWindow);
    return;
  }
  if (isQuery(value)) {
    walk.visitor.query?.(value);
    return;
  }
  const kind = kindOf(value);
  const fields = fieldsOf(value);
  if (kind === 'window_function') {
    const call = fields['this'];
    if (isAggregate(call)) {
      walk.visitor.aggregate?.(call, fields['over']);
      visitFields(fieldsOf(call), walk);
    } else {
      visit(call, walk);
    }
    visitFields(asFields(fields['over']), { ...walk, inWindow: true });
  } else if (kind === 'lambda') {
    const own = asList(fields['parameters']).map((parameter) => identifierName(parameter) ?? '');
    visit(fields['body'], { ...walk, parameters: new Set([...walk.parameters, ...own]) });
  } else if (kind === 'named_argument') {
    visit(fields['value'], walk);
  } else if (kind !== 'star') {
    if (isAggregate(value)) walk.visitor.aggregate?.(value, null);
    const unit = dateUnitOf(value);
    visitFields(
      unit === null
        ? (value as Readonly<Record<string, unknown>>)
        : { args: asList(fields['args']).slice(1) },
      walk,
    );
  }
}

function visitFields(fields: Readonly<Record<string, unknown>>, walk: Walk): void {
  for (const [key, field] of Object.entries(fields)) if (!IGNORED_FIELDS.has(key)) visit(field, walk);
}

/**
 * The base columns that a name stands for: one for a plain column, several for a computed one.
 *
 * A name that cannot be placed gives one reference with `table: null`.
 */
export function columnRefs(names: readonly string[], scope: Scope, aliases: AliasView): ColumnRef[] {
  const resolution = resolveName(names, scope, aliases);
  if (resolution.kind === 'unknown') return [{ table: null, column: resolution.column }];
  if (resolution.kind === 'alias') return aliasColumns(resolution.node, scope);
  const origin = originOf(resolution.source, resolution.column);
  if (origin.kind === 'base') return [{ table: origin.source.name, column: origin.column }];
  if (origin.kind === 'unknown') return [{ table: null, column: resolution.column }];
  return computedColumns(origin.output);
}

/** An alias sees the ones before it only, so no alias is made of itself. */
function aliasColumns(node: unknown, scope: Scope): ColumnRef[] {
  const known = scope.aliasColumns.get(node);
  if (known !== undefined) return [...known];
  const refs = columnsIn(node, scope, aliasesBefore(scope, node));
  scope.aliasColumns.set(node, refs);
  return refs;
}

function computedColumns(output: ComputedOutput): ColumnRef[] {
  const { known } = output;
  if (known.columns !== undefined) return [...known.columns];
  // Set before the walk, so that a column that reads itself ends there.
  known.columns = [];
  const refs = uniqueRefs(
    output.branches.flatMap((branch) =>
      columnsIn(branch.node, branch.scope, aliasesBefore(branch.scope, branch.node)),
    ),
  );
  known.columns = refs;
  return refs;
}

/** Base columns of an expression, each once; those of subqueries are left out. */
export function columnsIn(value: unknown, scope: Scope, aliases: AliasView = NO_ALIASES): ColumnRef[] {
  const refs: ColumnRef[] = [];
  walkExpression(value, { name: (parts) => refs.push(...columnRefs(parts, scope, aliases)) });
  return uniqueRefs(refs);
}

/** Each reference once, in order. */
function uniqueRefs<T extends ColumnRef>(refs: readonly T[]): T[] {
  return distinctBy(refs, (ref) => JSON.stringify(ref));
}

/** The one column that a plain name stands for; `null` for anything computed. */
export function plainColumn(value: unknown, scope: Scope): ColumnRef | null {
  const parts = namePartsOf(value);
  if (parts === null) return null;
  const resolution = resolveName(parts, scope, NO_ALIASES);
  if (resolution.kind !== 'column') return { table: null, column: parts.at(-1) ?? '' };
  const origin = originOf(resolution.source, resolution.column);
  return origin.kind === 'base'
    ? { table: origin.source.name, column: origin.column }
    : { table: null, column: resolution.column };
}
