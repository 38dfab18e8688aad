import fc from 'fast-check';
import { countingIds } from '../../src/core/index.ts';
import type { Space } from '../../src/spaces/index.ts';

const word = fc.stringMatching(/^[a-z][a-z_]{0,7}$/);
const lines = fc.array(fc.string({ maxLength: 12 }), { maxLength: 3 });
const someLines = fc.array(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 2 });

/** Keys that no documented object has, among them the ones that trip over prototypes. */
const unknownKeys = fc.dictionary(
  fc.constantFrom('x_new', '__proto__', 'constructor', 'zeta', 'future_flag'),
  fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constant({ $number: '1.0' }),
    fc.constant({ $number: '12345678901234567890' }),
  ),
  { maxKeys: 2 },
);

/** Merges without assignment, so that an own `__proto__` stays an own key. */
const withUnknown = <T extends object>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.tuple(arbitrary, unknownKeys).map(([value, extra]) => ({ ...extra, ...value }));

const column = withUnknown(
  fc.record(
    {
      column_name: word,
      description: lines,
      synonyms: fc.uniqueArray(word, { maxLength: 3 }),
      exclude: fc.boolean(),
      enable_format_assistance: fc.boolean(),
    },
    { requiredKeys: ['column_name'] },
  ),
);

const dataSource = withUnknown(
  fc.record(
    {
      identifier: fc.tuple(word, word).map(([schema, table]) => `main.${schema}.${table}`),
      description: lines,
      column_configs: fc.uniqueArray(column, { selector: (config) => config.column_name, maxLength: 4 }),
    },
    { requiredKeys: ['identifier'] },
  ),
);

const sources = fc.uniqueArray(dataSource, { selector: (source) => source.identifier, maxLength: 4 });
const ID = { id: fc.constant('') };

const snippet = withUnknown(
  fc.record(
    { ...ID, sql: someLines, display_name: word, synonyms: lines, comment: lines },
    { requiredKeys: ['id', 'sql', 'display_name'] },
  ),
);
const side = fc.record({ identifier: fc.tuple(word, word).map(([s, t]) => `main.${s}.${t}`), alias: word });

/** Spaces as the format allows them, unsorted, with unknown keys at every depth; ids are unique. */
export const arbitrarySpace: fc.Arbitrary<Space> = withUnknown(
  fc.record(
    {
      version: fc.constant(2 as const),
      config: withUnknown(
        fc.record({
          sample_questions: fc.array(withUnknown(fc.record({ ...ID, question: someLines })), {
            maxLength: 3,
          }),
        }),
      ),
      data_sources: fc.record({ tables: sources, metric_views: sources }).map(({ tables, metric_views }) => ({
        tables,
        metric_views: metric_views.filter(
          (view) => !tables.some((table) => table.identifier === view.identifier),
        ),
      })),
      instructions: withUnknown(
        fc.record(
          {
            text_instructions: fc.array(withUnknown(fc.record({ ...ID, content: someLines })), {
              maxLength: 1,
            }),
            example_question_sqls: fc.array(
              withUnknown(fc.record({ ...ID, question: someLines, sql: someLines })),
              { maxLength: 3 },
            ),
            sql_functions: fc.array(fc.record({ ...ID, identifier: word.map((name) => `main.fn.${name}`) }), {
              maxLength: 2,
            }),
            join_specs: fc.array(
              withUnknown(
                fc.record({
                  ...ID,
                  left: side,
                  right: side,
                  sql: fc.constant(['`a`.`x` = `b`.`y`', '--rt=FROM_RELATIONSHIP_TYPE_MANY_TO_ONE--']),
                }),
              ),
              { maxLength: 2 },
            ),
            sql_snippets: withUnknown(
              fc.record(
                {
                  filters: fc.array(snippet, { maxLength: 2 }),
                  expressions: fc.array(snippet, { maxLength: 2 }),
                  measures: fc.array(snippet, { maxLength: 2 }),
                },
                { requiredKeys: [] },
              ),
            ),
          },
          { requiredKeys: [] },
        ),
      ),
    },
    { requiredKeys: ['version'] },
  ),
).chain((space) => fc.nat().map((salt) => numbered(space as unknown as Space, salt)));

/** Fills the ids with unique ones whose order is not the order of the items. */
function numbered(space: Space, salt: number): Space {
  const next = countingIds((salt % 255).toString(16).padStart(2, '0'));
  const reversed = (): string => next().split('').reverse().join('');
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        key === 'id' && item === '' ? reversed() : visit(item),
      ]),
    );
  };
  return visit(space) as Space;
}
