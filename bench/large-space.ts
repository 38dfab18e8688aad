import type { Patch, PatchPayload, PatchType, Snapshot } from '../src/patch-dsl/index.ts';
import { makePatch } from '../src/patch-dsl/index.ts';
import { EMPTY_CATALOG } from '../src/ports/index.ts';
import type { Space } from '../src/spaces/index.ts';
import { parseSpace } from '../src/spaces/index.ts';

const tableName = (table: number): string => `main.sales.table_${String(table).padStart(3, '0')}`;
const columnName = (column: number): string => `column_${String(column).padStart(3, '0')}`;

/** A space of `tables` × `columns`, each column with a description, synonyms and flags; already in canonical order. */
export function largeSpace(tables = 200, columns = 100): Space {
  return parseSpace({
    version: 2,
    data_sources: {
      tables: Array.from({ length: tables }, (_, table) => ({
        identifier: tableName(table),
        description: [`Rows of table ${table}, one per event.`],
        column_configs: Array.from({ length: columns }, (_, column) => ({
          column_name: columnName(column),
          description: [`Column ${column} of table ${table}, in "one" line.`],
          synonyms: [`word ${column}`, `other word ${table}`],
          exclude: false,
          enable_format_assistance: true,
        })),
      })),
    },
  });
}

/** The same content with every list and every object's keys the other way round. */
export function shuffledSpace(space: Space): Space {
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value))
      return value.every((item) => typeof item === 'string') ? value : value.map(visit).toReversed();
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([key, item]) => [key, visit(item)]),
    );
  };
  return visit(space) as Space;
}

export const largeSnapshot = (space: Space): Snapshot => ({ space, catalog: EMPTY_CATALOG });

/** One edit of one column, in a form that every implementation of the bench can read. */
export interface ColumnEdit {
  readonly table: number;
  readonly column: number;
  readonly tableName: string;
  readonly columnName: string;
  readonly kind: 'describe' | 'synonym' | 'hide';
  readonly text: string;
}

/** Edits of distinct columns, spread over the tables by a stride that visits each place once. */
export function columnEdits(count: number, tables = 200, columns = 100): ColumnEdit[] {
  const kinds = ['describe', 'synonym', 'hide'] as const;
  return Array.from({ length: count }, (_, index) => {
    const place = (index * 7919) % (tables * columns);
    const [table, column] = [Math.floor(place / columns), place % columns];
    const names = { tableName: tableName(table), columnName: columnName(column) };
    return { table, column, ...names, kind: kinds[index % 3] ?? 'hide', text: `zz text ${index}` };
  });
}

/** The same edits as patches of the library. */
export const patchesFor = (edits: readonly ColumnEdit[]): Patch[] =>
  edits.map((edit, index) => {
    const place = { table: edit.tableName, column: edit.columnName };
    const id = `P${String(index).padStart(6, '0')}`;
    return patchFor(edit, place, id);
  });

function patchFor({ kind, text }: ColumnEdit, place: { table: string; column: string }, id: string): Patch {
  const of = <T extends PatchType>(type: T, payload: PatchPayload<T>): Patch =>
    makePatch(type, payload, { id, lever: 1 }) as Patch;
  switch (kind) {
    case 'describe':
      return of('update_column_description', { ...place, new_text: text });
    case 'synonym':
      return of('add_synonym', { ...place, synonym: text });
    case 'hide':
      return of('hide_column', place);
    default:
      return kind satisfies never;
  }
}
