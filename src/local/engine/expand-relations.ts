import { fullNameText } from '../catalog/catalog-model.ts';
import { forbidAliases, rewriteColumns } from './column-references.ts';
import type { Expansion } from './expansion.ts';
import { expandTableFunction } from './expand-functions.ts';
import { replaceMeasures } from './expand-metric-views.ts';
import { expandTable } from './expand-tables.ts';
import { generatedColumns, generatorName } from './generators.ts';
import { hiddenName } from './prepare-text.ts';
import { selectFrom, subquery } from './query-nodes.ts';
import { knownRelation, unknownRelation } from './relation-scope.ts';
import type { QueryScope, ScopedRelation } from './relation-scope.ts';
import { DatabricksSqlError, engineLimit, tableFunctionNotFound } from './sql-error.ts';
import { aliased, call, identifier, isNode, listOf, nameOf, partsOf } from './tree.ts';
import type { Node } from './tree.ts';

const TABLE_FUNCTIONS = new Set(['range', 'explode', 'unnest', 'dbx_sequence']);

/**
 * Puts what DuckDB can read in place of every table, view, metric view and function of a query tree.
 *
 * Works outside in, in place. @throws {DatabricksSqlError} for names that do not exist
 */
export function expandQuery(value: unknown, scope: QueryScope, expansion: Expansion): void {
  if (Array.isArray(value)) {
    for (const item of value) expandQuery(item, scope, expansion);
    return;
  }
  if (!isNode(value)) return;
  const inner = expandCommonTables(value, scope, expansion);
  if (Array.isArray(value['joins']) && 'lateral_views' in value) expandSelect(value, inner, expansion);
  else {
    for (const [key, item] of Object.entries(value)) {
      if (key === 'with' || typeof item !== 'object' || item === null) continue;
      expandQuery(item, inner, expansion);
      if (key === 'limit' || key === 'offset' || key === 'order_by') value[key] = rewriteColumns(item, inner);
    }
  }
}

function expandCommonTables(parts: Node, scope: QueryScope, expansion: Expansion): QueryScope {
  const common = parts['with'];
  if (!isNode(common)) return scope;
  const names = new Set(scope.ctes);
  let inner: QueryScope = { ...scope, ctes: names };
  for (const cte of listOf(common['ctes'])) {
    if (!isNode(cte)) continue;
    const name = nameOf(cte['alias']).toLowerCase();
    if (common['recursive'] === true) names.add(name);
    expandQuery(cte['this'], inner, expansion);
    names.add(name);
    inner = { ...inner, ctes: names };
  }
  return inner;
}

function expandSelect(select: Node, scope: QueryScope, expansion: Expansion): void {
  const relations: ScopedRelation[] = [];
  const from = select['from'];
  if (isNode(from)) {
    from['expressions'] = listOf(from['expressions']).map((item) =>
      expandRelation(item, scope, expansion, relations),
    );
  }
  for (const join of listOf(select['joins'])) {
    if (isNode(join)) join['this'] = expandRelation(join['this'], scope, expansion, relations);
  }
  expansion.seen.push(...relations);
  const metricViews = relations.filter((relation) => relation.metricView !== null);
  if (metricViews.length > 0 && relations.length > 1) {
    throw new DatabricksSqlError(
      'METRIC_VIEW_JOIN_NOT_SUPPORTED',
      '42K0I',
      'The metric view is not allowed to use joins. Read it in a CTE first, then join the CTE.',
    );
  }
  forbidAliases(select, relations, scope);
  const inner: QueryScope = { ...scope, outer: [...relations, ...scope.outer] };
  for (const join of listOf(select['joins'])) {
    if (!isNode(join)) continue;
    expandQuery(join['on'], inner, expansion);
    join['on'] = rewriteColumns(join['on'], inner);
  }
  for (const key of Object.keys(select)) {
    if (key === 'with' || key === 'from' || key === 'joins') continue;
    // Inner queries first, so that the MEASURE calls left over are this query's own.
    expandQuery(select[key], inner, expansion);
    select[key] = rewriteColumns(select[key], inner);
  }
  replaceMeasures(select, metricViews[0]?.metricView ?? null);
}

function expandRelation(
  item: unknown,
  scope: QueryScope,
  expansion: Expansion,
  relations: ScopedRelation[],
): unknown {
  const table = partsOf(item, 'table');
  if (table !== null) return expandTable(item as Node, table, scope, expansion, relations);
  const alias = partsOf(item, 'alias');
  const lateral = partsOf(item, 'lateral');
  const called =
    partsOf(item, 'function') ??
    partsOf(alias?.['this'], 'function') ??
    partsOf(lateral?.['this'], 'function');
  if (called !== null) {
    const aliasName =
      alias !== null
        ? nameOf(alias['alias'])
        : typeof lateral?.['alias'] === 'string'
          ? lateral['alias']
          : '';
    const columnNames = listOf(alias?.['column_aliases'] ?? lateral?.['column_aliases']).map((name) =>
      typeof name === 'string' ? name : nameOf(name),
    );
    return expandCall(
      called,
      { alias: aliasName, columnNames, lateral: lateral !== null },
      scope,
      expansion,
      relations,
    );
  }
  for (const kind of ['pivot', 'unpivot', 'paren']) {
    const wrapped = partsOf(item, kind);
    if (wrapped === null) continue;
    wrapped['this'] = expandRelation(wrapped['this'], scope, expansion, relations);
    for (const [key, part] of Object.entries(wrapped))
      if (key !== 'this') expandQuery(part, scope, expansion);
    return item;
  }
  expandQuery(item, scope, expansion);
  const subquery = partsOf(item, 'subquery');
  const values = partsOf(item, 'values');
  const name = nameOf((subquery ?? values ?? {})['alias']);
  relations.push(unknownRelation(name));
  if (values !== null) return namedValues(values);
  return item;
}

/** Databricks calls the columns of a bare VALUES `col1`, `col2`, …; DuckDB wants the parentheses. */
function namedValues(values: Node): Node {
  const [first] = listOf(values['expressions']);
  const width = listOf(isNode(first) ? first['expressions'] : null).length;
  const given = listOf(values['column_aliases']);
  const names =
    given.length > 0 ? given : Array.from({ length: width }, (_, index) => identifier(`col${index + 1}`));
  return {
    values: {
      ...values,
      alias: isNode(values['alias']) ? values['alias'] : identifier('__auto_generated_subquery_name'),
      column_aliases: names,
    },
  };
}

interface CallPlace {
  readonly alias: string;
  readonly columnNames: readonly string[];
  readonly lateral: boolean;
}

function expandCall(
  called: Node,
  place: CallPlace,
  scope: QueryScope,
  expansion: Expansion,
  relations: ScopedRelation[],
): Node {
  const written = String(called['name']);
  const args = listOf(called['args']);
  expandQuery(args, scope, expansion);
  const values = listOf(rewriteColumns(args, { ...scope, outer: [...relations, ...scope.outer] }));
  const parts = hiddenName(written) ?? [written];
  const lower = written.toLowerCase();
  const generator = parts.length === 1 ? generatorName({ function: called }) : null;
  if (generator !== null) {
    relations.push(unknownRelation(place.alias));
    const columns = generatedColumns(generator, values);
    const query = selectFrom(
      columns.map(({ name, expression }) => (name === '' ? expression : aliased(expression, name))),
      null,
    );
    return subquery(query, place.alias || generator, place.columnNames, true);
  }
  if (parts.length === 1 && TABLE_FUNCTIONS.has(lower)) {
    relations.push(unknownRelation(place.alias));
    if (lower === 'range')
      return aliased(
        call('range', values),
        place.alias || 'range',
        place.columnNames.length > 0 ? place.columnNames : ['id'],
      );
    if (lower === 'explode' || lower === 'unnest')
      return aliased(
        call('unnest', values),
        place.alias || 'explode',
        place.columnNames.length > 0 ? place.columnNames : ['col'],
      );
    throw engineLimit(`The table function ${lower.replace(/^dbx_/, '')} in FROM`);
  }
  const name = expansion.model.fullName(parts, expansion.names);
  const entry = name === null ? null : expansion.model.function(name);
  if (name === null || entry === null || entry.returns === null) {
    throw tableFunctionNotFound(name === null || parts.length < 3 ? parts.join('.') : fullNameText(name));
  }
  const alias = place.alias || entry.name;
  relations.push(knownRelation(alias, fullNameText(entry), entry.returns));
  return expandTableFunction(entry, values, { ...place, alias }, scope, expansion);
}
