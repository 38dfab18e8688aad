import { catalogNotFound, schemaNotFound } from '../engine/sql-error.ts';
import type { CatalogAccess } from './catalog-access.ts';
import type { NameScope } from './catalog-model.ts';
import type { DdlStatement } from './ddl-statement.ts';

export function writeComment(
  access: CatalogAccess,
  statement: Extract<DdlStatement, { kind: 'comment' }>,
  names: NameScope,
): void {
  const { name, comment } = statement;
  if (statement.target === 'relation') access.relation(name, names).comment = comment;
  else if (statement.target === 'column')
    access.column(access.relation(name.slice(0, -1), names), name.at(-1) ?? '').comment = comment;
  else if (statement.target === 'catalog') {
    const catalog = access.model.catalog(name.join('.'));
    if (catalog === null) throw catalogNotFound(name.join('.'));
    catalog.comment = comment;
  } else {
    const [first = '', second] = name;
    const schema = access.model.schema(second === undefined ? names.catalog : first, second ?? first);
    if (schema === null) throw schemaNotFound(name.join('.'));
    schema.comment = comment;
  }
}
