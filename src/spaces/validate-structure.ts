import { HEX_ID } from '../core/index.ts';
import { compareByKeys } from './canonical-space.ts';
import { SPACE_SHAPE } from './space-shape.ts';
import type { ListShape, ObjectShape } from './space-shape.ts';
import type { SpaceProblem } from './validate-space.ts';
import type { Space } from './space.ts';

interface Walk {
  readonly problems: SpaceProblem[];
  /** First place of every id, per list of which ids must differ. */
  readonly ids: Map<string, string>;
}

/** Ids, order and unknown keys, found by walking the documented shape. */
export function structureProblems(space: Space): SpaceProblem[] {
  const walk: Walk = { problems: [], ids: new Map() };
  visitObject(space, SPACE_SHAPE, '', walk);
  return walk.problems;
}

function visitObject(value: unknown, shape: ObjectShape, path: string, walk: Walk): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    const field = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (field === undefined) {
      walk.problems.push({
        code: 'UNKNOWN_KEY',
        severity: 'warning',
        path: at,
        message: `The key '${key}' is not documented. It is kept; if the API refuses it, remove it.`,
      });
    } else if (field.kind === 'object') visitObject(item, field.shape, at, walk);
    else if (field.kind === 'list' && Array.isArray(item)) visitList(item, field, at, walk);
  }
}

function visitList(items: readonly unknown[], field: ListShape, path: string, walk: Walk): void {
  const compare = compareByKeys(field.sortKeys);
  let sorted = true;
  items.forEach((item, index) => {
    const at = `${path}[${index}]`;
    if (index > 0 && compare(items[index - 1], item) > 0) sorted = false;
    if ('id' in field.shape) checkId((item as { id?: unknown } | null)?.id, at, field.label, walk);
    visitObject(item, field.shape, at, walk);
  });
  if (!sorted) {
    walk.problems.push({
      code: 'NOT_SORTED',
      severity: 'warning',
      path,
      message: `The list is not sorted by ${field.sortKeys.join(', ')}. It is written sorted; nothing to do.`,
    });
  }
}

function checkId(id: unknown, path: string, label: string, walk: Walk): void {
  const at = `${path}.id`;
  if (typeof id !== 'string' || !HEX_ID.test(id)) {
    walk.problems.push({
      code: 'ID_FORMAT',
      severity: 'error',
      path: at,
      message: `The id of this ${label} is '${String(id)}'; the API wants 32 lower-case hex characters without hyphens. Give it such an id.`,
    });
    return;
  }
  const first = walk.ids.get(id);
  if (first === undefined) walk.ids.set(id, at);
  else {
    walk.problems.push({
      code: 'ID_DUPLICATE',
      severity: 'error',
      path: at,
      message: `The id '${id}' is taken by ${first}. Give this ${label} an id of its own.`,
    });
  }
}
