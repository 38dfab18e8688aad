import { nameKey, nearestName } from '../../../core/index.ts';
import { makePatch } from '../../../patch-dsl/index.ts';
import { locatedDataSources, sqlFunctions } from '../../../spaces/index.ts';
import { defineScanCheck } from '../check.ts';

export const missingInCatalog = defineScanCheck({
  id: 'missing_in_catalog',
  severity: 'error',
  explains: 'The space names a table, column or function that Unity Catalog does not have or does not show.',
  find({ space, catalog }) {
    if (catalog.tables.length === 0 && catalog.functions.length === 0) return [];
    const tables = new Map(catalog.tables.map((table) => [nameKey(table.name), table]));
    const functions = new Set(catalog.functions.map(({ name }) => nameKey(name)));
    const gone = (name: string, known: Iterable<string>): string => {
      const nearest = nearestName(nameKey(name), [...known]);
      return nearest === null
        ? 'Remove it, or ask for the rights to see it.'
        : `Did you mean ${nearest}? Otherwise remove it, or ask for the rights to see it.`;
    };
    return [
      ...locatedDataSources(space).flatMap(({ source }) => {
        const table = tables.get(nameKey(source.identifier));
        if (table === undefined)
          return [
            {
              where: [source.identifier],
              message: `${source.identifier} is not in Unity Catalog, or this user may not see it.`,
              advice: gone(source.identifier, tables.keys()),
              patches: [makePatch('remove_table', { target: source.identifier })],
            },
          ];
        const columns = new Set(table.columns.map(({ name }) => name.toLowerCase()));
        return (source.column_configs ?? [])
          .filter(({ column_name }) => !columns.has(column_name.toLowerCase()))
          .map(({ column_name }) => ({
            where: [`${source.identifier}#${column_name}`],
            message: `${source.identifier} has no column ${column_name}.`,
            advice: gone(column_name, columns),
          }));
      }),
      ...sqlFunctions(space)
        .filter(({ identifier }) => !functions.has(nameKey(identifier)))
        .map(({ identifier }) => ({
          where: [identifier],
          message: `The function ${identifier} is not in Unity Catalog, or this user may not see it.`,
          advice: gone(identifier, functions),
        })),
    ];
  },
});
