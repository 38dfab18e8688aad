import { answersTo, isStar, type ComputedOutput, type Located, type Scope, type Source } from './model.ts';
import { distinctBy } from './distinct.ts';
import { asList, childrenOf, fieldsOf, identifierName, isQuery, kindOf, unwrap } from './tree.ts';
import { AGGREGATES, DATE_UNIT_FUNCTIONS, DATE_UNITS } from './vocabulary.ts';

/** Output aliases visible at a place, and whether they win over columns there. */
export interface AliasView {
  readonly names: ReadonlyMap<string, unknown>;
  /** ORDER BY looks at aliases first; GROUP BY, HAVING, QUALIFY and SELECT at columns. */
  readonly first: boolean;
}

export const NO_ALIASES: AliasView = { names: new Map(), first: false };

/** What a name stands for. `path` holds struct fields behind the column; `levels` counts scopes outward. */
export type Resolution =
  | {
      readonly kind: 'column';
      readonly source: Source;
      readonly column: string;
      readonly path: readonly string[];
      readonly levels: number;
    }
  | { readonly kind: 'alias'; readonly name: string; readonly node: unknown }
  | { readonly kind: 'unknown'; readonly column: string; readonly path: readonly string[] };

/** The parts of `a`, `t.a`, `c.s.t.a.field`, folded; `null` when the node is no name. */
export function namePartsOf(value: unknown): string[] | null {
  const fields = fieldsOf(value);
  if (kindOf(value) === 'column') {
    return [identifierName(fields['table']), identifierName(fields['name'])].filter((part) => part !== null);
  }
  if (kindOf(value) !== 'dot') return null;
  const base = namePartsOf(fields['this']);
  const field = identifierName(fields['field']);
  return base === null || field === null ? null : [...base, field];
}

/** Finds what a name means in a scope, going outward for correlated subqueries. */
export function resolveName(parts: readonly string[], scope: Scope, aliases: AliasView): Resolution {
  for (let length = parts.length - 1; length >= 1; length--) {
    const found = qualifiedSource(parts.slice(0, length), scope);
    if (found !== null)
      return { kind: 'column', ...found, column: parts[length] ?? '', path: parts.slice(length + 1) };
  }
  const [column = '', ...path] = parts;
  const alias = aliases.names.get(column);
  const aliased: Resolution | null =
    alias === undefined ? null : { kind: 'alias', name: column, node: alias };
  if (aliased !== null && aliases.first) return aliased;
  const owner = bareOwner(column, scope, aliased !== null && !readsName(alias, column));
  if (owner === 'alias' && aliased !== null) return aliased;
  if (owner === null || owner === 'alias') return { kind: 'unknown', column, path };
  return { kind: 'column', ...owner, column, path };
}

interface Owner {
  readonly source: Source;
  readonly levels: number;
}

function qualifiedSource(qualifier: readonly string[], scope: Scope): Owner | null {
  let levels = 0;
  for (let at: Scope | null = scope; at !== null; at = at.parent, levels++) {
    const source = at.sources.find((candidate) => answersTo(candidate, qualifier));
    if (source !== undefined) return { source, levels };
  }
  return null;
}

/**
 * The source of a bare column: one that surely has it, else the only one that may.
 *
 * An output alias comes in between: a column that surely exists hides it.
 */
function bareOwner(column: string, scope: Scope, aliasFits: boolean): Owner | 'alias' | null {
  let levels = 0;
  for (let at: Scope | null = scope; at !== null; at = at.parent, levels++) {
    const sure = at.sources.find((source) => hasColumn(source, column) === 'yes');
    if (sure !== undefined) return { source: sure, levels };
    if (levels === 0 && aliasFits) return 'alias';
    const possible = at.sources.filter((source) => hasColumn(source, column) === 'maybe');
    if (possible.length > 1) return null;
    const [only] = possible;
    if (only !== undefined) return { source: only, levels };
  }
  const [lone] = scope.sources;
  return scope.sources.length === 1 && lone?.kind === 'table' ? { source: lone, levels: 0 } : null;
}

type Certainty = 'yes' | 'maybe' | 'no';

function hasColumn(source: Source, column: string): Certainty {
  if (source.kind === 'table' || source.kind === 'function') {
    if (source.renames.length > 0) return source.renames.includes(column) ? 'yes' : 'no';
    return source.columns === null ? 'maybe' : source.columns.has(column) ? 'yes' : 'no';
  }
  const outputs = source.outputs() ?? [];
  if (outputs.some((output) => !isStar(output) && output.name === column)) return 'yes';
  const stars = outputs.filter(isStar).filter((star) => !star.except.has(column));
  // Two sources of the same CTE answer alike; asking both would double the work at each step of a chain.
  const inner = distinctBy(
    stars.flatMap((star) => star.sources),
    (candidate) => candidate.cte?.label ?? candidate.fullLabel,
  );
  const certainties = inner.map((candidate) => hasColumn(candidate, column));
  return certainties.includes('yes') ? 'yes' : certainties.includes('maybe') ? 'maybe' : 'no';
}

/** Whether an expression reads a bare column of that name (`lower(name) AS name`). */
function readsName(value: unknown, name: string): boolean {
  const parts = namePartsOf(value);
  if (parts !== null) return parts.length === 1 ? parts[0] === name : parts.at(-1) === name;
  return childrenOf(value).some((child) => readsName(child, name));
}

/** Where a column of a source comes from, CTEs and subqueries seen through. */
export type Origin =
  | { readonly kind: 'base'; readonly source: Source; readonly column: string }
  | { readonly kind: 'computed'; readonly output: ComputedOutput; readonly index: number }
  | { readonly kind: 'unknown' };

/** Longer chains of CTEs than any statement within the limits of the parser has. */
const MAX_STEPS = 400;

/** Follows plain columns down to a table; stops at an expression. */
export function originOf(source: Source, column: string, steps = 0): Origin {
  if (source.kind === 'table' || source.kind === 'function') {
    const renamed = source.renames.indexOf(column);
    const original = renamed === -1 ? column : [...(source.columns ?? [])][renamed];
    return original === undefined ? { kind: 'unknown' } : { kind: 'base', source, column: original };
  }
  const outputs = source.outputs() ?? [];
  if (steps > MAX_STEPS) return { kind: 'unknown' };
  const index = outputs.findIndex((output) => !isStar(output) && output.name === column);
  const output = outputs[index];
  if (output !== undefined && !isStar(output)) {
    const base = baseOf(output, steps);
    return base === null ? { kind: 'computed', output, index } : { kind: 'base', ...base };
  }
  const inner = outputs
    .filter(isStar)
    .filter((star) => !star.except.has(column))
    .flatMap((star) => star.sources);
  const owner =
    inner.find((candidate) => hasColumn(candidate, column) === 'yes') ??
    only(inner.filter((candidate) => hasColumn(candidate, column) === 'maybe'));
  return owner === undefined ? { kind: 'unknown' } : originOf(owner, column, steps + 1);
}

/** The base column that all branches of an output are, or `null`. */
function baseOf(
  output: ComputedOutput,
  steps: number,
): { readonly source: Source; readonly column: string } | null {
  const { known } = output;
  if (known.base !== undefined) return known.base;
  known.base = null;
  const origins = output.branches.map((branch) => plainOrigin(branch, steps + 1));
  const [first] = origins;
  const same =
    first !== undefined &&
    first !== null &&
    origins.every((origin) => origin !== null && sameBase(origin, first));
  known.base = same ? { source: first.source, column: first.column } : null;
  return known.base;
}

type BaseOrigin = Extract<Origin, { kind: 'base' }>;

const sameBase = (a: BaseOrigin, b: BaseOrigin): boolean =>
  a.source.name === b.source.name && a.column === b.column;

function plainOrigin(branch: Located, steps: number): BaseOrigin | null {
  const parts = namePartsOf(unwrap(branch.node));
  if (parts === null) return null;
  const resolution = resolveName(parts, branch.scope, NO_ALIASES);
  if (resolution.kind !== 'column' || resolution.path.length > 0) return null;
  const origin = originOf(resolution.source, resolution.column, steps);
  return origin.kind === 'base' ? origin : null;
}

const only = <T>(items: readonly T[]): T | undefined => (items.length === 1 ? items[0] : undefined);

/** The aliases of a SELECT that stand before an expression of its list: those it may build on. */
export function aliasesBefore(scope: Scope, node: unknown): AliasView {
  const names = new Map<string, unknown>();
  for (const [name, aliased] of scope.aliases) {
    if (aliased === node) break;
    names.set(name, aliased);
  }
  return { names, first: false };
}

/** The lower-case name of a call, or `null` when the node calls nothing. */
export function callName(value: unknown): string | null {
  const kind = kindOf(value);
  if (kind === null || isQuery(value)) return null;
  const fields = fieldsOf(value);
  const name = fields['original_name'] ?? fields['name'];
  if (kind === 'function' || kind === 'aggregate_function')
    return typeof name === 'string' ? name.toLowerCase() : null;
  if (typeof name === 'string' && CALL_KINDS.has(kind)) return name.toLowerCase();
  return NAMES_OF_KINDS.get(kind) ?? null;
}

/** Kinds of aggregates whose name as written stands in a field. */
const CALL_KINDS: ReadonlySet<string> = new Set(
  `count sum avg min max any_value approx_count_distinct approx_distinct array_agg count_if first last logical_and logical_or
  median mode stddev stddev_pop stddev_samp var_pop var_samp variance bitwise_and_agg bitwise_or_agg bitwise_xor_agg sum_if
  first_value last_value string_agg list_agg group_concat array_concat_agg approx_quantile quantile percentile_cont percentile_disc`.split(
    /\s+/,
  ),
);

/** Kinds whose name is not written out in a field. */
const NAMES_OF_KINDS: ReadonlyMap<string, string> = new Map([
  ...[...CALL_KINDS].map((kind): [string, string] => [kind, kind]),
  ['list_agg', 'listagg'],
  ['n_tile', 'ntile'],
  ...['row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'lag', 'lead', 'nth_value'].map(
    (kind): [string, string] => [kind, kind],
  ),
]);

/** Whether a node is the call of an aggregate function, MEASURE included. */
export const isAggregate = (value: unknown): boolean => {
  const kind = kindOf(value);
  if (kind === 'aggregate_function') return true;
  const name = callName(value);
  return name !== null && AGGREGATES.has(name) && !(kind === 'function' && name.startsWith('grouping'));
};

/** Whether an expression aggregates rows of its own SELECT: a window over rows alone does not. */
export function containsAggregate(
  value: unknown,
  aliases: ReadonlyMap<string, unknown>,
  asked: Set<string> = new Set(),
): boolean {
  if (isQuery(value)) return false;
  if (kindOf(value) === 'window_function') {
    const { this: call, over } = fieldsOf(value);
    return [...childrenOf(fieldsOf(call)), over].some((child) => containsAggregate(child, aliases, asked));
  }
  if (isAggregate(value)) return true;
  const parts = namePartsOf(value);
  const name = parts?.length === 1 ? (parts[0] ?? '') : '';
  const alias = aliases.get(name);
  if (alias !== undefined && !asked.has(name) && !readsName(alias, name)) {
    asked.add(name);
    if (containsAggregate(alias, aliases, asked)) return true;
  }
  return childrenOf(value).some((child) => containsAggregate(child, aliases, asked));
}

/** The unit in `dateadd(month, …)`, which the parser takes for a column; `null` elsewhere. */
export function dateUnitOf(call: unknown): unknown {
  const name = callName(call);
  const args = asList(fieldsOf(call)['args']);
  const [first] = args;
  const unit = namePartsOf(first);
  const isUnit =
    name !== null &&
    DATE_UNIT_FUNCTIONS.has(name) &&
    args.length === 3 &&
    unit?.length === 1 &&
    DATE_UNITS.has(unit[0] ?? '');
  return isUnit ? first : null;
}
