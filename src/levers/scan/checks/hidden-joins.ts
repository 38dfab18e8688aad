import { nameKey, sameObject } from '../../../core/index.ts';
import { makePatch } from '../../../patch-dsl/index.ts';
import { joinCondition, joinSpecs } from '../../../spaces/index.ts';
import { lexSql } from '../../../sql/index.ts';
import { defineScanCheck, type CheckFinding, type ScanContext } from '../check.ts';

/** Joins that exist and that Genie cannot see. */
export const hiddenJoins = defineScanCheck({
  id: 'hidden_joins',
  severity: 'warning',
  explains:
    'A join uses a hidden column, or an example query joins two tables in a way that no join of the space says.',
  find: (context) => [...overHiddenColumns(context), ...onlyInExamples(context)],
});

const overHiddenColumns = ({ space, schema }: ScanContext): CheckFinding[] =>
  joinSpecs(space).flatMap((join) => {
    const named = new Set(
      lexSql(joinCondition(join).predicate).map(({ text }) => text.replaceAll('`', '').toLowerCase()),
    );
    return [join.left, join.right].flatMap(({ identifier }) => {
      const table = schema.table(identifier);
      if (table === null) return [];
      return [...table.columns.values()]
        .filter((column) => column.hidden && named.has(column.name.toLowerCase()))
        .map((column) => ({
          where: [`${table.name}#${column.name}`, `join ${join.id}`],
          message: `The join ${join.id} uses ${column.name} of ${table.name}, which is hidden.`,
          advice: 'Show the column, or remove the join.',
          patches: [makePatch('unhide_column', { table: table.name, column: column.name })],
        }));
    });
  });

const onlyInExamples = ({ space, schema, examples }: ScanContext): CheckFinding[] =>
  examples.flatMap(({ example, facts }) =>
    facts.joins.flatMap(({ left, right, condition }) => {
      const [one, other] = [schema.table(left), schema.table(right)];
      if (one === null || other === null || one === other || !one.inSpace || !other.inSpace) return [];
      const isDeclared = joinSpecs(space).some((join) => {
        const sides = [nameKey(join.left.identifier), nameKey(join.right.identifier)];
        return (
          sides.some((side) => sameObject(side, one.key)) && sides.some((side) => sameObject(side, other.key))
        );
      });
      if (isDeclared) return [];
      return [
        {
          severity: 'info' as const,
          where: [`example query ${example.id}`, one.name, other.name],
          message: `An example joins ${one.name} and ${other.name} on ${condition}; no join of the space says so, so only this question profits.`,
          advice: 'Add the join, so that every question can use it.',
        },
      ];
    }),
  );
