import * as z from 'zod';
import { isOptimizerError } from '../../core/index.ts';
import type {
  CallOptions,
  CatalogFunction,
  CatalogPort,
  CatalogSnapshot,
  CatalogTable,
  Logger,
  SqlPort,
} from '../../ports/index.ts';
import { type HttpClient, NotFoundError, path, PermissionDeniedError, ServerError } from '../http/index.ts';
import { toFunction, toTable } from './catalog-objects.ts';
import { readKeys, type RunQuery } from './constraints.ts';
import {
  type CatalogRequest,
  groupByCatalog,
  informationSchemaQuery,
  objectCondition,
} from './information-schema.ts';
import { groupRows, namedRows, type Row } from './rows.ts';

export interface CatalogClientOptions {
  readonly sql: SqlPort;
  /** For the definitions of views, which the information schema shows to owners only; without it those are used. */
  readonly http?: HttpClient | undefined;
  readonly logger?: Logger | undefined;
}

/** Error classes that mean: there is no such catalog, schema or view. */
const ABSENT = /^(?:TABLE_OR_VIEW_NOT_FOUND|SCHEMA_NOT_FOUND|CATALOG_NOT_FOUND|NO_SUCH_CATALOG_EXCEPTION)\b/;

const tableWireSchema = z.looseObject({ view_definition: z.string().nullish() });

/**
 * Unity Catalog through the information schema of each catalog, and REST for the definitions of views.
 *
 * Shows what the signed-in person may see; anything else is left out as if it did not exist.
 * @see spec/databricks-apis.md §5
 */
export class CatalogClient implements CatalogPort {
  readonly #options: CatalogClientOptions;

  constructor(options: CatalogClientOptions) {
    this.#options = options;
  }

  async snapshot(
    names: { readonly tables: readonly string[]; readonly functions: readonly string[] },
    options: CallOptions = {},
  ): Promise<CatalogSnapshot> {
    const parts = await Promise.all(
      groupByCatalog(names.tables, names.functions).map(async (request) => ({
        tables: await this.#tables(request, options),
        functions: await this.#functions(request, options),
      })),
    );
    return {
      tables: parts.flatMap((part) => part.tables),
      functions: parts.flatMap((part) => part.functions),
    };
  }

  async #tables({ catalog, tables }: CatalogRequest, options: CallOptions): Promise<CatalogTable[]> {
    if (tables.size === 0) return [];
    const byTable = objectCondition('table_schema', 'table_name', tables);
    const byTagged = objectCondition('schema_name', 'table_name', tables);
    const found = await this.#run(
      informationSchemaQuery(
        catalog,
        'tables',
        ['table_catalog', 'table_schema', 'table_name', 'table_type', 'comment'],
        byTable,
        ['table_schema', 'table_name'],
      ),
      options,
    );
    if (found.length === 0) return [];
    const [columns, tableTags, columnTags, keys] = await Promise.all([
      this.#run(
        informationSchemaQuery(
          catalog,
          'columns',
          ['table_schema', 'table_name', 'column_name', 'ordinal_position', 'full_data_type', 'comment'],
          byTable,
          ['table_schema', 'table_name', 'ordinal_position'],
        ),
        options,
      ),
      this.#run(
        informationSchemaQuery(
          catalog,
          'table_tags',
          ['schema_name', 'table_name', 'tag_name', 'tag_value'],
          byTagged,
          ['schema_name', 'table_name', 'tag_name'],
        ),
        options,
      ),
      this.#run(
        informationSchemaQuery(
          catalog,
          'column_tags',
          ['schema_name', 'table_name', 'column_name', 'tag_name', 'tag_value'],
          byTagged,
          ['schema_name', 'table_name', 'column_name', 'tag_name'],
        ),
        options,
      ),
      readKeys(this.#run, catalog, tables, options),
    ]);
    const related = {
      columns: groupRows(columns, 'table_schema', 'table_name'),
      tableTags: groupRows(tableTags, 'schema_name', 'table_name'),
      columnTags: groupRows(columnTags, 'schema_name', 'table_name', 'column_name'),
      keys,
    };
    return Promise.all(found.map(async (row) => this.#withDefinition(toTable(row, related), options)));
  }

  async #functions({ catalog, functions }: CatalogRequest, options: CallOptions): Promise<CatalogFunction[]> {
    if (functions.size === 0) return [];
    const routines = await this.#run(
      informationSchemaQuery(
        catalog,
        'routines',
        [
          'specific_schema',
          'specific_name',
          'routine_catalog',
          'routine_schema',
          'routine_name',
          'routine_definition',
          'comment',
          'routine_body',
          'is_deterministic',
          'sql_data_access',
        ],
        objectCondition('routine_schema', 'routine_name', functions),
        ['routine_schema', 'routine_name', 'specific_name'],
      ),
      options,
    );
    if (routines.length === 0) return [];
    const bySpecific = objectCondition('specific_schema', 'specific_name', specificNames(routines));
    const order = ['specific_schema', 'specific_name', 'ordinal_position'];
    const [parameters, returns] = await Promise.all([
      this.#run(
        informationSchemaQuery(
          catalog,
          'parameters',
          [...order, 'parameter_name', 'full_data_type', 'parameter_default', 'comment'],
          bySpecific,
          order,
        ),
        options,
      ),
      this.#returns(catalog, bySpecific, order, options),
    ]);
    const parametersOf = groupRows(parameters, 'specific_schema', 'specific_name');
    const returnsOf = groupRows(returns, 'specific_schema', 'specific_name');
    return routines.map((row) => toFunction(row, parametersOf, returnsOf));
  }

  /** Columns of table-valued functions; without their comments where the catalog does not show them. */
  async #returns(
    catalog: string,
    condition: string,
    order: readonly string[],
    options: CallOptions,
  ): Promise<readonly Row[]> {
    const columns = [...order, 'column_name', 'full_data_type'];
    const query = (names: readonly string[]): string =>
      informationSchemaQuery(catalog, 'routine_columns', names, condition, order);
    try {
      return await this.#run(query([...columns, 'comment']), options);
    } catch (error) {
      if (!/^UNRESOLVED_COLUMN\b/.test(errorClassOf(error) ?? '')) throw error;
      return this.#run(query(columns), options);
    }
  }

  /** A view of the information schema that does not exist, in a catalog that does not exist, has no rows. */
  readonly #run: RunQuery = async (sql, options) => {
    try {
      return namedRows(await this.#options.sql.execute(sql, options));
    } catch (error) {
      if (!isOptimizerError(error) || !ABSENT.test(errorClassOf(error) ?? '')) throw error;
      this.#options.logger?.debug('The catalog has no such information', { sql, error: error.message });
      return [];
    }
  };

  async #withDefinition(table: CatalogTable, options: CallOptions): Promise<CatalogTable> {
    if (table.kind === 'table') return table;
    return {
      ...table,
      definition:
        (await this.#definitionByRest(table.name, options)) ??
        (await this.#definitionBySchema(table.name, options)),
    };
  }

  async #definitionByRest(name: string, options: CallOptions): Promise<string | null> {
    if (this.#options.http === undefined) return null;
    try {
      const answer = await this.#options.http.request({
        ...options,
        method: 'GET',
        path: path`/api/2.1/unity-catalog/tables/${name}`,
        schema: tableWireSchema,
      });
      return answer.view_definition ?? null;
    } catch (error) {
      // Not offered, not visible or not allowed: the information schema may still show it.
      const elsewhere =
        error instanceof NotFoundError ||
        error instanceof PermissionDeniedError ||
        (error instanceof ServerError && error.facts.status === 501);
      if (!elsewhere) throw error;
      this.#options.logger?.debug(`No definition of ${name} by REST`, { error: error.message });
      return null;
    }
  }

  async #definitionBySchema(name: string, options: CallOptions): Promise<string | null> {
    const [request] = groupByCatalog([name], []);
    if (request === undefined) return null;
    const condition = objectCondition('table_schema', 'table_name', request.tables);
    const rows = await this.#run(
      informationSchemaQuery(
        request.catalog,
        'views',
        ['table_schema', 'table_name', 'view_definition'],
        condition,
        ['table_name'],
      ),
      options,
    );
    return rows[0]?.('view_definition') ?? null;
  }
}

const errorClassOf = (error: unknown): string | null => {
  const errorClass = isOptimizerError(error) ? error.details['errorClass'] : null;
  return typeof errorClass === 'string' ? errorClass : null;
};

function specificNames(routines: readonly Row[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const row of routines) {
    const schema = (row('specific_schema') ?? '').toLowerCase();
    names.set(schema, [...(names.get(schema) ?? []), (row('specific_name') ?? '').toLowerCase()]);
  }
  return names;
}
