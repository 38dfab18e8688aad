import { shortName } from '../../core/index.ts';
import { readMetricView, type MetricView } from '../../patch-dsl/index.ts';
import type { JoinFact, SqlFacts } from '../../sql/index.ts';
import { lexSql } from '../../sql/index.ts';
import { parseDocument } from 'yaml';
import type { AnalyzedRow } from '../alignment/row-analysis.ts';
import { identifierWords } from '../alignment/words.ts';
import type { Schema, SchemaTable } from '../schema.ts';
import { quoteList, type Draft, type Generator, type GeneratorContext } from './draft.ts';
import { definitionOf } from './view-definition.ts';

interface Missing {
  readonly name: string;
  readonly expr: string;
  /** The table to join first; `null` for a column of the view's source. */
  readonly join: { readonly name: string; readonly source: string; readonly on: string } | null;
}

/**
 * Lets a metric view group by what people ask of it: its figure was the right one, its dimension was missing.
 *
 * A column of the view's own source is one member more. A column of another table needs a join as well, which no
 * member patch can say, so the definition is written anew with both; that is high risk and waits for a person
 * unless the run is told otherwise.
 */
export const proposeViewDimensions: Generator = (context) =>
  context.rows.flatMap((row): Draft[] => {
    const view = viewAsked(row, context);
    if (view === null) return [];
    const missing = missingDimensions(row, view, context);
    if (missing === null || missing.length === 0) return [];
    const names = missing.map(({ name }) => identifierWords(name).join(' '));
    const draft = {
      failure_type: 'wrong_aggregation',
      question_ids: [row.row.question_id],
      reason: `${view.table.name} has the figure, but nothing to group it by ${quoteList(names)}`,
      confidence: 0.7,
      // Adding to a view changes no answer that does without the addition.
      acts_on: names,
    } as const;
    if (missing.every(({ join }) => join === null))
      return [
        {
          ...draft,
          changes: missing.map(({ name, expr }) => ({
            type: 'add_mv_dimension' as const,
            mv: view.table.name,
            dimension: { name, expr },
          })),
        },
      ];
    const new_yaml = extended(view.definition, missing);
    return [{ ...draft, changes: [{ type: 'update_mv_yaml', mv: view.table.name, new_yaml }] }];
  });

interface AskedView {
  readonly table: SchemaTable;
  readonly source: SchemaTable;
  readonly definition: string;
  readonly view: MetricView;
}

/** The one metric view that a wrong answer read, when the key computes a figure of the view from the view's source. */
function viewAsked({ row, failed }: AnalyzedRow, { schema, catalog }: GeneratorContext): AskedView | null {
  const { generated, expected } = row.facts;
  if (!failed || generated === null || expected.engine !== 'ast') return null;
  const [table, other] = generated.tables.map((use) => schema.table(use.name));
  if (table === undefined || table === null || other !== undefined || table.kind !== 'metric_view')
    return null;
  const definition = definitionOf(table, catalog);
  const view = definition === null ? null : readMetricView(definition);
  if (definition === null || view === null || 'problem' in view || !table.inSpace) return null;
  const source = typeof view.root['source'] === 'string' ? schema.table(view.root['source']) : null;
  if (source === null || !expected.tables.some((use) => schema.table(use.name)?.key === source.key))
    return null;
  const figures = new Set(view.measures.map(({ expr }) => tokensOf(String(expr))));
  const isKnown =
    expected.aggregates.length > 0 && expected.aggregates.every((item) => figures.has(tokensOf(item.source)));
  return isKnown ? { table, source, definition, view } : null;
}

/** Words and numbers of an expression in any order: `a * b` and `b * a` are one figure. */
const tokensOf = (sql: string): string =>
  lexSql(sql)
    .filter((token, at, all) => token.kind !== 'comment' && token.text !== '.' && all[at + 1]?.text !== '.')
    .map((token) => token.text.toLowerCase())
    .sort()
    .join(' ');

/** Columns the key groups by and the view cannot; `null` when the key needs more than that. */
function missingDimensions(
  { row: { facts } }: AnalyzedRow,
  { source, view }: AskedView,
  { schema }: GeneratorContext,
): Missing[] | null {
  const known = new Set(view.dimensions.map(({ expr }) => tokensOf(String(expr))));
  const taken = new Set([...view.dimensions, ...view.measures].map(({ name }) => String(name).toLowerCase()));
  const missing: Missing[] = [];
  for (const { text, columns } of facts.expected.groupBy) {
    if (known.has(tokensOf(text))) continue;
    const [column, second] = columns;
    const table = schema.table(column?.table ?? null);
    if (column === undefined || second !== undefined || table === null) return null;
    const stored = table.columns.get(column.column.toLowerCase())?.name ?? column.column;
    const name = stored.replace(/^[a-z]{1,2}_(?=[a-z])/i, '').toLowerCase();
    // Only a bare column: what else is computed there is the view owner's to name.
    if (taken.has(name) || tokensOf(text) !== tokensOf(column.column)) return null;
    taken.add(name);
    if (table.key === source.key) missing.push({ name, expr: stored, join: null });
    else {
      const join = joinFor(table, source, facts.expected, schema);
      if (join === null) return null;
      missing.push({ name, expr: `${join.name}.${stored}`, join });
    }
  }
  return missing;
}

function joinFor(
  table: SchemaTable,
  source: SchemaTable,
  { joins }: SqlFacts,
  schema: Schema,
): Missing['join'] {
  const name = shortName(table.key);
  for (const join of joins) {
    const on = sidesOf(join, table, source, schema);
    if (on !== null) return { name, source: table.name, on: `source.${on.source} = ${name}.${on.table}` };
  }
  return null;
}

/** Columns of the one equality that joins the two. */
function sidesOf(
  { pairs }: JoinFact,
  table: SchemaTable,
  source: SchemaTable,
  schema: Schema,
): { readonly source: string; readonly table: string } | null {
  const [pair, second] = pairs;
  if (pair === undefined || second !== undefined) return null;
  const sides = pair.map((side) => ({
    key: side.table === null ? null : schema.table(side.table)?.key,
    column: side.column,
  }));
  const [own, other] = [
    sides.find(({ key }) => key === table.key),
    sides.find(({ key }) => key === source.key),
  ];
  return own === undefined || other === undefined ? null : { table: own.column, source: other.column };
}

function extended(definition: string, missing: readonly Missing[]): string {
  const document = parseDocument(definition);
  for (const { name, expr, join } of missing) {
    const joins = document.toJS() as { readonly joins?: readonly { readonly name?: unknown }[] };
    if (join !== null && !(joins.joins ?? []).some((item) => item.name === join.name)) {
      if (joins.joins === undefined) document.set('joins', document.createNode([join]));
      else document.addIn(['joins'], document.createNode(join));
    }
    document.addIn(['dimensions'], document.createNode({ name, expr }));
  }
  return document.toString();
}
