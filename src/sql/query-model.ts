import { FromBuilder, columnNames } from './from-model.ts';
import {
  answersTo,
  emptyScope,
  isStar,
  renamed,
  type BuildQuery,
  type CteModel,
  type KnownTable,
  type Modeler,
  type Output,
  type QueryModel,
  type Scope,
} from './model.ts';
import { asFields, asList, fieldsOf, identifierName, isSetOperation, kindOf, unwrap } from './tree.ts';

/** @param knownTables - decides where bare columns belong */
export function createModeler(knownTables: readonly KnownTable[]): Modeler {
  const models = new Map<unknown, QueryModel>();
  const query = (node: unknown, parent: Scope | null): QueryModel => {
    const known = models.get(node);
    if (known !== undefined) return known;
    const model = buildQuery(node, parent, query, knownTables);
    models.set(node, model);
    return model;
  };
  return { query, opened: new Map() };
}

function buildQuery(
  value: unknown,
  parent: Scope | null,
  query: BuildQuery,
  knownTables: readonly KnownTable[],
): QueryModel {
  const fields = fieldsOf(value);
  const depth = (parent?.depth ?? 0) + 1;
  const ctes = new Map(parent?.ctes ?? []);
  const own: CteModel[] = [];
  const withFields = asFields(fields['with']);
  for (const definition of asList(withFields['ctes'])) {
    const cte = buildCte(
      asFields(definition),
      `cte${depth}_${own.length + 1}`,
      withFields['recursive'] === true,
      { parent, depth, ctes },
      query,
    );
    own.push(cte);
    ctes.set(cte.name, cte);
  }
  const scope = emptyScope(parent, depth, ctes);
  const base = { node: value, scope, ctes: own, joins: [] };

  if (isSetOperation(value)) {
    const branchParent = emptyScope(parent, depth - 1, ctes);
    const inner = [query(fields['left'], branchParent), query(fields['right'], branchParent)];
    return { ...base, kind: 'set', inner, outputs: once(() => mergeBranches(inner)) };
  }
  if (kindOf(value) === 'subquery') {
    const branchParent = emptyScope(parent, depth - 1, ctes);
    const inner = query(fields['this'], branchParent);
    return {
      ...base,
      kind: 'wrapped',
      inner: [inner],
      outputs: () => renamed(inner.outputs(), columnNames(fields)),
    };
  }
  if (kindOf(value) !== 'select') return { ...base, kind: 'other', inner: [], outputs: () => [] };

  const builder = new FromBuilder(scope, query, knownTables);
  builder.addFrom(fields);
  for (const item of asList(fields['expressions'])) {
    const alias = kindOf(item) === 'alias' ? identifierName(fieldsOf(item)['alias']) : null;
    if (alias !== null) scope.aliases.set(alias, fieldsOf(item)['this']);
  }
  return {
    ...base,
    joins: builder.joins,
    kind: 'select',
    inner: [],
    outputs: once(() => selectOutputs(fields, scope)),
  };
}

interface CtePlace {
  readonly parent: Scope | null;
  readonly depth: number;
  readonly ctes: ReadonlyMap<string, CteModel>;
}

/** A CTE sees the ones before it, and itself when it is recursive. */
function buildCte(
  definition: Readonly<Record<string, unknown>>,
  label: string,
  recursive: boolean,
  place: CtePlace,
  query: BuildQuery,
): CteModel {
  const name = identifierName(definition['alias']) ?? label;
  const visible = new Map(place.ctes);
  const body = emptyScope(place.parent, place.depth, visible);
  const columns = asList(definition['columns']).map((column) => identifierName(column) ?? '');
  const model: () => QueryModel = once(() => query(definition['this'], body));
  const cte: CteModel = {
    name,
    label,
    get query() {
      return model();
    },
    outputs: once(() => {
      const whole = model();
      // The recursive branch is made of the first one: reading it would never end.
      const source = recursive && whole.kind === 'set' ? whole.inner[0] : whole;
      return renamed(source?.outputs() ?? [], columns);
    }),
  };
  if (recursive) visible.set(name, cte);
  return cte;
}

function selectOutputs(fields: Readonly<Record<string, unknown>>, scope: Scope): Output[] {
  return asList(fields['expressions']).map((item): Output => {
    const kind = kindOf(item);
    const inner = fieldsOf(item);
    if (kind === 'star') {
      const qualifier = identifierName(inner['table']);
      const sources =
        qualifier === null ? scope.sources : scope.sources.filter((source) => answersTo(source, [qualifier]));
      return {
        sources,
        except: new Set(asList(inner['except']).map((column) => identifierName(column) ?? '')),
      };
    }
    const node = kind === 'alias' ? inner['this'] : item;
    return {
      name: kind === 'alias' ? identifierName(inner['alias']) : naturalName(node),
      branches: [{ node, scope }],
      known: {},
    };
  });
}

/** The name a column gets without an alias: that of the column itself. */
function naturalName(value: unknown): string | null {
  const node = unwrap(value);
  if (kindOf(node) === 'column') return identifierName(fieldsOf(node)['name']);
  if (kindOf(node) === 'dot') return identifierName(fieldsOf(node)['field']);
  return null;
}

/** Columns of a set operation have the names of the first branch. */
function mergeBranches(branches: readonly QueryModel[]): Output[] {
  const [first, ...rest] = branches.map((branch) => branch.outputs());
  if (first === undefined) return [];
  return first.map((output, index) => {
    if (isStar(output)) return output;
    const others = rest.flatMap((outputs) => {
      const other = outputs[index];
      return other === undefined || isStar(other) || outputs.slice(0, index).some(isStar)
        ? []
        : other.branches;
    });
    return { name: output.name, branches: [...output.branches, ...others], known: {} };
  });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
