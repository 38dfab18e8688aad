import type { Difference } from './difference.ts';
import type { ObjectIndex } from './object-index.ts';
import type { Statement } from './statement.ts';

export interface TableComparison {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  /** For each table read by mistake the one it was taken for. */
  readonly takenFor: ReadonlyMap<string, string>;
}

/** Which tables each side reads alone, and which of them stand for one another. */
export function compareTables(
  expected: Statement,
  generated: Statement,
  index: ObjectIndex,
): TableComparison {
  const missing = expected.tables.filter((table) => !generated.tables.includes(table));
  const extra = generated.tables.filter((table) => !expected.tables.includes(table));
  const takenFor = new Map<string, string>();
  // Of a table read in two roles one may have been mistaken.
  const uses = ({ facts }: Statement, table: string): number =>
    facts.tables.filter(({ name }) => (index.find(name)?.key ?? name) === table).length;
  const short = expected.tables.filter(
    (table) => generated.tables.includes(table) && uses(expected, table) > uses(generated, table),
  );
  const open = new Set([...missing, ...short]);
  for (const wrong of extra) {
    const best = [...open].sort((a, b) => sharedColumns(b, wrong, index) - sharedColumns(a, wrong, index))[0];
    if (best === undefined) break;
    takenFor.set(wrong, best);
    open.delete(best);
  }
  return { missing, extra, takenFor };
}

function sharedColumns(a: string, b: string, index: ObjectIndex): number {
  const [left, right] = [index.find(a)?.columns, index.find(b)?.columns];
  return [...(left?.keys() ?? [])].filter((column) => right?.has(column) === true).length;
}

/** Columns of the wrong table under the names they have in the right one, so that mere consequences vanish. */
export function columnSubstitution(
  { takenFor }: TableComparison,
  index: ObjectIndex,
): (column: string) => string {
  return (column) => {
    const cut = column.lastIndexOf('.');
    const right = takenFor.get(column.slice(0, cut));
    const name = column.slice(cut + 1);
    return right !== undefined && index.find(right)?.columns.has(name) === true ? `${right}.${name}` : column;
  };
}

/** Wrong tables, wrong functions, tables left out and tables too many. */
export function tableDifferences(
  expected: Statement,
  generated: Statement,
  tables: TableComparison,
): Difference[] {
  return [
    ...wrongTables(expected, tables),
    ...leftOut(expected, generated, tables),
    ...tooMany(expected, generated, tables),
    ...wrongCalls(expected, generated),
  ];
}

function wrongTables(expected: Statement, { takenFor }: TableComparison): Difference[] {
  // Where only one of several tables was mistaken, the columns wanted from it are what was not found.
  const partial = expected.tables.length > 1;
  return [...takenFor].map(([wrong, right]) => ({
    label: 'wrong_table',
    aspects: { schema_accuracy: 'wrong_table' },
    clause: 'FROM',
    blame: [right, ...(partial ? wantedColumns(expected, right) : [])],
    expected: right,
    actual: wrong,
    description: `reads ${wrong} instead of ${right}`,
    fix: `Say in the description of ${right} what it is for, so that it is chosen over “${wrong}”.`,
    weight: 'certain',
  }));
}

const wantedColumns = ({ facts, columns }: Statement, table: string): string[] => {
  const joinColumns = new Set(
    facts.columns.filter(({ clause }) => clause === 'join').map(({ column }) => column),
  );
  return [...columns].filter(
    (column) => column.startsWith(`${table}.`) && !joinColumns.has(column.slice(table.length + 1)),
  );
};

/** A table of the answer key is absent and none took its place. */
function leftOut(
  expected: Statement,
  generated: Statement,
  { missing, takenFor }: TableComparison,
): Difference[] {
  const replaced = new Set(takenFor.values());
  return missing
    .filter((table) => !replaced.has(table))
    .map((table): Difference => {
      const join = expected.joins.find(({ left, right }) => left === table || right === table);
      const partners =
        join === undefined ? [] : [join.left, join.right].filter((side) => side !== null && side !== table);
      const condition = join?.pairs.map((pair) => pair.join(' = ')).join(' AND ') ?? '';
      const joined = condition !== '' && partners.some((partner) => generated.tables.includes(partner ?? ''));
      // Absent columns and filters of the table say more than the absence itself; they are told apart later.
      return {
        label: joined ? 'missing_join' : 'missing_table',
        aspects: { schema_accuracy: joined ? 'missing_join' : 'missing_table' },
        clause: joined ? 'JOIN' : 'FROM',
        blame: joined ? [...partners.map(String), table, ...(join?.pairs.flat() ?? [])] : [table],
        expected: joined ? condition : table,
        actual: null,
        description: `does not read ${table}`,
        fix: joined
          ? `Add the join of ${table} on “${condition}” to the space.`
          : `Say in the description of ${table} what it is for: “${[...wantedColumns(expected, table)].join(', ')}”.`,
        weight: 'possible',
      };
    });
}

function tooMany(
  expected: Statement,
  generated: Statement,
  { extra, takenFor }: TableComparison,
): Difference[] {
  return extra
    .filter((table) => !takenFor.has(table))
    .map((table): Difference => {
      const join = generated.joins.find(({ left, right }) => left === table || right === table);
      const unlinked =
        join === undefined
          ? generated.tables.length > 1
          : join.pairs.length === 0 && join.type !== 'semi' && join.type !== 'anti';
      return {
        label: unlinked ? 'fanout_join' : 'wrong_join',
        aspects: { logical_accuracy: unlinked ? 'fanout_join' : 'wrong_join' },
        clause: 'JOIN',
        blame: [table, ...expected.tables.slice(0, 1)],
        expected: null,
        actual:
          join === undefined ? table : join.pairs.map((pair) => pair.join(' = ')).join(' AND ') || table,
        description: `joins ${table}, which the answer does not need${unlinked ? ', without a condition' : ''}`,
        fix: `State in the description of ${table} when it is not needed, and its join “${join?.pairs.map((pair) => pair.join(' = ')).join(' AND ') ?? ''}”.`,
        // An inner join over a key adds nothing and takes nothing away.
        weight: unlinked ? 'certain' : 'possible',
      };
    });
}

function wrongCalls(expected: Statement, generated: Statement): Difference[] {
  const [wanted] = expected.calls.filter(({ name }) => !generated.calls.some((call) => call.name === name));
  const [used] = generated.calls.filter(({ name }) => !expected.calls.some((call) => call.name === name));
  if (wanted === undefined || used === undefined) return [];
  return [
    {
      label: 'wrong_table',
      aspects: { schema_accuracy: 'wrong_table' },
      clause: 'FROM',
      blame: [wanted.name],
      expected: wanted.name,
      actual: used.name,
      description: `calls ${used.name} instead of ${wanted.name}`,
      fix: `Say in the comment of ${wanted.name} which questions it answers, so that it is chosen over “${used.name}”.`,
      weight: 'certain',
    },
  ];
}
