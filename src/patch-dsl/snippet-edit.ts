import * as z from 'zod';
import { HEX_ID, shortName } from '../core/index.ts';
import { dataSources, snippets, toTextLines } from '../spaces/index.ts';
import type { SnippetKind, SpacePath, SqlSnippet } from '../spaces/index.ts';
import { leverOfAsset } from './asset-lever.ts';
import { definePatch } from './define-patch.ts';
import type { PatchDefinition, PayloadOf } from './define-patch.ts';
import type { PatchLever } from './envelope.ts';
import { someText, textList } from './payload-schemas.ts';
import type { RenderContext } from './render-context.ts';
import type { Rendering } from './rendering.ts';
import { changes, failed, noop } from './rendering.ts';
import { fragmentKey, fragmentProblem, qualifiers } from './sql-fragment.ts';
import type { Snapshot } from './snapshot.ts';
import { spaceEdit } from './step.ts';
import { quote } from './text-edit.ts';

export const snippetPath = (kind: SnippetKind, id: string): SpacePath => [
  'instructions',
  'sql_snippets',
  kind,
  { by: 'id', is: id },
];

const WORD: Readonly<Record<SnippetKind, string>> = {
  filters: 'filter',
  expressions: 'expression',
  measures: 'measure',
};

const FILTER_FIELDS = {
  display_name: someText,
  sql: someText,
  synonyms: textList.optional(),
  instruction: someText.optional(),
  comment: someText.optional(),
} as const;
const NAMED_FIELDS = { ...FILTER_FIELDS, alias: someText.optional() } as const;

/** A filter to add; the API refuses an alias on filters. */
export const filterSnippetSchema = z.strictObject(FILTER_FIELDS);
/** An expression or a measure to add. */
export const namedSnippetSchema = z.strictObject(NAMED_FIELDS);

/** Id or display name of a snippet. */
const target = someText;
export const filterSnippetUpdateSchema = z.strictObject({
  target,
  set: z.strictObject(FILTER_FIELDS).partial(),
});
export const namedSnippetUpdateSchema = z.strictObject({
  target,
  set: z.strictObject(NAMED_FIELDS).partial(),
});
export const snippetTargetSchema = z.strictObject({ target });

/** Fields of a snippet as patches write them: texts, not lists of lines. */
export interface SnippetFields {
  readonly display_name?: string | undefined;
  readonly sql?: string | undefined;
  readonly alias?: string | undefined;
  readonly synonyms?: readonly string[] | undefined;
  readonly instruction?: string | undefined;
  readonly comment?: string | undefined;
}

const nameKeyOf = (name: string): string => name.trim().toLowerCase();
const objectKey = (kind: SnippetKind, target: string): string => `snippet:${kind}:${nameKeyOf(target)}`;

/** The snippet with this id or display name; an array when several have the name. */
function findSnippets(context: Snapshot, kind: SnippetKind, target: string): readonly SqlSnippet[] {
  const all = snippets(context.space, kind);
  const byId = HEX_ID.test(target) ? all.filter((snippet) => snippet.id === target) : [];
  return byId.length > 0
    ? byId
    : all.filter((snippet) => nameKeyOf(snippet.display_name ?? snippet.alias ?? '') === nameKeyOf(target));
}

/** Wire form of the fields that are given. */
export function snippetFields(fields: SnippetFields): Record<string, unknown> {
  const wire: Record<string, unknown> = {};
  if (fields.sql !== undefined) wire['sql'] = toTextLines(fields.sql.trim());
  if (fields.display_name !== undefined) wire['display_name'] = fields.display_name.trim();
  if (fields.alias !== undefined) wire['alias'] = fields.alias;
  if (fields.synonyms !== undefined) wire['synonyms'] = [...fields.synonyms];
  if (fields.instruction !== undefined) wire['instruction'] = toTextLines(fields.instruction);
  if (fields.comment !== undefined) wire['comment'] = toTextLines(fields.comment);
  return wire;
}

/** A snippet belongs to the lever of the first data source that it names, else to the space itself. */
function snippetLever(sql: string, snapshot: Snapshot): PatchLever {
  const used = new Set(qualifiers(sql));
  const source = dataSources(snapshot.space).find(({ identifier }) => used.has(shortName(identifier)));
  return source === undefined ? 6 : leverOfAsset(source.identifier, snapshot);
}

/** Data sources of the space that a fragment names; for the slice gate. */
export const touchedBySql = (sql: string, names: { source(name: string): string }): string[] =>
  qualifiers(sql)
    .map((name) => names.source(name))
    .filter((name) => name.includes('.'));

export function addSnippetEdit(
  context: RenderContext,
  kind: SnippetKind,
  fields: SnippetFields & { readonly sql: string; readonly display_name: string },
): Rendering {
  const problem = fragmentProblem(fields.sql);
  if (problem !== null)
    return failed(
      'INVALID_SQL',
      `The SQL of ${WORD[kind]} ${quote(fields.display_name)} cannot be used: ${problem}.`,
    );
  const [existing] = findSnippets(context, kind, fields.display_name);
  if (existing !== undefined) {
    return fragmentKey(existing.sql.join('')) === fragmentKey(fields.sql)
      ? noop('the space has this snippet already')
      : failed(
          'TARGET_EXISTS',
          `The space has another ${WORD[kind]} called ${quote(fields.display_name)}. Use the update type, or another name.`,
        );
  }
  const id = context.newId();
  return changes([spaceEdit(snippetPath(kind, id), undefined, { id, ...snippetFields(fields) })]);
}

function updateSnippetEdit(
  context: RenderContext,
  kind: SnippetKind,
  name: string,
  set: SnippetFields,
): Rendering {
  const found = findSnippets(context, kind, name);
  const [snippet] =
    found.length > 0 || set.display_name === undefined
      ? found
      : findSnippets(context, kind, set.display_name);
  if (snippet === undefined)
    return failed(
      'UNKNOWN_TARGET',
      `The space has no ${WORD[kind]} ${quote(name)}. Add it first, or correct the name.`,
    );
  if (found.length > 1)
    return failed(
      'TARGET_AMBIGUOUS',
      `The space has ${found.length} ${WORD[kind]}s ${quote(name)}. Give the id.`,
    );
  const problem = set.sql === undefined ? null : fragmentProblem(set.sql);
  if (problem !== null)
    return failed('INVALID_SQL', `The SQL of ${WORD[kind]} ${quote(name)} cannot be used: ${problem}.`);
  const path = snippetPath(kind, snippet.id);
  const wire = Object.entries(snippetFields(set));
  return changes(wire.map(([field, value]) => spaceEdit([...path, field], snippet[field], value)));
}

function removeSnippetEdit(context: RenderContext, kind: SnippetKind, name: string): Rendering {
  const [snippet, second] = findSnippets(context, kind, name);
  if (snippet === undefined) return noop(`no such ${WORD[kind]}`);
  if (second !== undefined)
    return failed('TARGET_AMBIGUOUS', `The space has several ${WORD[kind]}s ${quote(name)}. Give the id.`);
  return changes([spaceEdit(snippetPath(kind, snippet.id), snippet, undefined)]);
}

const sqlOfTarget = (kind: SnippetKind, name: string, snapshot: Snapshot): string =>
  findSnippets(snapshot, kind, name)[0]?.sql.join('') ?? '';

/** Makes `add_sql_snippet_…` of a kind. */
export const defineAddSnippet = <
  const T extends string,
  S extends typeof filterSnippetSchema | typeof namedSnippetSchema,
>(
  type: T,
  kind: SnippetKind,
  schema: S,
  example: PayloadOf<S>,
): PatchDefinition<T, S> =>
  definePatch({
    type,
    group: 'authoring',
    lever: (p, snapshot) => snippetLever(p.sql, snapshot),
    risk: 'low',
    scope: 'genie_config',
    schema,
    example,
    objectKey: (p) => objectKey(kind, p.display_name),
    touched: (p, names) => touchedBySql(p.sql, names),
    render: (p, context) => addSnippetEdit(context, kind, p),
    describe: (p) => `Add ${WORD[kind]} ${quote(p.display_name)} as ${quote(p.sql)}`,
  });

/** Makes `update_sql_snippet_…` of a kind. */
export const defineUpdateSnippet = <
  const T extends string,
  S extends typeof filterSnippetUpdateSchema | typeof namedSnippetUpdateSchema,
>(
  type: T,
  kind: SnippetKind,
  schema: S,
  example: PayloadOf<S>,
): PatchDefinition<T, S> =>
  definePatch({
    type,
    group: 'authoring',
    lever: (p, snapshot) => snippetLever(p.set.sql ?? sqlOfTarget(kind, p.target, snapshot), snapshot),
    risk: 'medium',
    scope: 'genie_config',
    schema,
    example,
    objectKey: (p) => objectKey(kind, p.target),
    touched: (p, names) => touchedBySql(p.set.sql ?? '', names),
    render: (p, context) => updateSnippetEdit(context, kind, p.target, p.set),
    describe: (p) =>
      `Change ${Object.keys(p.set).join(', ').replaceAll('_', ' ')} of ${WORD[kind]} ${quote(p.target)}`,
  });

/** Makes `remove_sql_snippet_…` of a kind. */
export const defineRemoveSnippet = <const T extends string>(
  type: T,
  kind: SnippetKind,
  example: { readonly target: string },
): PatchDefinition<T, typeof snippetTargetSchema> =>
  definePatch({
    type,
    group: 'authoring',
    lever: (p, snapshot) => snippetLever(sqlOfTarget(kind, p.target, snapshot), snapshot),
    risk: 'high',
    scope: 'genie_config',
    phase: 'remove',
    schema: snippetTargetSchema,
    example,
    objectKey: (p) => objectKey(kind, p.target),
    render: (p, context) => removeSnippetEdit(context, kind, p.target),
    describe: (p) => `Remove ${WORD[kind]} ${quote(p.target)}`,
  });
