/**
 * A query of the corpus, as data.
 *
 * Columns stand in expressions as `{source.column}`, so that a query can be written with any aliases.
 * Nothing here knows the judges: the corpus decides on its own what a damage is.
 */
export interface Query {
  readonly distinct: boolean;
  readonly select: readonly SelectItem[];
  readonly from: Source;
  readonly joins: readonly Join[];
  readonly where: readonly Condition[];
  readonly groupBy: readonly string[];
  readonly having: readonly Condition[];
  readonly orderBy: readonly OrderItem[];
  readonly limit: number | null;
}

export interface SelectItem {
  readonly text: string;
  readonly alias: string | null;
}

export interface OrderItem {
  readonly text: string;
  readonly descending: boolean;
}

/** A table, a call of a table function, or a query in parentheses. */
export interface Source {
  readonly id: string;
  readonly table: string;
  readonly args?: readonly string[];
  readonly query?: Query;
}

export interface Join {
  readonly type: 'INNER' | 'LEFT' | 'CROSS';
  readonly source: Source;
  readonly on: readonly Condition[];
}

export type Condition =
  | { readonly kind: 'compare'; readonly left: string; readonly operator: string; readonly right: string }
  /** `low <= subject < high`, or `<= high`. */
  | {
      readonly kind: 'range';
      readonly subject: string;
      readonly low: string;
      readonly high: string;
      readonly closed: boolean;
    }
  | {
      readonly kind: 'in';
      readonly subject: string;
      readonly values: readonly string[];
      readonly negated: boolean;
    }
  | { readonly kind: 'null'; readonly subject: string; readonly negated: boolean }
  /** `subject IN (SELECT …)`, or EXISTS with `subject = inner column`. */
  | {
      readonly kind: 'member';
      readonly subject: string;
      readonly query: Query;
      readonly negated: boolean;
    }
  | { readonly kind: 'text'; readonly text: string };

export const COLUMN = /\{(\w+)\.(\w+)\}/g;

export interface ColumnName {
  readonly source: string;
  readonly column: string;
}

/** Columns of an expression, in order of appearance, each once. */
export function columnsIn(text: string): ColumnName[] {
  const found = [...text.matchAll(COLUMN)].map(([, source = '', column = '']) => ({ source, column }));
  return found.filter(
    (one, at) =>
      found.findIndex((other) => other.source === one.source && other.column === one.column) === at,
  );
}

export const columnText = ({ source, column }: ColumnName): string => `{${source}.${column}}`;

export const sourcesOf = (query: Query): readonly Source[] => [
  query.from,
  ...query.joins.map(({ source }) => source),
];

/** Applies a change to every expression of a query, those of nested queries left alone. */
export function mapExpressions(query: Query, change: (text: string) => string): Query {
  return {
    ...query,
    select: query.select.map((item) => ({ ...item, text: change(item.text) })),
    joins: query.joins.map((join) => ({ ...join, on: join.on.map((on) => mapCondition(on, change)) })),
    where: query.where.map((condition) => mapCondition(condition, change)),
    groupBy: query.groupBy.map(change),
    having: query.having.map((condition) => mapCondition(condition, change)),
    orderBy: query.orderBy.map((item) => ({ ...item, text: change(item.text) })),
  };
}

export function mapCondition(condition: Condition, change: (text: string) => string): Condition {
  switch (condition.kind) {
    case 'compare':
      return { ...condition, left: change(condition.left), right: change(condition.right) };
    case 'range':
    case 'in':
    case 'null':
    case 'member':
      return { ...condition, subject: change(condition.subject) };
    case 'text':
      return { ...condition, text: change(condition.text) };
    default:
      return condition satisfies never;
  }
}

/** What a condition restricts: its columns outside literals. */
export function subjectOf(condition: Condition): string {
  switch (condition.kind) {
    case 'compare':
      return `${condition.left} ${condition.right}`;
    case 'range':
    case 'in':
    case 'null':
    case 'member':
      return condition.subject;
    case 'text':
      return condition.text;
    default:
      return condition satisfies never;
  }
}
