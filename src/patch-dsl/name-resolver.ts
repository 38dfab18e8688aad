import { nameKey } from '../core/index.ts';
import { joinSpecs, matchDataSources, sqlFunctions } from '../spaces/index.ts';
import type { Snapshot } from './snapshot.ts';

/** Brings the names that patches use into one comparison form, so that two spellings of one object meet. */
export interface NameResolver {
  /** `catalog.schema.table` in lower case; the name as given, in lower case, when it cannot be resolved. */
  source(name: string): string;
  function(name: string): string;
  /** Both tables of a join as `a~b`, the smaller first; the id itself when the join is unknown. */
  joinById(id: string): string;
  /** Object key of a data source. */
  asset(name: string): string;
  /** A column name in comparison form. */
  column(name: string): string;
  /** Object key of a column. */
  columnKey(table: string, column: string): string;
}

/** Resolves against a snapshot; without one names are only lower-cased and unquoted. */
export function nameResolver(snapshot?: Snapshot): NameResolver {
  const source = remembered((name) => {
    const matches = snapshot === undefined ? [] : matchDataSources(snapshot.space, name);
    return nameKey(matches.length === 1 ? (matches[0]?.source.identifier ?? name) : name);
  });
  const column = remembered(columnKey);
  const columnPrefix = remembered((table) => `column:${source(table)}#`);
  return {
    source,
    function: remembered((name) => {
      const key = nameKey(name);
      const candidates = [
        ...(snapshot === undefined ? [] : sqlFunctions(snapshot.space).map((fn) => nameKey(fn.identifier))),
        ...(snapshot?.catalog.functions.map((fn) => nameKey(fn.name)) ?? []),
      ];
      const matches = new Set(
        candidates.filter((candidate) => candidate === key || candidate.endsWith(`.${key}`)),
      );
      return matches.size === 1 ? ([...matches][0] ?? key) : key;
    }),
    joinById: remembered((id) => {
      const join =
        snapshot === undefined ? undefined : joinSpecs(snapshot.space).find((spec) => spec.id === id);
      return join === undefined ? id : pairKey(source(join.left.identifier), source(join.right.identifier));
    }),
    asset: remembered((name) => `asset:${source(name)}`),
    column,
    columnKey: (table, name) => columnPrefix(table) + column(name),
  };
}

function remembered<V>(find: (name: string) => V): (name: string) => V {
  const known = new Map<string, V>();
  return (name) => {
    let found = known.get(name);
    if (found === undefined) known.set(name, (found = find(name)));
    return found;
  };
}

/** An unordered pair of comparison names. */
export const pairKey = (a: string, b: string): string => (a <= b ? `${a}~${b}` : `${b}~${a}`);

/** A column name in comparison form: unquoted, lower case; dots belong to the name. */
export const columnKey = (name: string): string => unquoteColumn(name).toLowerCase();

/** A column name without the backticks around it. */
export function unquoteColumn(name: string): string {
  const trimmed = name.trim();
  if (!trimmed.startsWith('`')) return trimmed;
  return /^`.*`$/s.test(trimmed) ? trimmed.slice(1, -1).replaceAll('``', '`') : trimmed;
}

export const assetKey = (names: NameResolver, table: string): string => names.asset(table);
export const columnObjectKey = (
  names: NameResolver,
  p: { readonly table: string; readonly column: string },
): string => names.columnKey(p.table, p.column);
export const functionKey = (names: NameResolver, fn: string): string => `function:${names.function(fn)}`;
