import { nameKey, quoteIdentifier } from '../../../core/index.ts';
import { makePatch, type Patch } from '../../../patch-dsl/index.ts';
import {
  joinAlias,
  joinCondition,
  joinSpecs,
  relationshipMarker,
  type Space,
} from '../../../spaces/index.ts';
import type { SchemaTable } from '../../schema.ts';
import { defineScanCheck } from '../check.ts';

export const missingJoins = defineScanCheck({
  id: 'missing_joins',
  severity: 'warning',
  explains:
    'Unity Catalog knows how two tables of the space belong together and the space does not say it, or several tables have no join at all.',
  find({ space, tables }) {
    const foreign = foreignKeyJoins(tables);
    const keyed = [...foreign, ...equalKeyJoins(tables).filter((join) => !foreign.some(samePair(join)))];
    const hasSeveral = (pair: Pair): boolean => foreign.filter(samePair(pair)).length > 1;
    const missing = keyed.filter((join) => !isDeclared(space, join, hasSeveral(join)));
    const first = new Map(
      missing.toReversed().map((join) => [`${join.left.key} ${join.right.key} ${join.columns}`, join]),
    );
    if (missing.length > 0)
      return [...first.values()].toReversed().map(({ left, right, columns, isCertain, patch }) => ({
        severity: isCertain ? ('warning' as const) : ('info' as const),
        where: [left.name, right.name],
        message: isCertain
          ? `${left.name} refers to ${right.name} by ${columns}, and the space has no ${hasSeveral({ left, right }) ? 'such join' : 'join of the two'}.`
          : `${left.name} seems to refer to ${right.name} by ${columns}, the primary key there; the space has no join of the two.`,
        advice: isCertain ? 'Add the join.' : 'Add the join if the column means the same in both tables.',
        patches: [patch],
      }));
    const joinable = tables.filter(({ kind }) => kind !== 'metric_view');
    if (joinable.length < 2 || joinSpecs(space).length > 0) return [];
    return [
      {
        where: joinable.map(({ name }) => name),
        message: `The space has ${joinable.length} tables and no join. Genie guesses the keys by their names.`,
        advice: 'Add a join for every pair of tables that is asked for together.',
      },
    ];
  },
});

interface KeyedJoin {
  readonly left: SchemaTable;
  readonly right: SchemaTable;
  readonly columns: string;
  /** The column of each side. */
  readonly on: readonly [string, string];
  /** Declared as a foreign key; otherwise told by equal names only. */
  readonly isCertain: boolean;
  readonly patch: Patch;
}

/** Single-column foreign keys between two tables of the space; one of several columns needs a person to say it. */
function foreignKeyJoins(tables: readonly SchemaTable[]): KeyedJoin[] {
  return tables.flatMap((left) =>
    left.foreignKeys.flatMap((key) => {
      const right = tables.find((table) => table.key === nameKey(key.referencedTable));
      const [column, referenced] = [key.columns[0], key.referencedColumns[0]];
      if (right === undefined || right === left || column === undefined || referenced === undefined)
        return [];
      if (key.columns.length > 1) return [];
      // The row that each of several keys points at plays another part, and goes by another name.
      const hasSeveral =
        left.foreignKeys.filter((other) => nameKey(other.referencedTable) === right.key).length > 1;
      const alias = hasSeveral ? `${joinAlias(right.name)}_${column}` : undefined;
      return [keyedJoin([left, column], [right, referenced], { isCertain: true, alias })];
    }),
  );
}

/** A column that has the name of the one-column primary key of another table. */
function equalKeyJoins(sources: readonly SchemaTable[]): KeyedJoin[] {
  const tables = sources.filter(({ kind }) => kind === 'table');
  return tables.flatMap((right) => {
    const [key, ...more] = right.primaryKey;
    if (key === undefined || more.length > 0) return [];
    return tables
      .filter((left) => left !== right && left.columns.has(key) && left.primaryKey.join() !== key)
      .map((left) => keyedJoin([left, key], [right, key], { isCertain: false }));
  });
}

function keyedJoin(
  [left, column]: readonly [SchemaTable, string],
  [right, referenced]: readonly [SchemaTable, string],
  { isCertain, alias }: { readonly isCertain: boolean; readonly alias?: string | undefined },
): KeyedJoin {
  const side = (name: string, of: string): string => `${quoteIdentifier(of)}.${quoteIdentifier(name)}`;
  const [from, to] = [joinAlias(left.name), alias ?? joinAlias(right.name)];
  const patch = makePatch('add_join', {
    join_spec: {
      left: { identifier: left.name },
      right: { identifier: right.name, ...(alias === undefined ? {} : { alias }) },
      sql: [`${side(column, from)} = ${side(referenced, to)}`, relationshipMarker('MANY_TO_ONE')],
    },
  });
  return { left, right, columns: `${column} = ${referenced}`, on: [column, referenced], isCertain, patch };
}

type Pair = Pick<KeyedJoin, 'left' | 'right'>;

const samePair =
  (a: Pair) =>
  (b: Pair): boolean =>
    a.left === b.left && a.right === b.right;

/** Whether the space joins the two; where they have several keys, whether it joins them by this one. */
function isDeclared(space: Space, { left, right, on }: KeyedJoin, hasSeveral: boolean): boolean {
  return joinSpecs(space).some((join) => {
    const pair = [nameKey(join.left.identifier), nameKey(join.right.identifier)];
    if (!pair.includes(left.key) || !pair.includes(right.key)) return false;
    const words = new Set(joinCondition(join).predicate.toLowerCase().match(/\w+/g));
    return !hasSeveral || on.every((column) => words.has(column.toLowerCase()));
  });
}
