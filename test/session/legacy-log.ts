import type { ChangeRecord } from '../../src/session/index.ts';

/** A journal entry as sessions up to version 2 kept it: texts, statements and files, but not what each patch did. */
export const legacyLogOf = (record: ChangeRecord) => ({
  apply_id: record.change_id,
  space_id: record.space_id,
  state: record.state === 'verified' ? 'verified' : record.state === 'undone' ? 'rolled_back' : 'intended',
  pre_config: record.pre_config,
  post_config: record.post_config,
  pre_hash: record.pre_hash,
  post_hash: record.post_hash,
  applied: record.plan.patches.map(({ patch_id: id }) => id),
  noop: record.plan.noops.map(({ patch_id: id }) => id),
  patched_objects: [...record.plan.touched],
  statements: record.plan.statements.map(({ object, sql, inverse_sql }) => ({ object, sql, inverse_sql })),
  ...(record.files.length === 0 ? {} : { files: record.files }),
  started_at: record.started_at,
  ended_at: record.ended_at,
});
