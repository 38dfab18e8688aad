import type { SqlFacts } from '../../src/sql/index.ts';

/** What must be found in a statement; absent keys are not looked at, lists are complete. */
export interface ExpectedFacts {
  /** `name`, or `name(arg, name => arg)` for a function. */
  readonly tables?: readonly string[];
  /** `table.column@clause`, each of them among those found. */
  readonly columns?: readonly string[];
  /** `type left right a.x=b.y & …`. */
  readonly joins?: readonly string[];
  /** `clause operator [literals] text`, with ` temporal` behind the clause. */
  readonly predicates?: readonly string[];
  /** `function(argument)`, DISTINCT and OVER written out. */
  readonly aggregates?: readonly string[];
  /** Canonical texts, aliases behind ` as `, `*` in front of aggregated ones. */
  readonly projections?: readonly string[];
  readonly groupBy?: readonly string[];
  /** `text` or `text desc`. */
  readonly orderBy?: readonly string[];
  readonly limit?: number | null;
  readonly distinct?: boolean;
  readonly functions?: readonly string[];
  readonly measures?: readonly string[];
  readonly ctes?: readonly string[];
  readonly setOperation?: boolean;
}

export interface CorpusEntry {
  readonly name: string;
  readonly sql: string;
  readonly facts: ExpectedFacts;
}

/** Facts in the notation of {@link ExpectedFacts}. */
export function describeFacts(facts: SqlFacts): Required<ExpectedFacts> {
  const column = (ref: { table: string | null; column: string }): string =>
    `${ref.table ?? '?'}.${ref.column}`;
  return {
    tables: facts.tables.map((use) => {
      const args = use.args.map((arg) => (arg.name === null ? arg.text : `${arg.name} => ${arg.text}`));
      return use.kind === 'function' ? `${use.name}(${args.join(', ')})` : use.name;
    }),
    columns: facts.columns.map((use) => `${column(use)}@${use.clause}`),
    joins: facts.joins.map((join) =>
      [
        join.type,
        join.left ?? '?',
        join.right ?? '?',
        join.pairs.map((pair) => pair.map(column).join('=')).join(' & '),
      ]
        .join(' ')
        .trim(),
    ),
    predicates: facts.predicates.map(
      (fact) =>
        `${fact.clause}${fact.temporal ? ' temporal' : ''} ${fact.operator} [${fact.literals.join(', ')}] ${fact.text}`,
    ),
    aggregates: facts.aggregates.map(
      (fact) =>
        `${fact.function}(${fact.distinct ? 'distinct ' : ''}${fact.argument})${fact.windowed === true ? ' over' : ''}`,
    ),
    projections: facts.projections.map(
      (fact) => `${fact.aggregated ? '*' : ''}${fact.text}${fact.alias === null ? '' : ` as ${fact.alias}`}`,
    ),
    groupBy: facts.groupBy.map((fact) => fact.text),
    orderBy: facts.orderBy.map((fact) => `${fact.text}${fact.descending ? ' desc' : ''}`),
    limit: facts.limit,
    distinct: facts.distinct,
    functions: facts.functions,
    measures: facts.measures,
    ctes: facts.ctes,
    setOperation: facts.setOperation,
  };
}
