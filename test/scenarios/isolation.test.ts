import { describe, expect, it } from 'vitest';
import { parseSpace, serializeSpace } from '../../src/spaces/index.ts';
import type { OptimizeEvent } from '../../src/pipeline/index.ts';
import { memoryFileStore, type MemoryWorkspace } from '../../src/testing/index.ts';
import { columnSynonyms } from './space-words.ts';
import {
  goodBadGood,
  scriptedRun,
  SPACE_ID,
  synonym,
  TEN_QUESTIONS,
  type ScriptedRun,
} from './scripted-run.ts';

const canonical = (text: string) => serializeSpace(parseSpace(text));
const wordsOf = (scenario: ScriptedRun) => columnSynonyms(parseSpace(scenario.workspace.spaceText(SPACE_ID)));
const spaceIds = async (workspace: MemoryWorkspace) =>
  (await workspace.genie.listSpaces()).map(({ spaceId }) => spaceId);

/** Notes every write to a space. */
function watched(workspace: MemoryWorkspace, writes: string[]): MemoryWorkspace {
  return {
    ...workspace,
    genie: {
      ...workspace.genie,
      updateSpace: (...args: Parameters<typeof workspace.genie.updateSpace>) => {
        writes.push(args[0]);
        return workspace.genie.updateSpace(...args);
      },
    },
  };
}

describe("a run with isolation: 'clone'", () => {
  it('touches the space once, at the end, with everything that was accepted', async () => {
    const writes: string[] = [];
    const scenario = scriptedRun(TEN_QUESTIONS, goodBadGood, {
      wrap: (workspace) => watched(workspace, writes),
    });
    const seenAtDecisions: string[] = [];
    const result = await scenario.run({
      onEvent: (event) => {
        if (event.type === 'decision') seenAtDecisions.push(...wordsOf(scenario));
      },
    });
    expect(seenAtDecisions).toEqual([]);
    expect(wordsOf(scenario)).toEqual(['w2', 'w4']);
    expect(writes.filter((spaceId) => spaceId === SPACE_ID)).toHaveLength(1);
    expect(writes.length).toBeGreaterThan(3);
    expect(result.session.promotion).toMatchObject({ state: 'verified' });
  });

  it('asks the space before and after a change in turns, and alternates who is first', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2)] : []));
    const { session } = await scenario.run({ concurrency: 1 });
    const copies = scenario.workspace.asked.filter(
      ({ spaceId, question }) => spaceId !== SPACE_ID && question.includes('thing2 '),
    );
    // The first ask of the candidate chose the question; six of each arm are the evidence.
    const [first, ...evidence] = copies.map(({ spaceId }) => spaceId);
    const letters = evidence.slice(0, 12).map((spaceId) => (spaceId === first ? 'c' : 'i'));
    expect(letters.join('')).toBe('ciicciicciic');
    expect(session.iterations[1]?.decision).toMatchObject({
      rule: 'paired',
      design: 'interleaved',
      discordant: [{ question_id: 'q2', incumbent: { n: 6, correct: 0 }, candidate: { n: 6, correct: 6 } }],
    });
  });

  it('removes its copies when it is done', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, goodBadGood);
    const result = await scenario.run();
    expect(await spaceIds(scenario.workspace)).toEqual([SPACE_ID]);
    expect(result.session.clones).toBeNull();
  });

  it('makes no copy when it changes nothing', async () => {
    let copies = 0;
    const scenario = scriptedRun(TEN_QUESTIONS, () => [], {
      wrap: (workspace) => ({
        ...workspace,
        genie: {
          ...workspace.genie,
          createSpace: (...args: Parameters<typeof workspace.genie.createSpace>) => {
            copies += 1;
            return workspace.genie.createSpace(...args);
          },
        },
      }),
    });
    await scenario.run();
    expect(copies).toBe(0);
  });

  it.each(['patch_set_applied', 'evidence_round', 'decision'] as const)(
    'removes its copies and leaves the space as it was when it is cancelled after %s',
    async (moment) => {
      const scenario = scriptedRun(TEN_QUESTIONS, goodBadGood);
      const before = canonical(scenario.workspace.spaceText(SPACE_ID));
      const controller = new AbortController();
      const onEvent = (event: OptimizeEvent) => {
        if (event.type === moment) controller.abort();
      };
      await expect(scenario.run({ onEvent, signal: controller.signal })).rejects.toMatchObject({
        code: 'ABORTED_BY_CALLER',
      });
      expect(canonical(scenario.workspace.spaceText(SPACE_ID))).toBe(before);
      expect(await spaceIds(scenario.workspace)).toEqual([SPACE_ID]);
      const resumed = await scenario.run({ resume: true });
      expect(resumed.finalAccuracyPct).toBe(50);
      expect(wordsOf(scenario)).toEqual(['w2', 'w4']);
    },
  );

  it('says what to do when no copy can be made', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, goodBadGood, {
      wrap: (workspace) => ({
        ...workspace,
        genie: { ...workspace.genie, createSpace: () => Promise.reject(new RangeError('not allowed')) },
      }),
    });
    await expect(scenario.run()).rejects.toMatchObject({
      code: 'ISOLATION',
      message: expect.stringContaining("isolation: 'live'") as string,
    });
  });

  it('does not ask twice what it had asked before it was cancelled', async () => {
    const files = memoryFileStore();
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2)] : []), { files });
    const controller = new AbortController();
    let rounds = 0;
    const onEvent = (event: OptimizeEvent) => {
      if (event.type === 'evidence_round' && ++rounds === 3) controller.abort();
    };
    await expect(scenario.run({ onEvent, signal: controller.signal })).rejects.toThrow();
    const resumed = await scenario.run({ resume: true });
    const undisturbed = scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2)] : []));
    const expected = await undisturbed.run();
    expect(scenario.workspace.asked).toHaveLength(undisturbed.workspace.asked.length);
    expect(resumed.session.iterations.map(({ decision }) => decision)).toEqual(
      expected.session.iterations.map(({ decision }) => decision),
    );
  });

  it('keeps every ask with its configuration, question, number and verdict', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2)] : []));
    await scenario.run();
    const { asks } = JSON.parse(scenario.files.texts.get('out/run_1/evaluation/asks.json') ?? '{}') as {
      asks: { config_hash: string; question_id: string; ask_index: number; verdict: string }[];
    };
    expect(asks).toHaveLength(scenario.workspace.asked.length);
    const baseline = asks[0]?.config_hash;
    const ofQ2 = asks.filter((ask) => ask.question_id === 'q2' && ask.config_hash === baseline);
    expect(ofQ2.map((ask) => ask.ask_index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(ofQ2.every((ask) => ask.verdict === 'fail')).toBe(true);
  });
});

describe("a run with isolation: 'live'", () => {
  it('works in the space itself and makes no copy for its changes', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) =>
      lever === 1 ? [synonym(1, 2), synonym(1, 3), synonym(1, 4)] : [],
    );
    const seen: string[] = [];
    const result = await scenario.run({
      isolation: 'live',
      onEvent: (event) => {
        if (event.type === 'decision') seen.push(...wordsOf(scenario));
      },
    });
    expect(seen).toEqual(['w2', 'w3', 'w4']);
    expect(result.finalAccuracyPct).toBe(62.5);
    expect(result.session.iterations[1]?.decision).toMatchObject({ design: 'pooled', decision: 'accepted' });
  });

  it('cannot prove a single question with one recorded ask of the incumbent, and says so', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2)] : []));
    const before = canonical(scenario.workspace.spaceText(SPACE_ID));
    const result = await scenario.run({ isolation: 'live' });
    expect(result.session.lever_audit['1']?.skip_reason).toBe('not_proven');
    expect(canonical(scenario.workspace.spaceText(SPACE_ID))).toBe(before);
  });

  it('refuses the sequential rule, which needs both arms', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, () => []);
    await expect(scenario.run({ isolation: 'live', acceptance: 'sequential' })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      details: { option: 'acceptance' },
    });
  });
});

describe('the sequential rule', () => {
  it('proves a repair with fewer asks than the paired one', async () => {
    const asksOf = async (acceptance: 'paired' | 'sequential') => {
      const scenario = scriptedRun(TEN_QUESTIONS, (lever) =>
        lever === 1 ? [synonym(1, 2), synonym(1, 3), synonym(1, 4)] : [],
      );
      const result = await scenario.run({ acceptance });
      expect(result.finalAccuracyPct).toBe(62.5);
      return result.session.iterations[1]?.decision?.asks_used ?? Infinity;
    };
    expect(await asksOf('sequential')).toBeLessThan((await asksOf('paired')) / 2);
  });
});
