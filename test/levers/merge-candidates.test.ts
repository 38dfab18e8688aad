import { describe, expect, it } from 'vitest';
import type { Draft } from '../../src/levers/index.ts';
import { propose, type Asked } from './harbor.ts';

const ASKED: readonly Asked[] = ['Ships at night', 'Ships at noon'].map((question) => ({
  question,
  expected: 'SELECT COUNT(*) FROM ships',
  generated: 'SELECT COUNT(*) FROM calls',
}));
const says = (
  text: string,
  question: string,
  type: Draft['failure_type'] = 'missing_instruction',
): Draft => ({
  failure_type: type,
  question_ids: [question],
  changes: [{ type: 'add_instruction', text }],
  reason: 'nothing says so',
  confidence: 0.8,
});
/** Questions of each instruction proposed, by its text. */
const instructions = async (...extraDrafts: Draft[]) =>
  (await propose(ASKED, { extraDrafts })).proposals.flatMap(({ patches, question_ids }) =>
    patches.flatMap((patch) => (patch.type === 'add_instruction' ? [[patch.text, question_ids]] : [])),
  );

describe('proposals for several reasons', () => {
  it('are one where two instructions say the same in other words', async () => {
    expect(
      await instructions(
        says("A visit always means one row of 'calls', no matter when the ship came in.", 'q1'),
        says("A visit always means one row of 'calls' no matter when a ship came in.", 'q2'),
      ),
    ).toEqual([["A visit always means one row of 'calls', no matter when the ship came in.", ['q1', 'q2']]]);
  });

  it('stay apart where two rules of one pattern name different things', async () => {
    const rules = await instructions(
      says("'first watch' means calls at the berth before six o'clock in the morning.", 'q1'),
      says("'last watch' means calls at the berth before six o'clock in the morning.", 'q2'),
    );
    expect(rules).toHaveLength(2);
  });

  it('go to a person when no lever is known for their cause', async () => {
    const draft = says('A visit is a call.', 'q1', 'other');
    const { proposals, review } = await propose(ASKED, { extraDrafts: [draft] });
    expect(proposals.flatMap(({ patches }) => patches.map(({ type }) => type))).not.toContain(
      'add_instruction',
    );
    expect(review).toContainEqual({
      reason: 'unclassified',
      question_ids: ['q1'],
      detail: 'nothing says so',
    });
  });
});
