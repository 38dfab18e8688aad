import { md5 } from '../../src/core/index.ts';
import type { Lever } from '../../src/levers/index.ts';
import type { Space } from '../../src/spaces/index.ts';
import { contest } from './contest.ts';
import type { Level } from './crowd.ts';
import type { Defect, PlantedQuestion } from './defects.ts';
import { questionsOf } from './world-questions.ts';
import { capital, wordSource } from './words.ts';
import { worldNames } from './world-names.ts';

/** A whole invented space: what it says, what it lies about, and what people ask it. */
export interface PlantedWorld {
  readonly name: string;
  readonly catalogSql: string;
  readonly space: Space;
  readonly questions: readonly PlantedQuestion[];
  /** The lever that owns the damaged metadata; several where each side of a contest is right. */
  readonly levers: readonly Lever[];
}

/** The lever that owns what each defect damages. @see spec/control-levers.md §1, decisions.md 3 */
const LEVERS_OF: Readonly<Record<Defect, readonly Lever[]>> = {
  'missing synonym': [1],
  'misleading description': [1],
  'missing join': [1],
  // A named condition or figure belongs to the table that it reads.
  'missing filter rule': [1],
  'missing measure': [1],
  // Both sides are told apart in one proposal; it belongs to the lever of either.
  'competing assets': [1, 2],
  'metric view measure without words': [2],
  'TVF format': [3],
  'stale monitoring note': [4],
  'undocumented prediction column': [5],
};

type Column = NonNullable<
  NonNullable<NonNullable<Space['data_sources']>['tables']>[number]['column_configs']
>[number];

/**
 * Makes a space of random schema and vocabulary in which one piece of metadata is damaged.
 *
 * Spaces of one seed differ in the damaged piece alone.
 *
 * @param defect - what is damaged; `null`: nothing, the space is as its owner wants it
 */
export function makeWorld(defect: Defect | null, seed: string, level: Level = 'plain'): PlantedWorld {
  const made = wordSource(seed);
  const names = worldNames(made, level);
  const { catalog, schema, fact, side, view, fn, F, S, M, MON, ML, FN } = names;
  const { factKey, sideKey, title, category, day, group, other, plain, figures, part, x1, x2, p1, p2 } =
    names;
  const { m1, m2, rivalName, crowd, business, values, threshold } = names;
  const { word } = made;
  const decimals = [plain, ...figures, rivalName, ...crowd.figures];
  const rows = level === 'plain' ? 360 : 1800;
  const has = (kind: Defect): boolean => kind !== defect;

  const params = has('TVF format') ? `\nPARAMS: ${category} STRING: in upper case` : '';
  const catalogSql = `CREATE CATALOG IF NOT EXISTS ${catalog};
CREATE SCHEMA IF NOT EXISTS ${catalog}.${schema};
CREATE TABLE ${F} (${fact}_id BIGINT NOT NULL, ${factKey}_id BIGINT, ${day} DATE, ${decimals.map((name) => `${name} DECIMAL(12,2)`).join(', ')}, ${group} STRING, ${other} STRING, CONSTRAINT ${fact}_pk PRIMARY KEY (${fact}_id));
CREATE TABLE ${S} (${sideKey}_id BIGINT NOT NULL, ${title} STRING, ${category} STRING, CONSTRAINT ${side}_pk PRIMARY KEY (${sideKey}_id));
CREATE TABLE ${MON} (window_start DATE, ${part} STRING, ${x1} DOUBLE, ${x2} DOUBLE);
CREATE TABLE ${ML} (${fact}_id BIGINT, model_version STRING, ${p2} DOUBLE, ${p1} DOUBLE);
INSERT INTO ${F} SELECT id, id % 20, date_add(DATE '2024-01-01', CAST(id % 700 AS INT)), ${decimals.map((_, at) => `CAST((id * ${PRIMES[at]}) % ${97 + at * 4} AS DECIMAL(12,2))`).join(', ')}, ${oneOf(words(word, 4), 'id % 4')}, ${oneOf(words(word, 3), 'id % 3')} FROM range(${rows});
INSERT INTO ${S} SELECT id, concat('${capital(word())} ', CAST(id AS STRING)), ${oneOf(values, 'id % 5')} FROM range(20);
INSERT INTO ${MON} SELECT date_add(DATE '2024-01-01', CAST(id AS INT)), ${oneOf(words(word, 3), 'id % 3')}, CAST((id * 17) % 71 AS DOUBLE), CAST((id * 13) % 89 AS DOUBLE) FROM range(60);
INSERT INTO ${ML} SELECT id, ${oneOf(['V1', 'V2', 'V3'], 'id % 3')}, CAST((id * 19) % 73 AS DOUBLE), CAST((id * 29) % 67 AS DOUBLE) FROM range(360);
CREATE OR REPLACE VIEW ${M} WITH METRICS LANGUAGE YAML AS $$
version: 1.1
source: ${F}
dimensions:
  - name: ${group}
    expr: ${group}
  - name: ${other}
    expr: ${other}
measures:
  - name: ${m2}
    expr: SUM(${figures[4]})
  - name: ${m1}
    expr: SUM(${figures[3]})
  - name: ${rivalName}
    expr: SUM(${rivalName} * 2)
$$;
CREATE OR REPLACE FUNCTION ${FN}(${category} STRING) RETURNS TABLE (${title} STRING, amount DECIMAL(18,2)) COMMENT 'PURPOSE: ${business['TVF format']}.\nBEST FOR: ${business['TVF format']} of ${category}${params}' RETURN SELECT s.${title}, CAST(SUM(f.${figures[4]}) AS DECIMAL(18,2)) AS amount FROM ${F} AS f JOIN ${S} AS s ON f.${factKey}_id = s.${sideKey}_id WHERE upper(s.${category}) = ${fn}.${category} GROUP BY s.${title};
${crowd.catalogSql}`;

  const sides = contest(made.random, {
    table: F,
    view: M,
    tableName: fact,
    viewName: view,
    figure: rivalName,
  });
  const configs = new Map<string, Column[]>();
  const config = (table: string, column: Column): void => {
    configs.set(table, [...(configs.get(table) ?? []), column]);
  };
  if (has('missing synonym')) config(F, { column_name: figures[0], synonyms: [business['missing synonym']] });
  const note = `The ${business['misleading description']} of one row, never negative`;
  config(F, { column_name: has('misleading description') ? figures[1] : figures[2], description: [note] });
  if (has('metric view measure without words'))
    config(M, { column_name: m1, synonyms: [business['metric view measure without words']] });
  const monitored = `The ${business['stale monitoring note']} in the window`;
  config(MON, { column_name: has('stale monitoring note') ? x1 : x2, description: [monitored] });
  if (has('undocumented prediction column'))
    config(ML, { column_name: p1, description: [`Predicted ${business['undocumented prediction column']}`] });
  for (const note of crowd.notes) config(F, note);
  for (const { identifier, columns } of crowd.tables)
    for (const column of columns) config(identifier, column);
  config(S, { column_name: category, enable_entity_matching: true, enable_format_assistance: true });
  const source = (identifier: string) => ({
    identifier,
    ...(configs.has(identifier) ? { column_configs: sorted(configs.get(identifier) ?? []) } : {}),
  });
  const id = (name: string): string => md5(`${seed}/${name}`);
  const space: Space = {
    version: 2,
    data_sources: {
      tables: [F, S, MON, ML, ...crowd.tables.map(({ identifier }) => identifier)].sort().map(source),
      metric_views: [source(M)],
    },
    instructions: {
      text_instructions: has('competing assets') ? [{ id: id('text'), content: [`${sides.rule}\n`] }] : [],
      sql_functions: [{ id: id('function'), identifier: FN }],
      join_specs: has('missing join')
        ? [
            {
              id: id('join'),
              left: { identifier: F, alias: fact },
              right: { identifier: S, alias: side },
              sql: [
                `\`${fact}\`.\`${factKey}_id\` = \`${side}\`.\`${sideKey}_id\``,
                '--rt=FROM_RELATIONSHIP_TYPE_MANY_TO_ONE--',
              ],
            },
          ]
        : [],
      sql_snippets: {
        filters: has('missing filter rule')
          ? [
              {
                id: id('filter'),
                sql: [`${fact}.${figures[0]} > ${threshold}`],
                display_name: business['missing filter rule'],
              },
            ]
          : [],
        measures: has('missing measure')
          ? [
              {
                id: id('measure'),
                sql: [`SUM(${fact}.${figures[1]} * ${fact}.${figures[2]})`],
                display_name: business['missing measure'],
                alias: 'figure',
              },
            ]
          : [],
      },
    },
  };

  return {
    name: `planted_${md5(seed).slice(0, 8)}`,
    catalogSql,
    space,
    questions: questionsOf(names, sides),
    levers: defect === null ? [] : LEVERS_OF[defect],
  };
}

/** Steps in which the figures of a table run through their values. */
const PRIMES = [37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89];
const words = (word: () => string, count: number): string[] =>
  Array.from({ length: count }, () => word().toUpperCase());
const oneOf = (items: readonly string[], index: string): string =>
  `element_at(array(${items.map((item) => `'${item}'`).join(', ')}), CAST(${index} AS INT) + 1)`;
const sorted = (columns: readonly Column[]): Column[] =>
  columns.toSorted((a, b) => (a.column_name < b.column_name ? -1 : 1));
