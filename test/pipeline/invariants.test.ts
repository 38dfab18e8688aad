import { describe, expect, it } from 'vitest';
import type { OptimizeEvent, RunContext } from '../../src/pipeline/index.ts';
import type { Session } from '../../src/session/index.ts';
import { memoryFileStore } from '../../src/testing/index.ts';
import { scriptedRun, synonym, TEN_QUESTIONS, type ScriptedRun } from '../scenarios/scripted-run.ts';

const SESSION_FILE = 'optimization-progress.json';
const helps = (lever: number) => (lever === 1 ? [synonym(1, 2)] : []);

const stored = ({ files }: Pick<ScriptedRun, 'files'>): Session =>
  JSON.parse(files.texts.get(SESSION_FILE) ?? '') as Session;

/** Lever 2's handler changes the session that it may only look at. */
const tampering = (change: (session: Session) => void) => ({
  propose: (ctx: RunContext, { lever }: { readonly lever: number }) => {
    if (lever === 2) change(ctx.session());
    return { proposals: helps(lever) };
  },
});

describe('what must hold between two levers', () => {
  it.each(['candidate_id', 'incumbent_id'] as const)(
    'invariant 1: the copy %s is as it was decided on',
    async (copy) => {
      const scenario = scriptedRun(TEN_QUESTIONS, helps);
      const onEvent = (event: OptimizeEvent) => {
        if (event.type !== 'lever_skipped' || event.lever !== 2) return;
        scenario.workspace.editElsewhere(stored(scenario).clones?.[copy] ?? '', '{"version":2}');
      };
      await expect(scenario.run({ onEvent })).rejects.toMatchObject({
        code: 'INVARIANT',
        details: { phase: 'lever', spaceId: expect.any(String) as string },
      });
    },
  );

  it.each<[string, (session: Session) => void]>([
    ['accuracy', ({ iterations }) => Object.assign(iterations.at(-1) ?? {}, { overall_accuracy: 99 })],
    ['best_overall_accuracy', (session) => Object.assign(session, { best_overall_accuracy: 99 })],
    ['best_iteration', (session) => Object.assign(session, { best_iteration: 0 })],
    ['accepted_config', (session) => Object.assign(session, { accepted_config: session.initial_config })],
  ])("invariant 2: '%s' is that of the last accepted evaluation", async (name, change) => {
    const run = scriptedRun(TEN_QUESTIONS, () => []).run({ phases: tampering(change) });
    await expect(run).rejects.toMatchObject({ code: 'INVARIANT', details: { phase: 'lever', name } });
  });

  it('invariant 3: the session on disk is as new as the run', async () => {
    const disk = memoryFileStore();
    let isFull = false;
    const files = {
      ...disk,
      write: async (path: string, text: string) => {
        if (!isFull || path !== SESSION_FILE) await disk.write(path, text);
      },
    };
    const scenario = scriptedRun(TEN_QUESTIONS, helps, { files });
    const onEvent = (event: OptimizeEvent) => {
      isFull ||= event.type === 'decision';
    };
    await expect(scenario.run({ onEvent })).rejects.toMatchObject({
      code: 'INVARIANT',
      details: { phase: 'lever', sessionFile: SESSION_FILE },
    });
  });

  it('invariant 4: no lever begins before the audit says what came of the one before it', async () => {
    const run = scriptedRun(TEN_QUESTIONS, () => []).run({
      phases: tampering(({ lever_audit: audit }) =>
        Object.assign(audit['1'] ?? {}, { skip_reason: null, proposals_applied: 0 }),
      ),
    });
    await expect(run).rejects.toMatchObject({ code: 'INVARIANT', details: { phase: 'lever', lever: '1' } });
  });

  it('invariant 4: nothing is under way', async () => {
    const run = scriptedRun(TEN_QUESTIONS, () => []).run({
      phases: {
        leverExhaustion: (ctx, _input, runDefault) => {
          const pending = { phase: 'apply', lever: 1, sweep: 1, started_at: '' };
          Object.assign(ctx.session(), { pending });
          return runDefault();
        },
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'INVARIANT', details: { pending: { phase: 'apply' } } });
  });
});
