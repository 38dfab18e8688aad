import { nameKey } from '../../core/index.ts';
import type { CatalogFunction, CatalogTable } from '../../ports/index.ts';
import { dataSources, serializeSpace } from '../../spaces/index.ts';
import type { ColumnConfig, Space } from '../../spaces/index.ts';
import type { LocalGenieInput } from '../genie-engine.ts';

/** Everything a model is told for one question. Hidden columns and the benchmarks that a space may hold are left out. */
export async function genieReading(input: LocalGenieInput, valuesPerColumn: number): Promise<string> {
  const { benchmarks: _benchmarks, ...visible } = input.space;
  const configs = columnConfigs(input.space);
  const configOf = (table: string, column: string): ColumnConfig | undefined =>
    configs.get(nameKey(table))?.find((config) => config.column_name.toLowerCase() === column.toLowerCase());
  const tables = input.catalog.tables.map((table) =>
    describeTable(table, (column) => configOf(table.name, column)?.exclude === true),
  );
  return [
    'You are the assistant of a Databricks Genie space. Answer the question of a business user with one',
    'Databricks SQL query over the data of this space, and with nothing outside it.',
    'Follow the instructions, examples, joins and snippets of the space. Use three-part names.',
    'Query metric views with MEASURE(name) and GROUP BY on their dimensions; call table functions in FROM.',
    'When the space does not say what the question needs, ask back instead of guessing.',
    `Today is ${input.today}.`,
    '',
    '# Space',
    serializeSpace(visible),
    '',
    '# Catalog',
    ...tables,
    ...input.catalog.functions.map(describeFunction),
    '',
    '# Values of columns',
    ...(await knownValues(input, configs, valuesPerColumn)),
    '',
    '# Question',
    input.question,
  ].join('\n');
}

const columnConfigs = (space: Space): Map<string, readonly ColumnConfig[]> =>
  new Map(
    dataSources(space).map(({ identifier, column_configs: configs }) => [nameKey(identifier), configs ?? []]),
  );

const note = (comment: string | null | undefined): string =>
  comment === null || comment === undefined || comment === '' ? '' : ` -- ${comment}`;

function describeTable(table: CatalogTable, isHidden: (column: string) => boolean): string {
  const columns = table.columns.filter(({ name }) => !isHidden(name));
  return [
    `## ${table.kind.replace('_', ' ')} ${table.name}${note(table.comment)}`,
    ...columns.map(({ name, type, comment }) => `${name} ${type}${note(comment)}`),
    ...(table.primaryKey.length === 0 ? [] : [`PRIMARY KEY (${table.primaryKey.join(', ')})`]),
    ...table.foreignKeys.map(
      (key) =>
        `FOREIGN KEY (${key.columns.join(', ')}) REFERENCES ${key.referencedTable} (${key.referencedColumns.join(', ')})`,
    ),
    ...(table.kind === 'metric_view' && table.definition !== null ? [table.definition] : []),
  ].join('\n');
}

function describeFunction(fn: CatalogFunction): string {
  const parameters = fn.parameters.map(
    ({ name, type, defaultValue }) =>
      `${name} ${type}${defaultValue === null ? '' : ` DEFAULT ${defaultValue}`}`,
  );
  const columns = fn.returns.map(({ name, type }) => `${name} ${type}`);
  return `## function ${fn.name}(${parameters.join(', ')}) RETURNS TABLE (${columns.join(', ')})${note(fn.comment)}`;
}

/** Values are known where entity matching is on, as in the service, and nowhere else. */
async function knownValues(
  { values, catalog }: LocalGenieInput,
  configs: ReadonlyMap<string, readonly ColumnConfig[]>,
  limit: number,
): Promise<string[]> {
  const matched = catalog.tables.flatMap(({ name }) =>
    (configs.get(nameKey(name)) ?? [])
      .filter((config) => config.enable_entity_matching === true && config.exclude !== true)
      .map((config) => ({ table: name, column: config.column_name })),
  );
  return Promise.all(
    matched.map(async ({ table, column }) => {
      const found = await values.distinct(table, column, limit);
      return `${table}.${column}: ${found.map((value) => JSON.stringify(value)).join(', ')}`;
    }),
  );
}
