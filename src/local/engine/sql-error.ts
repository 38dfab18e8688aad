import { OptimizerError } from '../../core/index.ts';

/**
 * A statement failed the way Databricks would say it: error class in brackets, text, SQLSTATE.
 *
 * `message` is the whole text as the SQL API sends it.
 */
export class DatabricksSqlError extends OptimizerError {
  readonly errorClass: string;
  readonly sqlState: string;

  constructor(
    errorClass: string,
    sqlState: string,
    text: string,
    options: { readonly place?: string; readonly cause?: unknown } = {},
  ) {
    super(`[${errorClass}] ${text} SQLSTATE: ${sqlState}${options.place ?? ''}`, {
      code: 'SQL_STATEMENT',
      details: { errorClass, sqlState },
      cause: options.cause,
    });
    this.errorClass = errorClass;
    this.sqlState = sqlState;
  }
}

const quoted = (name: string): string =>
  name
    .split('.')
    .map((part) => `\`${part}\``)
    .join('.');

/** The message of every refusal that a real workspace would not make. */
export const engineLimit = (what: string, cause?: unknown): DatabricksSqlError =>
  new DatabricksSqlError(
    'UNSUPPORTED_FEATURE.EMBEDDED_ENGINE',
    '0A000',
    `${what} is not supported: this is a limit of the embedded engine, a real Databricks workspace may accept it.`,
    { cause },
  );

export const tableNotFound = (name: string): DatabricksSqlError =>
  new DatabricksSqlError(
    'TABLE_OR_VIEW_NOT_FOUND',
    '42P01',
    `The table or view ${quoted(name)} cannot be found. Verify the spelling and correctness of the schema and catalog.\n` +
      'If you did not qualify the name with a schema, verify the current_schema() output, or qualify the name with the correct schema and catalog.\n' +
      'To tolerate the error on drop use DROP VIEW IF EXISTS or DROP TABLE IF EXISTS.',
  );

export const schemaNotFound = (name: string): DatabricksSqlError =>
  new DatabricksSqlError(
    'SCHEMA_NOT_FOUND',
    '42704',
    `The schema ${quoted(name)} cannot be found. Verify the spelling and correctness of the schema and catalog.\n` +
      'If you did not qualify the name with a catalog, verify the current_schema() output, or qualify the name with the correct catalog.\n' +
      'To tolerate the error on drop use DROP SCHEMA IF EXISTS.',
  );

export const catalogNotFound = (name: string): DatabricksSqlError =>
  new DatabricksSqlError(
    'NO_SUCH_CATALOG_EXCEPTION',
    '42704',
    `Catalog '${name}' was not found. Please verify the catalog name and then retry the query or command again.`,
  );

export const alreadyExists = (
  kind: 'TABLE_OR_VIEW' | 'SCHEMA' | 'CATALOG' | 'ROUTINE',
  name: string,
): DatabricksSqlError => {
  const state = { TABLE_OR_VIEW: '42P07', SCHEMA: '42P06', CATALOG: '42P06', ROUTINE: '42723' }[kind];
  const text = { TABLE_OR_VIEW: 'table or view', SCHEMA: 'schema', CATALOG: 'catalog', ROUTINE: 'routine' }[
    kind
  ];
  return new DatabricksSqlError(
    `${kind}_ALREADY_EXISTS`,
    state,
    `Cannot create ${text} ${quoted(name)} because it already exists.\n` +
      'Choose a different name, drop or replace the existing object, or add the IF NOT EXISTS clause to tolerate pre-existing objects.',
  );
};

export const routineNotFound = (name: string): DatabricksSqlError =>
  new DatabricksSqlError(
    'UNRESOLVED_ROUTINE',
    '42883',
    `Cannot resolve routine ${quoted(name)} on search path [\`system\`.\`builtin\`, \`system\`.\`session\`].\n` +
      'Verify the spelling of the routine, check that it exists, and qualify its name with catalog and schema.',
  );

export const tableFunctionNotFound = (name: string): DatabricksSqlError =>
  new DatabricksSqlError(
    'UNRESOLVABLE_TABLE_VALUED_FUNCTION',
    '42883',
    `Could not resolve ${quoted(name)} to a table-valued function.\n` +
      `Please make sure that ${quoted(name)} is defined as a table-valued function and that all required parameters are provided correctly.\n` +
      `If ${quoted(name)} is not defined, please create the table-valued function before using it.`,
  );

export const columnNotFound = (name: string, suggestions: readonly string[]): DatabricksSqlError =>
  suggestions.length === 0
    ? new DatabricksSqlError(
        'UNRESOLVED_COLUMN.WITHOUT_SUGGESTION',
        '42703',
        `A column, variable, or function parameter with name ${quoted(name)} cannot be resolved.`,
      )
    : new DatabricksSqlError(
        'UNRESOLVED_COLUMN.WITH_SUGGESTION',
        '42703',
        `A column, variable, or function parameter with name ${quoted(name)} cannot be resolved. ` +
          `Did you mean one of the following? [${suggestions.map(quoted).join(', ')}].`,
      );

export const parseSyntaxError = (
  near: string,
  place: { readonly line: number; readonly position: number } | null,
  cause?: unknown,
): DatabricksSqlError =>
  new DatabricksSqlError(
    'PARSE_SYNTAX_ERROR',
    '42601',
    near === '' ? 'Syntax error at or near end of input.' : `Syntax error at or near '${near}'.`,
    {
      place: place === null ? '' : ` (line ${place.line}, pos ${place.position})`,
      cause,
    },
  );
