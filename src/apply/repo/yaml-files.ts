import { formatPath, type SpacePath } from '../../spaces/index.ts';
import type { TemplateVariables } from '../../sql/index.ts';
import { DocumentEditor } from './document-editor.ts';
import { editPlace, located, sameButForSpace, type EditStatus } from './edit-step.ts';
import { FileTemplates } from './file-templates.ts';
import { layoutFor, structureEdits, type StructureEdit } from './structure-edits.ts';
import { valueOf } from './text-tree.ts';
import { YAML_TEXT } from './yaml-text.ts';

/** The value of a YAML text. @throws {TextFormatProblem} */
export const yamlValue = (text: string): unknown => valueOf(YAML_TEXT.parse(text));

/**
 * Carries the change of a metric view's live definition over into its file.
 *
 * Only what changed is written; comments, order, anchors, and what the file has beyond the live side stay.
 * @throws {RepoFileConflictError} @throws {RepoFileFormatError}
 */
export function editMetricViewFile(
  path: string,
  fileText: string,
  definition: { readonly from: string; readonly to: string },
  variables: TemplateVariables,
): { readonly text: string; readonly status: EditStatus } {
  const edits = located(path, 'the live definition', () =>
    structureEdits(yamlValue(definition.from), yamlValue(definition.to)),
  );
  return editYaml(path, fileText, edits, variables);
}

/** A comment or tag of a table or column in a YAML file of the form `table_name`, `comment`, `columns[]`. */
export interface TableNote {
  /** `null` for the table itself. */
  readonly column: string | null;
  /** `null` for the comment. */
  readonly tag: string | null;
  readonly from: unknown;
  readonly to: unknown;
}

/** Members of a table file and of its columns, in their usual order. */
const TABLE_ORDER = ['table_name', 'name', 'type', 'comment', 'tags', 'columns'];

/** Why a table file has no place for a note; `null` when it has one. */
export function noPlaceFor(
  path: string,
  fileText: string,
  note: TableNote,
  variables: TemplateVariables,
): string | null {
  const editor = located(path, '', () => openTable(fileText, variables));
  const owner = editor.read(ownerPath(note));
  if (owner === undefined) return `${path} lists no column ${note.column}`;
  const hasTags = typeof owner === 'object' && owner !== null && 'tags' in owner;
  return note.tag !== null && !hasTags ? `${path} keeps no tags` : null;
}

/** @throws {RepoFileConflictError} @throws {RepoFileFormatError} */
export function editTableFile(
  path: string,
  fileText: string,
  note: TableNote,
  variables: TemplateVariables,
): { readonly text: string; readonly status: EditStatus } {
  const place = [...ownerPath(note), ...(note.tag === null ? ['comment'] : ['tags', note.tag])];
  const [from, to] = [note.from ?? undefined, note.to ?? undefined];
  return editYaml(path, fileText, [{ path: place, from, to, order: TABLE_ORDER, behind: null }], variables);
}

const ownerPath = ({ column }: TableNote): SpacePath =>
  column === null ? [] : ['columns', { by: 'name', is: column }];

const openTable = (fileText: string, variables: TemplateVariables): DocumentEditor =>
  new DocumentEditor(
    YAML_TEXT,
    fileText,
    new FileTemplates(fileText, variables),
    layoutFor({ order: TABLE_ORDER, behind: null }, sameColumn),
  );

/** Names of columns compare without regard to case. */
const sameColumn = (found: unknown, wanted: string): boolean =>
  typeof found === 'string' && found.toLowerCase() === wanted.toLowerCase();

function editYaml(
  path: string,
  fileText: string,
  edits: readonly StructureEdit[],
  variables: TemplateVariables,
): { readonly text: string; readonly status: EditStatus } {
  const templates = new FileTemplates(fileText, variables);
  // A byte order mark would count as a column of the first line.
  const mark = fileText.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  let text = fileText.slice(mark.length);
  for (const edit of edits) {
    const editor = located(
      path,
      formatPath(edit.path),
      () => new DocumentEditor(YAML_TEXT, text, templates, layoutFor(edit, sameColumn)),
    );
    editPlace(path, editor, edit, sameButForSpace);
    ({ text } = editor);
  }
  const written = mark + text;
  return { text: written, status: written === fileText ? 'already' : 'written' };
}

const BYTE_ORDER_MARK = '\uFEFF';
