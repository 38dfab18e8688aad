import { describe, expect, it } from 'vitest';
import { loadSession, startSession, type ChangeRecord } from '../../src/session/index.ts';
import { memoryFileStore } from '../../src/testing/index.ts';
import { legacyLogOf } from './legacy-log.ts';

const session = startSession({
  sessionId: 'run_1',
  spaceId: '0'.repeat(32),
  domain: 'library',
  host: 'memory://workspace',
  maxIterations: 5,
  now: '2026-10-01T08:00:00.000Z',
});

const statement = {
  patch_id: '',
  object: 'main.library.overdue_loans',
  sql: 'CREATE OR REPLACE FUNCTION …',
  inverse_sql: 'CREATE OR REPLACE FUNCTION … AS BEFORE',
};

const record: ChangeRecord = {
  schema_version: 1,
  change_id: 'apply_1_abc',
  space_id: session.space_id,
  state: 'verified',
  plan: {
    schema_version: 1,
    patches: [],
    noops: [{ patch_id: 'P002', type: '', reason: '' }],
    before_hash: 'before',
    after_hash: 'after',
    diff: [],
    diff_lines: [],
    statements: [statement],
    slots: { before: { instructions: 0, snippets: 0 }, after: { instructions: 0, snippets: 0 } },
    cost: 0,
    touched: ['main.library.loans'],
  },
  pre_config: '{"version":2}',
  post_config: '{"version":2,"config":{}}',
  pre_hash: 'before',
  post_hash: 'after',
  files: [{ path: 'src/space.json', before: null, after: '{}' }],
  progress: { statements: 1, space: 'begun', files: 1 },
  merged: false,
  started_at: '2026-10-01T08:00:00.000Z',
  ended_at: null,
};

/** A session of version 2 with logs wherever it kept them. */
const stored = (version: string) =>
  JSON.stringify({
    ...session,
    schema_version: version,
    current_apply_log: legacyLogOf({ ...record, state: 'intended' }),
    provisional_apply_logs: [legacyLogOf(record)],
    iterations: [],
  });

describe('the apply log of an earlier session file', () => {
  it.each(['1', '2'])('of version %s comes back as the journal entry of its change', async (version) => {
    const loaded = await loadSession(memoryFileStore({ 's.json': stored(version) }), 's.json');
    expect(loaded?.current_apply_log).toEqual({ ...record, state: 'intended' });
    expect(loaded?.provisional_apply_logs).toEqual([record]);
  });

  it('is upgraded within every iteration too, and those without one stay without', async () => {
    const iteration = {
      iteration: 1,
      lever: 1,
      eval_scope: 'full',
      timestamp: session.started_at,
      overall_accuracy: 50,
      adjusted_accuracy: null,
      total_questions: 2,
      evaluated_count: 2,
      correct_count: 1,
      excluded_count: 0,
      failures: ['q1'],
      scores: {},
      thresholds_passed: false,
      config_hash: 'after',
      benchmark_fingerprint: 'f',
      rows_ref: null,
      patch_set: [],
      slice_result: null,
      p0_result: null,
      decision: null,
      accepted: true,
      outcome: 'accepted',
      cross_iteration_repeatability: null,
      next_action: '',
    };
    const text = JSON.stringify({
      ...session,
      schema_version: '2',
      iterations: [
        { ...iteration, iteration: 0, lever: 0 },
        { ...iteration, apply_log: null },
        { ...iteration, apply_log: legacyLogOf(record) },
      ],
    });
    const loaded = await loadSession(memoryFileStore({ 's.json': text }), 's.json');
    expect(loaded?.iterations.map(({ apply_log: log }) => log)).toEqual([undefined, null, record]);
  });

  it('that was rolled back counts as undone', async () => {
    const text = JSON.stringify({
      ...session,
      schema_version: '2',
      current_apply_log: { ...legacyLogOf(record), state: 'rolled_back' },
    });
    const loaded = await loadSession(memoryFileStore({ 's.json': text }), 's.json');
    expect(loaded?.current_apply_log?.state).toBe('undone');
  });

  it('that is damaged is refused, with the place', async () => {
    const { apply_id: _id, ...damaged } = legacyLogOf(record);
    const text = JSON.stringify({ ...session, schema_version: '2', current_apply_log: damaged });
    await expect(loadSession(memoryFileStore({ 's.json': text }), 's.json')).rejects.toThrow(
      "damaged at 'current_apply_log",
    );
  });
});
