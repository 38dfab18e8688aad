import type {
  AggregateFact,
  Clause,
  ColumnUse,
  JoinFact,
  PredicateFact,
  SqlFacts,
  TableUse,
} from './facts.ts';
import { distinctBy } from './distinct.ts';
import { analyzeJoins } from './join-facts.ts';
import type { Modeler, QueryModel, Scope, Source } from './model.ts';
import { predicateFact } from './predicate-facts.ts';
import { contextFor } from './render-query.ts';
import { callArguments } from './render-call.ts';
import { textOf } from './render-context.ts';
import { groupingNodes, sortNodes } from './select-keys.ts';
import { aliasesBefore, callName, NO_ALIASES, type AliasView } from './resolve.ts';
import { alignSources, type SourceTexts } from './source-text.ts';
import { columnRefs, columnsIn, walkExpression } from './walk.ts';
import {
  asFields,
  asList,
  fieldsOf,
  flatten,
  identifierName,
  isSetOperation,
  kindOf,
  unwrap,
  scalarText,
  isAbsent,
} from './tree.ts';
import { normalizeNode } from './normalize.ts';

type CollectedFacts = Pick<
  SqlFacts,
  'tables' | 'columns' | 'joins' | 'predicates' | 'aggregates' | 'ctes' | 'setOperation'
>;

/** Gathers the facts of all queries of a statement, CTEs and subqueries included, each query once. */
export class FactCollector {
  readonly sources: SourceTexts;
  readonly #modeler: Modeler;
  readonly #seen = new Set<QueryModel>();
  readonly #tables: TableUse[] = [];
  readonly #columns: ColumnUse[] = [];
  readonly #joins: JoinFact[] = [];
  readonly #predicates: PredicateFact[] = [];
  readonly #aggregates: AggregateFact[] = [];
  readonly #ctes: string[] = [];
  #setOperation = false;

  constructor(sql: string, statement: unknown, modeler: Modeler) {
    this.sources = alignSources(sql, statement);
    this.#modeler = modeler;
  }

  facts(): CollectedFacts {
    return {
      tables: distinctBy(this.#tables, (use) => JSON.stringify(use)),
      columns: distinctBy(this.#columns, (use) => JSON.stringify(use)),
      joins: this.#joins,
      predicates: distinctBy(this.#predicates, (fact) => `${fact.clause}:${fact.text}`),
      aggregates: distinctBy(this.#aggregates, ({ source: _source, ...fact }) => JSON.stringify(fact)),
      ctes: [...new Set(this.#ctes)],
      setOperation: this.#setOperation,
    };
  }

  addQuery(model: QueryModel): void {
    if (this.#seen.has(model)) return;
    this.#seen.add(model);
    for (const cte of model.ctes) {
      this.#ctes.push(cte.name);
      this.addQuery(cte.query);
    }
    if (isSetOperation(model.node)) this.#setOperation = true;
    for (const inner of model.inner) this.addQuery(inner);
    if (model.kind === 'select') this.#addSelect(model);
    else this.#addOrder(model, NO_ALIASES);
  }

  #addSelect(model: QueryModel): void {
    const { scope } = model;
    const fields = fieldsOf(model.node);
    const behind: AliasView = { names: scope.aliases, first: false };
    for (const source of scope.sources) this.#addSource(source);
    for (const item of asList(fields['expressions'])) this.#addProjection(item, scope);
    const context = contextFor(scope, 'facts', this.#modeler);
    const { joins, used } = analyzeJoins(model, context);
    this.#joins.push(...joins);
    for (const join of model.joins) this.#addConditions(join.on, 'join', 'join', scope, NO_ALIASES, true);
    for (const join of model.joins) this.#addUsing(join.using, join.right, join.earlier, scope);
    this.#addConditions(
      asFields(fields['where_clause'])['this'],
      'where',
      'where',
      scope,
      NO_ALIASES,
      false,
      used,
    );
    this.#addExpression(groupingNodes(model), 'group_by', scope, behind);
    this.#addConditions(asFields(fields['having'])['this'], 'having', 'having', scope, behind);
    this.#addConditions(asFields(fields['qualify'])['this'], 'qualify', 'qualify', scope, behind);
    for (const window of asList(fields['windows']))
      this.#addExpression(asFields(window)['spec'], 'window', scope, behind);
    this.#addOrder(model, { names: scope.aliases, first: true });
  }

  #addOrder(model: QueryModel, aliases: AliasView): void {
    const fields = fieldsOf(model.node);
    for (const clause of ['order_by', 'sort_by', 'cluster_by', 'distribute_by']) {
      const keys = asFields(fields[clause])['expressions'];
      if (model.kind === 'select')
        this.#addExpression(sortNodes(model, keys), 'order_by', model.scope, aliases);
    }
  }

  #addSource(source: Source): void {
    const alias = source.cte === null ? source.alias : null;
    if (source.kind === 'table' && source.name !== null)
      this.#tables.push({ name: source.name, alias, kind: 'table', args: [] });
    if (source.kind === 'function' && source.name !== null)
      this.#addFunction(source, source.name, source.inputs);
    if (source.kind === 'generator') this.#addExpression(source.node, 'from', source.inputs, NO_ALIASES);
    if (source.query !== null) this.#addHidden(source.query, source);
  }

  /** A subquery, or the source that PIVOT turns together with what PIVOT computes from it. */
  #addHidden(query: QueryModel, source: Source): void {
    if (query.kind !== 'other') {
      this.addQuery(query);
      return;
    }
    for (const inner of query.scope.sources) this.#addSource(inner);
    const { this: turned, ...rest } = fieldsOf(source.node);
    if (turned !== undefined)
      this.#addExpression(Object.values(rest).filter(Array.isArray), 'from', query.scope, NO_ALIASES);
  }

  #addFunction(source: Source, name: string, scope: Scope): void {
    const context = contextFor(scope, 'facts', this.#modeler);
    const args = asList(fieldsOf(source.node)['args']).map((argument) => {
      const named = kindOf(argument) === 'named_argument' ? fieldsOf(argument) : null;
      const value = named === null ? argument : named['value'];
      return {
        name: named === null ? null : identifierName(named['name']),
        text: this.#argumentText(value, scope) ?? textOf(value, context),
      };
    });
    this.#tables.push({ name, alias: source.alias, kind: 'function', args });
    for (const argument of asList(fieldsOf(source.node)['args'])) {
      if (tableArgument(argument) === null) this.#addExpression(argument, 'argument', scope, NO_ALIASES);
    }
  }

  /** `TABLE(c.s.t)` hands a table to a function: a table in use. */
  #argumentText(value: unknown, scope: Scope): string | null {
    const name = tableArgument(value);
    if (name === null) return null;
    if (!scope.ctes.has(name)) this.#tables.push({ name, alias: null, kind: 'table', args: [] });
    return `table(${name})`;
  }

  #addProjection(item: unknown, scope: Scope): void {
    const value = kindOf(item) === 'alias' ? fieldsOf(item)['this'] : item;
    if (kindOf(value) === 'star') this.#addStar(value, scope);
    this.#addExpression(value, 'select', scope, aliasesBefore(scope, value));
  }

  /** `*` reads every column of the tables that are known. */
  #addStar(star: unknown, scope: Scope): void {
    const fields = fieldsOf(star);
    const qualifier = identifierName(fields['table']);
    const except = asList(fields['except']).map((column) => identifierName(column));
    for (const source of scope.sources) {
      if (
        source.columns === null ||
        (qualifier !== null && qualifier !== (source.alias ?? source.name?.split('.').at(-1)))
      )
        continue;
      for (const column of source.columns) {
        if (!except.includes(column)) this.#columns.push({ table: source.name, column, clause: 'select' });
      }
    }
  }

  #addUsing(using: readonly string[], right: Source, earlier: readonly Source[], scope: Scope): void {
    for (const column of using) {
      const last = earlier.length === 1 ? earlier : [];
      for (const source of [...last, right]) {
        const inner: Scope = { ...scope, sources: [source] };
        this.#columns.push(
          ...columnRefs([column], inner, NO_ALIASES).map((ref) => ({ ...ref, clause: 'join' as const })),
        );
      }
    }
  }

  #addConditions(
    condition: unknown,
    clause: Clause,
    kind: PredicateFact['clause'],
    scope: Scope,
    aliases: AliasView,
    joins = false,
    used: ReadonlySet<unknown> = new Set(),
  ): void {
    if (isAbsent(condition)) return;
    this.#addExpression(condition, clause, scope, aliases);
    const context = contextFor(scope, 'facts', this.#modeler, aliases);
    for (const part of flatten(condition, 'and')) {
      if (used.has(part) || (joins && comparesColumns(part))) continue;
      const fact = predicateFact(part, kind, context, this.sources.get(part));
      if (fact !== null) this.#predicates.push(fact);
    }
  }

  #addExpression(value: unknown, clause: Clause, scope: Scope, aliases: AliasView): void {
    walkExpression(value, {
      name: (parts, inWindow) => {
        const refs = columnRefs(parts, scope, aliases);
        this.#columns.push(
          ...refs.map((ref) => ({ ...ref, clause: inWindow ? ('window' as const) : clause })),
        );
      },
      query: (node) => this.addQuery(this.#modeler.query(node, scope)),
      aggregate: (node, window) => this.#addAggregate(node, window, scope),
    });
  }

  #addAggregate(node: unknown, window: unknown, scope: Scope): void {
    const context = contextFor(scope, 'facts', this.#modeler);
    const even = normalizeNode(node, 'sem');
    const fields = fieldsOf(even);
    const argument =
      fields['star'] === true
        ? '*'
        : callArguments(fields)
            .map((item) => textOf(item, context))
            .join(', ');
    const text = textOf(node, context);
    this.#aggregates.push({
      function: callName(node) ?? '',
      distinct: fields['distinct'] === true,
      argument,
      source: this.sources.get(node) ?? text,
      columns: columnsIn(callArguments(fields), scope),
      ...(isAbsent(window) ? {} : { windowed: true }),
    });
    const filter = fields['filter'];
    if (isAbsent(filter)) return;
    for (const part of flatten(filter, 'and')) {
      const fact = predicateFact(part, 'aggregate_filter', context, this.sources.get(part));
      if (fact !== null) this.#predicates.push(fact);
    }
  }
}

/** `a.x = b.y`, which a join states as a pair. */
function comparesColumns(value: unknown): boolean {
  const inner = unwrap(value);
  const fields = fieldsOf(inner);
  return (
    kindOf(inner) === 'eq' &&
    [fields['left'], fields['right']].every(
      (side) => kindOf(unwrap(side)) === 'column' || kindOf(unwrap(side)) === 'dot',
    )
  );
}

function tableArgument(value: unknown): string | null {
  const fields = fieldsOf(value);
  const [argument] = asList(fields['args']);
  if (
    kindOf(value) !== 'function' ||
    scalarText(fields['name']).toLowerCase() !== 'table' ||
    argument === undefined
  )
    return null;
  const column = fieldsOf(argument);
  const parts = [identifierName(column['table']), identifierName(column['name'])].filter(
    (part) => part !== null,
  );
  return kindOf(argument) === 'column' ? parts.join('.') : null;
}
