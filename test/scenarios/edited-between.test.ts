import { beforeAll, describe, expect, it } from 'vitest';
import type { OptimizeEvent, OptimizeOptions } from '../../src/pipeline/index.ts';
import type { Session } from '../../src/session/index.ts';
import { parseSpace, serializeSpace, type Space } from '../../src/spaces/index.ts';
import { memoryFileStore, type MemoryFileStore, type MemoryWorkspace } from '../../src/testing/index.ts';
import { mortalRun } from './mortal-run.ts';
import { scriptedRun, SPACE_ID, synonym, TEN_QUESTIONS } from './scripted-run.ts';
import { columnSynonyms } from './space-words.ts';

const QUESTION = 'What did somebody else want to know?';

/** An edit at a place that no change of these runs touches. */
const addsSample = (space: Space): Space => ({
  ...space,
  config: { ...space.config, sample_questions: [{ id: 'f'.repeat(32), question: [QUESTION] }] },
});

/** An edit at the place of the synonyms of column `c2`, with or without the change of the run there. */
const takesWord = (space: Space): Space => ({
  ...space,
  data_sources: {
    tables: [
      {
        identifier: 'main.library.loans',
        column_configs: [
          ...(space.data_sources?.tables?.[0]?.column_configs ?? []).filter(
            ({ column_name: name }) => name !== 'c2',
          ),
          { column_name: 'c2', synonyms: ['their own word'] },
        ],
      },
    ],
  },
});

const canonical = (text: string) => serializeSpace(parseSpace(text));
const edit = (workspace: MemoryWorkspace, change: (space: Space) => Space) =>
  workspace.editElsewhere(SPACE_ID, serializeSpace(change(parseSpace(workspace.spaceText(SPACE_ID)))));
const words = (workspace: MemoryWorkspace) => columnSynonyms(parseSpace(workspace.spaceText(SPACE_ID)));

const proposals = (lever: number, sweep: number) =>
  lever === 1
    ? [synonym(1, 2)]
    : lever === 2 && sweep === 1
      ? [synonym(2, 3, 'useless')]
      : lever === 3
        ? [synonym(3, 4)]
        : [];

const LIVE = { isolation: 'live', acceptance: 'threshold' } as const;
const CLONE = { isolation: 'clone', acceptance: 'paired' } as const;
type Options = Pick<OptimizeOptions, 'isolation' | 'acceptance'>;

const changed = ({ iterations }: Session) => iterations.filter(({ lever }) => lever > 0);
const isUnderWay = (state: string, space: string) => (session: Session) =>
  changed(session).length === 0 &&
  session.current_apply_log?.state === state &&
  session.current_apply_log.progress.space === space;

/** Moments at which a run is killed, told by the session that was written last. */
const MOMENTS = {
  'before anything was measured': ({ accepted_config: accepted, iterations }: Session) =>
    accepted !== null && iterations.length === 0,
  'before the first lever': ({ iterations, pending }: Session) => iterations.length === 1 && pending === null,
  'with the intention of a change in the journal': isUnderWay('intended', 'untouched'),
  'with a write begun': isUnderWay('intended', 'begun'),
  'with a write done': isUnderWay('intended', 'done'),
  'with a change that nobody has judged': isUnderWay('verified', 'done'),
  'after an accepted lever': (session: Session) =>
    changed(session).some(({ outcome }) => outcome === 'accepted') && session.pending === null,
  'after a rejected lever': (session: Session) =>
    changed(session).some(({ outcome }) => outcome === 'rolled_back') && session.pending === null,
  'after the last lever': ({ next_lever: next }: Session) => next === null,
  'before the promotion': ({ promotion }: Session) => promotion?.state === 'intended',
  'after the promotion': ({ promotion }: Session) => promotion?.state === 'verified',
} as const;
type Moment = keyof typeof MOMENTS;

/** What a run leaves behind that is killed at each of these moments. */
async function leftAtMoments(options: Options): Promise<ReadonlyMap<Moment, Left>> {
  const left = new Map<Moment, Left>();
  const files = memoryFileStore({}, (path, text) => {
    if (!path.endsWith('progress.json')) return;
    const session = JSON.parse(text) as Session;
    for (const moment of Object.keys(MOMENTS) as Moment[]) {
      if (left.has(moment) || !MOMENTS[moment](session)) continue;
      const texts = [...files.texts].filter(([name]) => !name.endsWith('.lock'));
      left.set(moment, { texts: Object.fromEntries(texts), workspace: scenario.workspace.copy() });
    }
  });
  const scenario = scriptedRun(TEN_QUESTIONS, proposals, { files });
  await scenario.run(options);
  return left;
}

interface Left {
  readonly texts: Readonly<Record<string, string>>;
  readonly workspace: MemoryWorkspace;
}

const left = new Map<Options, ReadonlyMap<Moment, Left>>();
beforeAll(async () => {
  for (const options of [LIVE, CLONE]) left.set(options, await leftAtMoments(options));
});

/** What a run killed at this moment left behind, to go on from. */
function killed(options: Options, moment: Moment) {
  const found = left.get(options)?.get(moment);
  if (found === undefined) throw new RangeError(`No run was ever ${moment}.`);
  return goOn(options, memoryFileStore(found.texts), found.workspace.copy());
}

/** The same of one that died when the answer to its first write to the space was lost. */
async function killedAtUpdate(options: Options) {
  const life = mortalRun(
    () => false,
    (spaceId) => spaceId === SPACE_ID,
  );
  const first = scriptedRun(TEN_QUESTIONS, proposals, { files: life.files, wrap: life.wrap });
  await expect(first.run(options)).rejects.toThrow('dead');
  return goOn(options, life.survivors(), first.workspace);
}

function goOn(options: Options, files: MemoryFileStore, workspace: MemoryWorkspace) {
  const events: OptimizeEvent[] = [];
  const resume = () =>
    scriptedRun(TEN_QUESTIONS, proposals, { files, workspace }).run({
      ...options,
      resume: true,
      onEvent: (event) => events.push(event),
    });
  return { workspace, resume, events };
}

const cases = (options: Options, left: readonly Moment[]) =>
  (Object.keys(MOMENTS) as Moment[])
    .filter((moment) => !left.includes(moment))
    .map((moment): [Options, Moment] => [options, moment]);

describe('an edit of somebody else between a kill and the resume', () => {
  it.each([...cases(LIVE, ['before the promotion', 'after the promotion']), ...cases(CLONE, [])])(
    'at another place is kept, and so is all that the run does: %o, killed %s',
    async (options, moment) => {
      const { workspace, resume } = killed(options, moment);
      edit(workspace, addsSample);
      const { session } = await resume();
      expect(words(workspace)).toEqual(['w2', 'w4']);
      expect(workspace.spaceText(SPACE_ID)).toContain(QUESTION);
      expect(session.accepted_config).toBe(canonical(workspace.spaceText(SPACE_ID)));
      expect(changed(session).map(({ lever, outcome }) => [lever, outcome])).toEqual([
        [1, 'accepted'],
        [2, 'rolled_back'],
        [3, 'accepted'],
      ]);
      expect((await workspace.genie.listSpaces()).map(({ spaceId }) => spaceId)).toEqual([SPACE_ID]);
    },
  );

  it('is kept when the promotion was written, and its answer lost', async () => {
    const { workspace, resume, events } = await killedAtUpdate(CLONE);
    edit(workspace, addsSample);
    expect(words(workspace)).toEqual(['w2', 'w4']);
    const { session } = await resume();
    expect(words(workspace)).toEqual(['w2', 'w4']);
    expect(workspace.spaceText(SPACE_ID)).toContain(QUESTION);
    expect(session.promotion?.state).toBe('verified');
    expect(events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'SPACE_MERGED' }));
  });

  it('is kept when a write to the live space was made, and its answer lost', async () => {
    const { workspace, resume } = await killedAtUpdate(LIVE);
    edit(workspace, addsSample);
    expect(words(workspace)).toEqual(['w2']);
    await resume();
    expect(words(workspace)).toEqual(['w2', 'w4']);
    expect(workspace.spaceText(SPACE_ID)).toContain(QUESTION);
  });

  it.each([
    [LIVE, 'after an accepted lever'],
    [CLONE, 'after an accepted lever'],
    [CLONE, 'before the promotion'],
    [CLONE, 'after the promotion'],
  ] as const)(
    'at a place that the run has changed stops it, naming the place, until it is put back: %o, killed %s',
    async (options, moment) => {
      const { workspace, resume } = killed(options, moment);
      const before = workspace.spaceText(SPACE_ID);
      edit(workspace, takesWord);
      const theirs = workspace.spaceText(SPACE_ID);
      await expect(resume()).rejects.toMatchObject({
        code: 'SPACE_EDITED_ELSEWHERE',
        message: expect.stringMatching(/column_configs\[c2\].*Nothing was overwritten/) as string,
      });
      expect(workspace.spaceText(SPACE_ID)).toBe(theirs);
      workspace.editElsewhere(SPACE_ID, before);
      await resume();
      expect(words(workspace)).toEqual(['w2', 'w4']);
    },
  );

  it('at the place of a change that nobody has judged stops the run, and goes on once it is put back', async () => {
    const moment = 'with a change that nobody has judged';
    const { workspace, resume } = killed(LIVE, moment);
    const before = workspace.spaceText(SPACE_ID);
    edit(workspace, takesWord);
    await expect(resume()).rejects.toMatchObject({
      code: 'CHANGE_NOT_UNDONE',
      message: expect.stringContaining('column_configs[c2]') as string,
    });
    expect(words(workspace)).toEqual(['their own word']);
    workspace.editElsewhere(SPACE_ID, before);
    await resume();
    expect(words(workspace)).toEqual(['w2', 'w4']);
  });

  it.each([LIVE, CLONE])('after the end of a run is none of its business: %o', async (options) => {
    const scenario = scriptedRun(TEN_QUESTIONS, proposals);
    const { session } = await scenario.run(options);
    edit(scenario.workspace, takesWord);
    const theirs = scenario.workspace.spaceText(SPACE_ID);
    const asked = scenario.workspace.asked.length;
    const again = await scenario.run({ ...options, resume: true });
    expect(scenario.workspace.asked).toHaveLength(asked);
    expect(again.session.iterations).toEqual(session.iterations);
    expect(scenario.workspace.spaceText(SPACE_ID)).toBe(theirs);
  });

  it.each([LIVE, CLONE])(
    'does not keep a cancelled run from leaving everything as it was: %o',
    async (options) => {
      const scenario = scriptedRun(TEN_QUESTIONS, proposals);
      const cancel = new AbortController();
      const run = scenario.run({
        ...options,
        signal: cancel.signal,
        onEvent: (event) => {
          if (event.type !== 'decision' || event.lever !== 2) return;
          edit(scenario.workspace, addsSample);
          cancel.abort();
        },
      });
      await expect(run).rejects.toMatchObject({ code: 'ABORTED_BY_CALLER' });
      expect(scenario.workspace.spaceText(SPACE_ID)).toContain(QUESTION);
      await scenario.run({ ...options, resume: true });
      expect(words(scenario.workspace)).toEqual(['w2', 'w4']);
      expect(scenario.workspace.spaceText(SPACE_ID)).toContain(QUESTION);
    },
  );
});
