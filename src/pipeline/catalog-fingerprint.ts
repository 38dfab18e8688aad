import { hashOf, nameKey } from '../core/index.ts';
import type { CatalogFunction, CatalogSnapshot, CatalogTable } from '../ports/index.ts';

/**
 * The same for two snapshots that say the same: the service may store spaces, quotes and empty comments in a form of
 * its own, and a change that was taken back may leave that form behind.
 */
export const catalogFingerprint = ({ tables, functions }: CatalogSnapshot): string =>
  hashOf([byName(tables).map(tableFacts), byName(functions).map(functionFacts)]);

const byName = <T extends { readonly name: string }>(objects: readonly T[]): readonly T[] =>
  objects.toSorted((a, b) => (nameKey(a.name) < nameKey(b.name) ? -1 : 1));

const tableFacts = ({ name, comment, columns, definition, ...table }: CatalogTable): unknown => ({
  ...table,
  name: nameKey(name),
  comment: comment ?? '',
  columns: columns.map((column) => ({ ...column, comment: column.comment ?? '' })),
  definition: squeezed(definition),
});

const functionFacts = ({ name, comment, parameters, returns, body }: CatalogFunction): unknown => ({
  name: nameKey(name),
  comment: comment ?? '',
  parameters: parameters.map((parameter) => ({ ...parameter, comment: parameter.comment ?? '' })),
  returns: returns.map((column) => ({ ...column, comment: column.comment ?? '' })),
  body: squeezed(body),
});

const squeezed = (text: string | null): string => (text ?? '').replaceAll(/[\s`;]+/g, '').toLowerCase();
