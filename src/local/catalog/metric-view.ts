import { parseDocument } from 'yaml';
import * as z from 'zod';
import { DatabricksSqlError, engineLimit } from '../engine/sql-error.ts';
import type { Node } from '../engine/tree.ts';

/** A dimension or measure of a metric view with its parsed expression. */
export interface MetricViewField {
  readonly name: string;
  readonly expr: string;
  readonly comment: string | null;
  readonly tree: Node;
}

/** A metric view ready for expansion into queries. */
export interface MetricView {
  /** Parsed `SELECT 1 FROM source LEFT JOIN … WHERE filter`; the select list is filled in per query. */
  readonly base: Node;
  /** Names of the source's columns, lower case: unqualified names in expressions mean these. */
  readonly sourceColumns: ReadonlySet<string>;
  readonly dimensions: readonly MetricViewField[];
  readonly measures: readonly MetricViewField[];
}

const fieldSchema = z.looseObject({
  name: z.string().min(1),
  expr: z.string().min(1),
  comment: z.string().optional(),
  window: z.unknown().optional(),
});

interface JoinShape {
  name: string;
  source: string;
  on?: string | undefined;
  using?: string[] | undefined;
  joins?: JoinShape[] | undefined;
}

const joinSchema: z.ZodType<JoinShape> = z.looseObject({
  name: z.string().min(1),
  source: z.string().min(1),
  on: z.string().optional(),
  using: z.array(z.string()).optional(),
  get joins() {
    return z.array(joinSchema).optional();
  },
});

const metricViewSchema = z.looseObject({
  version: z.union([z.string(), z.number()]),
  source: z.string().min(1),
  comment: z.string().optional(),
  filter: z.string().optional(),
  joins: z.array(joinSchema).optional(),
  dimensions: z.array(fieldSchema).optional(),
  fields: z.array(fieldSchema).optional(),
  measures: z.array(fieldSchema).optional(),
});

export interface MetricViewSpec {
  readonly source: string;
  readonly comment: string | null;
  readonly filter: string | null;
  readonly joins: readonly JoinShape[];
  readonly dimensions: readonly {
    readonly name: string;
    readonly expr: string;
    readonly comment: string | null;
  }[];
  readonly measures: readonly {
    readonly name: string;
    readonly expr: string;
    readonly comment: string | null;
  }[];
}

const invalid = (problem: string, cause?: unknown): DatabricksSqlError =>
  new DatabricksSqlError(
    'METRIC_VIEW_INVALID_VIEW_DEFINITION',
    '42K0H',
    `The metric view definition is invalid. Reason: ${problem}.`,
    { cause },
  );

/** Reads the YAML of a metric view. @throws {DatabricksSqlError} naming the key that is wrong. @see spec/databricks-apis.md §5.4 */
export function readMetricViewYaml(yaml: string): MetricViewSpec {
  const document = parseDocument(yaml);
  const [syntaxError] = document.errors;
  if (syntaxError !== undefined)
    throw invalid(`the YAML does not parse: ${syntaxError.message.split('\n')[0] ?? ''}`, syntaxError);
  const parsed = metricViewSchema.safeParse(document.toJS());
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(
      `${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'unexpected form'}`,
      parsed.error,
    );
  }
  const { data } = parsed;
  const windowed = (data.measures ?? []).find((measure) => measure.window !== undefined);
  if (windowed !== undefined) throw engineLimit(`The window of measure '${windowed.name}' in a metric view`);
  const field = ({ name, expr, comment }: z.infer<typeof fieldSchema>) => ({
    name,
    expr,
    comment: comment ?? null,
  });
  const dimensions = (data.dimensions ?? data.fields ?? []).map(field);
  const measures = (data.measures ?? []).map(field);
  if (dimensions.length + measures.length === 0) throw invalid('it has neither dimensions nor measures');
  return {
    source: data.source,
    comment: data.comment ?? null,
    filter: data.filter ?? null,
    joins: data.joins ?? [],
    dimensions,
    measures,
  };
}

/** The FROM and WHERE of a metric view as Databricks SQL. */
export function metricViewBaseSql(spec: MetricViewSpec): string {
  const isQuery = (source: string) => /^\s*\(?\s*(select|with)\b/i.test(source);
  const relation = (source: string, alias: string) =>
    `${isQuery(source) ? `(${source})` : source} AS \`${alias}\``;
  const joins = (list: readonly JoinShape[]): string[] =>
    list.flatMap((join) => {
      const condition =
        join.on === undefined
          ? `USING (${(join.using ?? []).map((name) => `\`${name}\``).join(', ')})`
          : `ON ${join.on}`;
      return [`LEFT JOIN ${relation(join.source, join.name)} ${condition}`, ...joins(join.joins ?? [])];
    });
  return [
    `SELECT 1 FROM ${relation(spec.source, 'source')}`,
    ...joins(spec.joins),
    ...(spec.filter === null ? [] : [`WHERE ${spec.filter}`]),
  ].join('\n');
}
