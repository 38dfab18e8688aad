import { describe, expect, it } from 'vitest';
import {
  EXIT_CODES,
  exitCodeOf,
  exitCodeOfError,
  type OptimizeOptions,
  type PhaseHandlers,
} from '../../src/pipeline/index.ts';
import type { Session } from '../../src/session/index.ts';
import { parseSpace } from '../../src/spaces/index.ts';
import type { MemoryWorkspace } from '../../src/testing/index.ts';
import { memoryMlflow, type MemoryMlflow } from '../logged-models/memory-mlflow.ts';
import { scriptedRun, SPACE_ID, synonym, TEN_QUESTIONS, type ScriptedRun } from './scripted-run.ts';
import { columnSynonyms } from './space-words.ts';

/** Lever 1 helps, lever 2 breaks the P0 question, lever 3 helps. */
const QUESTIONS = TEN_QUESTIONS.map((question) =>
  question.id === 0 ? { ...question, brokenBy: ['harm'] } : question,
);
const proposals = (lever: number, sweep: number) =>
  sweep > 1
    ? []
    : lever === 1
      ? [synonym(1, 2)]
      : lever === 2
        ? [synonym(2, 3, 'harm')]
        : lever === 3
          ? [synonym(3, 4)]
          : [];

const propose: PhaseHandlers['propose'] = (ctx, { lever }) => ({
  proposals: proposals(lever, ctx.session().sweep),
});
/** Says that it has taken the change back, and has not. */
const lies: PhaseHandlers = {
  propose,
  rollback: (_ctx, { record }) => ({
    space: parseSpace(record.pre_config),
    text: record.pre_config,
    hash: record.pre_hash,
    etag: null,
    title: '',
    warehouseId: null,
  }),
};

const tracked = (mlflow: MemoryMlflow) => ({ mlflow: { mlflow }, experiment: 'library' });
const words = ({ workspace }: ScriptedRun) => columnSynonyms(parseSpace(workspace.spaceText(SPACE_ID)));
const ACCEPTANCE = { live: 'threshold', clone: 'paired' } as const;

/** Notes every call that changes the workspace. */
function watched(writes: string[]) {
  const names = ['updateSpace', 'createSpace', 'trashSpace'];
  return (workspace: MemoryWorkspace): MemoryWorkspace => ({
    ...workspace,
    genie: new Proxy(workspace.genie, {
      get(genie, name) {
        if (names.includes(String(name))) writes.push(String(name));
        return Reflect.get(genie, name) as unknown;
      },
    }),
  });
}

async function failed(scenario: ScriptedRun, options: Partial<OptimizeOptions>): Promise<unknown> {
  return scenario.run(options).then(
    () => null,
    (error: unknown) => error,
  );
}

const stored = ({ files }: ScriptedRun): Session =>
  JSON.parse(files.texts.get('optimization-progress.json') ?? '') as Session;

describe.each(['live', 'clone'] as const)('rollback, isolation %s', (isolation) => {
  const options = { isolation, acceptance: ACCEPTANCE[isolation] } as const;

  it('step 1: takes a change back by its record and goes on', async () => {
    const scenario = scriptedRun(QUESTIONS, proposals);
    const { session } = await scenario.run(options);
    expect(session.attempts).toMatchObject([{ lever: 2 }]);
    expect(words(scenario)).toEqual(['w2', 'w4']);
  });

  it('steps 2 and 3: notices what was left behind, and restores it from the last accepted version', async () => {
    const scenario = scriptedRun(QUESTIONS, proposals);
    const { session } = await scenario.run({ ...options, ...tracked(memoryMlflow()), phases: lies });
    expect(session.attempts).toMatchObject([{ lever: 2 }]);
    expect(words(scenario)).toEqual(['w2', 'w4']);
    expect(session.escalation).toBeNull();
  });

  it('step 4: without a version it stops with exit code 4, and writes nothing more', async () => {
    const writes: string[] = [];
    const scenario = scriptedRun(QUESTIONS, proposals, { wrap: watched(writes) });
    let writesBefore = -1;
    const error = await failed(scenario, {
      ...options,
      phases: {
        ...lies,
        rollback: (...args) => {
          writesBefore = writes.length;
          return lies.rollback?.(...args) as never;
        },
      },
    });
    expect(error).toMatchObject({ code: 'ROLLBACK_FAILED', cause: { code: 'INVARIANT' } });
    expect(exitCodeOfError(error)).toBe(EXIT_CODES.notRestored);
    expect(writes).toHaveLength(writesBefore);
    const session = stored(scenario);
    expect(session.escalation).toMatchObject({ code: 'regression_not_reverted' });
    expect(exitCodeOf(session)).toBe(EXIT_CODES.notRestored);
    expect([...scenario.files.texts.values()].join()).toContain('regression_not_reverted');
  });

  it('goes on after step 4 once the rollback works again', async () => {
    const scenario = scriptedRun(QUESTIONS, proposals);
    await failed(scenario, { ...options, phases: lies });
    const { session } = await scenario.run({ ...options, resume: true });
    expect(words(scenario)).toEqual(['w2', 'w4']);
    expect(session.escalation).toBeNull();
    expect((await scenario.workspace.genie.listSpaces()).map(({ spaceId }) => spaceId)).toEqual([SPACE_ID]);
  });

  it('step 5: tags the abandoned version with the reason; the next one hangs on the accepted one', async () => {
    const mlflow = memoryMlflow();
    await scriptedRun(QUESTIONS, proposals).run({ ...options, ...tracked(mlflow), phases: lies });
    const [, kept, abandoned, next] = mlflow.modelList;
    expect(kept?.tags['outcome']).toBe('accepted');
    expect(abandoned?.tags['outcome']).toBe('gate_failed');
    expect(next?.params['parent_model_id']).toBe(kept?.modelId);
  });

  it('step 5: so it does when nothing could be restored', async () => {
    const mlflow = memoryMlflow();
    const scenario = scriptedRun(QUESTIONS, proposals);
    mlflow.fail('artifacts.read');
    const error = await failed(scenario, { ...options, ...tracked(mlflow), phases: lies });
    expect(error).toMatchObject({ code: 'ROLLBACK_FAILED' });
    expect(mlflow.modelList.at(-1)?.tags).toMatchObject({
      outcome: 'rolled_back',
      outcome_reason: 'regression_not_reverted',
    });
  });
});

it('mistake 9, HC13: a rollback that fails for a moment is tried again before anything else', async () => {
  let failures = 0;
  const scenario = scriptedRun(QUESTIONS, proposals, {
    wrap: (workspace) => ({
      ...workspace,
      genie: {
        ...workspace.genie,
        updateSpace: (spaceId, update, call) => {
          const isUndo = failures === 0 && workspace.spaceText(spaceId).includes('harm');
          if (!isUndo) return workspace.genie.updateSpace(spaceId, update, call);
          failures += 1;
          return Promise.reject(new RangeError('The connection broke.'));
        },
      },
    }),
  });
  await scenario.run({ isolation: 'live', acceptance: 'threshold' });
  expect(failures).toBe(1);
  expect(words(scenario)).toEqual(['w2', 'w4']);
});
