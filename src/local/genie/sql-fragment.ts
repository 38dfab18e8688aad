import { nameParts, quoteIdentifier } from '../../core/index.ts';
import type { Asset } from './model.ts';
import type { Schema } from './schema.ts';

/** A piece of SQL from the space, its columns qualified by node aliases. */
export interface Fragment {
  readonly sql: string;
  /** Node aliases it needs in FROM, in order of first use. */
  readonly nodes: readonly string[];
}

const PIECE =
  /'(?:[^'\\]|\\.|'')*'|(?:`[^`]+`|[A-Za-z_]\w*)(?:\s*\.\s*(?:`[^`]+`|[A-Za-z_]\w*))*(?=(\s*[('])?)/g;

/**
 * Qualifies every column of `sql` that the schema knows; other words stay as they are.
 *
 * @returns `nodes: []` when nothing in it is a column of the space
 */
export function readFragment(sql: string, schema: Schema, preferred: readonly string[] = []): Fragment {
  const text = sql.trim().replace(/;$/, '');
  const nodes = new Set<string>();
  for (const piece of text.matchAll(PIECE)) {
    const parts = nameParts(piece[0]);
    if (parts.length < 2 || piece[0].startsWith("'")) continue;
    const node = nodeOf(parts, schema);
    if (node !== null) nodes.add(node);
  }
  const rewritten = text.replaceAll(PIECE, (piece, next: string | undefined) => {
    if (piece.startsWith("'")) return piece;
    const parts = nameParts(piece);
    const column = parts.at(-1) ?? '';
    if (parts.length > 1) {
      const node = nodeOf(parts, schema);
      return node === null ? piece : `${identifier(node)}.${identifier(column)}`;
    }
    if (next !== undefined) return piece;
    const owner = ownerOf(column, schema, [...nodes, ...preferred]);
    if (owner === null) return piece;
    nodes.add(owner);
    return `${identifier(owner)}.${identifier(column)}`;
  });
  return { sql: rewritten, nodes: [...nodes] };
}

function nodeOf(parts: readonly string[], schema: Schema): string | null {
  const qualifier = parts.slice(0, -1).join('.').toLowerCase();
  const column = parts.at(-1) ?? '';
  if (parts.length === 2 && schema.nodes.has(qualifier)) return qualifier;
  const asset = schema.asset(qualifier);
  return asset !== undefined && schema.column(asset, column) !== undefined ? asset.alias : null;
}

function ownerOf(column: string, schema: Schema, preferred: readonly string[]): string | null {
  const owners = schema.owners(column);
  const near = preferred.find((node) => owners.some((asset: Asset) => schema.nodes.get(node) === asset));
  return near ?? owners[0]?.alias ?? null;
}

/** Backticks only where they are needed, as Genie writes names. */
export const identifier = (name: string): string =>
  /^[A-Za-z_]\w*$/.test(name) && !RESERVED.has(name.toLowerCase()) ? name : quoteIdentifier(name);

const RESERVED = new Set(
  'select from where group order by having limit join on and or not in is null case when then else end as distinct union all with'.split(
    ' ',
  ),
);

/** `catalog.schema.object` for FROM. */
export const qualifiedName = (name: string): string => nameParts(name).map(identifier).join('.');

const OPERATOR =
  /(?:<=|>=|<>|!=|=|<|>|\bin\s*\(|\bnot in\s*\(|\blike\b|\bilike\b|\brlike\b|\bis\s+(?:not\s+)?(?:null|true|false)\b|\bbetween\b)/i;

/** Whether a text reads as a SQL condition. */
export const isPredicate = (text: string): boolean => OPERATOR.test(text);

/** Whether a text reads as an aggregate expression. */
export const isAggregate = (text: string): boolean =>
  /\b(?:sum|avg|count|min|max|median|measure|stddev|variance|percentile|approx_count_distinct|count_if|try_divide|any_value|mean)\s*\(/i.test(
    text,
  );
