import { instructionText } from '../../spaces/index.ts';
import type { Space } from '../../spaces/index.ts';
import type { Change } from '../generators/draft.ts';
import type { Schema } from '../schema.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What the owner says in the place that a change rewrites, with the text to come; `null` for changes of no such text. */
export function rewriteOf(
  change: Change,
  schema: Schema,
): { readonly current: string; readonly proposed: string } | null {
  const proposed = text(change['new_text']);
  if (change.type === 'update_description')
    return { current: schema.table(text(change['target']))?.description ?? '', proposed };
  if (change.type === 'update_column_description')
    return {
      current: schema.column(text(change['table']), text(change['column']))?.description ?? '',
      proposed,
    };
  return null;
}

/** Lines of the general instruction. */
export const instructionLines = (space: Space): readonly string[] =>
  instructionText(space)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
