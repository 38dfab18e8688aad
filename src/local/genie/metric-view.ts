import { parse } from 'yaml';
import * as z from 'zod';

/** One dimension or measure of a metric view's YAML. */
export interface MetricViewField {
  readonly name: string;
  readonly role: 'dimension' | 'measure';
  readonly comment: string;
  readonly displayName: string | null;
  readonly synonyms: readonly string[];
  /** The column that a dimension hands on as it is. */
  readonly origin: ColumnOrigin | null;
  /** A measure that is the number of rows, none left out. */
  readonly countsRows: boolean;
}

export interface ColumnOrigin {
  /** As the definition writes it. */
  readonly table: string;
  readonly column: string;
}

interface Join {
  readonly name: string;
  readonly source: string;
  readonly joins?: readonly Join[] | null | undefined;
}

const fieldSchema = z.looseObject({
  name: z.string(),
  comment: z.string().nullish(),
  display_name: z.string().nullish(),
  synonyms: z.array(z.string()).nullish(),
  expr: z.unknown(),
});
const joinSchema: z.ZodType<Join> = z.lazy(() =>
  z.looseObject({ name: z.string(), source: z.string(), joins: z.array(joinSchema).nullish() }),
);
const definitionSchema = z.looseObject({
  source: z.string().nullish(),
  joins: z.array(joinSchema).nullish().catch(null),
  dimensions: z.array(fieldSchema).nullish(),
  measures: z.array(fieldSchema).nullish(),
});

/**
 * Members of a metric view from its definition: bare YAML, or `CREATE VIEW … AS $$ … $$`.
 *
 * A definition that cannot be read gives `[]`: the caller then falls back to the catalog's column types.
 */
export function metricViewFields(definition: string | null): MetricViewField[] {
  if (definition === null) return [];
  const parsed = definitionSchema.safeParse(
    readYaml(/\$\$([\s\S]*)\$\$/.exec(definition)?.[1] ?? definition),
  );
  if (!parsed.success) return [];
  const members = [
    ...(parsed.data.dimensions ?? []).map((field) => ({ field, role: 'dimension' as const })),
    ...(parsed.data.measures ?? []).map((field) => ({ field, role: 'measure' as const })),
  ];
  const tables = joinedTables(parsed.data.joins ?? []);
  tables.set('', parsed.data.source ?? '');
  return members.map(({ field, role }) => ({
    name: field.name,
    role,
    comment: field.comment ?? '',
    displayName: field.display_name ?? null,
    synonyms: field.synonyms ?? [],
    origin: role === 'dimension' ? originOf(field.expr, tables) : null,
    countsRows: role === 'measure' && /^\s*count\s*\(\s*[*1]\s*\)\s*$/i.test(String(field.expr)),
  }));
}

/** Path of a join ("a", "a.b") → its table. */
function joinedTables(joins: readonly Join[], above = ''): Map<string, string> {
  return new Map(
    joins.flatMap(({ name, source, joins: below }) => {
      const path = `${above}${name.toLowerCase()}`;
      return [[path, source] as const, ...joinedTables(below ?? [], `${path}.`)];
    }),
  );
}

function originOf(expression: unknown, tables: ReadonlyMap<string, string>): ColumnOrigin | null {
  if (typeof expression !== 'string' || !/^[`\w.]+$/.test(expression)) return null;
  const parts = expression.replaceAll('`', '').split('.');
  const column = parts.at(-1) ?? '';
  const path = parts.slice(0, -1).join('.').toLowerCase();
  const table = tables.get(path === 'source' ? '' : path.replace(/^source\./, ''));
  return column === '' || table === undefined || !/^[`\w.-]+$/.test(table) ? null : { table, column };
}

function readYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    // Text that is no YAML says nothing about members; the catalog's columns still do.
    return null;
  }
}
