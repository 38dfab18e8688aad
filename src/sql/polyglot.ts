import type * as Sdk from '@polyglot-sql/sdk';
import { messageOf } from '../core/index.ts';
import { kindOf, type SqlTree } from './tree.ts';

/** What the parser made of a text: trees, one per statement, or why there are none. */
export type ParseOutcome =
  | { readonly ok: true; readonly statements: readonly SqlTree[] }
  | { readonly ok: false; readonly reason: string };

export type GenerateOutcome =
  { readonly ok: true; readonly sql: string } | { readonly ok: false; readonly reason: string };

/** Dialects that the library reads or writes. */
export type SqlDialect = 'databricks' | 'duckdb';

/** The parser is 24 MB and takes up to 0.4 s to import: loaded once, on first use. */
let sdk: Promise<typeof Sdk> | undefined;

const loadSdk = (): Promise<typeof Sdk> => (sdk ??= import('@polyglot-sql/sdk'));

/** Statement kinds that a tree may begin with; a bare expression means that the text is no statement. */
const STATEMENT_KIND =
  /^(select|union|intersect|except|subquery|values|with|insert|update|delete|merge|show|describe|use|set|truncate|command|pragma|explain|cache|uncache|refresh|create_.*|alter_.*|drop_.*|comment|grant|revoke)$/;

/**
 * Parses a text without any guard; prefer `analyzeSql`, which refuses what would hang the parser.
 *
 * Never throws: a parser that cannot be loaded is a reason like any other.
 */
export async function parseSql(sql: string, dialect: SqlDialect = 'databricks'): Promise<ParseOutcome> {
  try {
    const { parse } = await loadSdk();
    const result: { success: boolean; ast?: unknown; error?: string | null } = parse(
      sql,
      dialect as Parameters<typeof parse>[1],
    );
    if (!result.success || !Array.isArray(result.ast))
      return { ok: false, reason: `parse error: ${result.error ?? 'no tree'}` };
    const statements = result.ast as SqlTree[];
    const odd = statements.find((statement) => !STATEMENT_KIND.test(kindOf(statement) ?? ''));
    return odd === undefined
      ? { ok: true, statements }
      : { ok: false, reason: `parse error: the text is no statement but a ${kindOf(odd) ?? 'fragment'}` };
  } catch (error) {
    return { ok: false, reason: `parser unavailable: ${messageOf(error)}` };
  }
}

/** Writes a tree as text. Databricks output is for people: it may differ in meaning and is never sent to a warehouse. */
export async function generateSql(tree: SqlTree, dialect: SqlDialect): Promise<GenerateOutcome> {
  try {
    const { generate } = await loadSdk();
    const result: { success: boolean; sql?: string[] | null; error?: string | null } = generate(
      [tree],
      dialect as Parameters<typeof generate>[1],
    );
    const sql = result.sql?.[0];
    return result.success && sql !== undefined
      ? { ok: true, sql }
      : { ok: false, reason: `generate error: ${result.error ?? 'no text'}` };
  } catch (error) {
    return { ok: false, reason: `parser unavailable: ${messageOf(error)}` };
  }
}
