import { describe, expect, it } from 'vitest';
import { writeProposals, type ProposalInput } from '../../src/levers/index.ts';
import type { ChatModel } from '../../src/ports/index.ts';
import { changesOf, harborSpace, inputOf, propose, type Asked } from './harbor.ts';

const ASKED: readonly Asked[] = [
  {
    question: 'Ships per registry',
    expected: 'SELECT flag, COUNT(*) FROM ships GROUP BY flag',
    generated: 'SELECT grp, COUNT(*) FROM ships GROUP BY grp',
  },
  {
    question: 'Dues of a secret kind in the north',
    expected: 'SELECT SUM(dues) FROM calls',
    generated: 'same',
    split: 'held_out',
  },
];

function described(): Partial<ProposalInput> {
  const space = harborSpace();
  const ships = space.data_sources?.tables?.find((table) => table.identifier === 'harbor.ops.ships');
  Object.assign(ships ?? {}, { column_configs: [{ column_name: 'flag', description: ['Country code'] }] });
  return { space };
}

const model = (answer: unknown): ChatModel & { readonly prompts: string[] } => {
  const prompts: string[] = [];
  return {
    name: 'scripted',
    prompts,
    generateJson: (prompt) => {
      prompts.push(prompt);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
};

const none = { rewrites: [], additions: [] };

/** Id of the patch with the description of `flag`. */
const descriptionId = async (): Promise<string> =>
  (await propose(ASKED, described())).proposals
    .flatMap((proposal) => proposal.patches)
    .find((patch) => patch.type === 'update_column_description')?.id ?? '';

const write = async (answer: unknown) =>
  writeProposals(await inputOf(ASKED, described()), { model: model(answer) });

describe('a model that writes', () => {
  it('takes better words that keep what the owner wrote', async () => {
    const text = 'Country code. The registry of a ship; for the group use grp.';
    const { proposals, refusals } = await write({
      ...none,
      rewrites: [{ patch_id: await descriptionId(), text }],
    });
    expect(refusals).toEqual([]);
    expect(changesOf({ proposals } as never).map((change) => change['new_text'])).toContain(text);
  });

  it.each([
    ['the owner’s text', 'The registry of a ship.', 'owner_text_lost'],
    ['a name that does not exist', 'Country code. See ship_registry_code.', 'unknown_name'],
    ['a held-out question', 'Country code. Dues of a secret kind in the north.', 'leak'],
    ['the bounds', `Country code. ${'registry '.repeat(100)}`, 'too_long'],
  ])('keeps its own words when the model loses or breaks %s', async (_, text, reason) => {
    const { proposals, refusals } = await write({
      ...none,
      rewrites: [{ patch_id: await descriptionId(), text }],
    });
    expect(refusals).toMatchObject([{ reason }]);
    expect(proposals).toEqual((await propose(ASKED, described())).proposals);
  });

  it('adds a change that no template makes, through the same guards', async () => {
    const addition = (patch: Record<string, unknown>, question_ids = ['q1']) => ({
      ...none,
      additions: [{ question_ids, failure_type: 'missing_instruction', reason: 'nothing says so', patch }],
    });
    const good = { type: 'add_instruction', text: 'Write flag in upper case.' };
    expect(changesOf(await write(addition(good)))).toContainEqual(good);
    const outcome = async (...args: Parameters<typeof addition>) =>
      (await write(addition(...args))).refusals.map((item) => item.reason);
    expect(await outcome({ type: 'add_instruction', text: 'Use no_such_table for it.' })).toEqual([
      'unknown_name',
    ]);
    expect(await outcome({ type: 'add_instruction', words: 'x' })).toEqual(['invalid']);
    expect(await outcome(good, ['q2'])).toEqual(['invalid']);
  });

  it.each([
    ['fails', new Error('out of order'), 'model_failed'],
    ['answers in another shape', { rewrites: 'all of them' }, 'invalid'],
  ])('changes nothing when it %s', async (_, answer, reason) => {
    const { proposals, refusals } = await write(answer);
    expect(refusals).toMatchObject([{ reason }]);
    expect(proposals).toEqual((await propose(ASKED, described())).proposals);
  });

  it('is shown no question but those of the train split', async () => {
    const silent = model(none);
    await writeProposals(await inputOf(ASKED, described()), { model: silent });
    expect(silent.prompts.join()).toContain('Ships per registry');
    expect(silent.prompts.join()).not.toContain('secret');
  });
});
