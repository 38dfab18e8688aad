import { nameKey, shortName } from '../core/index.ts';
import { indexOfKey } from './keyed-list.ts';
import type { ColumnConfig, DataSource, ExampleSql, JoinSpec, Space, SqlSnippet } from './space.ts';

export const SNIPPET_KINDS = ['filters', 'expressions', 'measures'] as const;
export type SnippetKind = (typeof SNIPPET_KINDS)[number];

export const DATA_SOURCE_SECTIONS = ['tables', 'metric_views'] as const;
/** The list a data source stands in. It does not decide the kind of the asset: Unity Catalog does. */
export type DataSourceSection = (typeof DATA_SOURCE_SECTIONS)[number];

export interface LocatedDataSource {
  readonly section: DataSourceSection;
  readonly source: DataSource;
}

export type SqlFunction = NonNullable<NonNullable<Space['instructions']>['sql_functions']>[number];
export type TextInstruction = NonNullable<NonNullable<Space['instructions']>['text_instructions']>[number];
export type SampleQuestion = NonNullable<NonNullable<Space['config']>['sample_questions']>[number];

/** The text of a list of strings: elements joined without separator; empty for a missing list. */
export const textOf = (lines: readonly string[] | undefined): string => lines?.join('') ?? '';

/** The wire form of a text: one element per line, each but the last ending in a line feed. Empty text gives `[]`. */
export function toTextLines(text: string): string[] {
  if (text === '') return [];
  return text.includes('\n') ? text.split(/(?<=\n)/) : [text];
}

/** Tables, then metric views, in the order they stand in. */
export const dataSources = (space: Space): DataSource[] =>
  locatedDataSources(space).map(({ source }) => source);

/** As {@link dataSources}, with the list each one stands in. */
export const locatedDataSources = (space: Space): LocatedDataSource[] =>
  DATA_SOURCE_SECTIONS.flatMap((section) =>
    (space.data_sources?.[section] ?? []).map((source) => ({ section, source })),
  );

/**
 * Data sources that a name can mean: the one with this full name, else all whose name ends in it by whole parts.
 *
 * Case and backticks do not matter. More than one result: the name is ambiguous.
 */
export function matchDataSources(space: Space, identifier: string): LocatedDataSource[] {
  for (const section of DATA_SOURCE_SECTIONS) {
    const list = space.data_sources?.[section] ?? [];
    const source = list[indexOfKey(list, 'identifier', identifier)];
    if (source !== undefined) return [{ section, source }];
  }
  const key = nameKey(identifier);
  if (key === '') return [];
  const all = locatedDataSources(space);
  const exact = all.filter(({ source }) => keyOf(source.identifier) === key);
  return exact.length > 0
    ? exact.slice(0, 1)
    : all.filter(({ source }) => keyOf(source.identifier).endsWith(`.${key}`));
}

const keyOf = (identifier: string): string =>
  identifier.includes('`') || identifier.includes(' ') ? nameKey(identifier) : identifier.toLowerCase();

/** The data source a name means; `null` when there is none or when a short name fits several. */
export function findDataSource(space: Space, identifier: string): DataSource | null {
  const matches = matchDataSources(space, identifier);
  return matches.length === 1 ? (matches[0]?.source ?? null) : null;
}

/** What the space says of a column, case-insensitive; `null` when it says nothing. */
export function findColumnConfig(source: DataSource, column: string): ColumnConfig | null {
  const list = source.column_configs ?? [];
  const spelled = list[indexOfKey(list, 'column_name', column)];
  if (spelled !== undefined) return spelled;
  const key = column.replaceAll('`', '').toLowerCase();
  return list.find((config) => config.column_name.toLowerCase() === key) ?? null;
}

/** The text of the space's general instruction; empty when it has none. */
export const instructionText = (space: Space): string =>
  (space.instructions?.text_instructions ?? []).map((instruction) => textOf(instruction.content)).join('\n');

/** Full names of everything in Unity Catalog that a space is made of: what `CatalogPort.snapshot` wants to be asked. */
export const referencedObjects = (
  space: Space,
): { readonly tables: string[]; readonly functions: string[] } => ({
  tables: dataSources(space).map(({ identifier }) => identifier),
  functions: sqlFunctions(space).map(({ identifier }) => identifier),
});

export const textInstructions = (space: Space): readonly TextInstruction[] =>
  space.instructions?.text_instructions ?? [];
export const joinSpecs = (space: Space): readonly JoinSpec[] => space.instructions?.join_specs ?? [];
export const exampleSqls = (space: Space): readonly ExampleSql[] =>
  space.instructions?.example_question_sqls ?? [];
export const sqlFunctions = (space: Space): readonly SqlFunction[] => space.instructions?.sql_functions ?? [];
export const sampleQuestions = (space: Space): readonly SampleQuestion[] =>
  space.config?.sample_questions ?? [];
export const snippets = (space: Space, kind: SnippetKind): readonly SqlSnippet[] =>
  space.instructions?.sql_snippets?.[kind] ?? [];

/** The predicate of a join, and its relationship (`MANY_TO_ONE`); `null` where the marker is missing. */
export function joinCondition(join: JoinSpec): {
  readonly predicate: string;
  readonly relationship: string | null;
} {
  const marker = join.sql.map((line) => RELATIONSHIP.exec(line)?.[1]).find((found) => found !== undefined);
  return {
    predicate: join.sql
      .filter((line) => !RELATIONSHIP.test(line))
      .join('')
      .trim(),
    relationship: marker ?? null,
  };
}

export const RELATIONSHIP_TYPES = ['MANY_TO_ONE', 'ONE_TO_MANY', 'ONE_TO_ONE', 'MANY_TO_MANY'] as const;
export type RelationshipType = (typeof RELATIONSHIP_TYPES)[number];

const RELATIONSHIP = /^\s*--rt=FROM_RELATIONSHIP_TYPE_(\w+)--\s*$/;

/** The marker line that the API demands as second element of a join's `sql`. @see spec/databricks-apis.md §3.6 */
export const relationshipMarker = (type: RelationshipType): string => `--rt=FROM_RELATIONSHIP_TYPE_${type}--`;

/** The alias the API accepts for a side of a join: the last part of the name, case kept by the caller's spelling. */
export const joinAlias = (identifier: string): string => shortName(identifier);
