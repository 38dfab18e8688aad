import { describe, expect, it } from 'vitest';
import { clusterFailures } from '../../src/asi/index.ts';
import { leverFor, type Lever } from '../../src/levers/index.ts';
import type { PhaseHandlers, PhaseInput, PhaseOutput } from '../../src/pipeline/index.ts';
import { clusterInput } from '../../src/pipeline/unstable-questions.ts';
import { EMPTY_CATALOG } from '../../src/ports/index.ts';
import { syntheticFailures, type RepeatabilityDetail } from '../../src/repeatability/index.ts';
import { parseSpace } from '../../src/spaces/index.ts';
import { memoryWorkspace } from '../../src/testing/index.ts';
import { scriptedRun, SPACE_ID, synonym, TEN_QUESTIONS } from '../scenarios/scripted-run.ts';
import { columnSynonyms } from '../scenarios/space-words.ts';
import { row, verdict } from './rows.ts';

const SPACE = JSON.stringify({
  version: 2,
  data_sources: { tables: [{ identifier: 'main.library.loans' }] },
});
const snapshot = { space: parseSpace(SPACE), catalog: EMPTY_CATALOG };

/** A statement that changed although it was right, answered from `asset`. */
const changed = (asset: string): RepeatabilityDetail => ({
  question_id: 'q1',
  question: 'What about it?',
  matched: false,
  tier: 'none',
  kind: 'concerning',
  current_hash: 'b',
  prev_hash: 'a',
  dominant_asset: asset,
  prev_asset: asset,
  was_previously_correct: true,
});

describe('a failure made from instability', () => {
  it.each([
    ['TABLE', 1],
    ['MV', 1],
    ['NONE', 1],
    ['TVF', 6],
  ] as const)('mistake 18: goes to the lever of its asset: %s to lever %d', (asset, lever) => {
    const failures = syntheticFailures({ details: [changed(asset)] });
    const { clusters, longTail } = clusterFailures(clusterInput([], failures), snapshot);
    const [cluster] = [...clusters, ...longTail];
    expect(cluster?.root_cause).toBe('repeatability_issue');
    expect(leverFor('repeatability_issue', cluster?.blame ?? [], snapshot)).toBe(lever);
  });

  it('is a failing record of its own beside the row, which stays right', () => {
    const right = row('q1', true);
    const input = clusterInput([right], syntheticFailures({ details: [changed('TABLE')] }));
    expect(input[0]).toBe(right);
    const { clusters, longTail, dropped } = clusterFailures(input, snapshot);
    expect([...clusters, ...longTail].map(({ evidence }) => evidence)).toEqual([
      ['q1/repeatability/repeatability_issue'],
    ]);
    expect(dropped).toEqual([{ question_id: 'q1', reason: 'passed' }]);
  });

  it('adds its complaint to that of a row that is wrong now: one question, one cluster', () => {
    const wrong = row('q1', false, { priority: 'P0' });
    const input = clusterInput([wrong], syntheticFailures({ details: [changed('TABLE')] }));
    const { clusters, longTail } = clusterFailures(input, snapshot);
    expect([...clusters, ...longTail]).toHaveLength(1);
    expect(clusters[0]?.profiles[0]).toMatchObject({ priority: 'P0', judges: ['repeatability'] });
  });
});

/** From the first accepted change on, right answers to these questions bring another column. */
function drifting(ids: readonly number[]) {
  const words = (space: Parameters<typeof columnSynonyms>[0]) => columnSynonyms(space);
  return memoryWorkspace({
    spaces: { [SPACE_ID]: SPACE },
    answer: (text, space) => {
      const id = Number(/number (\d+)/.exec(text)?.[1]);
      const isRight = id < 2 || id === 7 || words(space).includes(`w${id}`);
      const more = ids.includes(id) && words(space).length > 0 ? `, more${words(space).length}` : '';
      return `SELECT ${isRight ? 'thing' : 'wrong'}${id}${more} FROM main.library.loans`;
    },
    rows: (statement) => {
      const names = (/SELECT (.*) FROM/.exec(statement)?.[1] ?? '').split(', ');
      return {
        columns: names.map((name) => ({ name, typeName: 'STRING', typeText: 'STRING' })),
        rows: [names],
      };
    },
  });
}

type Seen = Record<string, { input: PhaseInput<'propose'>; output: PhaseOutput<'propose'> | null }>;

/** Lever 1 helps q2 and, where asked, lever 2 does harm; every other lever has the default's proposals. */
function watching(seen: Seen, harmful = false): PhaseHandlers {
  return {
    propose: async (ctx, input, runDefault) => {
      const { sweep } = ctx.session();
      const place = `${sweep}.${input.lever}`;
      const output = await runDefault();
      seen[place] = { input, output };
      if (place === '1.1') return { proposals: [synonym(1, 2)] };
      if (place === '1.2' && harmful) return { proposals: [synonym(2, 3, 'useless')] };
      return { proposals: [] };
    },
  };
}

const idsAt = (seen: Seen, place: string) =>
  (seen[place]?.input.unstable ?? []).map(({ question_id: id }) => id);

describe('instability within a run', () => {
  it('HC19, step 2.2: what changed although it was right is a failure of the next lever, not of the first', async () => {
    const seen: Seen = {};
    const scenario = scriptedRun(TEN_QUESTIONS, () => [], { workspace: drifting([1]) });
    const { session } = await scenario.run({ phases: watching(seen), acceptance: 'threshold' });
    expect(session.iterations.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted']);
    expect(idsAt(seen, '1.1')).toEqual([]);
    expect(idsAt(seen, '1.2')).toEqual(['q1']);
    const { output, input } = seen['1.2'] ?? {};
    expect(output?.clusters?.find(({ root_cause: cause }) => cause === 'repeatability_issue')).toMatchObject({
      question_ids: ['q1'],
      evidence: ['q1/repeatability/repeatability_issue'],
    });
    // The evaluated row is as it was: right, and without a complaint of that kind.
    const evaluated = input?.rows.find(({ question_id: id }) => id === 'q1');
    expect(evaluated?.correct).toBe(true);
    expect(evaluated?.asi.map(({ judge }) => judge)).not.toContain('repeatability');
    // Scores hear nothing of it.
    expect(session.iterations[1]?.failures).not.toContain('q1');
  });

  it('never concerns questions that nothing may be learnt from, nor those that a change was meant for', async () => {
    const seen: Seen = {};
    const scenario = scriptedRun(TEN_QUESTIONS, () => [], { workspace: drifting([1, 2, 7, 8, 9]) });
    const { session } = await scenario.run({ phases: watching(seen), acceptance: 'threshold' });
    // q2 was wrong before and predicted, q7 is for validation, q8 and q9 are held out.
    expect(session.iterations[1]?.repeatability_failures?.map(({ question_id: id }) => id)).toEqual([
      'q1',
      'q7',
    ]);
    expect(idsAt(seen, '1.2')).toEqual(['q1']);
  });

  it('is not passed on after an evaluation that was taken back', async () => {
    const seen: Seen = {};
    const scenario = scriptedRun(TEN_QUESTIONS, () => [], { workspace: drifting([1]) });
    const { session } = await scenario.run({ phases: watching(seen, true), acceptance: 'threshold' });
    expect(session.iterations.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'rolled_back']);
    expect(idsAt(seen, '1.2')).toEqual(['q1']);
    expect(idsAt(seen, '1.3')).toEqual([]);
  });

  it('leads to a proposal that ties the question to the asset of its key', async () => {
    const seen: Seen = {};
    const scenario = scriptedRun(TEN_QUESTIONS, () => [], { workspace: drifting([1]) });
    await scenario.run({ phases: watching(seen), acceptance: 'threshold' });
    const proposals = Object.values(seen).flatMap(({ output }) => output?.proposals ?? []);
    const tied = proposals.filter(({ failure_type: type }) => type === 'repeatability_issue');
    expect(new Set(tied.map(({ lever }) => lever))).toEqual(new Set<Lever>([1]));
    expect(tied[0]?.question_ids).toEqual(['q1']);
  });

  it('found by asking again at the end is known to the next run of the same space, until it changes it', async () => {
    const first = scriptedRun(TEN_QUESTIONS, () => []);
    const phases: PhaseHandlers = {
      propose: (_ctx, { lever }) => ({ proposals: lever === 1 ? [synonym(1, 2)] : [] }),
      finalRepeatability: async (_ctx, _input, runDefault) => {
        const report = await runDefault();
        return {
          ...report,
          average_repeatability_pct: 60,
          results: report.results.map((result) =>
            result.question_id === 'q1' || result.question_id === 'q7'
              ? {
                  ...result,
                  classification: 'CRITICAL_VARIANCE' as const,
                  repeatability_pct: 33.3,
                  cause: 'value_flip' as const,
                }
              : result,
          ),
        };
      },
    };
    const before = await first.run({ phases, finalRepeatability: true, acceptance: 'threshold' });
    expect(before.session.final_repeatability_failures.map(({ question_id: id }) => id)).toEqual([
      'q1',
      'q7',
    ]);
    const seen: Seen = {};
    const next = scriptedRun(TEN_QUESTIONS, () => [], { workspace: first.workspace, files: first.files });
    const helps3: PhaseHandlers = {
      propose: (ctx, input) => {
        seen[`${ctx.session().sweep}.${input.lever}`] = { input, output: null };
        return { proposals: input.lever === 1 && ctx.session().sweep === 1 ? [synonym(1, 3)] : [] };
      },
    };
    await next.run({ phases: helps3, acceptance: 'threshold', newSessionId: () => 'run_2' });
    expect(idsAt(seen, '1.1')).toEqual(['q1']);
    expect(idsAt(seen, '1.2')).toEqual([]);
  });
});

describe('what the arbiter says of the failures that are clustered', () => {
  const judged = (verdicts: Readonly<Record<string, string>>, seen: Seen): PhaseHandlers => ({
    ...watching(seen),
    baseline: async (_ctx, _input, runDefault) => {
      const result = await runDefault();
      const rows = result.rows.map((found) => {
        const word = verdicts[found.question_id];
        return word === undefined
          ? found
          : { ...found, verdicts: { ...found.verdicts, ...verdict('arbiter', word) } };
      });
      return { ...result, rows };
    },
  });

  it('HC16, mistake 12: `ground_truth_correct` is a confirmed failure, `genie_correct` none to learn from', async () => {
    const seen: Seen = {};
    await scriptedRun(TEN_QUESTIONS, () => []).run({
      phases: judged({ q3: 'ground_truth_correct', q4: 'genie_correct' }, seen),
      maxIterations: 1,
      corrections: 'off',
    });
    const clustered = (seen['1.1']?.output?.clusters ?? []).flatMap(({ question_ids: ids }) => [...ids]);
    expect(clustered).toContain('q3');
    expect(clustered).not.toContain('q4');
  });

  it('HC16: instability of a question whose key is doubted is no failure either', async () => {
    const seen: Seen = {};
    const scenario = scriptedRun(TEN_QUESTIONS, () => [], { workspace: drifting([1]) });
    await scenario.run({
      phases: {
        ...watching(seen),
        fullEval: async (_ctx, _input, runDefault) => {
          const result = await runDefault();
          const rows = result.rows.map((found) =>
            found.question_id === 'q1'
              ? { ...found, verdicts: { ...found.verdicts, ...verdict('arbiter', 'genie_correct') } }
              : found,
          );
          return { ...result, rows };
        },
      },
      acceptance: 'threshold',
      corrections: 'off',
    });
    expect(idsAt(seen, '1.2')).toEqual([]);
  });
});
