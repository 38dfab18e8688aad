import { exampleSqls, textOf } from '../../../spaces/index.ts';
import { canonicalText } from '../../../sql/index.ts';
import { makePatch } from '../../../patch-dsl/index.ts';
import { defineScanCheck } from '../check.ts';
import { termKey } from './statements.ts';

/** Two example queries that answer one question. */
export const conflictingExamples = defineScanCheck({
  id: 'conflicting_examples',
  severity: 'error',
  explains: 'Two example queries answer the same question: differently, or twice the same for two slots.',
  isLint: true,
  find({ space }) {
    const byQuestion = Map.groupBy(exampleSqls(space), (example) => termKey(textOf(example.question)));
    return [...byQuestion].flatMap(([key, [first, ...others]]) => {
      if (key === '' || first === undefined) return [];
      return others.map((other) => {
        const isSame = canonicalText(textOf(first.sql)) === canonicalText(textOf(other.sql));
        const where = [`example query ${first.id}`, `example query ${other.id}`];
        return isSame
          ? {
              severity: 'warning' as const,
              where,
              message: `Both answer "${textOf(first.question)}" with the same SQL and take two of the instruction slots.`,
              advice: 'Remove one.',
              patches: [makePatch('remove_example_sql', { target: other.id })],
            }
          : {
              where,
              message: `Both answer "${textOf(first.question)}", with different SQL.`,
              advice: 'Keep the right one, or make the two questions say how they differ.',
            };
      });
    });
  },
});
