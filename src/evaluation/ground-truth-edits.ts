import {
  editDistance,
  nameKey,
  nameParts,
  nearestName,
  quoteIdentifier,
  quoteLiteral,
} from '../core/index.ts';
import { lexSql, significantTokens, type Token } from '../sql/index.ts';

/** Tokens that say something. */
const tokensOf = (sql: string): Token[] => significantTokens(lexSql(sql));

const isNamePart = ({ kind }: Token): boolean => kind === 'word' || kind === 'quoted' || kind === 'template';

/** Lower case, without backticks. */
const nameOf = ({ text }: Token): string => text.replaceAll('`', '').toLowerCase();

/** The statement with every use of a column name replaced; names of functions and of tables in chains stay. */
export function renameColumn(sql: string, from: string, to: string): string {
  const tokens = tokensOf(sql);
  return spliced(
    sql,
    tokens.flatMap((token, at) => {
      const next = tokens[at + 1]?.text;
      const isColumn =
        (token.kind === 'word' || token.kind === 'quoted') &&
        nameOf(token) === from.toLowerCase() &&
        next !== '(' &&
        next !== '.';
      return isColumn ? [{ from: token.start, to: token.end, text: spelled(to) }] : [];
    }),
  );
}

/** The statement with every chain that means this object replaced by another full name; columns behind it stay. */
export function renameObject(
  sql: string,
  from: string,
  to: string,
  resolved: (chain: string) => string,
): string {
  const tokens = tokensOf(sql);
  const wanted = nameParts(from).map((part) => part.toLowerCase());
  const splices: Splice[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const first = tokens[at];
    if (first === undefined || !isNamePart(first) || tokens[at - 1]?.text === '.') continue;
    let end = at;
    for (let part = 1; part < wanted.length; part += 1) {
      const dot = tokens[end + 1];
      const next = tokens[end + 2];
      if (dot?.text !== '.' || next === undefined || !isNamePart(next)) break;
      end += 2;
    }
    const last = tokens[end] ?? first;
    const chain = resolved(sql.slice(first.start, last.end));
    if (nameKey(chain) === wanted.join('.'))
      splices.push({ from: first.start, to: last.end, text: nameParts(to).map(spelled).join('.') });
  }
  return spliced(sql, splices);
}

/** The statement with an ORDER BY over all columns in front of its last LIMIT; `null` when there is no LIMIT at the outside. */
export function addOrder(sql: string, columns: number): string | null {
  let depth = 0;
  let limit: Token | null = null;
  for (const token of tokensOf(sql)) {
    if (token.text === '(') depth += 1;
    else if (token.text === ')') depth -= 1;
    else if (depth === 0 && token.kind === 'word' && token.text.toUpperCase() === 'LIMIT') limit = token;
  }
  if (limit === null) return null;
  const order = `ORDER BY ${Array.from({ length: columns }, (_, at) => at + 1).join(', ')}\n`;
  return spliced(sql, [{ from: limit.start, to: limit.start, text: order }]);
}

/** The statement with `:name` parameters replaced by their default values; `null` when one has none. */
export function bindDefaults(
  sql: string,
  parameters: readonly { readonly name: string; readonly default_value: string | number | boolean | null }[],
): string | null {
  const values = new Map(parameters.map(({ name, default_value }) => [name.toLowerCase(), default_value]));
  const used = tokensOf(sql).filter(({ kind }) => kind === 'parameter');
  const names = used.map(({ text }) => text.slice(1).toLowerCase());
  if (used.length === 0 || names.some((name) => !values.has(name))) return null;
  return spliced(
    sql,
    used.map((token, at) => ({
      from: token.start,
      to: token.end,
      text: literal(values.get(names[at] ?? '') ?? null),
    })),
  );
}

/**
 * Candidates nearest to a name that does not exist, best first.
 *
 * A name that only lacks or adds a prefix (`orderkey` for `o_orderkey`) is as near as a typing error.
 */
export function nearNames(name: string, candidates: readonly string[], count = 3): string[] {
  const wanted = name.toLowerCase();
  const bare = (text: string): string => text.toLowerCase().replaceAll('_', '');
  const near = [...new Set(candidates)].filter((candidate) => {
    const there = candidate.toLowerCase();
    return (
      nearestName(wanted, [there]) !== null ||
      there.endsWith(`_${wanted}`) ||
      wanted.endsWith(`_${there}`) ||
      bare(there) === bare(wanted)
    );
  });
  return near
    .filter((candidate) => candidate.toLowerCase() !== wanted)
    .toSorted((a, b) => distance(wanted, a) - distance(wanted, b))
    .slice(0, count);
}

function distance(wanted: string, candidate: string): number {
  const there = candidate.toLowerCase();
  const isPrefixed = there.endsWith(`_${wanted}`) || wanted.endsWith(`_${there}`);
  return isPrefixed ? 1 : editDistance(wanted, there);
}

interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const spliced = (sql: string, splices: readonly Splice[]): string =>
  splices
    .toSorted((a, b) => b.from - a.from)
    .reduce((text, { from, to, text: put }) => text.slice(0, from) + put + text.slice(to), sql);

const spelled = (part: string): string => (/^[a-z_]\w*$/i.test(part) ? part : quoteIdentifier(part));

const literal = (value: string | number | boolean | null): string =>
  value === null ? 'NULL' : typeof value === 'string' ? quoteLiteral(value) : String(value).toUpperCase();
