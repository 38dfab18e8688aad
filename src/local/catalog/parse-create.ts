import { engineLimit } from '../engine/sql-error.ts';
import type {
  ColumnDefinition,
  CreateFunction,
  CreateTable,
  CreateView,
  DdlStatement,
  TableConstraint,
} from './ddl-statement.ts';
import type { TokenReader } from './token-reader.ts';

/** Reads what follows CREATE. */
export function parseCreate(reader: TokenReader): DdlStatement {
  const orReplace = reader.take('OR', 'REPLACE');
  if (reader.take('CATALOG')) {
    const ifNotExists = takeIfNotExists(reader);
    const name = reader.identifier();
    return {
      kind: 'create_catalog',
      name,
      ifNotExists,
      comment: reader.take('COMMENT') ? reader.string() : null,
    };
  }
  if (reader.take('SCHEMA') || reader.take('DATABASE')) {
    const ifNotExists = takeIfNotExists(reader);
    const name = reader.name();
    const comment = reader.take('COMMENT') ? reader.string() : null;
    reader.expectEnd();
    return { kind: 'create_schema', name, ifNotExists, comment };
  }
  if (reader.take('TEMPORARY') || reader.take('TEMP')) throw engineLimit('CREATE TEMPORARY');
  if (reader.take('TABLE')) return createTable(reader, orReplace);
  if (reader.take('VIEW')) return createView(reader, orReplace);
  if (reader.take('FUNCTION')) return createFunction(reader, orReplace);
  if (reader.at('MATERIALIZED') || reader.at('STREAMING') || reader.at('EXTERNAL') || reader.at('VOLUME'))
    throw engineLimit(`CREATE ${reader.next().text.toUpperCase()}`);
  throw reader.error();
}

const takeIfNotExists = (reader: TokenReader): boolean => reader.take('IF', 'NOT', 'EXISTS');

function createTable(reader: TokenReader, orReplace: boolean): CreateTable {
  const ifNotExists = takeIfNotExists(reader);
  const name = reader.name();
  const columns: ColumnDefinition[] = [];
  const constraints: TableConstraint[] = [];
  if (reader.at('(')) reader.list(() => tableItem(reader, columns, constraints));
  const options = relationOptions(reader);
  const query = reader.take('AS') ? reader.rest() : null;
  reader.expectEnd();
  return { kind: 'create_table', name, orReplace, ifNotExists, columns, constraints, ...options, query };
}

function tableItem(reader: TokenReader, columns: ColumnDefinition[], constraints: TableConstraint[]): void {
  if (reader.at('CONSTRAINT') || reader.at('PRIMARY', 'KEY') || reader.at('FOREIGN', 'KEY')) {
    constraints.push(tableConstraint(reader));
    return;
  }
  const name = reader.identifier();
  const type = columnType(reader);
  let nullable = true;
  let comment: string | null = null;
  while (!reader.at(',') && !reader.at(')')) {
    if (reader.take('NOT', 'NULL')) nullable = false;
    else if (reader.take('NULL')) nullable = true;
    else if (reader.take('COMMENT')) comment = reader.string();
    else if (
      reader.at('CONSTRAINT') ||
      reader.at('PRIMARY') ||
      reader.at('REFERENCES') ||
      reader.at('FOREIGN')
    )
      constraints.push(inlineConstraint(reader, name));
    else if (reader.take('DEFAULT')) reader.textUntil(',', ')', 'COMMENT', 'NOT', 'CONSTRAINT', 'PRIMARY');
    else if (reader.take('GENERATED')) {
      throw engineLimit('A generated column');
    } else throw reader.error();
  }
  columns.push({ name, type, nullable, comment });
}

/** A type ends where a clause of the column, the next column or the list ends. */
export const columnType = (reader: TokenReader): string =>
  reader.textUntil(
    ',',
    ')',
    'NOT',
    'NULL',
    'COMMENT',
    'CONSTRAINT',
    'PRIMARY',
    'REFERENCES',
    'FOREIGN',
    'DEFAULT',
    'GENERATED',
  );

export function tableConstraint(reader: TokenReader): TableConstraint {
  const name = reader.take('CONSTRAINT') ? reader.identifier() : null;
  if (reader.take('PRIMARY', 'KEY')) {
    const columns = reader.list(() => {
      const column = reader.identifier();
      reader.take('TIMESERIES');
      return column;
    });
    takeConstraintOptions(reader);
    return { kind: 'primary_key', name, columns };
  }
  if (reader.take('CHECK')) throw engineLimit('A CHECK constraint');
  reader.expect('FOREIGN', 'KEY');
  const columns = reader.list(() => reader.identifier());
  return { kind: 'foreign_key', name, columns, ...references(reader) };
}

function references(reader: TokenReader) {
  reader.expect('REFERENCES');
  const referencedTable = reader.name();
  const referencedColumns = reader.at('(') ? reader.list(() => reader.identifier()) : [];
  takeConstraintOptions(reader);
  return { referencedTable, referencedColumns };
}

function inlineConstraint(reader: TokenReader, column: string): TableConstraint {
  const name = reader.take('CONSTRAINT') ? reader.identifier() : null;
  if (reader.take('PRIMARY', 'KEY')) {
    takeConstraintOptions(reader);
    return { kind: 'primary_key', name, columns: [column] };
  }
  reader.take('FOREIGN', 'KEY');
  return { kind: 'foreign_key', name, columns: [column], ...references(reader) };
}

function takeConstraintOptions(reader: TokenReader): void {
  const options = [
    ['NOT', 'ENFORCED'],
    ['RELY'],
    ['NORELY'],
    ['DEFERRABLE'],
    ['INITIALLY', 'DEFERRED'],
    ['MATCH', 'FULL'],
    ['ON', 'UPDATE', 'NO', 'ACTION'],
    ['ON', 'DELETE', 'NO', 'ACTION'],
  ];
  while (options.some((words) => reader.take(...words)));
}

/** USING, COMMENT, TBLPROPERTIES, PARTITIONED BY, CLUSTER BY … in any order. */
function relationOptions(reader: TokenReader): {
  comment: string | null;
  properties: (readonly [string, string])[];
} {
  let comment: string | null = null;
  const properties: (readonly [string, string])[] = [];
  for (;;) {
    if (reader.take('COMMENT')) comment = reader.string();
    else if (reader.take('USING')) reader.identifier();
    else if (reader.take('TBLPROPERTIES')) properties.push(...propertyList(reader));
    else if (reader.take('PARTITIONED', 'BY') || reader.take('CLUSTER', 'BY')) {
      if (!reader.take('AUTO') && !reader.take('NONE')) reader.list(() => reader.name());
    } else if (reader.take('DEFAULT', 'COLLATION')) reader.identifier();
    else return { comment, properties };
  }
}

export const propertyList = (reader: TokenReader): (readonly [string, string])[] =>
  reader.list(() => {
    const key = reader.peek()?.kind === 'string' ? reader.string() : reader.name().join('.');
    reader.take('=');
    const token = reader.next();
    return [key, token.value] as const;
  });

function createView(reader: TokenReader, orReplace: boolean): CreateView {
  const ifNotExists = takeIfNotExists(reader);
  const name = reader.name();
  const columns = reader.at('(')
    ? reader.list(() => ({
        name: reader.identifier(),
        comment: reader.take('COMMENT') ? reader.string() : null,
      }))
    : [];
  let metrics = false;
  let comment: string | null = null;
  const properties: (readonly [string, string])[] = [];
  for (;;) {
    if (reader.take('WITH', 'METRICS')) metrics = true;
    else if (reader.take('LANGUAGE', 'YAML')) metrics = true;
    else if (reader.take('WITH', 'SCHEMA')) reader.next();
    else if (reader.take('COMMENT')) comment = reader.string();
    else if (reader.take('TBLPROPERTIES')) properties.push(...propertyList(reader));
    else break;
  }
  reader.expect('AS');
  const common = { kind: 'create_view', name, orReplace, ifNotExists, columns, comment, properties } as const;
  if (!metrics) return { ...common, query: reader.rest(), yaml: null };
  const body = reader.next();
  if (body.kind !== 'dollar') throw reader.error();
  reader.expectEnd();
  return { ...common, query: null, yaml: body.value };
}

function createFunction(reader: TokenReader, orReplace: boolean): CreateFunction {
  const ifNotExists = takeIfNotExists(reader);
  const name = reader.name();
  const parameters = reader.list(() => {
    const parameter = reader.identifier();
    const type = columnType(reader);
    let defaultValue: string | null = null;
    let comment: string | null = null;
    for (;;) {
      if (reader.take('DEFAULT')) defaultValue = reader.textUntil(',', ')', 'COMMENT');
      else if (reader.take('COMMENT')) comment = reader.string();
      else break;
    }
    return { name: parameter, type, defaultValue, comment };
  });
  reader.expect('RETURNS');
  let returns: CreateFunction['returns'] = null;
  let returnType: string | null = null;
  if (reader.take('TABLE')) {
    returns = reader.at('(')
      ? reader.list(() => ({
          name: reader.identifier(),
          type: columnType(reader),
          comment: reader.take('COMMENT') ? reader.string() : null,
        }))
      : [];
  } else
    returnType = reader.textUntil(
      'LANGUAGE',
      'COMMENT',
      'RETURN',
      'DETERMINISTIC',
      'NOT',
      'CONTAINS',
      'READS',
      'AS',
      'SQL',
    );
  let comment: string | null = null;
  for (;;) {
    if (reader.take('COMMENT')) comment = reader.string();
    else if (reader.take('LANGUAGE')) {
      const language = reader.identifier();
      if (language.toUpperCase() !== 'SQL') throw engineLimit(`A function in ${language}`);
    } else if (reader.take('NOT', 'DETERMINISTIC') || reader.take('DETERMINISTIC')) continue;
    else if (reader.take('CONTAINS', 'SQL') || reader.take('READS', 'SQL', 'DATA')) continue;
    else if (reader.take('SQL', 'SECURITY')) reader.next();
    else break;
  }
  if (!reader.take('RETURN')) throw reader.error();
  return {
    kind: 'create_function',
    name,
    orReplace,
    ifNotExists,
    parameters,
    returns,
    returnType,
    comment,
    body: reader.rest(),
  };
}
