import { md5 } from '../core/index.ts';
import { canonicalText } from './canonical-text.ts';
import type { KnownTable } from './model.ts';
import type { NormalLevel } from './normalize.ts';
import { parseStatement } from './parse-statement.ts';
import { createModeler } from './query-model.ts';
import { contextFor, renderQueryModel } from './render-query.ts';
import { textOf } from './render-context.ts';
import { isQuery } from './tree.ts';

/** How much two statements may differ and still be equal: see spec/sql-and-duckdb.md §2. */
export type CanonicalLevel = NormalLevel;

export interface CanonicalSql {
  /** The canonical statement; for comparing and for people, never for a warehouse. */
  readonly text: string;
  /** MD5 of level, engine and `text`, 32 hex characters. */
  readonly hash: string;
  readonly engine: 'ast' | 'lexical';
  readonly degradedReason: string | null;
}

/**
 * The form that all equal spellings of a statement share.
 *
 * Never throws: what cannot be parsed gets its lexical text, and compares with its like only.
 * @param level - `struct` by default, the one repeatability uses
 * @param options.tables - decides where bare columns of a join belong; without it they stay bare
 */
export async function canonicalSql(
  sql: string,
  level: CanonicalLevel = 'struct',
  options: { readonly tables?: readonly KnownTable[] | undefined } = {},
): Promise<CanonicalSql> {
  const parsed = await parseStatement(sql);
  if (!parsed.ok) return finish(canonicalText(sql), level, 'lexical', parsed.reason);
  const modeler = createModeler(options.tables ?? []);
  const model = modeler.query(parsed.tree, null);
  const text = isQuery(parsed.tree)
    ? renderQueryModel(model, level, modeler)
    : textOf(parsed.tree, contextFor(model.scope, level, modeler));
  return finish(text, level, 'ast', null);
}

const finish = (
  text: string,
  level: CanonicalLevel,
  engine: CanonicalSql['engine'],
  degradedReason: string | null,
): CanonicalSql => ({
  text,
  hash: md5(`${level}:${engine}:${text}`),
  engine,
  degradedReason,
});
