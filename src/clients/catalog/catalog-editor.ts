import { InvalidOptionError, quoteIdentifier, quoteLiteral, quoteName } from '../../core/index.ts';
import type {
  CallOptions,
  CatalogEditorPort,
  CatalogFunction,
  CatalogTarget,
  SqlPort,
} from '../../ports/index.ts';

/** Lengths in characters. @see spec/databricks-apis.md §5.3 */
export const TAG_LIMITS = { key: 255, value: 1000, perObject: 50 } as const;

/**
 * Writes comments, tags, metric views and table-valued functions with SQL.
 *
 * @throws {SqlStatementError} from every method when the statement is refused
 */
export class CatalogEditor implements CatalogEditorPort {
  readonly #sql: SqlPort;

  constructor(options: { readonly sql: SqlPort }) {
    this.#sql = options.sql;
  }

  async setComment(target: CatalogTarget, comment: string | null, options: CallOptions = {}): Promise<void> {
    await this.#sql.execute(commentStatement(target, comment), { signal: options.signal });
  }

  async setTags(
    target: CatalogTarget,
    tags: Readonly<Record<string, string | null>>,
    options: CallOptions = {},
  ): Promise<void> {
    for (const statement of tagStatements(target, tags))
      await this.#sql.execute(statement, { signal: options.signal });
  }

  async replaceMetricView(name: string, yaml: string, options: CallOptions = {}): Promise<void> {
    if (yaml.includes('$$'))
      throw new InvalidOptionError('yaml', "must not contain '$$', which ends the definition");
    await this.#sql.execute(`ALTER VIEW ${quoteName(name)} AS $$\n${yaml}\n$$`, { signal: options.signal });
  }

  async replaceTableFunction(definition: CatalogFunction, options: CallOptions = {}): Promise<void> {
    await this.#sql.execute(functionStatement(definition), { signal: options.signal });
  }
}

function commentStatement({ table, column }: CatalogTarget, comment: string | null): string {
  const name = quoteName(table.name);
  const literal = comment === null ? 'NULL' : quoteLiteral(comment);
  if (column === undefined) return `COMMENT ON TABLE ${name} IS ${literal}`;
  switch (table.kind) {
    case 'table':
      // There is no NULL in this form; the empty comment is the same.
      return `ALTER TABLE ${name} ALTER COLUMN ${quoteIdentifier(column)} COMMENT ${quoteLiteral(comment ?? '')}`;
    case 'view':
      return `COMMENT ON COLUMN ${name}.${quoteIdentifier(column)} IS ${literal}`;
    case 'metric_view':
      throw new InvalidOptionError(
        'target',
        `'${table.name}' is a metric view: the comment of '${column}' stands in its YAML (replaceMetricView)`,
      );
  }
}

function tagStatements(
  { table, column }: CatalogTarget,
  tags: Readonly<Record<string, string | null>>,
): string[] {
  const entries = Object.entries(tags);
  for (const [key, value] of entries) {
    if (key === '' || key.length > TAG_LIMITS.key)
      throw new InvalidOptionError('tags', `need keys of 1 to ${TAG_LIMITS.key} characters`, { key });
    if ((value ?? '').length > TAG_LIMITS.value)
      throw new InvalidOptionError('tags', `may have values of at most ${TAG_LIMITS.value} characters`, {
        key,
      });
  }
  const verb = table.kind === 'table' || column !== undefined ? 'ALTER TABLE' : 'ALTER VIEW';
  const part = column === undefined ? '' : ` ALTER COLUMN ${quoteIdentifier(column)}`;
  const target = `${verb} ${quoteName(table.name)}${part}`;
  const set = entries.flatMap(([key, value]) =>
    value === null ? [] : [`${quoteLiteral(key)} = ${quoteLiteral(value)}`],
  );
  const unset = entries.flatMap(([key, value]) => (value === null ? [quoteLiteral(key)] : []));
  return [
    ...(set.length === 0 ? [] : [`${target} SET TAGS (${set.join(', ')})`]),
    ...(unset.length === 0 ? [] : [`${target} UNSET TAGS (${unset.join(', ')})`]),
  ];
}

/** The statement that makes a table-valued function; `clauses` are those beside its comment. */
export function functionStatement(
  { name, comment, parameters, returns, body }: CatalogFunction,
  clauses: readonly string[] = ['LANGUAGE SQL'],
): string {
  if (body === null || returns.length === 0)
    throw new InvalidOptionError(
      'definition',
      `of '${name}' needs columns and a body; a scalar function, or one whose body may not be read, cannot be replaced`,
    );
  const commented = (text: string | null | undefined): string =>
    (text ?? '') === '' ? '' : ` COMMENT ${quoteLiteral(text ?? '')}`;
  const inputs = parameters.map(
    (input) =>
      `${quoteIdentifier(input.name)} ${input.type}${input.defaultValue === null ? '' : ` DEFAULT ${input.defaultValue}`}${commented(input.comment)}`,
  );
  const columns = returns.map(
    (column) => `${quoteIdentifier(column.name)} ${column.type}${commented(column.comment)}`,
  );
  return `CREATE OR REPLACE FUNCTION ${quoteName(name)}(${inputs.join(', ')})\nRETURNS TABLE (${columns.join(', ')})\n${clauses.join('\n')}${commented(comment)}\nRETURN ${body}`;
}
