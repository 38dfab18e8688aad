import { describe, expect, it } from 'vitest';
import { writeProposals, type HistoryEntry, type Lever, type Observation } from '../../src/levers/index.ts';
import { changesOf, harborSpace, inputOf, propose, type Asked } from './harbor.ts';

const REGISTRY: Asked = {
  question: 'Ships per registry',
  expected: 'SELECT flag, COUNT(*) FROM ships GROUP BY flag',
  generated: 'SELECT grp, COUNT(*) FROM ships GROUP BY grp',
};

/** The harbor with an instruction. */
const instructed = (...lines: string[]) => {
  const space = harborSpace();
  return {
    space: {
      ...space,
      instructions: {
        ...space.instructions,
        text_instructions: [{ id: 'b'.repeat(32), content: [lines.join('\n')] }],
      },
    },
  };
};

const answers = (...verdicts: boolean[]): Observation[] =>
  verdicts.map((correct) => ({ question_id: 'q1', correct }));
const tried = (failure_type: HistoryEntry['failure_type'], lever: Lever): HistoryEntry => ({
  fingerprint: `${failure_type}/${lever}`,
  question_ids: ['q1'],
  failure_type,
  lever,
  outcome: 'reverted',
});
const reasons = (result: Awaited<ReturnType<typeof propose>>) => result.review.map(({ reason }) => reason);

describe('the linter as a guard', () => {
  it('refuses a synonym that an instruction gives to another column, and says which rule it breaks', async () => {
    const result = await propose([REGISTRY], instructed("'registry' means ships.grp."));
    const synonyms = changesOf(result).filter((change) => change['type'] === 'add_synonym');
    expect(synonyms).toEqual([]);
    expect(result.review.find(({ reason }) => reason === 'contradiction')?.detail).toContain('registry');
  });

  it('leaves the same synonym alone when nothing contradicts it', async () => {
    const result = await propose([REGISTRY], instructed("'harbour dues' means calls.dues."));
    expect(changesOf(result)).toContainEqual(
      expect.objectContaining({ type: 'add_synonym', column: 'flag', synonym: 'registry' }),
    );
    expect(reasons(result)).not.toContain('contradiction');
  });
});

describe('questions that waver or are exhausted', () => {
  it('count half when they fail now and then', async () => {
    const steady = await propose([REGISTRY], { observations: answers(false, false, false, false) });
    const wavering = await propose([REGISTRY], { observations: answers(true, false, true, false) });
    const [first, second] = [steady.proposals[0], wavering.proposals[0]];
    expect(second?.rationale).toBe(first?.rationale);
    expect(second?.net_impact).toBeCloseTo((first?.net_impact ?? 0) / 2, 5);
  });

  it('get no more proposals for a cause whose every lever was tried, but stay in the review', async () => {
    const observations = answers(false, false, false, false);
    const types = [...new Set((await propose([REGISTRY])).proposals.map((item) => item.failure_type))];
    expect(types).not.toEqual([]);
    const history = types.flatMap((type) => ([1, 2, 3, 6] as const).map((lever) => tried(type, lever)));
    const result = await propose([REGISTRY], { observations, history });
    expect(result.proposals).toEqual([]);
    expect(reasons(result)).toContain('exhausted');
    // Too few answers prove nothing.
    const unproven = await propose([REGISTRY], { observations: answers(false), history });
    expect(reasons(unproven)).not.toContain('exhausted');
  });
});

describe('a model that adds', () => {
  const described = () => {
    const space = harborSpace();
    const ships = space.data_sources?.tables?.find(({ identifier }) => identifier === 'harbor.ops.ships');
    Object.assign(ships ?? {}, { description: ['Vessels that call.'] });
    return { space };
  };
  const write = async (patch: Record<string, unknown>, failure_type: string) =>
    writeProposals(await inputOf([REGISTRY], described()), {
      model: {
        name: 'scripted',
        generateJson: () =>
          Promise.resolve({
            rewrites: [],
            additions: [{ question_ids: ['q1'], failure_type, reason: 'nothing says so', patch }],
          }),
      },
    });

  it.each([
    ['wrong_filter', 'missing_filter'],
    ['wrong_table', 'wrong_table'],
  ])('is labelled by the cause it names: %s', async (named, cause) => {
    const { proposals } = await write({ type: 'add_instruction', text: 'Write flag in upper case.' }, named);
    const added = proposals.find(({ patches }) => patches.some(({ type }) => type === 'add_instruction'));
    expect(added?.failure_type).toBe(cause);
  });

  it.each([
    [
      'drops what the owner wrote',
      { type: 'update_description', target: 'harbor.ops.ships', new_text: 'Ships.' },
      'owner_text_lost',
    ],
    [
      'claims another old text',
      { type: 'update_description', target: 'harbor.ops.ships', old_text: 'x', new_text: 'x and more' },
      'owner_text_lost',
    ],
    ['takes something out', { type: 'remove_table', target: 'harbor.ops.ships' }, 'invalid'],
  ])('is refused when it %s', async (_, patch, reason) => {
    expect((await write(patch, 'wrong_table')).refusals).toMatchObject([{ reason }]);
  });

  it('may say more behind what the owner wrote', async () => {
    const patch = {
      type: 'update_description',
      target: 'harbor.ops.ships',
      new_text: 'Vessels that call. The registry is in flag.',
    };
    const { proposals, refusals } = await write(patch, 'wrong_table');
    expect(refusals).toEqual([]);
    expect(changesOf({ proposals } as never)).toContainEqual(patch);
  });
});
