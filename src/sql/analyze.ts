import type { SqlFacts } from './facts.ts';
import { FactCollector } from './fact-collector.ts';
import { calledFunctions, lexicalFacts, measureNames } from './lexical-facts.ts';
import { lexSql, significantTokens } from './lexer.ts';
import type { KnownTable } from './model.ts';
import { parseStatement } from './parse-statement.ts';
import { createModeler } from './query-model.ts';
import { outermostFacts } from './outermost-facts.ts';
import { isQuery, kindOf } from './tree.ts';

/** Facts by statement and schema; owned by the caller, who decides how long it lives. */
export type SqlFactsCache = Map<string, SqlFacts>;

export interface AnalyzeOptions {
  /** Decides to which table a bare column belongs when several are joined. */
  readonly tables?: readonly KnownTable[] | undefined;
  /** Stands for `tables` in the keys of the cache; without it they are written out for every statement. */
  readonly tablesKey?: string | undefined;
  readonly cache?: SqlFactsCache | undefined;
}

/**
 * What the first statement of a text does, read from its syntax tree.
 *
 * Never throws: a statement that cannot be parsed, is no query, or is too large for the parser gives
 * {@link lexicalFacts} with the reason.
 */
export async function analyzeSql(sql: string, options: AnalyzeOptions = {}): Promise<SqlFacts> {
  const { tables = [], tablesKey, cache } = options;
  const key = cache === undefined ? '' : JSON.stringify([sql, tablesKey ?? tables]);
  const known = cache?.get(key);
  if (known !== undefined) return known;
  const facts = await readFacts(sql, tables);
  cache?.set(key, facts);
  return facts;
}

async function readFacts(sql: string, tables: readonly KnownTable[]): Promise<SqlFacts> {
  const parsed = await parseStatement(sql);
  if (!parsed.ok) return lexicalFacts(sql, parsed.reason);
  if (!isQuery(parsed.tree))
    return lexicalFacts(sql, `no query but ${kindOf(parsed.tree) ?? 'nothing'}: only queries have facts`);
  const tokens = significantTokens(lexSql(parsed.sql));
  const modeler = createModeler(tables);
  const model = modeler.query(parsed.tree, null);
  const collector = new FactCollector(parsed.sql, parsed.tree, modeler);
  collector.addQuery(model);
  return {
    sql,
    engine: 'ast',
    degradedReason: null,
    ...collector.facts(),
    ...outermostFacts(model, modeler, collector.sources),
    functions: calledFunctions(tokens),
    measures: measureNames(tokens),
  };
}
