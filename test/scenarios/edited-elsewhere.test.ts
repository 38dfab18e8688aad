import { describe, expect, it } from 'vitest';
import { EXIT_CODES, exitCodeOfError, type OptimizeEvent } from '../../src/pipeline/index.ts';
import { parseSpace, serializeSpace, type Space } from '../../src/spaces/index.ts';
import type { MemoryWorkspace } from '../../src/testing/index.ts';
import { scriptedRun, SPACE_ID, synonym, TEN_QUESTIONS, type ScriptedRun } from './scripted-run.ts';
import { columnSynonyms } from './space-words.ts';

const QUESTION = 'What did somebody else want to know?';

/** An edit at a place that no change of these runs touches. */
const addsSample = (space: Space): Space => ({
  ...space,
  config: { ...space.config, sample_questions: [{ id: 'f'.repeat(32), question: [QUESTION] }] },
});

/** An edit at the place of the synonyms of column `c2`. */
const renames = (space: Space): Space => parseSpace(serializeSpace(space).replaceAll('w2', 'their own word'));

const edit = ({ workspace }: Pick<ScriptedRun, 'workspace'>, change: (space: Space) => Space) =>
  workspace.editElsewhere(SPACE_ID, serializeSpace(change(parseSpace(workspace.spaceText(SPACE_ID)))));
const text = ({ workspace }: ScriptedRun) => workspace.spaceText(SPACE_ID);
const words = (scenario: ScriptedRun) => columnSynonyms(parseSpace(text(scenario)));

const inOrder = (lever: number, sweep: number) =>
  lever === 1 && sweep === 1 ? [synonym(1, 2)] : lever === 2 ? [synonym(2, 3)] : [];

const LIVE = { isolation: 'live', acceptance: 'threshold' } as const;

/** Makes an edit at the first event of a kind. */
function editingAt(scenario: ScriptedRun, moment: OptimizeEvent['type'], change: (space: Space) => Space) {
  let isDone = false;
  const events: OptimizeEvent[] = [];
  return {
    events,
    onEvent: (event: OptimizeEvent) => {
      events.push(event);
      if (isDone || event.type !== moment) return;
      isDone = true;
      edit(scenario, change);
    },
  };
}

describe('an edit of somebody else in the space that a run works in', () => {
  it('between two levers is kept with what was accepted, and the space is measured again', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, inOrder);
    const { onEvent } = editingAt(scenario, 'decision', addsSample);
    const { session, finalAccuracyPct } = await scenario.run({ ...LIVE, onEvent });
    expect(words(scenario)).toEqual(['w2', 'w3']);
    expect(text(scenario)).toContain(QUESTION);
    expect(finalAccuracyPct).toBe(50);
    expect(session.iterations.map(({ lever, outcome }) => [lever, outcome])).toEqual([
      [0, 'accepted'],
      [1, 'accepted'],
      [0, 'accepted'],
      [2, 'accepted'],
    ]);
    expect(session.warnings.join()).toContain('Somebody else edited the space');
    expect(session.accepted_config).toBe(serializeSpace(parseSpace(text(scenario))));
  });

  it('is kept by a run that was cancelled while it measured again', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, inOrder);
    const cancel = new AbortController();
    const { onEvent } = editingAt(scenario, 'decision', addsSample);
    const run = scenario.run({
      ...LIVE,
      signal: cancel.signal,
      onEvent: (event) => {
        onEvent(event);
        if (event.type === 'warning' && event.code === 'SPACE_FOLLOWED') cancel.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ code: expect.stringMatching(/ABORTED|EDITED/) as string });
    expect(text(scenario)).toContain(QUESTION);
    expect(words(scenario)).toEqual(['w2']);
  });

  it('in the middle of a write is not overwritten; the lever is tried again on the space as it is', async () => {
    let isDone = false;
    const wrap = (workspace: MemoryWorkspace): MemoryWorkspace => ({
      ...workspace,
      genie: {
        ...workspace.genie,
        updateSpace: (spaceId, update, options) => {
          if (!isDone) edit({ workspace }, addsSample);
          isDone = true;
          return workspace.genie.updateSpace(spaceId, update, options);
        },
      },
    });
    const scenario = scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2)] : []), { wrap });
    const { session } = await scenario.run(LIVE);
    expect(session.attempts[0]).toMatchObject({ lever: 1, stage: 'apply', skip_reason: 'apply_failed' });
    expect(words(scenario)).toEqual(['w2']);
    expect(text(scenario)).toContain(QUESTION);
  });

  it('while a change is judged stays when the change is taken back', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever, sweep) =>
      lever === 1 && sweep === 1 ? [synonym(1, 3, 'useless')] : [],
    );
    const { onEvent } = editingAt(scenario, 'patch_set_applied', addsSample);
    const { session } = await scenario.run({ ...LIVE, onEvent });
    expect(session.lever_audit['1']?.proposals_applied).toBe(0);
    expect(text(scenario)).toContain(QUESTION);
    expect(text(scenario)).not.toContain('useless');
  });

  it('at the place of an accepted change stops the run and is left as it is', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, inOrder);
    const { onEvent } = editingAt(scenario, 'decision', renames);
    await expect(scenario.run({ ...LIVE, onEvent })).rejects.toMatchObject({
      code: 'SPACE_EDITED_ELSEWHERE',
    });
    expect(words(scenario)).toEqual(['their own word']);
  });

  it('at the place of a change that must be taken back is left as it is: exit code 4', async () => {
    const questions = TEN_QUESTIONS.map((question) =>
      question.id < 2 ? { ...question, brokenBy: ['w2', 'their own word'] } : question,
    );
    const scenario = scriptedRun(questions, (lever) => (lever === 1 ? [synonym(1, 2)] : []));
    const { onEvent } = editingAt(scenario, 'patch_set_applied', renames);
    const error: unknown = await scenario.run({ ...LIVE, onEvent }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ROLLBACK_FAILED' });
    expect(exitCodeOfError(error)).toBe(EXIT_CODES.notRestored);
    expect(words(scenario)).toEqual(['their own word']);
  });

  it('that puts an earlier state of the run back is no edit to follow', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, inOrder);
    const before = parseSpace(text(scenario));
    const { onEvent } = editingAt(scenario, 'decision', () => before);
    await expect(scenario.run({ ...LIVE, onEvent })).rejects.toMatchObject({
      code: 'INVARIANT',
      details: { phase: 'lever' },
    });
  });
});

describe('an edit of somebody else in a space while a run works on copies', () => {
  it('at another place is kept at promotion, and the held-out questions are asked of both together', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, inOrder);
    const { onEvent, events } = editingAt(scenario, 'decision', addsSample);
    const { session } = await scenario.run({ onEvent });
    expect(words(scenario)).toEqual(['w2', 'w3']);
    expect(text(scenario)).toContain(QUESTION);
    expect(session.promotion?.state).toBe('verified');
    expect(session.accepted_config).toBe(serializeSpace(parseSpace(text(scenario))));
    expect(events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'SPACE_MERGED' }));
    const again = await scenario.run({ resume: true });
    expect(again.session.accepted_config).toBe(session.accepted_config);
  });

  it('that is saved in the middle of the promotion is merged, too', async () => {
    let saves = 0;
    const wrap = (workspace: MemoryWorkspace): MemoryWorkspace => ({
      ...workspace,
      genie: {
        ...workspace.genie,
        updateSpace: (spaceId, update, options) => {
          if (spaceId === SPACE_ID && saves++ === 0) edit({ workspace }, addsSample);
          return workspace.genie.updateSpace(spaceId, update, options);
        },
      },
    });
    const scenario = scriptedRun(TEN_QUESTIONS, inOrder, { wrap });
    const { session } = await scenario.run();
    expect(words(scenario)).toEqual(['w2', 'w3']);
    expect(text(scenario)).toContain(QUESTION);
    expect(session.promotion?.state).toBe('verified');
    expect(session.accepted_config).toBe(serializeSpace(parseSpace(text(scenario))));
  });

  it('at the same place stops the promotion and is left as it is', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, inOrder);
    const takes = (space: Space): Space => ({
      ...space,
      data_sources: {
        tables: [
          {
            identifier: 'main.library.loans',
            column_configs: [{ column_name: 'c2', synonyms: ['their own word'] }],
          },
        ],
      },
    });
    const { onEvent } = editingAt(scenario, 'decision', takes);
    const run = scenario.run({ onEvent });
    await expect(run).rejects.toMatchObject({ code: 'SPACE_EDITED_ELSEWHERE' });
    expect(words(scenario)).toEqual(['their own word']);
  });
});
