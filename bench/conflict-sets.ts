import type { AnyPatch } from '../src/patch-dsl/index.ts';
import { columnEdits, patchesFor } from './large-space.ts';
import type { ColumnEdit } from './large-space.ts';

const COUNT = 100_000;
const spread = columnEdits(COUNT);
const onOne = (edit: ColumnEdit): ColumnEdit => ({ ...edit, tableName: 'main.sales.hot', columnName: 'hot' });
const only =
  (kind: ColumnEdit['kind']) =>
  (edit: ColumnEdit): ColumnEdit => ({ ...edit, kind });

/** Sets of 100,000 patches with the number of objects they touch and of errors that a search must find. */
export const CONFLICT_SETS: readonly {
  readonly what: string;
  readonly patches: readonly AnyPatch[];
  readonly objects: number;
  readonly errors: number;
}[] = [
  {
    what: 'no conflict, 20,000 columns',
    patches: patchesFor(spread.map(only('synonym'))),
    objects: 20_000,
    errors: 0,
  },
  {
    what: 'no conflict, 100,000 columns',
    patches: patchesFor(columnEdits(COUNT, 1_000)),
    objects: 100_000,
    errors: 0,
  },
  {
    what: 'no conflict, one column',
    patches: patchesFor(spread.map(only('synonym')).map(onOne)),
    objects: 1,
    errors: 0,
  },
  {
    what: 'one conflict of all, one column',
    patches: patchesFor(spread.map(only('describe')).map(onOne)),
    objects: 1,
    errors: 1,
  },
  { what: 'mixed, one column', patches: patchesFor(spread.map(onOne)), objects: 1, errors: 1 },
  {
    what: 'mixed, 20,000 columns with a conflict on two of three',
    patches: patchesFor(spread),
    objects: 20_000,
    errors: 13_334,
  },
];
