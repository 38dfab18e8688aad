/**
 * Names of Unity Catalog objects: `catalog.schema.object`, compared without regard to case.
 *
 * Backticks are accepted on input; a dot inside backticks belongs to the part.
 */

/** Splits a possibly quoted name into its parts, without backticks, case kept. Empty input gives `[]`. */
export function nameParts(name: string): string[] {
  // Nearly all names are plain, and most are looked at many times.
  if (!/[`\s]/.test(name)) return name.split('.').filter((part) => part !== '');
  return [...name.trim().matchAll(/`((?:[^`]|``)*)`|([^.`\s]+)/g)].map(
    (match) => match[1]?.replaceAll('``', '`') ?? match[2] ?? '',
  );
}

/** The comparison form: lower case, unquoted, joined by dots. */
export const nameKey = (name: string): string => nameParts(name).join('.').toLowerCase();

/** The last part in comparison form (`c.s.Orders` → `orders`). */
export const shortName = (name: string): string => nameParts(name).at(-1)?.toLowerCase() ?? '';

/** Whether two names mean the same object: equal, or one is a suffix of the other by whole parts. */
export function sameObject(a: string, b: string): boolean {
  const [left, right] = [nameKey(a), nameKey(b)];
  return left === right || left.endsWith(`.${right}`) || right.endsWith(`.${left}`);
}

/** One identifier in backticks, embedded backticks doubled. */
export const quoteIdentifier = (part: string): string => `\`${part.replaceAll('`', '``')}\``;

/** A whole name with each part in backticks. */
export const quoteName = (name: string): string => nameParts(name).map(quoteIdentifier).join('.');

/** A Databricks string literal: backslash and quote escaped by a backslash. */
export const quoteLiteral = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
