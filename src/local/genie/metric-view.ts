import { parse } from 'yaml';
import * as z from 'zod';

/** One dimension or measure of a metric view's YAML. */
export interface MetricViewField {
  readonly name: string;
  readonly role: 'dimension' | 'measure';
  readonly comment: string;
  readonly displayName: string | null;
  readonly synonyms: readonly string[];
}

const fieldSchema = z.looseObject({
  name: z.string(),
  comment: z.string().nullish(),
  display_name: z.string().nullish(),
  synonyms: z.array(z.string()).nullish(),
});
const definitionSchema = z.looseObject({
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
  return members.map(({ field, role }) => ({
    name: field.name,
    role,
    comment: field.comment ?? '',
    displayName: field.display_name ?? null,
    synonyms: field.synonyms ?? [],
  }));
}

function readYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    // Text that is no YAML says nothing about members; the catalog's columns still do.
    return null;
  }
}
