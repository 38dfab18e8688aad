import { nameKey, nearestName } from '../../../core/index.ts';
import { textOf } from '../../../spaces/index.ts';
import { defineScanCheck, type CheckFinding } from '../check.ts';

export const brokenExamples = defineScanCheck({
  id: 'broken_examples',
  severity: 'error',
  explains:
    'An example query cannot be read, or uses a table, function or column that does not exist or is hidden.',
  find({ schema, catalog, examples }) {
    return examples.flatMap(({ example, facts }): CheckFinding[] => {
      const where = [`example query ${example.id}`];
      const question = textOf(example.question);
      if (facts.engine === 'lexical')
        return [
          {
            severity: 'warning',
            where,
            message: `The SQL of "${question}" cannot be parsed (${facts.degradedReason ?? 'no reason given'}).`,
            advice: 'Run it in the SQL editor and correct it.',
          },
        ];
      if (catalog.tables.length === 0) return [];
      const assets = [...schema.tables.values(), ...schema.functions.values()];
      const unknown = facts.tables.filter(
        ({ name, kind }) => (kind === 'table' ? schema.table(name) : schema.function(name)) === null,
      );
      const columns = facts.columns.flatMap(({ table, column }) => {
        const owner = schema.table(table);
        if (owner === null || owner.columns.size === 0) return [];
        const known = owner.columns.get(column.toLowerCase());
        return known === undefined || known.hidden ? [{ owner, column, hidden: known?.hidden ?? false }] : [];
      });
      return [
        ...unknown.map(({ name }) => {
          const nearest = nearestName(
            nameKey(name),
            assets.map(({ key }) => key),
          );
          return {
            where,
            message: `The example "${question}" uses ${name}, which neither the space nor the catalog has.`,
            advice:
              nearest === null
                ? 'Correct or remove the example.'
                : `Did you mean ${nearest}? Correct the example.`,
          };
        }),
        ...[...new Map(columns.map((item) => [`${item.owner.key}#${item.column}`, item])).values()].map(
          ({ owner, column, hidden }) => ({
            severity: hidden ? ('warning' as const) : ('error' as const),
            where: [...where, `${owner.name}#${column}`],
            message: `The example "${question}" uses ${column} of ${owner.name}, which ${hidden ? 'is hidden' : 'does not exist'}.`,
            advice: hidden
              ? 'Show the column, or write the example without it.'
              : 'Correct or remove the example.',
          }),
        ),
      ];
    });
  },
});
