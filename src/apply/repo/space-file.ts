import type { SpaceEdit } from '../../patch-dsl/index.ts';
import {
  compareByKeys,
  diffSpaces,
  parseSpace,
  sameJson,
  SPACE_SHAPE,
  type FieldShape,
  type ObjectShape,
  type Space,
  type SpaceChange,
} from '../../spaces/index.ts';
import type { TemplateVariables } from '../../sql/index.ts';
import { DocumentEditor, type Layout } from './document-editor.ts';
import { editPlace, located, type EditStatus } from './edit-step.ts';
import { FileTemplates } from './file-templates.ts';
import { JSON_TEXT, jsonStringLike } from './json-text.ts';
import { RepoFileFormatError } from './repo-errors.ts';
import { nodeAt, splice, type Address, type TextNode } from './text-tree.ts';

/** The space within a file: the file itself, or the `serialized_space` of the API's answer, as object or as text. */
interface SpacePart {
  readonly text: string;
  /** The whole file with another text of the space. */
  readonly around: (text: string) => string;
}

/**
 * Applies edits of a space to the file that it is deployed from; what the file has and the live space lacks survives.
 *
 * @throws {RepoFileConflictError} naming the first path that holds something else
 * @throws {RepoFileFormatError}
 */
export function editSpaceFile(
  path: string,
  fileText: string,
  edits: readonly Pick<SpaceEdit, 'path' | 'from' | 'to'>[],
  variables: TemplateVariables,
): { readonly text: string; readonly statuses: readonly EditStatus[] } {
  const { editor, around } = open(path, fileText, variables);
  const statuses = edits.map(({ path: place, from, to }) =>
    editPlace(path, editor, { path: place, from, to }, sameContent),
  );
  return { text: around(editor.text), statuses };
}

/** What the file lacks or has beyond a space, as the changes that lead from the file to the space. */
export function diffSpaceFile(
  path: string,
  fileText: string,
  space: Space,
  variables: TemplateVariables,
): readonly SpaceChange[] {
  return diffSpaces(open(path, fileText, variables).space, space);
}

/**
 * Brings a file to the content of a space, changing only the places that differ.
 *
 * @param isWanted - which of the differences to write; default all
 */
export function syncSpaceFile(
  path: string,
  fileText: string,
  space: Space,
  variables: TemplateVariables,
  isWanted: (change: SpaceChange) => boolean = () => true,
): { readonly text: string; readonly changes: readonly SpaceChange[] } {
  const { editor, around, space: found } = open(path, fileText, variables);
  const changes = diffSpaces(found, space).filter(isWanted);
  for (const change of changes)
    located(path, change.what, () =>
      editor.set(change.path, change.kind === 'removed' ? undefined : change.after),
    );
  return { text: around(editor.text), changes };
}

function open(path: string, fileText: string, variables: TemplateVariables) {
  return located(path, '', () => {
    const { text, around } = spacePart(fileText);
    const templates = new FileTemplates(fileText, variables);
    const editor = new DocumentEditor(JSON_TEXT, text, templates, SPACE_LAYOUT);
    const content = editor.read([]);
    const version = editor.read(['version']);
    if (version !== 2)
      throw new RepoFileFormatError(
        path,
        `it is no space of version 2 (found version ${JSON.stringify(version) ?? 'nothing'})`,
        "Write it anew from the live space, for example with 'databricks bundle generate genie-space'.",
      );
    return { editor, around, space: parseSpace(content) };
  });
}

/** The part of a text that is the space, whichever way it is wrapped. */
export function spacePart(fileText: string): SpacePart {
  const root = JSON_TEXT.parse(fileText);
  const inner = nodeAt(root, ['serialized_space']);
  if (inner === undefined) return { text: fileText, around: (text) => text };
  const literal = fileText.slice(inner.start, inner.end);
  if (inner.kind === 'value' && typeof inner.value === 'string') {
    const before = inner.value;
    return {
      text: before,
      around: (text) =>
        text === before ? fileText : splice(fileText, inner.start, inner.end, jsonStringLike(text, literal)),
    };
  }
  return insideObject(fileText, inner);
}

/** The object as a text of its own, indented as if it stood alone. */
function insideObject(fileText: string, inner: TextNode): SpacePart {
  const indent = /^[ \t]*/.exec(fileText.slice(fileText.lastIndexOf('\n', inner.start - 1) + 1))?.[0] ?? '';
  const deeper = new RegExp(`\\n${indent}`, 'g');
  return {
    text: fileText.slice(inner.start, inner.end).replaceAll(deeper, '\n'),
    around: (text) =>
      splice(fileText, inner.start, inner.end, text.replaceAll(/\n(?=[^\r\n])/g, `\n${indent}`)),
  };
}

/** An empty list and a missing one are the same content, and so are a text and a list of just that text. */
const sameContent = (found: unknown, expected: unknown): boolean =>
  sameJson(asContent(found), asContent(expected)) ||
  (typeof found === 'string' && Array.isArray(expected) && sameJson([found], expected));
const asContent = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 0 ? undefined : value;

/** The order that the API demands, and that `serializeSpace` writes. */
export const SPACE_LAYOUT: Layout = {
  memberIndex(map, present, key) {
    const order = Object.keys(shapeAt(map) ?? {});
    const rank = order.indexOf(key);
    if (rank < 0) return present.length;
    const next = present.findIndex((other) => order.indexOf(other) > rank || !order.includes(other));
    return next < 0 ? present.length : next;
  },
  itemIndex(list, present, item) {
    const field = fieldAt(list);
    if (field?.kind !== 'list') return present.length;
    const compare = compareByKeys(field.sortKeys);
    const isSorted = present.every((other, index) => index === 0 || compare(present[index - 1], other) <= 0);
    const next = isSorted ? present.findIndex((other) => compare(other, item) > 0) : -1;
    return next < 0 ? present.length : next;
  },
  dropsEmpty(address) {
    const field = fieldAt(address);
    return field !== undefined && field.kind !== 'value' && field.required !== true;
  },
  sameKey: (found, wanted) => found === wanted,
};

/** What is known of the place at an address of a space; `undefined` for undocumented places. */
export function fieldAt(address: Address): FieldShape | undefined {
  let shape: ObjectShape | undefined = SPACE_SHAPE;
  let field: FieldShape | undefined;
  for (const step of address) {
    if (typeof step === 'number') {
      shape = field?.kind === 'list' ? field.shape : undefined;
      field = undefined;
    } else {
      field = shape !== undefined && Object.hasOwn(shape, step) ? shape[step] : undefined;
      shape = field?.kind === 'object' ? field.shape : undefined;
    }
  }
  return field;
}

function shapeAt(map: Address): ObjectShape | undefined {
  if (map.length === 0) return SPACE_SHAPE;
  const last = map.at(-1);
  const field = fieldAt(typeof last === 'number' ? map.slice(0, -1) : map);
  return field?.kind === 'list' || field?.kind === 'object' ? field.shape : undefined;
}
