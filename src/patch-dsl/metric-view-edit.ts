import * as z from 'zod';
import { sameJson } from '../spaces/index.ts';
import type { Access } from './access.ts';
import { viewRendering } from './descriptions.ts';
import { addMember, removeMember } from './metric-view-yaml.ts';
import type { MemberList, MetricView, YamlEdit, YamlMap } from './metric-view-yaml.ts';
import type { NameResolver } from './name-resolver.ts';
import { assetKey } from './name-resolver.ts';
import { someText, textList } from './payload-schemas.ts';
import type { PatchType } from './patch-types.ts';
import { readableView, type ViewPlace } from './readable-view.ts';
import type { RenderContext } from './render-context.ts';
import type { Failed, Rendering } from './rendering.ts';
import { failed, noop } from './rendering.ts';
import { findCatalogTable, resolveSource } from './resolve.ts';
import type { Snapshot } from './snapshot.ts';

const MEMBER_FIELDS = {
  name: someText,
  expr: someText,
  comment: someText.optional(),
  display_name: someText.optional(),
  synonyms: textList.max(10).optional(),
  format: z.record(z.string(), z.json()).optional(),
} as const;

export const dimensionSchema = z.strictObject(MEMBER_FIELDS);
export const measureSchema = z.strictObject({
  ...MEMBER_FIELDS,
  window: z.array(z.record(z.string(), z.json())).optional(),
});

/** Keys that version 0.1 of the format does not have. @see spec/databricks-apis.md §5.4 */
const SINCE_1_1 = ['comment', 'display_name', 'synonyms', 'format'];

/** A metric view with its readable definition, in the space or only in the catalog. */
export function resolveView(name: string, snapshot: Snapshot): ViewPlace | Failed {
  const source = resolveSource(name, snapshot);
  if (source.status === 'failed' && source.code === 'TARGET_AMBIGUOUS') return source;
  const table = source.status === 'found' ? source.table : findCatalogTable(name, snapshot);
  if (table === null) {
    return failed(
      'UNKNOWN_TARGET',
      `The catalog snapshot does not hold the metric view '${name}'. Correct the name, or read the catalog with it.`,
    );
  }
  if (table.kind !== 'metric_view')
    return failed('UNKNOWN_TARGET', `'${table.name}' is a ${table.kind}, not a metric view.`);
  return readableView(table);
}

export const memberObjectKey = (names: NameResolver, mv: string, list: MemberList, name: string): string =>
  `mv:${names.source(mv)}#${list === 'measures' ? 'm' : 'd'}:${name.trim().toLowerCase()}`;

/** What an edit of one member touches beside the member: the definition as a whole must stay. */
export const editsMember = (names: NameResolver, mv: string): Access[] => [
  { key: assetKey(names, mv), part: '/yaml', mode: 'shared:member' },
];

/** As {@link editsMember}; a new member goes to the end of its list. */
export const addsMember = (names: NameResolver, mv: string, list: MemberList): Access[] => [
  ...editsMember(names, mv),
  { key: assetKey(names, mv), part: `/yaml/${list}`, mode: 'append' },
];

export const touchedMember = (names: NameResolver, mv: string, name: string): string[] => [
  names.source(mv),
  `${names.source(mv)}.${name.trim().toLowerCase()}`,
];

export const findMember = (
  view: MetricView,
  name: string,
): { readonly list: MemberList; readonly member: YamlMap } | null => {
  for (const list of ['measures', 'dimensions'] as const) {
    const member = view[list].find(
      (item) => String(item['name']).toLowerCase() === name.trim().toLowerCase(),
    );
    if (member !== undefined) return { list, member };
  }
  return null;
};

/** Refuses keys that the version of the view does not know. */
export function versionProblem({ view, table }: ViewPlace, fields: YamlMap): Failed | null {
  if (String(view.root['version']) !== '0.1') return null;
  const key = SINCE_1_1.find((field) => fields[field] !== undefined);
  return key === undefined
    ? null
    : failed(
        'INVALID_YAML',
        `'${key}' needs version 1.1, ${table.name} says 0.1. Raise its version with update_mv_yaml.`,
      );
}

/** The member without members that are `undefined`. */
export const given = (fields: Readonly<Record<string, unknown>>): YamlMap =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/**
 * Adds a member at the end of its list.
 *
 * @param update - the patch type that changes a member of that list
 */
export function addMemberEdit(
  mv: string,
  list: MemberList,
  fields: Readonly<Record<string, unknown>> & { readonly name: string },
  update: PatchType,
  context: RenderContext,
): Rendering {
  const place = resolveView(mv, context);
  if (place.status === 'failed') return place;
  const member = given(fields);
  const existing = findMember(place.view, fields.name);
  if (existing === null)
    return versionProblem(place, member) ?? finish(place, addMember(place.definition, list, member));
  return existing.list === list && sameJson(existing.member, member)
    ? noop(`the metric view has this ${SINGULAR[list]} already`)
    : failed(
        'TARGET_EXISTS',
        `${place.table.name} has another member '${fields.name}'. Use ${update}, or another name.`,
      );
}

/** Removes a member; nothing to do when the list does not hold it. */
export function removeMemberEdit(
  mv: string,
  list: MemberList,
  name: string,
  context: RenderContext,
): Rendering {
  const place = resolveView(mv, context);
  if (place.status === 'failed') return place;
  return findMember(place.view, name)?.list === list
    ? finish(place, removeMember(place.definition, list, name.trim()))
    : noop(`no such ${SINGULAR[list]}`);
}

const SINGULAR: Readonly<Record<MemberList, string>> = { dimensions: 'dimension', measures: 'measure' };

export const finish = (place: ViewPlace, edit: YamlEdit): Rendering => viewRendering(place.table, edit);
