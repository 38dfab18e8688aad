import { textOf, toTextLines } from '../spaces/index.ts';
import { columnCommentEdit, metricViewEdit, tableCommentEdit } from './catalog-statements.ts';
import { editColumn } from './column-edit.ts';
import { readableView } from './readable-view.ts';
import { readMetricView, setViewComment, updateMember } from './metric-view-yaml.ts';
import type { YamlEdit } from './metric-view-yaml.ts';
import { columnKey } from './name-resolver.ts';
import type { DescriptionPlace, RenderContext } from './render-context.ts';
import type { Failed, Rendering } from './rendering.ts';
import { changes, failed, noop } from './rendering.ts';
import type { ColumnPlace, SourcePlace } from './resolve.ts';
import type { Step } from './step.ts';
import { spaceEdit } from './step.ts';
import { replaceOnce } from './text-edit.ts';
import type { CatalogTable } from '../ports/index.ts';

/** How a description changes: from nothing, or by replacing a passage (an empty `oldText` means all of it). */
export type DescriptionEdit =
  | { readonly mode: 'add'; readonly text: string }
  | { readonly mode: 'update'; readonly oldText: string; readonly newText: string };

type Resolved = { readonly text: string } | Failed;

/** Applies an edit to each description that the place asks for. */
export function describeSource(
  place: SourcePlace,
  edit: DescriptionEdit,
  where: DescriptionPlace,
): Rendering {
  const steps: Step[] = [];
  if (where !== 'catalog') {
    const next = editText(
      textOf(place.source.description),
      edit,
      `The description of ${place.source.identifier} in the space`,
    );
    if ('status' in next) return next;
    steps.push(
      spaceEdit(
        [...place.path, 'description'],
        place.source.description,
        linesUnlessSame(place.source.description, next.text),
      ),
    );
  }
  if (where !== 'space') {
    if (place.table === null) return notInCatalog(place.source.identifier);
    const next = editText(commentOf(place.table), edit, `The comment of ${place.table.name}`);
    if ('status' in next) return next;
    const step = sourceComment(place.table, next.text);
    if ('status' in step) return step;
    steps.push(...step.steps);
  }
  return changes(steps, 'the description reads so already');
}

/** As {@link describeSource}, for a column. */
export function describeColumn(
  place: ColumnPlace,
  edit: DescriptionEdit,
  { descriptionsIn: where }: RenderContext,
): Rendering {
  const steps: Step[] = [];
  const label = `${place.source.source.identifier}.${place.name}`;
  if (where !== 'catalog') {
    const old = place.config?.description;
    const next = editText(textOf(old), edit, `The description of ${label} in the space`);
    if ('status' in next) return next;
    steps.push(...editColumn(place, { description: linesUnlessSame(old, next.text) }));
  }
  if (where !== 'space') {
    const { table } = place.source;
    if (table === null) return notInCatalog(place.source.source.identifier);
    const column = table.columns.find(({ name }) => columnKey(name) === columnKey(place.name));
    if (column === undefined)
      return failed(
        'UNKNOWN_TARGET',
        `The catalog snapshot of ${table.name} has no column '${place.name}'. Read it again.`,
      );
    const current = memberCommentOf(table, column.name) ?? column.comment ?? '';
    const next = editText(current, edit, `The comment of ${label}`);
    if ('status' in next) return next;
    if (next.text !== current) {
      const step =
        table.kind === 'metric_view'
          ? memberComment(table, column.name, next.text)
          : { steps: [columnCommentEdit(table, column, next.text)] };
      if ('status' in step) return step;
      steps.push(...step.steps);
    }
  }
  return changes(steps, 'the description reads so already');
}

const notInCatalog = (name: string): Failed =>
  failed(
    'UNKNOWN_TARGET',
    `The catalog snapshot does not hold ${name}, so its comment cannot be changed and undone. Read the catalog, or keep descriptions in the space.`,
  );

/** The old list when its text stays: how a text is cut into lines is no change. */
const linesUnlessSame = (old: string[] | undefined, text: string): string[] | undefined =>
  textOf(old) === text ? old : toTextLines(text);

function editText(current: string, edit: DescriptionEdit, where: string): Resolved {
  if (edit.mode === 'add') {
    if (current.trim() === '' || current === edit.text) return { text: edit.text };
    return failed('TARGET_EXISTS', `${where} is written already. Use the update type to change it.`);
  }
  const next = replaceOnce(current, edit.oldText, edit.newText, where);
  if (next.status === 'failed') return next;
  return { text: next.status === 'same' ? current : next.text };
}

/** The YAML of a metric view is the source of its comments; what the catalog lists is derived from it. */
function commentOf(table: CatalogTable): string {
  const view =
    table.kind === 'metric_view' && table.definition !== null ? readMetricView(table.definition) : null;
  const comment = view === null || 'problem' in view ? undefined : view.root['comment'];
  return typeof comment === 'string' ? comment : (table.comment ?? '');
}

function memberCommentOf(table: CatalogTable, name: string): string | null {
  const view =
    table.kind === 'metric_view' && table.definition !== null ? readMetricView(table.definition) : null;
  if (view === null || 'problem' in view) return null;
  const member = [...view.dimensions, ...view.measures].find(
    (item) => String(item['name']).toLowerCase() === name.toLowerCase(),
  );
  return typeof member?.['comment'] === 'string' ? member['comment'] : '';
}

type Steps = { readonly steps: readonly Step[] } | Failed;

function sourceComment(table: CatalogTable, text: string): Steps {
  if (text === commentOf(table)) return { steps: [] };
  if (table.kind !== 'metric_view' || table.definition === null)
    return { steps: [tableCommentEdit(table, text)] };
  return viewSteps(table, setViewComment(table.definition, text));
}

function memberComment(table: CatalogTable, member: string, text: string): Steps {
  const place = readableView(table);
  if (place.status === 'failed') return place;
  const list = place.view.measures.some(
    (measure) => String(measure['name']).toLowerCase() === member.toLowerCase(),
  )
    ? 'measures'
    : 'dimensions';
  return viewSteps(table, updateMember(place.definition, list, member, { comment: text }));
}

function viewSteps(table: CatalogTable, edit: YamlEdit): Steps {
  return edit.status === 'invalid'
    ? failed('INVALID_YAML', `The definition of ${table.name} cannot be edited: ${edit.message}.`)
    : { steps: [metricViewEdit(table, edit.text)] };
}

/** A metric view edit as a rendering; a no-op when the text stays. */
export function viewRendering(table: CatalogTable, edit: YamlEdit): Rendering {
  const result = viewSteps(table, edit);
  if ('status' in result) return result;
  return edit.status === 'text' && edit.text === table.definition
    ? noop('the definition reads so already')
    : changes(result.steps);
}
