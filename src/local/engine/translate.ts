import type { StatementParameter } from '../../ports/index.ts';
import { generateSql } from '../../sql/index.ts';
import type { CatalogModel, NameScope } from '../catalog/catalog-model.ts';
import { nameColumns } from './column-names.ts';
import { expandQuery } from './expand-relations.ts';
import { expandScalarCalls } from './expand-functions.ts';
import type { Expansion } from './expansion.ts';
import { expandForms } from './generators.ts';
import { parseDatabricks } from './prepare-text.ts';
import { EMPTY_SCOPE } from './relation-scope.ts';
import type { ScopedRelation } from './relation-scope.ts';
import { DatabricksSqlError, engineLimit } from './sql-error.ts';
import { fixTree } from './tree-fixes.ts';
import { copyTree, mapTree, nullLiteral, partsOf, stringLiteral } from './tree.ts';
import type { Node } from './tree.ts';
import { castNode } from './type-nodes.ts';

export interface Translation {
  /** What DuckDB runs. */
  readonly sql: string;
  /** The relations of the statement, for suggestions in messages. */
  readonly seen: readonly ScopedRelation[];
  readonly usesInformationSchema: boolean;
}

export interface TranslationContext {
  readonly model: CatalogModel;
  readonly names: NameScope;
}

/** Turns one Databricks query into DuckDB SQL. @throws {DatabricksSqlError} */
export async function translateQuery(
  sql: string,
  context: TranslationContext,
  parameters: readonly StatementParameter[] = [],
): Promise<Translation> {
  return translateTree(await parseDatabricks(sql), context, parameters);
}

/** The same for a tree that has been parsed already; the tree is not changed. */
export async function translateTree(
  tree: Node,
  context: TranslationContext,
  parameters: readonly StatementParameter[] = [],
): Promise<Translation> {
  const bound = expandForms(bindParameters(copyTree(tree), parameters), context.names);
  nameColumns(bound);
  const expansion: Expansion = {
    ...context,
    seen: [],
    usage: { informationSchema: false },
    expand: expandQuery,
  };
  expandQuery(bound, EMPTY_SCOPE, expansion);
  const fixed = fixTree(expandScalarCalls(bound, expansion)) as Node;
  const outcome = await generateSql(fixed, 'duckdb');
  if (!outcome.ok) throw engineLimit(`This statement (${outcome.reason})`);
  return { sql: outcome.sql, seen: expansion.seen, usesInformationSchema: expansion.usage.informationSchema };
}

/** Puts literals in place of `:name` markers; a parameter without a type is a STRING. */
function bindParameters(tree: Node, parameters: readonly StatementParameter[]): Node {
  const values = new Map(parameters.map((parameter) => [parameter.name.toLowerCase(), parameter]));
  return mapTree(tree, (node) => {
    const marker = partsOf(node, 'parameter') ?? partsOf(node, 'placeholder');
    if (marker === null || typeof marker['name'] !== 'string') return node;
    const parameter = values.get(marker['name'].toLowerCase());
    if (parameter === undefined) {
      throw new DatabricksSqlError(
        'UNBOUND_SQL_PARAMETER',
        '42P02',
        `Found the unbound parameter: ${marker['name']}. Please, fix \`args\` and provide a mapping of the parameter to either a SQL literal or collection constructor functions such as \`map()\`, \`array()\`, \`struct()\`.`,
      );
    }
    const type = parameter.type ?? 'STRING';
    if (parameter.value === null) return castNode(nullLiteral(), type);
    return type.toUpperCase() === 'STRING'
      ? stringLiteral(parameter.value)
      : castNode(stringLiteral(parameter.value), type);
  }) as Node;
}
