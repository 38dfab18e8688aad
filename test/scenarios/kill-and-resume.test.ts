import { describe, expect, it } from 'vitest';
import { parseSpace, serializeSpace } from '../../src/spaces/index.ts';
import { memoryFileStore, type MemoryWorkspace } from '../../src/testing/index.ts';
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

async function undisturbed() {
  const paths: string[] = [];
  const files = memoryFileStore({}, (path) => paths.push(path));
  const scenario = scriptedRun(TEN_QUESTIONS, proposals, { files });
  const result = await scenario.run();
  return { result, writes: files.writes(), paths, text: canonical(scenario.workspace.spaceText(SPACE_ID)) };
}

describe('a run that is killed', () => {
  it('at any of its writes ends in the same decisions after resume', async () => {
    const expected = await undisturbed();
    expect(expected.writes).toBeGreaterThan(15);
    // Every transition of the session, and a sample of the asks and rows written in between.
    const moments = expected.paths.flatMap((path, index) =>
      path.includes('progress') || index % 4 === 0 ? [index + 1] : [],
    );
    expect(moments.length).toBeGreaterThan(40);
    for (const dieAt of moments) {
      const life = mortal((writes) => writes >= dieAt);
      const first = scriptedRun(TEN_QUESTIONS, proposals, { files: life.files, wrap: life.wrap });
      await expect(first.run(), `write ${dieAt}`).rejects.toThrow('dead');

      const survivors = memoryFileStore(Object.fromEntries(life.files.texts));
      const second = scriptedRun(TEN_QUESTIONS, proposals, { files: survivors, workspace: first.workspace });
      const result = await second.run({ resume: true });
      expect(result.finalAccuracyPct, `write ${dieAt}`).toBe(expected.result.finalAccuracyPct);
      expect(canonical(first.workspace.spaceText(SPACE_ID)), `write ${dieAt}`).toBe(expected.text);
      const trail = (session: typeof result.session) =>
        session.iterations.map(({ lever, outcome }) => `${lever} ${outcome}`);
      expect(trail(result.session), `write ${dieAt}`).toEqual(trail(expected.result.session));
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
