import { beforeAll, describe, expect, it } from 'vitest';
import { OptimizerError } from '../../src/core/index.ts';
import type { Session } from '../../src/session/index.ts';
import { parseSpace, serializeSpace } from '../../src/spaces/index.ts';
import { memoryFileStore, type MemoryFileStore } from '../../src/testing/index.ts';
import { scriptedRun, SPACE_ID, synonym, TEN_QUESTIONS } from './scripted-run.ts';

const proposals = (lever: number) =>
  lever === 1 ? [synonym(1, 2)] : lever === 2 ? [synonym(2, 3, 'useless')] : [];

const canonical = (text: string) => serializeSpace(parseSpace(text));
const trail = (session: Session) => session.iterations.map(({ lever, outcome }) => `${lever} ${outcome}`);

/** A disk that is full from one write on, until there is room again. */
function fullDisk(store: MemoryFileStore, isFull: (path: string, text: string) => boolean) {
  let is = false;
  const full = (path: string) =>
    new OptimizerError(`Could not write ${path} (ENOSPC).`, { code: 'FILE_ACCESS', details: { path } });
  const write: typeof store.write = async (path, text) => {
    is ||= isFull(path, text);
    if (is) throw full(path);
    await store.write(path, text);
  };
  return { ...store, write };
}

const change = (text: string): Session['current_apply_log'] =>
  (JSON.parse(text) as Session).current_apply_log;

describe.each(['live', 'clone'] as const)('a run on a disk that gets full, isolation %s', (isolation) => {
  const options = { isolation, acceptance: 'threshold' } as const;
  let expected: Session;
  beforeAll(async () => {
    ({ session: expected } = await scriptedRun(TEN_QUESTIONS, proposals).run(options));
  });

  it.each([
    ['before a change is made', (text: string) => change(text)?.state === 'intended'],
    ['while the space is written', (text: string) => change(text)?.progress.space === 'begun'],
    ['after the space was written', (text: string) => change(text)?.progress.space === 'done'],
    ['when the change is there', (text: string) => change(text)?.state === 'verified'],
    [
      'when the first change is decided on',
      (text: string) => (JSON.parse(text) as Session).iterations.length === 2,
    ],
    ['when the last one is taken back', (text: string) => change(text)?.state === 'undone'],
  ])('%s says so, and goes on once there is room: nothing lost, nothing twice', async (_, isFull) => {
    const store = memoryFileStore();
    const files = fullDisk(store, (path, text) => path.endsWith('progress.json') && isFull(text));
    const first = scriptedRun(TEN_QUESTIONS, proposals, { files });
    await expect(first.run(options)).rejects.toMatchObject({ code: 'FILE_ACCESS' });

    const { workspace } = first;
    const { session } = await scriptedRun(TEN_QUESTIONS, proposals, { files: store, workspace }).run({
      ...options,
      resume: true,
    });
    expect(trail(session)).toEqual(trail(expected));
    expect(session.accepted_config).toBe(expected.accepted_config);
    expect(canonical(workspace.spaceText(SPACE_ID))).toBe(expected.accepted_config);
    expect((await workspace.genie.listSpaces()).map(({ spaceId }) => spaceId)).toEqual([SPACE_ID]);
  });
});
