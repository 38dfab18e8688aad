import { nameKey, nameParts, nearestName, shortName } from '../../../core/index.ts';
import { defineScanCheck, type ScanContext } from '../check.ts';

/** `main.sales.orders`, `orders.o_id`, in backticks or bare, as people write names into sentences. */
const DOTTED = /(?<![\w.'`"])(?:`[^`]+`|[A-Za-z_]\w*)(?:\.(?:`[^`]+`|[A-Za-z_]\w*)){1,3}(?![\w(`])/g;

/** Names in instructions that stand for nothing. */
export const unknownNames = defineScanCheck({
  id: 'unknown_names',
  severity: 'warning',
  explains: 'An instruction names a table or column that the space does not have; Genie may believe it.',
  isLint: true,
  find(context) {
    if (context.catalog.tables.length === 0) return [];
    const known = knownNames(context);
    return context.statements
      .filter(({ source }) => source !== 'description')
      .flatMap((statement) =>
        [...new Set(statement.text.match(DOTTED) ?? [])]
          .filter((name) => speaksOfSpace(name, context) && !known.has(nameKey(name)))
          .map((name) => {
            const nearest = nearestName(nameKey(name), [...known]);
            return {
              where: [statement.where],
              message: `"${statement.text}" names ${name}, which the space does not have.`,
              advice:
                nearest === null
                  ? 'Correct the name, or add the object to the space.'
                  : `Did you mean ${nearest}? Correct the name, or add the object to the space.`,
            };
          }),
      );
  },
});

/** Every spelling by which a table, a column or a function may be named, in comparison form. */
function knownNames({ schema }: ScanContext): Set<string> {
  const names = new Set<string>();
  const add = (full: string, columns: Iterable<string>): void => {
    const parts = nameParts(full);
    for (let from = 0; from < parts.length; from++) {
      const name = parts.slice(from).join('.').toLowerCase();
      names.add(name);
      for (const column of columns) names.add(`${name}.${column}`);
    }
  };
  for (const table of schema.tables.values()) add(table.name, [...table.columns.keys()]);
  for (const fn of schema.functions.values()) {
    add(
      fn.name,
      fn.parameters.map(({ name }) => name.toLowerCase()),
    );
  }
  return names;
}

/** `e.g.` and `example.com` are dotted too: a name counts when it begins as one of the space does. */
function speaksOfSpace(name: string, { schema }: ScanContext): boolean {
  const first = nameParts(name)[0]?.toLowerCase() ?? '';
  return [...schema.tables.values()].some(
    (table) => nameParts(table.name)[0]?.toLowerCase() === first || shortName(table.name) === first,
  );
}
