import { parseDatabricks, parseExpression } from '../engine/prepare-text.ts';
import { alreadyExists } from '../engine/sql-error.ts';
import { translateQuery } from '../engine/translate.ts';
import { readType, typeText } from '../engine/types.ts';
import type { CatalogAccess } from './catalog-access.ts';
import { fullNameText } from './catalog-model.ts';
import type { FunctionEntry, NameScope } from './catalog-model.ts';
import type { CreateFunction } from './ddl-statement.ts';

export async function createFunction(
  access: CatalogAccess,
  statement: CreateFunction,
  names: NameScope,
): Promise<void> {
  const { schema, name } = access.place(statement.name, names);
  const existing = schema.functions.get(name.name);
  if (existing !== undefined && !statement.orReplace) {
    if (statement.ifNotExists) return;
    throw alreadyExists('ROUTINE', fullNameText(name));
  }
  const parameters = await Promise.all(
    statement.parameters.map(async (parameter) => ({
      ...parameter,
      type: typeText(readType(parameter.type)),
      defaultTree: parameter.defaultValue === null ? null : await parseExpression(parameter.defaultValue),
    })),
  );
  const isTable = statement.returns !== null;
  const entry: FunctionEntry = {
    ...name,
    comment: statement.comment,
    parameters,
    returns:
      statement.returns?.map((column) => ({ ...column, type: typeText(readType(column.type)) })) ?? null,
    returnType: statement.returnType === null ? null : typeText(readType(statement.returnType)),
    body: statement.body,
    tree: isTable ? await parseDatabricks(statement.body) : await parseExpression(statement.body),
  };
  schema.functions.set(name.name, entry);
  try {
    await proveFunction(access, entry, names);
  } catch (error) {
    if (existing === undefined) schema.functions.delete(name.name);
    else schema.functions.set(name.name, existing);
    throw error;
  }
}

/** Binds the body once with NULL for every parameter, as CREATE FUNCTION does. */
async function proveFunction(access: CatalogAccess, entry: FunctionEntry, names: NameScope): Promise<void> {
  const args = entry.parameters.map((parameter) => `CAST(NULL AS ${parameter.type})`).join(', ');
  const call = `\`${entry.catalog}\`.\`${entry.schema}\`.\`${entry.name}\`(${args})`;
  const translation = await translateQuery(
    entry.returns === null ? `SELECT ${call}` : `SELECT * FROM ${call}`,
    { model: access.model, names },
  );
  await access.describe(translation.sql, translation.seen);
}
