import { engineLimit } from '../engine/sql-error.ts';
import type { DdlStatement } from './ddl-statement.ts';
import { parseCreate, propertyList, tableConstraint } from './parse-create.ts';
import { TokenReader } from './token-reader.ts';

/**
 * Reads a statement that changes something; `null` when the text is a query.
 *
 * @throws {DatabricksSqlError} `PARSE_SYNTAX_ERROR` with the place
 */
export function parseDdl(sql: string): DdlStatement | null {
  const reader = new TokenReader(sql);
  if (reader.take('CREATE')) return parseCreate(reader);
  if (reader.take('INSERT')) return parseInsert(reader);
  if (reader.take('COMMENT', 'ON')) return parseComment(reader);
  if (reader.take('ALTER')) return parseAlter(reader);
  if (reader.take('DROP')) return parseDrop(reader);
  if (reader.take('SET', 'TAG', 'ON')) return parseTagOn(reader, true);
  if (reader.take('UNSET', 'TAG', 'ON')) return parseTagOn(reader, false);
  if (reader.take('TRUNCATE', 'TABLE')) return { kind: 'truncate', name: reader.name() };
  if (reader.take('USE')) return parseUse(reader);
  if (reader.at('GRANT') || reader.at('REVOKE')) return { kind: 'ignored', what: 'grants' };
  if (reader.at('OPTIMIZE') || reader.at('VACUUM') || reader.at('ANALYZE'))
    return { kind: 'ignored', what: 'optimize' };
  if (reader.take('UPDATE')) return parseUpdate(reader);
  if (reader.take('DELETE')) return parseDelete(reader);
  if (reader.at('MERGE')) throw engineLimit('The statement MERGE');
  return null;
}

function parseInsert(reader: TokenReader): DdlStatement {
  const overwrite = reader.take('OVERWRITE');
  if (!overwrite) reader.expect('INTO');
  reader.take('TABLE');
  const name = reader.name();
  const isColumnList =
    reader.at('(') && !['SELECT', 'WITH', 'VALUES', '('].includes(reader.peek(1)?.text.toUpperCase() ?? '');
  const columns = isColumnList ? reader.list(() => reader.identifier()) : [];
  return { kind: 'insert', name, columns, overwrite, source: reader.rest() };
}

function parseDelete(reader: TokenReader): DdlStatement {
  reader.expect('FROM');
  const name = reader.name();
  return { kind: 'delete', name, alias: aliasBefore(reader, 'WHERE'), condition: conditionOf(reader) };
}

function parseUpdate(reader: TokenReader): DdlStatement {
  const name = reader.name();
  const alias = aliasBefore(reader, 'SET');
  reader.expect('SET');
  const set: { column: string; value: string }[] = [];
  do {
    const column = reader.name().at(-1) ?? '';
    reader.expect('=');
    set.push({ column, value: reader.textUntil(',', 'WHERE') });
  } while (reader.take(','));
  return { kind: 'update', name, alias, set, condition: conditionOf(reader) };
}

function aliasBefore(reader: TokenReader, word: string): string | null {
  if (reader.take('AS')) return reader.identifier();
  return reader.done || reader.at(word) ? null : reader.identifier();
}

function conditionOf(reader: TokenReader): string | null {
  if (reader.take('WHERE')) return reader.rest().replace(/;\s*$/, '');
  reader.take(';');
  reader.expectEnd();
  return null;
}

function containerKind(reader: TokenReader): 'catalog' | 'schema' | 'relation' | null {
  if (reader.take('CATALOG')) return 'catalog';
  if (reader.take('SCHEMA') || reader.take('DATABASE')) return 'schema';
  return reader.take('TABLE') || reader.take('VIEW') ? 'relation' : null;
}

function parseComment(reader: TokenReader): DdlStatement {
  const target = containerKind(reader) ?? (reader.take('COLUMN') ? 'column' : null);
  if (target === null) throw reader.error();
  const name = reader.name();
  reader.expect('IS');
  const comment = reader.take('NULL') ? null : reader.string();
  reader.expectEnd();
  return { kind: 'comment', target, name, comment };
}

function parseAlter(reader: TokenReader): DdlStatement {
  const isView = reader.take('VIEW');
  if (!isView && (reader.at('SCHEMA') || reader.at('CATALOG') || reader.at('DATABASE')))
    throw engineLimit(`ALTER ${reader.next().text.toUpperCase()}`);
  if (!isView) reader.expect('TABLE');
  const name = reader.name();
  const statement = alteration(reader, name, isView);
  reader.expectEnd();
  return statement;
}

function alteration(reader: TokenReader, name: readonly string[], isView: boolean): DdlStatement {
  if (reader.take('SET', 'TAGS'))
    return { kind: 'tags', name, column: null, set: tagList(reader), unset: [] };
  if (reader.take('UNSET', 'TAGS'))
    return { kind: 'tags', name, column: null, set: [], unset: reader.list(() => reader.string()) };
  if (reader.take('SET', 'TBLPROPERTIES'))
    return { kind: 'properties', name, set: propertyList(reader), unset: [] };
  if (reader.take('UNSET', 'TBLPROPERTIES')) {
    reader.take('IF', 'EXISTS');
    return { kind: 'properties', name, set: [], unset: reader.list(() => reader.string()) };
  }
  if (reader.take('ALTER') || reader.take('CHANGE')) {
    reader.take('COLUMN');
    const column = reader.identifier();
    if (reader.take('COMMENT')) return { kind: 'column_comment', name, column, comment: reader.string() };
    if (reader.take('SET', 'TAGS')) return { kind: 'tags', name, column, set: tagList(reader), unset: [] };
    if (reader.take('UNSET', 'TAGS'))
      return { kind: 'tags', name, column, set: [], unset: reader.list(() => reader.string()) };
    throw engineLimit(`ALTER COLUMN … ${reader.next().text.toUpperCase()}`);
  }
  if (reader.take('ADD')) {
    if (reader.at('CONSTRAINT') || reader.at('PRIMARY') || reader.at('FOREIGN'))
      return { kind: 'add_constraint', name, constraint: tableConstraint(reader) };
    throw engineLimit('ALTER TABLE … ADD COLUMN');
  }
  if (reader.take('DROP', 'CONSTRAINT')) {
    const ifExists = reader.take('IF', 'EXISTS');
    return { kind: 'drop_constraint', name, constraint: reader.identifier(), ifExists };
  }
  if (reader.take('DROP', 'PRIMARY', 'KEY'))
    return { kind: 'drop_constraint', name, constraint: null, ifExists: reader.take('IF', 'EXISTS') };
  if (isView && reader.take('AS')) {
    const body = reader.peek();
    if (body?.kind !== 'dollar') return { kind: 'alter_view', name, query: reader.rest(), yaml: null };
    return { kind: 'alter_view', name, query: null, yaml: reader.next().value };
  }
  if (reader.at('RENAME') || reader.at('SET') || reader.at('OWNER'))
    throw engineLimit(`ALTER … ${reader.next().text.toUpperCase()}`);
  throw reader.error();
}

const tagList = (reader: TokenReader): (readonly [string, string])[] =>
  reader.list(() => {
    const key = reader.string();
    return [key, reader.take('=') ? reader.string() : ''] as const;
  });

function parseTagOn(reader: TokenReader, set: boolean): DdlStatement {
  const isColumn = reader.take('COLUMN');
  if (!isColumn && !reader.take('TABLE') && !reader.take('VIEW')) throw reader.error();
  const parts = reader.name();
  const text = () => (reader.peek()?.kind === 'string' ? reader.string() : reader.identifier());
  const key = text();
  const value = set && reader.take('=') ? text() : '';
  reader.expectEnd();
  return {
    kind: 'tags',
    name: isColumn ? parts.slice(0, -1) : parts,
    column: isColumn ? (parts.at(-1) ?? '') : null,
    set: set ? [[key, value]] : [],
    unset: set ? [] : [key],
  };
}

function parseDrop(reader: TokenReader): DdlStatement {
  const target = containerKind(reader) ?? (reader.take('FUNCTION') ? 'function' : null);
  if (target === null) throw reader.error();
  const ifExists = reader.take('IF', 'EXISTS');
  const name = reader.name();
  if (!reader.take('CASCADE')) reader.take('RESTRICT');
  reader.expectEnd();
  return { kind: 'drop', target, name, ifExists };
}

function parseUse(reader: TokenReader): DdlStatement {
  const target = reader.take('CATALOG') ? 'catalog' : 'schema';
  if (target === 'schema' && !reader.take('SCHEMA')) reader.take('DATABASE');
  const name = reader.name();
  reader.expectEnd();
  return { kind: 'use', target, name };
}
