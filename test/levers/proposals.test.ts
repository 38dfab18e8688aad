import { describe, expect, it } from 'vitest';
import {
  batchProposals,
  checkLeaks,
  LEVERS,
  patchFingerprint,
  proposeAll,
  proposeFor,
} from '../../src/levers/index.ts';
import { findConflicts } from '../../src/patch-dsl/index.ts';
import { changesOf, harborCatalog, harborSpace, inputOf, propose, type Asked } from './harbor.ts';

const FLAG = (question: string, more: Partial<Asked> = {}): Asked => ({
  question,
  expected: 'SELECT flag, COUNT(*) FROM ships GROUP BY flag',
  generated: 'SELECT grp, COUNT(*) FROM ships GROUP BY grp',
  ...more,
});

const MANY: readonly Asked[] = [
  FLAG('Ships per registry'),
  FLAG('Number of ships per registry in total'),
  {
    question: 'Aborted calls',
    expected: "SELECT COUNT(*) FROM calls WHERE st = 'X9'",
    generated: 'SELECT COUNT(*) FROM calls',
  },
  {
    question: 'Dues of aborted calls',
    expected: "SELECT SUM(dues) FROM calls WHERE st = 'X9'",
    generated: 'SELECT SUM(dues) FROM calls',
  },
  {
    question: 'Net takings',
    expected: 'SELECT SUM(dues * (1 - rebate)) FROM calls',
    generated: 'SELECT SUM(dues) FROM calls',
  },
  {
    question: 'Dues per flag',
    expected: 'SELECT s.flag, SUM(c.dues) FROM calls c JOIN ships s ON c.ship_no = s.ship_no GROUP BY s.flag',
    generated:
      'SELECT s.flag, SUM(c.dues) FROM calls c JOIN ships s ON c.call_no = s.ship_no GROUP BY s.flag',
  },
  {
    question: 'Dues per basin',
    expected:
      'SELECT b.basin, SUM(c.dues) FROM calls c JOIN berths b ON c.berth_no = b.berth_no GROUP BY b.basin',
    generated: 'SELECT st, SUM(dues) FROM calls GROUP BY st',
  },
  {
    question: 'Which berths lie in basin north?',
    expected: "SELECT label FROM berths WHERE basin = 'North'",
    generated: "SELECT label FROM berths WHERE basin = 'north'",
  },
  { question: 'Total dues', expected: 'SELECT SUM(dues) FROM calls', generated: 'same' },
];

describe('proposals', () => {
  it('name their questions and the reason in one sentence', async () => {
    const { proposals } = await propose([FLAG('Ships per registry')]);
    expect(proposals[0]?.rationale).toBe(
      "Should fix q1: 'registry' means harbor.ops.ships.flag, which the answers did not use.",
    );
    expect(proposals[0]).toMatchObject({
      proposal_id: 'P001',
      cluster_id: 'C001',
      question_ids: ['q1'],
      lever: 1,
    });
  });

  it('come by falling net impact, with unique ids, and each lever gets its own', async () => {
    const input = await inputOf(MANY);
    const { proposals } = proposeAll(input);
    expect(proposals.length).toBeGreaterThan(4);
    const impacts = proposals.map((proposal) => proposal.net_impact);
    expect(impacts).toEqual([...impacts].sort((a, b) => b - a));
    expect(new Set(proposals.flatMap((proposal) => proposal.patches.map((patch) => patch.id))).size).toBe(
      proposals.flatMap((proposal) => proposal.patches).length,
    );
    expect(
      LEVERS.flatMap((lever) => proposeFor(lever, input)).sort((a, b) =>
        a.proposal_id < b.proposal_id ? -1 : 1,
      ),
    ).toEqual(proposals);
    expect(
      proposals.every((proposal) => proposal.patches.every((patch) => patch.lever === proposal.lever)),
    ).toBe(true);
  });

  it('do not depend on the order of rows', async () => {
    const input = await inputOf(MANY);
    expect(proposeAll({ ...input, rows: [...input.rows].reverse() })).toEqual(proposeAll(input));
  });

  it('count passing questions that say the phrase as at risk', async () => {
    const asked: Asked[] = [
      FLAG('Ships per registry'),
      FLAG('Number of ships by registry of the ships'),
      { question: 'Registry label of berths', expected: 'SELECT label FROM berths', generated: 'same' },
    ];
    const { proposals } = await propose(asked);
    expect(proposals[0]?.questions_at_risk).toEqual(['q3']);
    expect(proposals[0]?.net_impact).toBeCloseTo(
      2 * (proposals[0]?.confidence ?? 0) - (proposals[0]?.regression_probability ?? 0),
    );
  });

  it('are not repeated once they were tried', async () => {
    const input = await inputOf([FLAG('Ships per registry')]);
    const history = proposeAll(input).proposals.flatMap((proposal) =>
      proposal.patches.map((patch) => ({
        fingerprint: patchFingerprint(patch),
        question_ids: proposal.question_ids,
        failure_type: proposal.failure_type,
        lever: proposal.lever,
        outcome: 'reverted' as const,
      })),
    );
    const again = proposeAll({ ...input, history });
    expect(again.proposals).toEqual([]);
    expect(again.review.map((item) => item.reason)).toContain('tried_before');
  });

  it('learn nothing from a failure that clustering left out', async () => {
    const input = await inputOf([FLAG('Ships per registry')]);
    expect(proposeAll({ ...input, clusters: [] }).proposals).toEqual([]);
  });

  it('keep instructions within the budget', async () => {
    const period: Asked = {
      question: 'Dues last quarter',
      expected: 'SELECT SUM(dues) FROM calls WHERE arr >= add_months(current_date(), -3)',
      generated: 'SELECT SUM(dues) FROM calls',
    };
    const { proposals, review } = await propose([period], { instructionCharBudget: 20 });
    expect(
      proposals.flatMap((proposal) => proposal.patches).filter((patch) => patch.type === 'add_instruction'),
    ).toEqual([]);
    expect(review.map((item) => item.reason)).toContain('over_budget');
  });

  it('append to what the owner wrote and never rewrite it', async () => {
    const space = harborSpace();
    const ships = space.data_sources?.tables?.find((table) => table.identifier === 'harbor.ops.ships');
    Object.assign(ships ?? {}, {
      description: ['Register of ships'],
      column_configs: [{ column_name: 'flag', description: ['Country code'], synonyms: ['nation'] }],
    });
    const asked: Asked[] = [
      FLAG('Ships per registry'),
      {
        question: 'How many hulls?',
        expected: 'SELECT COUNT(*) FROM ships',
        generated: 'SELECT COUNT(*) FROM berths',
      },
      {
        question: 'Number of hulls by flag',
        expected: 'SELECT flag, COUNT(*) FROM ships GROUP BY flag',
        generated: 'SELECT basin, COUNT(*) FROM berths GROUP BY basin',
      },
    ];
    expect(changesOf(await propose(asked, { space }))).toEqual(
      expect.arrayContaining([
        {
          type: 'update_column_description',
          table: 'harbor.ops.ships',
          column: 'flag',
          old_text: 'Country code',
          new_text: "Country code. Use this column for 'registry', not grp.",
        },
        {
          type: 'update_description',
          target: 'harbor.ops.ships',
          old_text: 'Register of ships',
          new_text: "Register of ships. Also called 'hulls'.",
        },
      ]),
    );
  });
});

describe('the walls around the splits', () => {
  const trained = [FLAG('Ships per registry'), FLAG('Number of ships by registry of the ships')];

  it.each(['val', 'held_out'] as const)('%s rows change nothing in the proposals', async (split) => {
    const others: Asked[] = [
      FLAG('Ships per homeland', { split }),
      {
        question: 'Registry of berths',
        expected: 'SELECT basin FROM berths',
        generated: 'SELECT label FROM berths',
        split,
      },
      { question: 'Registry registry', expected: 'SELECT SUM(dues) FROM calls', generated: 'same', split },
    ];
    const alone = await propose(trained);
    const input = await inputOf([...trained, ...others]);
    const mixed = proposeAll(input);
    expect(changesOf(mixed)).toEqual(changesOf(alone));
    expect(
      mixed.proposals.flatMap((proposal) => [...proposal.question_ids, ...proposal.questions_at_risk]),
    ).toEqual(
      alone.proposals.flatMap((proposal) => [...proposal.question_ids, ...proposal.questions_at_risk]),
    );
  });

  it('no patch quotes a benchmark of any split', async () => {
    const input = await inputOf(MANY);
    const texts = proposeAll(input).proposals.flatMap((proposal) =>
      proposal.patches.map((patch) => ({ where: patch.id, text: JSON.stringify(patch) })),
    );
    expect(texts.length).toBeGreaterThan(4);
    expect(checkLeaks(texts, input.protectedTexts)).toEqual([]);
  });

  it('refuses a phrase that is a whole protected question, and says so without quoting it', async () => {
    const input = await inputOf(trained);
    const { proposals, review } = proposeAll({
      ...input,
      protectedTexts: [
        { id: 'h1', question: 'Registry?', expected_sql: 'SELECT 1 FROM t', split: 'held_out' },
      ],
    });
    expect(
      proposals.flatMap((proposal) => proposal.patches).filter((patch) => patch.type === 'add_synonym'),
    ).toEqual([]);
    expect(review).toContainEqual({
      reason: 'leak',
      question_ids: ['q1', 'q2'],
      detail: 'A patch of type add_synonym would quote benchmark h1 (exact_question).',
    });
  });

  it('makes examples of train questions only where that is allowed', async () => {
    const types = async (allowTrainExamples: boolean) =>
      changesOf(await propose(trained, { allowTrainExamples })).map((change) => change['type']);
    expect(await types(false)).not.toContain('add_example_sql');
    expect(await types(true)).toContain('add_example_sql');
  });
});

describe('batchProposals', () => {
  const snapshot = { space: harborSpace(), catalog: harborCatalog };

  it('keeps bounds and conflicts apart, and loses nothing', async () => {
    const { proposals } = await propose(MANY);
    const batches = batchProposals(proposals, { snapshot, maxObjects: 3, maxPatches: 4 });
    expect(
      batches
        .flat()
        .map((proposal) => proposal.proposal_id)
        .sort(),
    ).toEqual(proposals.map((proposal) => proposal.proposal_id).sort());
    expect(batches.length).toBeGreaterThan(1);
    for (const batch of batches) {
      const patches = batch.flatMap((proposal) => proposal.patches);
      expect(patches.length).toBeLessThanOrEqual(4);
      expect(findConflicts(patches, { snapshot })).toEqual([]);
    }
  });
});
