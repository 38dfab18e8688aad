/** A value of the query string; `undefined` leaves the parameter out. */
export type QueryValue =
  | string
  | number
  | boolean
  | undefined
  | readonly (string | number | boolean)[]
  | { readonly [key: string]: QueryValue };

/** Query parameters as the services read them. */
export type Query = Readonly<Record<string, QueryValue>>;

/**
 * Encodes a query: booleans as words, arrays by repeating the key, nested objects flattened with dots.
 *
 * @returns text without the leading `?`; empty when nothing is set
 * @see spec/databricks-apis.md §1.8
 */
export function encodeQuery(query: Query): string {
  const search = new URLSearchParams();
  for (const [key, value] of flatten(query, '')) search.append(key, value);
  return search.toString();
}

function* flatten(query: Query, prefix: string): Generator<[key: string, value: string]> {
  for (const [name, value] of Object.entries(query)) {
    const key = prefix + name;
    if (value === undefined) continue;
    if (Array.isArray(value)) for (const item of value) yield [key, String(item)];
    else if (typeof value === 'object') yield* flatten(value as Query, `${key}.`);
    else yield [key, String(value)];
  }
}
