import { fullNameText } from '../catalog/catalog-model.ts';
import type { RelationEntry } from '../catalog/catalog-model.ts';
import { INFORMATION_SCHEMA_TABLES } from '../catalog/information-schema.ts';
import type { Expansion } from './expansion.ts';
import { expandMetricView } from './expand-metric-views.ts';
import { INFORMATION_SCHEMA, physicalSchema } from './physical-names.ts';
import { guardCycle, selectFrom, subquery } from './query-nodes.ts';
import { EMPTY_SCOPE, knownRelation, unknownRelation } from './relation-scope.ts';
import type { QueryScope, ScopedRelation } from './relation-scope.ts';
import { tableNotFound } from './sql-error.ts';
import { binary, column, copyTree, identifier, nameOf, stringLiteral } from './tree.ts';
import type { Node } from './tree.ts';

/** Puts the table, or the query behind it, in place of a name. @throws {DatabricksSqlError} */
export function expandTable(
  item: Node,
  table: Node,
  scope: QueryScope,
  expansion: Expansion,
  relations: ScopedRelation[],
): Node {
  const parts = [table['catalog'], table['schema'], table['name']].map(nameOf).filter((part) => part !== '');
  const alias = nameOf(table['alias']) || (parts.at(-1) ?? '');
  if (parts.length === 1 && scope.ctes.has((parts[0] ?? '').toLowerCase())) {
    relations.push(unknownRelation(alias));
    return item;
  }
  const info = informationSchemaTable(parts, table, alias, expansion, relations);
  if (info !== null) return info;
  const name = expansion.model.fullName(parts, expansion.names);
  const entry = name === null ? null : expansion.model.relation(name);
  if (name === null || entry === null) throw tableNotFound(parts.join('.'));
  if (entry.kind === 'metric_view') {
    const expanded = expandMetricView(entry, alias, scope, expansion);
    relations.push(knownRelation(alias, fullNameText(entry), entry.columns, expanded.view));
    return expanded.relation;
  }
  relations.push(knownRelation(alias, fullNameText(entry), entry.columns));
  if (entry.kind === 'view') return expandView(entry, alias, scope, expansion);
  table['catalog'] = null;
  table['schema'] = identifier(physicalSchema(entry));
  table['name'] = identifier(entry.name.toLowerCase());
  table['alias'] = identifier(alias);
  return item;
}

function expandView(entry: RelationEntry, alias: string, scope: QueryScope, expansion: Expansion): Node {
  const name = fullNameText(entry);
  const query = copyTree(entry.query);
  expansion.expand(
    query,
    { ...EMPTY_SCOPE, expanding: guardCycle(name, scope) },
    {
      ...expansion,
      names: entry,
      seen: [],
    },
  );
  return subquery(
    query,
    alias,
    entry.columns.map((each) => each.name),
  );
}

function informationSchemaTable(
  parts: readonly string[],
  table: Node,
  alias: string,
  expansion: Expansion,
  relations: ScopedRelation[],
): Node | null {
  const [catalog, schema, name] = parts.length === 3 ? parts : [expansion.names.catalog, ...parts];
  if (schema?.toLowerCase() !== 'information_schema' || catalog === undefined || name === undefined)
    return null;
  const known = INFORMATION_SCHEMA_TABLES[name.toLowerCase()];
  if (known === undefined) throw tableNotFound(parts.join('.'));
  if (catalog.toLowerCase() !== 'system' && expansion.model.catalog(catalog) === null)
    throw tableNotFound(parts.join('.'));
  expansion.usage.informationSchema = true;
  relations.push(
    knownRelation(
      alias,
      `${catalog}.information_schema.${name}`,
      known.columns.map((each) => ({ name: each, type: 'STRING' })),
    ),
  );
  const source: Node = {
    table: {
      ...table,
      catalog: null,
      schema: identifier(INFORMATION_SCHEMA),
      name: identifier(name.toLowerCase()),
      alias: identifier(alias),
    },
  };
  if (catalog.toLowerCase() === 'system') return source;
  return subquery(
    selectFrom(
      [{ star: { table: null, except: null, replace: null, rename: null, trailing_comments: [] } }],
      source,
      binary('eq', column(known.catalogColumn), stringLiteral(catalog.toLowerCase())),
    ),
    alias,
  );
}
