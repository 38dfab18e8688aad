import type { CallOptions, ForeignKey } from '../../ports/index.ts';
import { informationSchemaQuery, objectCondition } from './information-schema.ts';
import { groupRows, type Row, rowKey } from './rows.ts';

export interface TableKeys {
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
}

/** Runs one query; an information schema without the view gives no rows. */
export type RunQuery = (sql: string, options: CallOptions) => Promise<Row[]>;

const CONSTRAINT = ['constraint_schema', 'constraint_name'] as const;
const KEY_COLUMNS = [
  ...CONSTRAINT,
  'table_catalog',
  'table_schema',
  'table_name',
  'column_name',
  'ordinal_position',
] as const;

/** Primary and foreign keys of the tables of one catalog, by `schema`, `table` as {@link rowKey}. */
export async function readKeys(
  run: RunQuery,
  catalog: string,
  tables: ReadonlyMap<string, readonly string[]>,
  options: CallOptions,
): Promise<Map<string, TableKeys>> {
  const condition = objectCondition('table_schema', 'table_name', tables);
  const [constraints, columns] = await Promise.all([
    run(
      informationSchemaQuery(
        catalog,
        'table_constraints',
        [...CONSTRAINT, 'table_schema', 'table_name', 'constraint_type'],
        condition,
        CONSTRAINT,
      ),
      options,
    ),
    run(
      informationSchemaQuery(
        catalog,
        'key_column_usage',
        [...KEY_COLUMNS, 'position_in_unique_constraint'],
        condition,
        [...CONSTRAINT, 'ordinal_position'],
      ),
      options,
    ),
  ]);
  const columnsOf = groupRows(columns, ...CONSTRAINT);
  const targets = await readTargets(run, catalog, constraints.filter(isForeignKey), options);
  return new Map(
    [...groupRows(constraints, 'table_schema', 'table_name')].map(([table, rows]) => {
      const primary = rows.find((row) => row('constraint_type') === 'PRIMARY KEY');
      const foreignKeys = rows
        .filter(isForeignKey)
        .flatMap((row) =>
          toForeignKey(columnsOf.get(constraintKey(row)) ?? [], targets.get(constraintKey(row)) ?? []),
        );
      return [
        table,
        {
          primaryKey: primary === undefined ? [] : columnNames(columnsOf.get(constraintKey(primary)) ?? []),
          foreignKeys,
        },
      ];
    }),
  );
}

const isForeignKey = (row: Row): boolean => row('constraint_type') === 'FOREIGN KEY';

const constraintKey = (row: Row): string =>
  rowKey(row('constraint_schema') ?? '', row('constraint_name') ?? '');

const columnNames = (rows: readonly Row[]): string[] => inOrder(rows).map((row) => row('column_name') ?? '');

const inOrder = (rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => Number(a('ordinal_position')) - Number(b('ordinal_position')));

/** Columns of the key that each foreign key points at; that key may live in another table, schema or catalog. */
async function readTargets(
  run: RunQuery,
  catalog: string,
  foreign: readonly Row[],
  options: CallOptions,
): Promise<Map<string, Row[]>> {
  if (foreign.length === 0) return new Map();
  const references = await run(
    informationSchemaQuery(
      catalog,
      'referential_constraints',
      [...CONSTRAINT, 'unique_constraint_catalog', 'unique_constraint_schema', 'unique_constraint_name'],
      objectCondition(
        'constraint_schema',
        'constraint_name',
        namesBySchema(foreign, 'constraint_schema', 'constraint_name'),
      ),
      CONSTRAINT,
    ),
    options,
  );
  const byCatalog = groupRows(references, 'unique_constraint_catalog');
  const found = await Promise.all(
    [...byCatalog.values()].map(async (rows) => {
      const target = rows[0]?.('unique_constraint_catalog') ?? catalog;
      const condition = objectCondition(
        'constraint_schema',
        'constraint_name',
        namesBySchema(rows, 'unique_constraint_schema', 'unique_constraint_name'),
      );
      const keys = groupRows(
        await run(
          informationSchemaQuery(target, 'key_column_usage', KEY_COLUMNS, condition, [
            ...CONSTRAINT,
            'ordinal_position',
          ]),
          options,
        ),
        ...CONSTRAINT,
      );
      return rows.map((row): [string, Row[]] => [
        constraintKey(row),
        keys.get(rowKey(row('unique_constraint_schema') ?? '', row('unique_constraint_name') ?? '')) ?? [],
      ]);
    }),
  );
  return new Map(found.flat());
}

function namesBySchema(
  rows: readonly Row[],
  schemaColumn: string,
  nameColumn: string,
): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const row of rows) {
    const schema = (row(schemaColumn) ?? '').toLowerCase();
    names.set(schema, [...(names.get(schema) ?? []), (row(nameColumn) ?? '').toLowerCase()]);
  }
  return names;
}

/** Empty when the referenced key is not visible: half a key would mislead. */
function toForeignKey(columns: readonly Row[], target: readonly Row[]): ForeignKey[] {
  const first = target[0];
  if (first === undefined || columns.length === 0 || columns.length !== target.length) return [];
  const own = inOrder(columns);
  // A foreign key may list the columns of the unique key in another order.
  const referenced = own.map((row, index) => {
    const position = row('position_in_unique_constraint');
    const at = position === null ? undefined : target.find((item) => item('ordinal_position') === position);
    return (at ?? inOrder(target)[index])?.('column_name') ?? '';
  });
  return [
    {
      columns: own.map((row) => row('column_name') ?? ''),
      referencedTable: [first('table_catalog'), first('table_schema'), first('table_name')].join('.'),
      referencedColumns: referenced,
    },
  ];
}
