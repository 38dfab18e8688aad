import type { MetricView } from '../../patch-dsl/index.ts';
import { lexSql } from '../../sql/index.ts';
import type { Schema, SchemaTable } from '../schema.ts';
import type { GeneratorContext } from './draft.ts';
import { viewOf } from './view-definition.ts';

/**
 * Whether a table has dates that a question could mix up.
 *
 * Members of a metric view cut from one column (the day, its month, its year) are one date in several sizes.
 */
export function hasRivalDates(
  table: SchemaTable,
  { schema, catalog }: Pick<GeneratorContext, 'schema' | 'catalog'>,
): boolean {
  const dates = [...table.columns.values()].filter((column) => /^(?:DATE|TIMESTAMP)/.test(column.type));
  if (dates.length < 2) return false;
  const view = table.kind === 'metric_view' ? viewOf(table, catalog) : null;
  const origins = view === null ? new Map<string, string>() : originsOf(view, schema);
  const cutFrom = dates.map(({ name }) => origins.get(name.toLowerCase()) ?? name.toLowerCase());
  return new Set(cutFrom).size > 1;
}

/** By dimension, the columns that its expression reads. */
function originsOf(view: MetricView, schema: Schema): Map<string, string> {
  const { source, joins } = view.root;
  const aliases = new Map<string, SchemaTable | null>([
    ['source', schema.table(typeof source === 'string' ? source : null)],
  ]);
  for (const join of Array.isArray(joins) ? (joins as readonly Record<string, unknown>[]) : [])
    if (typeof join['name'] === 'string' && typeof join['source'] === 'string')
      aliases.set(join['name'].toLowerCase(), schema.table(join['source']));
  return new Map(
    view.dimensions.flatMap(({ name, expr }): [string, string][] => {
      const columns = columnsOf(String(expr), aliases);
      return columns.length === 0 ? [] : [[String(name).toLowerCase(), columns.join(' ')]];
    }),
  );
}

/** `alias.column` of each column that an expression reads, sorted; words that no joined table has are none. */
function columnsOf(expr: string, aliases: ReadonlyMap<string, SchemaTable | null>): string[] {
  const tokens = lexSql(expr).filter(({ kind }) => kind !== 'comment');
  const plain = tokens.map(({ text }) => text.replaceAll('`', '').toLowerCase());
  const found = plain.flatMap((text, at) => {
    if (plain[at + 1] === '(' || plain[at + 1] === '.' || tokens[at]?.kind === 'string') return [];
    const alias = plain[at - 1] === '.' ? (plain[at - 2] ?? '') : 'source';
    return aliases.get(alias)?.columns.has(text) === true ? [`${alias}.${text}`] : [];
  });
  return [...new Set(found)].sort();
}
