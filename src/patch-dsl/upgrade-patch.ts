import { nameParts } from '../core/index.ts';
import type { PatchRegistry } from './registry.ts';

type Loose = Record<string, unknown>;

/** Where the loose members of older patches went, per type. */
const TEXT_MEMBERS: Readonly<Record<string, { readonly new_text?: string; readonly old_text?: string }>> = {
  add_instruction: { new_text: 'text' },
  add_synonym: { new_text: 'synonym' },
  remove_synonym: { old_text: 'synonym' },
  add_description: { new_text: 'text' },
  add_column_description: { new_text: 'text' },
  rename_column_alias: { old_text: 'old_alias', new_text: 'new_alias' },
  add_default_filter: { new_text: 'condition' },
  remove_default_filter: { old_text: 'condition' },
  update_filter_condition: { old_text: 'old_condition', new_text: 'new_condition' },
  update_join_condition: { old_text: 'old_sql', new_text: 'new_sql' },
  update_tvf_sql: { new_text: 'new_sql' },
  update_tvf_comment: { new_text: 'comment' },
  update_mv_yaml: { new_text: 'new_yaml' },
};

/** Members that said the target in older patches. */
const TARGET_ALIASES = ['target', 'object_id', 'table'];
const TARGET_MEMBERS = ['table', 'target', 'function', 'mv', 'join_id'];

/**
 * The present form of a patch that was written before `schema_version` 1; others come back as they are.
 *
 * An envelope member that is missing gets a neutral value only when the patch is of the old form, so that a
 * forgotten member of a new patch is still reported.
 */
export function upgradePatch(patch: unknown, index: number, registry: PatchRegistry): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const old = patch as Loose;
  const definition = typeof old['type'] === 'string' ? registry.definitionOf(old['type']) : undefined;
  if (definition === undefined || !isOldForm(old)) return patch;
  const shape = definition.schema.shape;
  const next: Loose = { ...old };
  moveTexts(next, definition.type, shape);
  moveTarget(next, shape);
  for (const key of ['scope', 'change_description', 'action', 'command']) delete next[key];
  return {
    id: `P${String(index + 1).padStart(3, '0')}`,
    lever: definition.fixedLever ?? 1,
    risk_level: definition.fixedRisk ?? 'medium',
    confidence: 0.5,
    ...next,
    grounded_in: Array.isArray(old['grounded_in']) ? old['grounded_in'] : [],
    predicted_affected_questions: Array.isArray(old['predicted_affected_questions'])
      ? old['predicted_affected_questions']
      : [],
  };
}

const isOldForm = (patch: Loose): boolean =>
  !('confidence' in patch) ||
  !('lever' in patch) ||
  !Array.isArray(patch['predicted_affected_questions'] ?? []);

function moveTexts(next: Loose, type: string, shape: Loose): void {
  const members = Object.hasOwn(TEXT_MEMBERS, type) ? TEXT_MEMBERS[type] : undefined;
  for (const from of ['old_text', 'new_text'] as const) {
    if (!(from in next) || from in shape) continue;
    const to = members?.[from];
    if (to !== undefined && !(to in next) && next[from] !== '') next[to] = next[from];
    delete next[from];
  }
}

function moveTarget(next: Loose, shape: Loose): void {
  const wanted = TARGET_MEMBERS.find((member) => member in shape && !(member in next));
  const from = TARGET_ALIASES.find((alias) => typeof next[alias] === 'string' && !(alias in shape));
  if (wanted !== undefined && from !== undefined) next[wanted] = next[from];
  if ('column' in shape && !('column' in next) && typeof next['table'] === 'string') {
    const parts = nameParts(next['table']);
    if (parts.length === 4) Object.assign(next, { table: parts.slice(0, 3).join('.'), column: parts[3] });
  }
  for (const alias of TARGET_ALIASES) if (!(alias in shape)) delete next[alias];
}
