import { describe, expect, it } from 'vitest';
import { OptimizerError } from '../../src/core/index.ts';
import { nativeEvaluator } from '../../src/evaluation/index.ts';
import { selectJudges } from '../../src/judges/index.ts';
import type { OptimizeEvent } from '../../src/pipeline/index.ts';
import { sessionSchema } from '../../src/session/index.ts';
import { parseSpace } from '../../src/spaces/index.ts';
import { fakeClock, memoryWorkspace } from '../../src/testing/index.ts';
import { proposalOf } from '../scenarios/proposal-of.ts';
import { columnSynonyms } from '../scenarios/space-words.ts';
import { scriptedRun, SPACE_ID, synonym, TEN_QUESTIONS } from '../scenarios/scripted-run.ts';

const helps = (lever: number) => (lever === 1 ? [synonym(1, 2)] : []);
const refused = (code: string) => () => Promise.reject(new OptimizerError('You may not see this.', { code }));

/** A space of two tables, whose questions are right once the space has their word. */
const twoTables = () =>
  memoryWorkspace({
    spaces: {
      [SPACE_ID]: JSON.stringify({
        version: 2,
        data_sources: {
          tables: ['loans', 'members'].map((name) => ({ identifier: `main.library.${name}` })),
        },
      }),
    },
    answer: (question, space) => {
      const id = /thing(\d+)/.exec(question)?.[1] ?? '';
      const knows = Number(id) < 2 || columnSynonyms(space).includes(`w${id}`);
      return `SELECT ${knows ? 'thing' : 'wrong'}${id} FROM main.library.loans`;
    },
    rows: (statement) => ({
      columns: [{ name: 'n', typeName: 'STRING', typeText: 'STRING' }],
      rows: [[/(thing|wrong)\d+/.exec(statement)?.[0] ?? '']],
    }),
  });

describe('before a run', () => {
  it.each(['PERMISSION_DENIED', 'SPACE_NOT_FOUND'])(
    'checklist 1: a space that answers %s ends the run: nothing is asked, nothing written',
    async (code) => {
      const scenario = scriptedRun(TEN_QUESTIONS, helps, {
        wrap: (workspace) => ({
          ...workspace,
          genie: { ...workspace.genie, getSpace: refused(code) },
        }),
      });
      await expect(scenario.run()).rejects.toMatchObject({ code });
      expect(scenario.workspace.asked).toEqual([]);
      expect(scenario.workspace.executed).toEqual([]);
    },
  );

  it('mistake 7: who is signed in is checked before everything else', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, helps, {
      wrap: (workspace) => ({
        ...workspace,
        verifyAccess: refused('PERMISSION_DENIED'),
        genie: { ...workspace.genie, getSpace: refused('TOO_LATE') },
      }),
    });
    await expect(scenario.run()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    expect([...scenario.files.texts.keys()]).toEqual([]);
  });

  it('mistake 13: a space that can be read and holds nothing is called that, not unreadable', async () => {
    const run = (text: string) =>
      scriptedRun(TEN_QUESTIONS, helps, {
        workspace: memoryWorkspace({
          spaces: { [SPACE_ID]: text },
          answer: () => null,
          rows: () => ({ columns: [], rows: [] }),
        }),
      }).run();
    await expect(run(JSON.stringify({ version: 2 }))).rejects.toMatchObject({
      code: 'SPACE_UNCONFIGURED',
      message: expect.stringContaining('first') as string,
    });
    await expect(run('')).rejects.toMatchObject({ code: 'SPACE_NOT_READABLE' });
  });

  it('checklist 7: answer keys are checked for fixed dates before the first question, and those found are told', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, helps);
    const questions = scenario.suite.questions.map((question) =>
      question.id === 'q3'
        ? {
            ...question,
            question: 'How many loans last month?',
            expected_sql: "SELECT thing3 FROM main.library.loans WHERE d >= '2024-01-01'",
          }
        : question,
    );
    const events: OptimizeEvent[] = [];
    await scenario.run({
      benchmarks: { ...scenario.suite, questions },
      evaluateOnly: true,
      onEvent: (event) => events.push(event),
    });
    const at = events.findIndex(({ type }) => type === 'freshness_checked');
    expect(events[at]).toEqual({ type: 'freshness_checked', stale: ['q3'] });
    expect(at).toBeLessThan(events.findIndex(({ type }) => type === 'question_done'));
  });
});

describe('during a run', () => {
  it('checklist 16, checklist 17, checklist 21: change, slice gate, P0 gate and full evaluation follow in order', async () => {
    const { session } = await scriptedRun(TEN_QUESTIONS, helps).run();
    const wanted = ['apply', 'propagate', 'sliceGate', 'p0Gate', 'fullEval', 'regressionCheck'];
    expect(
      session.worker_reads.map(({ handler }) => handler).filter((name) => wanted.includes(name)),
    ).toEqual(wanted);
  });

  it('checklist 21: every change that is kept was evaluated in full, once', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever, sweep) =>
      sweep === 1 && lever <= 3 ? [synonym(lever as 1, lever + 1)] : [],
    );
    const full: number[] = [];
    const { session } = await scenario.run({
      onEvent: (event) => {
        if (event.type === 'evaluation_finished' && event.scope === 'full') full.push(event.iteration);
      },
    });
    const kept = session.iterations.filter(({ accepted }) => accepted).map(({ iteration }) => iteration);
    expect(kept).toHaveLength(4);
    expect(full).toEqual(session.iterations.map(({ iteration }) => iteration));
  });

  it('checklist 17: the P0 gate is not asked when the slice gate has failed', async () => {
    const questions = TEN_QUESTIONS.map((question) =>
      question.id === 1 ? { ...question, brokenBy: ['harm'] } : question,
    );
    const { session } = await scriptedRun(questions, (lever) =>
      lever === 1 ? [synonym(1, 1, 'harm')] : [],
    ).run();
    expect(session.attempts[0]).toMatchObject({ stage: 'slice', skip_reason: 'slice_gate_failed' });
    const called = session.worker_reads.map(({ handler }) => handler);
    expect(called).toContain('sliceGate');
    expect(called).not.toContain('p0Gate');
  });

  it('checklist 18: a change that fails the P0 gate is taken back', async () => {
    const questions = TEN_QUESTIONS.map((question) =>
      question.id === 0 ? { ...question, brokenBy: ['w2'] } : question,
    );
    const scenario = scriptedRun(questions, helps);
    const before = scenario.workspace.spaceText(SPACE_ID);
    const events: OptimizeEvent[] = [];
    const { session } = await scenario.run({ isolation: 'live', onEvent: (event) => events.push(event) });
    expect(session.attempts[0]).toMatchObject({ stage: 'p0', skip_reason: 'p0_gate_failed' });
    expect(events.map(({ type }) => type)).toContain('rolled_back');
    expect(JSON.parse(scenario.workspace.spaceText(SPACE_ID))).toEqual(JSON.parse(before));
  });

  it('checklist 15: no model is asked about an answer that matches its key', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, helps);
    const asked: string[] = [];
    const { judges } = selectJudges({
      judges: 'llm',
      clock: fakeClock(),
      chatModel: {
        name: 'counting',
        generateJson: (prompt) => {
          asked.push(prompt);
          return Promise.resolve({});
        },
      },
    });
    const arbiter = judges.filter(({ name }) => name === 'arbiter');
    expect(arbiter).toHaveLength(1);
    const evaluator = nativeEvaluator({ workspace: scenario.workspace, clock: fakeClock(), judges: arbiter });
    const space = parseSpace(scenario.workspace.spaceText(SPACE_ID));
    const rowsOf = async (ids: readonly string[]) =>
      (
        await evaluator.evaluate({
          spaceId: SPACE_ID,
          questions: scenario.suite.questions.filter(({ id }) => ids.includes(id)),
          scope: 'full',
          iteration: 0,
          space,
          catalog: { tables: [], functions: [] },
        })
      ).rows;
    const [matching] = await rowsOf(['q0']);
    expect(matching?.verdicts['arbiter']?.value).toBe('skipped');
    expect(asked).toEqual([]);
    await rowsOf(['q5']);
    expect(asked.length).toBeGreaterThan(0);
  });

  it('checklist 19: the session on disk has the history of scores and of patches', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever, sweep) =>
      sweep > 1 ? [] : lever === 1 ? [synonym(1, 2)] : lever === 2 ? [synonym(2, 3, 'useless')] : [],
    );
    const { sessionPath } = await scenario.run();
    const session = sessionSchema.parse(JSON.parse(scenario.files.texts.get(sessionPath) ?? ''));
    expect(session.score_history.map(({ iteration, accepted }) => [iteration, accepted])).toEqual([
      [0, true],
      [1, true],
      [2, false],
    ]);
    expect(session.score_history[1]).toMatchObject({ overall_accuracy: 37.5 });
    expect(session.score_history[1]?.scores).toEqual(session.iterations[1]?.scores);
    expect(
      session.patch_history.map(({ iteration, lever, patches }) => [iteration, lever, patches.length]),
    ).toEqual([
      [1, 1, 1],
      [2, 2, 1],
    ]);
  });

  it('F11: levers that share a question are refused together and tried one by one', async () => {
    const second = (questionIds: readonly string[]) =>
      proposalOf(
        2,
        { type: 'add_synonym', table: 'main.library.members', column: 'c3', synonym: 'w3' },
        questionIds,
      );
    const shared = (lever: number) =>
      lever === 1 ? [synonym(1, 2)] : lever === 2 ? [second(['q2', 'q3'])] : [];
    const apart = (lever: number) => (lever === 1 ? [synonym(1, 2)] : lever === 2 ? [second(['q3'])] : []);
    const stepsOf = async (proposals: (lever: number) => ReturnType<typeof helps>) => {
      const steps: (readonly number[])[] = [];
      await scriptedRun(TEN_QUESTIONS, (lever, sweep) => (sweep === 1 ? proposals(lever) : []), {
        workspace: twoTables(),
      }).run({
        strategy: 'adaptive',
        acceptance: 'threshold',
        onEvent: (event) => void (event.type === 'strategy_step' && steps.push(event.levers)),
      });
      return steps;
    };
    expect((await stepsOf(apart)).some((levers) => levers.length > 1)).toBe(true);
    const steps = await stepsOf(shared);
    expect(steps.every((levers) => levers.length === 1)).toBe(true);
    expect(steps.flat()).toEqual(expect.arrayContaining([1, 2]));
  });
});
