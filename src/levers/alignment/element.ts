/** Where a column is used in a statement. */
export type ColumnRole = 'group' | 'select' | 'measure' | 'where' | 'order';

/** Something that an answer key uses and a question may name: the thing to teach. */
export type Element =
  | { readonly kind: 'table'; readonly key: string; readonly table: string }
  | { readonly kind: 'column'; readonly key: string; readonly table: string; readonly column: string }
  | {
      readonly kind: 'aggregate';
      readonly key: string;
      readonly table: string;
      /** Aggregate or expression of aggregates over base tables, canonical text. */
      readonly sql: string;
      /** Lower-case function, or `null` for an expression of several. */
      readonly function: string | null;
      readonly tables: readonly string[];
    }
  | { readonly kind: 'measure'; readonly key: string; readonly table: string; readonly measure: string }
  | {
      readonly kind: 'predicate';
      readonly key: string;
      readonly table: string;
      readonly column: string;
      readonly sql: string;
      readonly literals: readonly string[];
      readonly tables: readonly string[];
    }
  | {
      readonly kind: 'expression';
      readonly key: string;
      readonly table: string;
      readonly sql: string;
      readonly tables: readonly string[];
    }
  | { readonly kind: 'date'; readonly key: string; readonly table: string; readonly column: string }
  | {
      readonly kind: 'join';
      readonly key: string;
      readonly left: string;
      readonly right: string;
      readonly pairs: readonly (readonly [string, string])[];
    };

export type ElementKind = Element['kind'];

/** What an element is called where it stands in its table, as stored; `null` for what has no name of its own there. */
export function nameInTable(element: Element): string | null {
  if (element.kind === 'column' || element.kind === 'date') return element.column;
  return element.kind === 'measure' ? element.measure : null;
}

/** An element as one statement uses it. */
export interface ElementUse {
  readonly element: Element;
  readonly roles: readonly ColumnRole[];
  /** Alias given to it in the select list, when it is telling. */
  readonly alias: string | null;
}

/** Element kinds that a phrase can name. Joins are never named, they are needed. */
export const NAMEABLE_KINDS: ReadonlySet<ElementKind> = new Set([
  'table',
  'column',
  'aggregate',
  'measure',
  'predicate',
  'expression',
  'date',
]);
