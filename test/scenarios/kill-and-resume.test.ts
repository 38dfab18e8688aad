import { describe, expect, it } from 'vitest';
import type { EvaluationResult } from '../../src/evaluation/index.ts';
import type { OptimizeOptions } from '../../src/pipeline/index.ts';
import { SESSION_SCHEMA_VERSION, type Session } from '../../src/session/index.ts';
import { parseSpace, serializeSpace } from '../../src/spaces/index.ts';
import { memoryFileStore, type MemoryWorkspace } from '../../src/testing/index.ts';
import { verdict } from '../pipeline/rows.ts';
import { legacyLogOf } from '../session/legacy-log.ts';
import { scriptedRun, SPACE_ID, synonym, TEN_QUESTIONS } from './scripted-run.ts';

/** Files and workspace of a process that dies right after a write: nothing it does later has an effect. */
function mortal(diesAfter: (writes: number, text: string) => boolean) {
  let isDead = false;
  const die = () => {
    throw new RangeError('dead');
  };
  const files = memoryFileStore();
  const write: typeof files.write = async (path, text) => {
    if (isDead) die();
    await files.write(path, text);
    isDead ||= diesAfter(files.writes(), text);
    if (isDead) die();
  };
  const wrap = (workspace: MemoryWorkspace): MemoryWorkspace => ({
    ...workspace,
    genie: new Proxy(workspace.genie, {
      get: (genie, name) => (isDead ? die : (Reflect.get(genie, name) as unknown)),
    }),
  });
  return { files: { ...files, write }, wrap };
}

const proposals = (lever: number) =>
  lever === 1
    ? [synonym(1, 2)]
    : lever === 2
      ? [synonym(2, 3, 'useless')]
      : lever === 3
        ? [synonym(3, 4)]
        : [];

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

async function undisturbed(options: Pick<OptimizeOptions, 'acceptance' | 'isolation'>) {
  const moments: number[] = [];
  const isMoment = momentsIn(options.isolation ?? 'clone');
  const files = memoryFileStore({}, (path, text) => {
    if (isMoment(path, text)) moments.push(files.writes());
  });
  const scenario = scriptedRun(TEN_QUESTIONS, proposals, { files });
  const result = await scenario.run(options);
  return { result, moments, text: canonical(scenario.workspace.spaceText(SPACE_ID)) };
}

describe('a run that is killed', () => {
  it.each([
    [{ isolation: 'clone', acceptance: 'paired' }, 40],
    [{ isolation: 'live', acceptance: 'threshold' }, 8],
  ] as const)(
    'at any of its writes ends in the same decisions after resume: %o',
    async (options, atLeast) => {
      const expected = await undisturbed(options);
      const { moments } = expected;
      expect(moments.length).toBeGreaterThan(atLeast);
      for (const dieAt of moments) {
        const life = mortal((writes) => writes >= dieAt);
        const first = scriptedRun(TEN_QUESTIONS, proposals, { files: life.files, wrap: life.wrap });
        await expect(first.run(options), `write ${dieAt}`).rejects.toThrow('dead');

        const survivors = memoryFileStore(Object.fromEntries(life.files.texts));
        const second = scriptedRun(TEN_QUESTIONS, proposals, {
          files: survivors,
          workspace: first.workspace,
        });
        const result = await second.run({ ...options, resume: true });
        expect(result.finalAccuracyPct, `write ${dieAt}`).toBe(expected.result.finalAccuracyPct);
        expect(canonical(first.workspace.spaceText(SPACE_ID)), `write ${dieAt}`).toBe(expected.text);
        const trail = (session: typeof result.session) =>
          session.iterations.map(({ lever, outcome }) => `${lever} ${outcome}`);
        expect(trail(result.session), `write ${dieAt}`).toEqual(trail(expected.result.session));
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
        propose: (_ctx, { lever }) => ({ proposals: lever < 2 ? proposals(lever) : [] }),
        baseline: async (_ctx, _input, runDefault) => doubt(await runDefault()),
        fullEval: async (_ctx, _input, runDefault) => doubt(await runDefault()),
      },
    };
    const paths: string[] = [];
    const files = memoryFileStore({}, (path) => paths.push(path));
    const expected = await scriptedRun(TEN_QUESTIONS, proposals, { files }).run(changes);
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
    const moments = paths.flatMap((path, index) =>
      /benchmarks|keys-/.test(path) || /benchmarks|keys-/.test(paths[index - 1] ?? '') || index % 20 === 0
        ? [index + 1]
        : [],
    );
    expect(moments.length).toBeGreaterThan(8);
    for (const dieAt of moments) {
      const life = mortal((writes) => writes >= dieAt);
      const first = scriptedRun(TEN_QUESTIONS, proposals, { files: life.files, wrap: life.wrap });
      await expect(first.run(changes), `write ${dieAt}`).rejects.toThrow('dead');
      const survivors = memoryFileStore(Object.fromEntries(life.files.texts));
      const second = scriptedRun(TEN_QUESTIONS, proposals, { files: survivors, workspace: first.workspace });
      expect(trail(await second.run({ ...changes, resume: true })), `write ${dieAt}`).toEqual(
        trail(expected),
      );
    }
  }, 240_000);

  it('refuses to resume when the space is in a state it does not know', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, proposals);
    await scenario.run();
    scenario.workspace.editElsewhere(SPACE_ID, JSON.stringify({ version: 2 }));
    await expect(scenario.run({ resume: true })).rejects.toMatchObject({ code: 'SPACE_EDITED_ELSEWHERE' });
  });

  it('refuses a session file of another space', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, proposals);
    await scenario.run();
    const run = scenario.run({ resume: true, spaceId: 'f'.repeat(32) });
    await expect(run).rejects.toMatchObject({ code: 'SESSION_MISMATCH' });
  });

  it('in the middle of a change refuses to start anew: that would forget how to undo it', async () => {
    const life = mortal((_, text) => text.includes('"state": "intended"'));
    const first = scriptedRun(TEN_QUESTIONS, proposals, { files: life.files, wrap: life.wrap });
    await expect(first.run()).rejects.toThrow('dead');
    const survivors = memoryFileStore(Object.fromEntries(life.files.texts));
    const parts = { files: survivors, workspace: first.workspace };
    await expect(scriptedRun(TEN_QUESTIONS, proposals, parts).run()).rejects.toMatchObject({
      code: 'SESSION_UNFINISHED',
    });
  });

  it.each(['live', 'clone'] as const)(
    'by an earlier version of the library, isolation %s, takes its change back and ends the same',
    async (isolation) => {
      const options = { isolation, acceptance: 'threshold' } as const;
      const expected = await scriptedRun(TEN_QUESTIONS, proposals).run(options);
      const life = mortal((_, text) => text.includes('"state": "verified"'));
      const first = scriptedRun(TEN_QUESTIONS, proposals, { files: life.files, wrap: life.wrap });
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
      const second = scriptedRun(TEN_QUESTIONS, proposals, { files, workspace: first.workspace });
      const resumed = await second.run({ ...options, resume: true });
      expect(resumed.session.accepted_config).toBe(expected.session.accepted_config);
      expect(canonical(first.workspace.spaceText(SPACE_ID))).toBe(expected.session.accepted_config);
      expect(resumed.session.schema_version).toBe(SESSION_SCHEMA_VERSION);
    },
  );

  it('once finished is kept when a new run starts', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, proposals);
    await scenario.run();
    await scenario.run({ newSessionId: () => 'run_2' });
    expect(scenario.files.texts.has('out/run_1/optimization-progress.json')).toBe(true);
  });

  it('starts anew when there is no session file', async () => {
    const result = await scriptedRun(TEN_QUESTIONS, proposals).run({ resume: true });
    expect(result.finalAccuracyPct).toBe(50);
  });
});
