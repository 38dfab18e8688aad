import { nameParts } from '../core/index.ts';
import { plainName } from './canonical-text.ts';
import {
  emptyScope,
  renamed,
  type BuildQuery,
  type JoinModel,
  type KnownTable,
  type Output,
  type QueryModel,
  type Scope,
  type Source,
} from './model.ts';
import { asFields, asList, fieldsOf, identifierName, kindOf, unwrap, scalarText } from './tree.ts';
import { GENERATORS } from './vocabulary.ts';

/** The column names in `AS t(a, b)`. */
export const columnNames = (fields: Readonly<Record<string, unknown>>): string[] =>
  asList(fields['column_aliases']).map((column) => identifierName(column) ?? '');

/** Reads FROM, JOIN and LATERAL VIEW into the sources of a scope. */
export class FromBuilder {
  readonly joins: JoinModel[] = [];
  readonly #scope: Scope;
  readonly #query: BuildQuery;
  readonly #knownTables: readonly KnownTable[];

  constructor(scope: Scope, query: BuildQuery, knownTables: readonly KnownTable[]) {
    this.#scope = scope;
    this.#query = query;
    this.#knownTables = knownTables;
  }

  addFrom(fields: Readonly<Record<string, unknown>>): void {
    for (const [index, item] of asList(asFields(fields['from'])['expressions']).entries()) {
      const earlier = [...this.#scope.sources];
      const source = this.#addItem(item);
      if (index > 0)
        this.joins.push({ node: item, kind: 'Implicit', right: source, earlier, on: null, using: [] });
    }
    this.#addJoins(fields['joins']);
    for (const view of asList(fields['lateral_views'])) {
      const lateral = asFields(view);
      const alias = identifierName(lateral['table_alias']);
      const source = this.#add({
        kind: 'generator',
        alias,
        node: lateral['this'],
        outputs: this.#generated(lateral['this'], columnNames(lateral)),
      });
      this.#scope.items.set(lateral['this'], source);
    }
  }

  #addJoins(joins: unknown): void {
    for (const join of asList(joins)) {
      const fields = asFields(join);
      const earlier = [...this.#scope.sources];
      const right = this.#addItem(fields['this']);
      const using = asList(fields['using']).map((column) => identifierName(column) ?? '');
      this.joins.push({
        node: join,
        kind: scalarText(fields['kind']),
        right,
        earlier,
        on: fields['on'] ?? null,
        using,
      });
    }
  }

  #addItem(value: unknown, alias: string | null = null, columns: readonly string[] = []): Source {
    const source = this.#readItem(value, alias, columns);
    this.#scope.items.set(value, source);
    return source;
  }

  #readItem(value: unknown, givenAlias: string | null, givenColumns: readonly string[]): Source {
    const item = unwrap(value);
    const fields = fieldsOf(item);
    const alias = givenAlias ?? identifierName(fields['alias']);
    const columns = givenColumns.length > 0 ? givenColumns : columnNames(fields);
    switch (kindOf(item) ?? '') {
      case 'table':
        return this.#addTable(item, fields, alias, columns);
      case 'alias':
      case 'lateral':
        return this.#addItem(fields['this'], alias, columns);
      case 'joined_table': {
        const first = this.#addItem(fields['left']);
        this.#addJoins(fields['joins']);
        return first;
      }
      case 'subquery': {
        const lateral = fields['lateral'] === true;
        return this.#addDerived(item, lateral ? this.#scope : this.#outer(), alias, columns);
      }
      case 'select':
      case 'union':
      case 'intersect':
      case 'except':
        return this.#addDerived(item, this.#scope, alias, columns);
      case 'function':
        return this.#addFunction(item, fields, alias, columns);
      case 'pivot':
        return this.#addPivot(item, fields, alias);
      case 'unpivot':
        return this.#addUnpivot(item, fields, alias);
      default:
        return this.#add({ kind: 'generator', alias, node: item, outputs: this.#generated(item, columns) });
    }
  }

  #addDerived(item: unknown, scope: Scope, alias: string | null, columns: readonly string[]): Source {
    const query = this.#query(item, scope);
    return this.#add({
      kind: 'derived',
      alias,
      node: item,
      query,
      outputs: () => renamed(query.outputs(), columns),
    });
  }

  /** What a subquery in FROM may see: the CTEs and the outer query, not its neighbours. */
  #outer(): Scope {
    const { parent, depth, ctes } = this.#scope;
    return emptyScope(parent, depth - 1, ctes);
  }

  #addTable(
    item: unknown,
    fields: Readonly<Record<string, unknown>>,
    alias: string | null,
    columns: readonly string[],
  ): Source {
    const parts = ['catalog', 'schema', 'name']
      .map((part) => identifierName(fields[part]))
      .filter((part) => part !== null);
    const cte = parts.length === 1 ? this.#scope.ctes.get(parts[0] ?? '') : undefined;
    if (cte !== undefined) {
      return this.#add({
        kind: 'derived',
        alias: alias ?? cte.name,
        node: item,
        cte,
        outputs: () => renamed(cte.outputs(), columns),
      });
    }
    const name = parts.join('.');
    return this.#add({
      kind: 'table',
      name,
      alias,
      node: item,
      columns: this.#knownColumns(name),
      renames: columns,
    });
  }

  #knownColumns(name: string): ReadonlySet<string> | null {
    const table = this.#knownTables.find((known) => {
      const key = nameParts(known.name).join('.').toLowerCase();
      return key === name || key.endsWith(`.${name}`) || name.endsWith(`.${key}`);
    });
    return table === undefined ? null : new Set(table.columns.map((column) => column.toLowerCase()));
  }

  #addFunction(
    item: unknown,
    fields: Readonly<Record<string, unknown>>,
    alias: string | null,
    columns: readonly string[],
  ): Source {
    const name = nameParts(scalarText(fields['name'])).join('.').toLowerCase();
    const [first] = asList(fields['args']);
    if ((name === 'table' || name === 'stream') && first !== undefined) {
      return kindOf(first) === 'column'
        ? this.#addTable(item, tableFields(first), alias, columns)
        : this.#addItem(first, alias, columns);
    }
    if (name === 'identifier' && kindOf(first) === 'literal') {
      const parts = nameParts(scalarText(fieldsOf(first)['value']));
      const table = { name: parts.at(-1), schema: parts.at(-2), catalog: parts.at(-3) };
      return this.#addTable(item, table, alias, columns);
    }
    if (GENERATORS.has(name))
      return this.#add({ kind: 'generator', alias, node: item, outputs: this.#generated(item, columns) });
    return this.#add({ kind: 'function', name, alias, node: item, renames: columns });
  }

  #inputs(): Scope {
    return { ...this.#scope, sources: [...this.#scope.sources], aliases: new Map() };
  }

  /** Columns of `explode(…)` come from its argument. */
  #generated(item: unknown, columns: readonly string[]): Source['outputs'] {
    const names = columns.length > 0 ? columns : ['col', 'pos'];
    const constant = kindOf(item) === 'values';
    const branches = constant ? [] : [{ node: item, scope: this.#inputs() }];
    return () => names.map((name) => ({ name, branches, known: {} }));
  }

  #addPivot(item: unknown, fields: Readonly<Record<string, unknown>>, alias: string | null): Source {
    const inner = this.#hidden(fields['this']);
    const aggregates = asList(fields['expressions']);
    const values = asList(fields['fields']).flatMap((field) => asList(fieldsOf(field)['expressions']));
    const outputs = values.flatMap((value) =>
      aggregates.flatMap((aggregate): Output[] => {
        const named = kindOf(aggregate) === 'alias';
        const node = named ? fieldsOf(aggregate)['this'] : aggregate;
        const suffix = named ? identifierName(fieldsOf(aggregate)['alias']) : null;
        const name = pivotName(value);
        const full = aggregates.length > 1 && suffix !== null ? `${name}_${suffix}` : name;
        return [{ name: full, branches: [{ node, scope: inner.scope }], known: {} }];
      }),
    );
    return this.#add({
      kind: 'derived',
      alias,
      node: item,
      query: inner.query,
      outputs: () => [...outputs, { sources: inner.scope.sources, except: new Set() }],
    });
  }

  #addUnpivot(item: unknown, fields: Readonly<Record<string, unknown>>, alias: string | null): Source {
    const inner = this.#hidden(fields['this']);
    const columns = asList(fields['columns']).map((column) =>
      kindOf(column) === 'pivot_alias' ? fieldsOf(column)['this'] : column,
    );
    const branches = columns.map((node) => ({ node, scope: inner.scope }));
    const values = [fields['value_column'], ...asList(fields['extra_value_columns'])].map((column) =>
      identifierName(column),
    );
    const outputs: Output[] = [
      ...values.map((name) => ({ name, branches, known: {} })),
      { name: identifierName(fields['name_column']), branches: [], known: {} },
      { sources: inner.scope.sources, except: new Set() },
    ];
    return this.#add({ kind: 'derived', alias, node: item, query: inner.query, outputs: () => outputs });
  }

  /** The source that PIVOT or UNPIVOT turns: only its outcome is visible to the query. */
  #hidden(value: unknown): { readonly scope: Scope; readonly query: QueryModel } {
    const scope = emptyScope(this.#scope.parent, this.#scope.depth + 1, this.#scope.ctes);
    const builder = new FromBuilder(scope, this.#query, this.#knownTables);
    builder.#addItem(value);
    const query: QueryModel = {
      kind: 'other',
      node: value,
      scope,
      ctes: [],
      joins: builder.joins,
      inner: [],
      outputs: () => [],
    };
    return { scope, query };
  }

  #add(source: Partial<Source> & Pick<Source, 'kind' | 'alias' | 'node'>): Source {
    const parts = source.name?.split('.').map(plainName) ?? [];
    const short = parts.at(-1) ?? null;
    const base = short ?? source.cte?.label ?? `sub${this.#scope.depth}_${this.#scope.sources.length + 1}`;
    const full = parts.length > 0 ? parts.join('.') : base;
    const twins = this.#scope.sources.filter((other) => other.label.split('#')[0] === base).length;
    const mark = twins === 0 ? '' : `#${twins + 1}`;
    const complete: Source = {
      name: null,
      columns: null,
      renames: [],
      outputs: () => null,
      query: null,
      cte: null,
      label: base + mark,
      fullLabel: full + mark,
      inputs: this.#inputs(),
      ...source,
    };
    this.#scope.sources.push(complete);
    return complete;
  }
}

/** The name that a value in `FOR x IN (…)` gives its column. */
function pivotName(value: unknown): string {
  if (kindOf(value) === 'pivot_alias') return pivotName(fieldsOf(value)['alias']);
  const fields = fieldsOf(value);
  return identifierName(fields['name']) ?? scalarText(fields['value'] ?? '').toLowerCase();
}

/** `TABLE(c.s.t)` gives a column reference that is a table. */
function tableFields(column: unknown): Readonly<Record<string, unknown>> {
  const { name, table } = fieldsOf(column);
  return { name, schema: table };
}
