import * as z from 'zod';
import type { CatalogTable } from '../ports/index.ts';
import type { Access } from './access.ts';
import { viewRendering } from './descriptions.ts';
import type { MemberList, MetricView, YamlEdit, YamlMap } from './metric-view-yaml.ts';
import { readMetricView } from './metric-view-yaml.ts';
import type { NameResolver } from './name-resolver.ts';
import { assetKey } from './name-resolver.ts';
import { someText, textList } from './payload-schemas.ts';
import type { Failed, Rendering } from './rendering.ts';
import { failed } from './rendering.ts';
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

export interface ViewPlace {
  readonly status: 'found';
  readonly table: CatalogTable;
  readonly definition: string;
  readonly view: MetricView;
}

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
  if (table.definition === null)
    return failed(
      'UNREADABLE_DEFINITION',
      `The definition of ${table.name} is not readable. Ask for the right to read it.`,
    );
  const view = readMetricView(table.definition);
  if ('problem' in view)
    return failed('INVALID_YAML', `The definition of ${table.name} cannot be edited: ${view.problem}.`);
  return { status: 'found', table, definition: table.definition, view };
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

export const finish = (place: ViewPlace, edit: YamlEdit): Rendering => viewRendering(place.table, edit);
