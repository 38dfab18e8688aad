import { nameKey, nameParts, nearestName } from '../core/index.ts';
import type { CatalogFunction, CatalogTable } from '../ports/index.ts';
import {
  findColumnConfig,
  joinSpecs,
  locatedDataSources,
  matchDataSources,
  sqlFunctions,
} from '../spaces/index.ts';
import type {
  ColumnConfig,
  DataSource,
  DataSourceSection,
  JoinSpec,
  SpacePath,
  SqlFunction,
} from '../spaces/index.ts';
import { columnKey, unquoteColumn } from './name-resolver.ts';
import type { Failed } from './rendering.ts';
import { failed } from './rendering.ts';
import type { Snapshot } from './snapshot.ts';

export interface SourcePlace {
  readonly status: 'found';
  readonly section: DataSourceSection;
  readonly source: DataSource;
  readonly path: SpacePath;
  /** What Unity Catalog says of it; `null` when the snapshot does not hold it. */
  readonly table: CatalogTable | null;
}

export interface ColumnPlace {
  readonly status: 'found';
  readonly source: SourcePlace;
  /** In the spelling of the space, else of the catalog, else of the patch. */
  readonly name: string;
  readonly config: ColumnConfig | null;
  readonly path: SpacePath;
}

/** The data source of the space that a name means. */
export function resolveSource(name: string, { space, catalog }: Snapshot): SourcePlace | Failed {
  const matches = matchDataSources(space, name);
  const [match] = matches;
  if (match === undefined) {
    const near = nearestName(
      name,
      locatedDataSources(space).map(({ source }) => source.identifier),
    );
    const hint =
      near === null ? 'Add it first with add_table, or correct the name' : `Did you mean '${near}'`;
    return failed(
      'UNKNOWN_TARGET',
      `'${name}' is no data source of this space. ${hint}${near === null ? '.' : '?'}`,
    );
  }
  if (matches.length > 1) {
    const names = matches.map(({ source }) => source.identifier).join(', ');
    return failed('TARGET_AMBIGUOUS', `'${name}' can mean ${names}. Write the full name.`);
  }
  return {
    status: 'found',
    section: match.section,
    source: match.source,
    path: sourcePath(match.section, match.source.identifier),
    table: findCatalogTable(match.source.identifier, { catalog }),
  };
}

export const sourcePath = (section: DataSourceSection, identifier: string): SpacePath => [
  'data_sources',
  section,
  { by: 'identifier', is: identifier },
];

/**
 * A column of a data source.
 *
 * When the catalog snapshot holds the table, the column must exist there. Otherwise the name is believed:
 * there is nothing to check it against.
 */
export function resolveColumn(
  target: { readonly table: string; readonly column: string },
  snapshot: Snapshot,
): ColumnPlace | Failed {
  const source = resolveSource(target.table, snapshot);
  if (source.status === 'failed') return source;
  const config = findColumnConfig(source.source, unquoteColumn(target.column));
  const stored = source.table?.columns.find(
    (column) => column.name.toLowerCase() === columnKey(target.column),
  );
  if (config === null && stored === undefined && source.table !== null) {
    const near = nearestName(
      target.column,
      source.table.columns.map((column) => column.name),
    );
    const hint = near === null ? 'Correct the name.' : `Did you mean '${near}'?`;
    return failed(
      'UNKNOWN_TARGET',
      `'${source.source.identifier}' has no column '${target.column}'. ${hint}`,
    );
  }
  const name = config?.column_name ?? stored?.name ?? unquoteColumn(target.column);
  return {
    status: 'found',
    source,
    name,
    config,
    path: [...source.path, 'column_configs', { by: 'column_name', is: name }],
  };
}

/** The catalog's entry of a table, by full name; `null` when the snapshot does not hold it. */
export function findCatalogTable(name: string, { catalog }: Pick<Snapshot, 'catalog'>): CatalogTable | null {
  if (catalog.tables.length === 0) return null;
  const spelled = catalog.tables.find((table) => table.name === name);
  if (spelled !== undefined) return spelled;
  const key = nameKey(name);
  return (
    catalog.tables.find((table) => table.name.toLowerCase() === key || nameKey(table.name) === key) ?? null
  );
}

export interface JoinPlace {
  readonly status: 'found';
  readonly join: JoinSpec;
  readonly path: SpacePath;
}

export const joinPath = (id: string): SpacePath => ['instructions', 'join_specs', { by: 'id', is: id }];

/** How a patch points at a join: by id, or by its two tables in any order. */
export interface JoinTarget {
  readonly join_id?: string | undefined;
  readonly left?: string | undefined;
  readonly right?: string | undefined;
}

/** The joins a target can mean; several joins between two tables are normal (two roles of one table). */
export function matchJoins(target: JoinTarget, snapshot: Snapshot): JoinSpec[] {
  if (target.join_id !== undefined)
    return joinSpecs(snapshot.space).filter((join) => join.id === target.join_id);
  const [left, right] = [target.left ?? '', target.right ?? ''].map((name) => fullKey(name, snapshot));
  return joinSpecs(snapshot.space).filter((join) => {
    const [a, b] = [nameKey(join.left.identifier), nameKey(join.right.identifier)];
    return (a === left && b === right) || (a === right && b === left);
  });
}

function fullKey(name: string, snapshot: Snapshot): string {
  const source = resolveSource(name, snapshot);
  return nameKey(source.status === 'found' ? source.source.identifier : name);
}

/** The one join a target means; `null` when there is none. */
export function resolveJoin(target: JoinTarget, snapshot: Snapshot): JoinPlace | Failed | null {
  const [join, second] = matchJoins(target, snapshot);
  if (join === undefined) return null;
  if (second !== undefined) {
    return failed(
      'TARGET_AMBIGUOUS',
      `There are several joins between '${target.left}' and '${target.right}'. Give join_id: '${join.id}' or '${second.id}'.`,
    );
  }
  return { status: 'found', join, path: joinPath(join.id) };
}

export interface FunctionPlace {
  readonly status: 'found';
  readonly fn: CatalogFunction;
  readonly path: SpacePath;
}

/** The catalog's entry of a function, by full or unambiguous short name. */
export function resolveFunction(name: string, { catalog }: Snapshot): FunctionPlace | Failed {
  const key = nameKey(name);
  const exact = catalog.functions.filter((fn) => nameKey(fn.name) === key);
  const matches =
    exact.length > 0 ? exact : catalog.functions.filter((fn) => nameKey(fn.name).endsWith(`.${key}`));
  const [fn] = matches;
  if (fn === undefined) {
    const near = nearestName(
      name,
      catalog.functions.map((candidate) => candidate.name),
    );
    return failed(
      'UNKNOWN_TARGET',
      `The catalog snapshot holds no function '${name}'. ${near === null ? 'Correct the name.' : `Did you mean '${near}'?`}`,
    );
  }
  if (matches.length > 1) {
    return failed(
      'TARGET_AMBIGUOUS',
      `'${name}' can mean ${matches.map((match) => match.name).join(', ')}. Write the full name.`,
    );
  }
  return { status: 'found', fn, path: functionPath(fn.name) };
}

export const functionPath = (name: string): SpacePath => ['functions', { by: 'name', is: name }];

/** The space's entries for a function. */
export const matchSpaceFunctions = (name: string, { space }: Snapshot): SqlFunction[] => {
  const key = nameKey(name);
  const exact = sqlFunctions(space).filter((fn) => nameKey(fn.identifier) === key);
  return exact.length > 0
    ? exact
    : sqlFunctions(space).filter((fn) => nameKey(fn.identifier).endsWith(`.${key}`));
};

/** Whether a name has the three parts that every statement needs. */
export const isFullName = (name: string): boolean =>
  nameParts(name).length === 3 && nameParts(name).every((part) => part !== '');
