import * as z from 'zod';
import type { ChangeRecord } from './change-record.ts';

/** How sessions up to version 2 kept what was done to a space. */
const legacyApplyLogSchema = z.looseObject({
  apply_id: z.string(),
  space_id: z.string(),
  state: z.enum(['intended', 'verified', 'rolled_back']),
  pre_config: z.string(),
  post_config: z.string(),
  pre_hash: z.string(),
  post_hash: z.string(),
  applied: z.array(z.string()),
  noop: z.array(z.string()),
  patched_objects: z.array(z.string()),
  statements: z.array(z.looseObject({ object: z.string(), sql: z.string(), inverse_sql: z.string() })),
  files: z
    .array(z.looseObject({ path: z.string(), before: z.string().nullable(), after: z.string().nullable() }))
    .optional(),
  started_at: z.string(),
  ended_at: z.string().nullable(),
});

const STATES = { intended: 'intended', verified: 'verified', rolled_back: 'undone' } as const;
const NO_SLOTS = { instructions: 0, snippets: 0 };

/**
 * An apply log of an earlier layout as the journal entry it is today; anything else comes back as it is.
 *
 * It holds texts, statements and files, so it can be undone. What each patch did to the space was not kept: an
 * edit that somebody made since cannot be merged with it. How far it got was not kept either, so everything
 * counts as begun.
 */
export function upgradeApplyLog(log: unknown): unknown {
  const parsed = legacyApplyLogSchema.safeParse(log);
  if (!parsed.success) return log;
  const old = parsed.data;
  const statements = old.statements.map(({ object, sql, inverse_sql }) => ({
    patch_id: '',
    object,
    sql,
    inverse_sql,
  }));
  const files = (old.files ?? []).map(({ path, before, after }) => ({ path, before, after }));
  return {
    schema_version: 1,
    change_id: old.apply_id,
    space_id: old.space_id,
    state: STATES[old.state],
    plan: {
      schema_version: 1,
      patches: [],
      noops: old.noop.map((patchId) => ({ patch_id: patchId, type: '', reason: '' })),
      before_hash: old.pre_hash,
      after_hash: old.post_hash,
      diff: [],
      diff_lines: [],
      statements,
      slots: { before: NO_SLOTS, after: NO_SLOTS },
      cost: 0,
      touched: old.patched_objects,
    },
    pre_config: old.pre_config,
    post_config: old.post_config,
    pre_hash: old.pre_hash,
    post_hash: old.post_hash,
    files,
    progress: { statements: statements.length, space: 'begun', files: files.length },
    merged: false,
    started_at: old.started_at,
    ended_at: old.ended_at,
  } satisfies ChangeRecord;
}
