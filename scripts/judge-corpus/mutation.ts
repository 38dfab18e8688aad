import type { FailureType } from '../../src/asi/index.ts';
import type { Random } from '../../src/core/index.ts';
import type { CatalogTable } from '../../src/ports/index.ts';
import { columnsIn, sourcesOf, type ColumnName, type Condition, type Query, type Source } from './query.ts';
import type { World } from './world.ts';

export const MUTATION_KINDS = [
  'wrong table',
  'wrong column',
  'wrong filter column',
  'wrong join key',
  'wrong join type',
  'missing join condition',
  'dropped filter',
  'dropped temporal filter',
  'wrong aggregate',
  'wrong measure',
  'wrong grain',
  'extra filter',
  'wrong literal',
  'missing column',
  'missing order or limit',
  'TVF argument',
] as const;
export type MutationKind = (typeof MUTATION_KINDS)[number];

/** A query with one known damage, and what is true of it. */
export interface Mutation {
  readonly kind: MutationKind;
  readonly query: Query;
  /** Failure types that name the damage; more than one only where the taxonomy has two words for it. */
  readonly types: readonly FailureType[];
  /** Full names, lower case; blaming one of them is right. */
  readonly blame: readonly string[];
  /**
   * What to run to see whether the damage shows, where that is not `query` itself: an answer with a
   * column too many is still right when its other columns are (decision 24).
   */
  readonly shownBy?: Query;
}

/** What a mutator may look at. */
export interface MutationContext {
  readonly world: World;
  readonly random: Random;
  /** Values that occur in a text column, up to 20. */
  readonly values: (table: string, column: string) => readonly string[];
  /** Columns that the answer key calls optional, lower case. */
  readonly optional: ReadonlySet<string>;
}

export type Mutator = (query: Query, context: MutationContext) => readonly Mutation[];

export const catalogTable = (
  { world }: MutationContext,
  { table, args, query }: Source,
): CatalogTable | null =>
  args !== undefined || query !== undefined
    ? null
    : (world.catalog.tables.find(({ name }) => name === table) ?? null);

export type TypeClass = 'text' | 'number' | 'date' | 'other';

export const typeClass = (type: string): TypeClass =>
  /^(?:STRING|VARCHAR|CHAR)/i.test(type)
    ? 'text'
    : /INT|DECIMAL|DOUBLE|FLOAT|LONG/i.test(type)
      ? 'number'
      : /^(?:DATE|TIMESTAMP)/i.test(type)
        ? 'date'
        : 'other';

/** Measures of a metric view, by its own YAML; they are no columns to filter or to group by. */
export function measuresOf(table: CatalogTable): ReadonlySet<string> {
  const [, measures = ''] = (table.definition ?? '').split(/^measures:/m);
  return new Set([...measures.matchAll(/- name: (\w+)/g)].map(([, name = '']) => name));
}

export interface TypedColumn extends ColumnName {
  readonly type: TypeClass;
  readonly isKey: boolean;
  readonly isMeasure: boolean;
}

/** All columns of a source with their types; empty for functions and nested queries. */
export function columnsOf(source: Source, context: MutationContext): TypedColumn[] {
  const table = catalogTable(context, source);
  if (table === null) return [];
  const measures = table.kind === 'metric_view' ? measuresOf(table) : new Set<string>();
  return table.columns.map(({ name, type }) => ({
    source: source.id,
    column: name,
    type: typeClass(type),
    isKey: table.primaryKey.includes(name) || /(?:_id|_sk|key)$/.test(name),
    isMeasure: measures.has(name),
  }));
}

export const allColumns = (query: Query, context: MutationContext): TypedColumn[] =>
  sourcesOf(query).flatMap((source) => columnsOf(source, context));

export function fullNames(query: Query, columns: readonly ColumnName[]): string[] {
  return columns.flatMap(({ source, column }) => {
    const owner = sourcesOf(query).find(({ id }) => id === source);
    if (owner?.query !== undefined) {
      const inner = owner.query.select.find(
        ({ text, alias }) => (alias ?? columnsIn(text)[0]?.column) === column,
      );
      return inner === undefined ? [] : namesIn(owner.query, inner.text);
    }
    if (owner === undefined) return [];
    return owner.args === undefined
      ? [`${owner.table}.${column}`.toLowerCase()]
      : [owner.table.toLowerCase()];
  });
}

/** Columns of an expression by full name; an expression without columns, as COUNT(*), is its first table's. */
export const namesIn = (query: Query, text: string): string[] => {
  const names = fullNames(query, columnsIn(text));
  return names.length > 0 ? names : [query.from.table.toLowerCase()].filter((name) => name !== '');
};

/** Every expression of a query as one text, to see what is in use. */
export function usedText(query: Query): string {
  const conditions = (list: readonly Condition[]): string[] => list.map((one) => JSON.stringify(one));
  return [
    ...query.select.map(({ text }) => text),
    ...query.joins.flatMap(({ on }) => conditions(on)),
    ...conditions(query.where),
    ...query.groupBy,
    ...conditions(query.having),
    ...query.orderBy.map(({ text }) => text),
  ].join('\n');
}

export const withoutAt = <T>(items: readonly T[], at: number): T[] =>
  items.filter((_, index) => index !== at);
export const replacedAt = <T>(items: readonly T[], at: number, item: T): T[] =>
  items.map((old, index) => (index === at ? item : old));
