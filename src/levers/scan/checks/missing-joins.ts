import { nameKey, quoteIdentifier } from '../../../core/index.ts';
import { makePatch, type Patch } from '../../../patch-dsl/index.ts';
import { joinAlias, joinSpecs, relationshipMarker, type Space } from '../../../spaces/index.ts';
import type { SchemaTable } from '../../schema.ts';
import { defineScanCheck } from '../check.ts';

export const missingJoins = defineScanCheck({
  id: 'missing_joins',
  severity: 'warning',
  explains:
    'Unity Catalog knows how two tables of the space belong together and the space does not say it, or several tables have no join at all.',
  find({ space, tables }) {
    const keyed = [...foreignKeyJoins(tables), ...equalKeyJoins(tables)];
    const missing = keyed.filter(({ left, right }) => !isDeclared(space, left.name, right.name));
    const first = new Map(missing.toReversed().map((join) => [`${join.left.key} ${join.right.key}`, join]));
    if (missing.length > 0)
      return [...first.values()].toReversed().map(({ left, right, columns, isCertain, patch }) => ({
        severity: isCertain ? ('warning' as const) : ('info' as const),
        where: [left.name, right.name],
        message: isCertain
          ? `${left.name} refers to ${right.name} by ${columns}, and the space has no join of the two.`
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
      return [keyedJoin([left, column], [right, referenced], true)];
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
      .map((left) => keyedJoin([left, key], [right, key], false));
  });
}

function keyedJoin(
  [left, column]: readonly [SchemaTable, string],
  [right, referenced]: readonly [SchemaTable, string],
  isCertain: boolean,
): KeyedJoin {
  const side = (table: SchemaTable, name: string): string =>
    `${quoteIdentifier(joinAlias(table.name))}.${quoteIdentifier(name)}`;
  const patch = makePatch('add_join', {
    join_spec: {
      left: { identifier: left.name },
      right: { identifier: right.name },
      sql: [`${side(left, column)} = ${side(right, referenced)}`, relationshipMarker('MANY_TO_ONE')],
    },
  });
  return { left, right, columns: `${column} = ${referenced}`, isCertain, patch };
}

const isDeclared = (space: Space, a: string, b: string): boolean =>
  joinSpecs(space).some(({ left, right }) => {
    const pair = [nameKey(left.identifier), nameKey(right.identifier)];
    return pair.includes(nameKey(a)) && pair.includes(nameKey(b));
  });
