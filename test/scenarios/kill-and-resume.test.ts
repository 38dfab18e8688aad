import { describe, expect, it } from 'vitest';
import type { EvaluationResult } from '../../src/evaluation/index.ts';
import type { OptimizeOptions } from '../../src/pipeline/index.ts';
import { SESSION_SCHEMA_VERSION, type Session } from '../../src/session/index.ts';
import { parseSpace, serializeSpace } from '../../src/spaces/index.ts';
import { memoryFileStore, type MemoryFileStore, type MemoryWorkspace } from '../../src/testing/index.ts';
import { verdict } from '../pipeline/rows.ts';
import { legacyLogOf } from '../session/legacy-log.ts';
import { isSession, mortalRun } from './mortal-run.ts';
import { goodBadGood, scriptedRun, SPACE_ID, TEN_QUESTIONS } from './scripted-run.ts';

const canonical = (text: string) => serializeSpace(parseSpace(text));

/**
 * Whether a run can be killed here as nowhere before: at a write of the session, unless it tells of an effect of a
 * change that an earlier change has told of; and at a sample of the asks and rows written in between.
 *
 * @param isolation - `live`: only while a change stands that nobody has decided on, which is what differs there
 */
function momentsIn(isolation: 'live' | 'clone') {
  const told = new Set<string>();
  let writes = 0;
  return (path: string, text: string): boolean => {
    writes += 1;
    if (!path.includes('progress')) return isolation === 'clone' && writes % 8 === 1;
    const { current_apply_log: log = null } = JSON.parse(text) as Partial<Session>;
    if (log === null) return isolation === 'clone';
    if (log.state === 'verified') return true;
    const effect = JSON.stringify([log.state, log.progress]);
    return told.size < told.add(effect).size;
  };
}

/** What a process that is killed leaves behind. */
interface Killed {
  readonly when: string;
  readonly files: MemoryFileStore;
  readonly workspace: MemoryWorkspace;
}

/**
 * A run to its end, with what a kill right after some of its writes would have left behind, and right after its first
 * write to each space: the answer to that is lost then.
 */
async function undisturbed(
  options: Partial<OptimizeOptions>,
  isMoment: (path: string, text: string) => boolean,
) {
  const kills: Killed[] = [];
  const files = memoryFileStore({}, (path, text) => {
    if (isMoment(path, text)) kill(`write ${files.writes()}`);
  });
  const kill = (when: string): void => {
    // The lock of a process that is gone holds nobody up; the one of this process would.
    const texts = [...files.texts].filter(([name]) => !name.endsWith('.lock'));
    const left = memoryFileStore(Object.fromEntries(texts));
    kills.push({ when, files: left, workspace: scenario.workspace.copy() });
  };
  const written = new Set<string>();
  const wrap = (workspace: MemoryWorkspace): MemoryWorkspace => ({
    ...workspace,
    genie: {
      ...workspace.genie,
      updateSpace: async (...args) => {
        const answer = await workspace.genie.updateSpace(...args);
        if (written.size < written.add(args[0]).size) kill(`update of ${args[0]}`);
        return answer;
      },
      createSpace: async (...args) => {
        const made = await workspace.genie.createSpace(...args);
        kill(`creation of ${made.spaceId}`);
        return made;
      },
    },
  });
  const scenario = scriptedRun(TEN_QUESTIONS, goodBadGood, { files, wrap });
  const result = await scenario.run(options);
  return { result, kills, text: canonical(scenario.workspace.spaceText(SPACE_ID)) };
}

describe('a run that is killed', () => {
  it.each([
    [{ isolation: 'clone', acceptance: 'paired' }, 40],
    [{ isolation: 'live', acceptance: 'threshold' }, 8],
  ] as const)(
    'at any of its transitions ends in the same decisions after resume: %o',
    async (options, atLeast) => {
      const expected = await undisturbed(options, momentsIn(options.isolation));
      expect(expected.kills.length).toBeGreaterThan(atLeast);
      const trail = ({ session }: typeof expected.result) =>
        session.iterations.map(({ lever, outcome }) => `${lever} ${outcome}`);
      for (const { when, ...left } of expected.kills) {
        const result = await scriptedRun(TEN_QUESTIONS, goodBadGood, left).run({ ...options, resume: true });
        expect(result.finalAccuracyPct, when).toBe(expected.result.finalAccuracyPct);
        expect(canonical(left.workspace.spaceText(SPACE_ID)), when).toBe(expected.text);
        expect(trail(result), when).toEqual(trail(expected.result));
      }
    },
    240_000,
  );

  it('while answer keys are corrected ends with the same keys and decisions', async () => {
    const doubt = (result: EvaluationResult): EvaluationResult => ({
      ...result,
      rows: result.rows.map((found) =>
        found.correct === false && ['q4', 'q5', 'q6'].includes(found.question_id)
          ? { ...found, verdicts: { ...found.verdicts, ...verdict('arbiter', 'genie_correct') } }
          : found,
      ),
    });
    const changes: Partial<OptimizeOptions> = {
      corrections: 'auto',
      isolation: 'live',
      phases: {
        propose: (_ctx, { lever }) => ({ proposals: lever < 2 ? goodBadGood(lever) : [] }),
        baseline: async (_ctx, _input, runDefault) => doubt(await runDefault()),
        fullEval: async (_ctx, _input, runDefault) => doubt(await runDefault()),
      },
    };
    let writes = 0;
    let earlier = '';
    const isMoment = (path: string): boolean => {
      writes += 1;
      const isOfKeys = /benchmarks|keys-/.test(path) || /benchmarks|keys-/.test(earlier) || writes % 20 === 1;
      earlier = path;
      return isOfKeys;
    };
    const { result: expected, kills } = await undisturbed(changes, isMoment);
    const trail = ({ session }: typeof expected) => ({
      keys: session.benchmark_corrections.map(({ question_id, new_gt }) => [question_id, new_gt]),
      iterations: session.iterations.map(({ lever, outcome, overall_accuracy, rescored_accuracy }) => [
        lever,
        outcome,
        overall_accuracy,
        rescored_accuracy,
      ]),
      best: session.best_overall_accuracy,
    });
    expect(trail(expected).keys).toHaveLength(3);
    expect(kills.length).toBeGreaterThan(8);
    for (const { when, ...left } of kills) {
      const second = scriptedRun(TEN_QUESTIONS, goodBadGood, left);
      expect(trail(await second.run({ ...changes, resume: true })), when).toEqual(trail(expected));
    }
  }, 240_000);

  it.each(['live', 'clone'] as const)(
    'refuses to resume, isolation %s, when the space has lost what an accepted change is about',
    async (isolation) => {
      const life = mortalRun(isSession(({ iterations }) => iterations.length === 2));
      const first = scriptedRun(TEN_QUESTIONS, goodBadGood, { files: life.files, wrap: life.wrap });
      const options = { isolation, acceptance: 'threshold' } as const;
      await expect(first.run(options)).rejects.toThrow('dead');
      first.workspace.editElsewhere(SPACE_ID, JSON.stringify({ version: 2 }));
      const parts = { files: life.survivors(), workspace: first.workspace };
      await expect(
        scriptedRun(TEN_QUESTIONS, goodBadGood, parts).run({ ...options, resume: true }),
      ).rejects.toMatchObject({ code: 'SPACE_EDITED_ELSEWHERE' });
      expect(first.workspace.spaceText(SPACE_ID)).toBe('{"version":2}');
    },
  );

  it('refuses a session file of another space', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, goodBadGood);
    await scenario.run();
    const run = scenario.run({ resume: true, spaceId: 'f'.repeat(32) });
    await expect(run).rejects.toMatchObject({ code: 'SESSION_MISMATCH' });
  });

  it('in the middle of a change refuses to start anew: that would forget how to undo it', async () => {
    const life = mortalRun((_, text) => text.includes('"state": "intended"'));
    const first = scriptedRun(TEN_QUESTIONS, goodBadGood, { files: life.files, wrap: life.wrap });
    await expect(first.run()).rejects.toThrow('dead');
    const survivors = memoryFileStore(Object.fromEntries(life.files.texts));
    const parts = { files: survivors, workspace: first.workspace };
    await expect(scriptedRun(TEN_QUESTIONS, goodBadGood, parts).run()).rejects.toMatchObject({
      code: 'SESSION_UNFINISHED',
    });
  });

  it.each(['live', 'clone'] as const)(
    'by an earlier version of the library, isolation %s, takes its change back and ends the same',
    async (isolation) => {
      const options = { isolation, acceptance: 'threshold' } as const;
      const expected = await scriptedRun(TEN_QUESTIONS, goodBadGood).run(options);
      const life = mortalRun((_, text) => text.includes('"state": "verified"'));
      const first = scriptedRun(TEN_QUESTIONS, goodBadGood, { files: life.files, wrap: life.wrap });
      await expect(first.run(options)).rejects.toThrow('dead');
      const texts = Object.fromEntries(life.files.texts);
      const session = JSON.parse(texts['optimization-progress.json'] ?? '') as Session;
      expect(session.current_apply_log?.state).toBe('verified');
      const earlier = {
        ...session,
        schema_version: '2',
        current_apply_log: session.current_apply_log && legacyLogOf(session.current_apply_log),
      };
      const files = memoryFileStore({ ...texts, 'optimization-progress.json': JSON.stringify(earlier) });
      const second = scriptedRun(TEN_QUESTIONS, goodBadGood, { files, workspace: first.workspace });
      const resumed = await second.run({ ...options, resume: true });
      expect(resumed.session.accepted_config).toBe(expected.session.accepted_config);
      expect(canonical(first.workspace.spaceText(SPACE_ID))).toBe(expected.session.accepted_config);
      expect(resumed.session.schema_version).toBe(SESSION_SCHEMA_VERSION);
    },
  );

  it('once finished is kept when a new run starts', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, goodBadGood);
    await scenario.run();
    await scenario.run({ newSessionId: () => 'run_2' });
    expect(scenario.files.texts.has('out/run_1/optimization-progress.json')).toBe(true);
  });

  it('starts anew when there is no session file', async () => {
    const result = await scriptedRun(TEN_QUESTIONS, goodBadGood).run({ resume: true });
    expect(result.finalAccuracyPct).toBe(50);
  });
});
