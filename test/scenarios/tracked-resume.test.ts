import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/clients/index.ts';
import { nativeEvaluator } from '../../src/evaluation/index.ts';
import { startLocalWorkspace, type LocalWorkspace } from '../../src/local/index.ts';
import type { OptimizeEvent } from '../../src/pipeline/index.ts';
import type { MlflowPort, TrackingService } from '../../src/ports/index.ts';
import { fakeClock, memoryFileStore, type MemoryFileStore } from '../../src/testing/index.ts';
import { memoryMlflow } from '../logged-models/memory-mlflow.ts';
import { mortalProcess } from './mortal-process.ts';
import { withChanged } from './with-changed.ts';
import { goodBadGood, scriptedRun, SPACE_ID, TEN_QUESTIONS } from './scripted-run.ts';

let local: LocalWorkspace;
let embedded: TrackingService;

beforeAll(async () => {
  local = await startLocalWorkspace({
    sample: fileURLToPath(new URL('../fixtures/local-sample', import.meta.url)),
  });
  const { host, token } = local;
  ({ tracking: embedded } = await connect({ host, token, startsPerMinute: null, sources: { env: {} } }));
});
afterAll(() => local.close());

/** Experiments of the embedded workspace outlive a test, so every run has one of its own. */
let runs = 0;
const freshService = (kind: 'in memory' | 'of the embedded workspace') => ({
  mlflow: kind === 'in memory' ? { mlflow: memoryMlflow() } : embedded,
  tracking: 'summary' as const,
  experiment: `/Users/me@example.com/resume-${runs++}`,
});

/** A run that dies right after the evaluation of this scope and iteration was written to MLflow, before it is noted. */
async function killedAfterEvaluation(
  place: ReturnType<typeof freshService>,
  dueScope: string,
  dueIteration: number | null,
) {
  const store = memoryFileStore();
  let due = '';
  let isDue = false;
  const { files, mortal } = mortalProcess(store, { before: () => isDue });
  const { mlflow } = place.mlflow;
  const end: MlflowPort['runs']['end'] = async (...args) => {
    await mlflow.runs.end(...args);
    isDue ||= args[0] === due;
  };
  const noticing = withChanged(mlflow, 'runs', withChanged(mlflow.runs, 'end', end));
  const scenario = scriptedRun(TEN_QUESTIONS, goodBadGood, {
    files,
    wrap: (workspace) => ({ ...workspace, genie: mortal(workspace.genie) }),
  });
  const run = scenario.run({
    ...place,
    mlflow: { ...place.mlflow, mlflow: mortal(noticing) },
    onEvent: (event) => {
      if (event.type !== 'run_ready' || event.scope !== dueScope || due !== '') return;
      if (dueIteration === null || event.iteration === dueIteration) due = event.runId;
    },
  });
  await expect(run).rejects.toThrow('dead');
  expect(isDue).toBe(true);
  return { workspace: scenario.workspace, store, due };
}

/** What a resumed run did. */
async function resumed(
  place: ReturnType<typeof freshService>,
  {
    workspace,
    store,
  }: { readonly workspace: ReturnType<typeof scriptedRun>['workspace']; readonly store?: MemoryFileStore },
) {
  const events: OptimizeEvent[] = [];
  const asked = workspace.asked.length;
  const files = store ?? memoryFileStore();
  const result = await scriptedRun(TEN_QUESTIONS, goodBadGood, { workspace, files }).run({
    ...place,
    ...(store === undefined ? { resumeFromRun: 'latest' } : { resume: true }),
    onEvent: (event) => events.push(event),
  });
  return {
    result,
    adopted: events.flatMap((event) =>
      event.type === 'evaluation_adopted' ? [[event.scope, event.iteration, event.runId]] : [],
    ),
    askedAgain: workspace.asked.slice(asked).map(({ question }) => question),
  };
}

const trail = ({ session }: Awaited<ReturnType<ReturnType<typeof scriptedRun>['run']>>) =>
  session.iterations.map(({ lever, outcome, overall_accuracy: pct }) => `${lever} ${outcome} ${pct}`);

describe('an evaluation that had finished in MLflow, but was never noted,', () => {
  it.each([
    ['full', 0, 0],
    ['slice', 1, 0],
    ['p0', 2, 0],
    ['full', 1, 0],
    // The held-out questions of the other space were under way when the process died.
    ['held_out', null, 2],
  ] as const)('is taken over, with or without files: %s of iteration %s', async (scope, iteration, lost) => {
    const undisturbed = scriptedRun(TEN_QUESTIONS, goodBadGood);
    const expected = await undisturbed.run(freshService('in memory'));
    for (const keepsFiles of [true, false]) {
      const place = freshService('in memory');
      const first = await killedAfterEvaluation(place, scope, iteration);
      const { workspace } = first;
      const second = await resumed(place, { workspace, ...(keepsFiles ? { store: first.store } : {}) });
      expect(second.adopted.map(([, , runId]) => runId)).toContain(first.due);
      expect(trail(second.result)).toEqual(trail(expected));
      expect(second.result.heldOut).toEqual(expected.heldOut);
      // Nothing else is asked a second time.
      expect(workspace.asked).toHaveLength(undisturbed.workspace.asked.length + lost);
      expect(workspace.spaceText(SPACE_ID)).toContain('w4');
    }
  });

  it('is not taken over when another evaluator is to judge now', async () => {
    const place = freshService('in memory');
    const { workspace } = await killedAfterEvaluation(place, 'full', 0);
    const asked = workspace.asked.length;
    const adopted: string[] = [];
    await scriptedRun(TEN_QUESTIONS, goodBadGood, { workspace }).run({
      ...place,
      resumeFromRun: 'latest',
      evaluator: { ...nativeEvaluator({ workspace, clock: fakeClock() }), name: 'another' },
      evaluateOnly: true,
      onEvent: (event) => void (event.type === 'evaluation_adopted' && adopted.push(event.runId)),
    });
    expect(adopted).toEqual([]);
    expect(workspace.asked).toHaveLength(asked + 8);
  });

  it('is taken over from the embedded workspace, too', async () => {
    const place = freshService('of the embedded workspace');
    const first = await killedAfterEvaluation(place, 'full', 1);
    const second = await resumed(place, { workspace: first.workspace });
    expect(second.adopted.map(([, , runId]) => runId)).toContain(first.due);
    const undisturbed = scriptedRun(TEN_QUESTIONS, goodBadGood);
    expect(trail(second.result)).toEqual(trail(await undisturbed.run()));
    expect(first.workspace.asked).toHaveLength(undisturbed.workspace.asked.length);
  }, 60_000);
});

/** Runs until lever 2 is decided. */
async function stoppedAtLever2(
  { run }: ReturnType<typeof scriptedRun>,
  place: ReturnType<typeof freshService>,
): Promise<void> {
  const cancel = new AbortController();
  const stopped = run({
    ...place,
    signal: cancel.signal,
    onEvent: (event) => {
      if (event.type === 'decision' && event.lever === 2) cancel.abort();
    },
  });
  await expect(stopped).rejects.toMatchObject({ code: 'ABORTED_BY_CALLER' });
}

describe('a run whose files are lost', () => {
  it('goes on from the session that the MLflow of the embedded workspace holds', async () => {
    const place = freshService('of the embedded workspace');
    const expected = await scriptedRun(TEN_QUESTIONS, goodBadGood).run();
    const first = scriptedRun(TEN_QUESTIONS, goodBadGood);
    await stoppedAtLever2(first, place);
    const second = await resumed(place, { workspace: first.workspace });
    expect(trail(second.result)).toEqual(trail(expected));
    expect(second.result.session.session_id).toBe('run_1');
    expect(first.workspace.spaceText(SPACE_ID)).toContain('w4');
  }, 60_000);

  it.each([
    ['cut short', (text: string) => text.slice(0, text.length / 2)],
    ['empty', () => ''],
    [
      'of a later version',
      (text: string) => text.replace(/"schema_version": "\d+"/, '"schema_version": "9"'),
    ],
  ])('or hold a session that is %s goes on from the one in MLflow, and keeps that one', async (_, damage) => {
    const place = freshService('in memory');
    const expected = await scriptedRun(TEN_QUESTIONS, goodBadGood).run(freshService('in memory'));
    const files = memoryFileStore();
    const first = scriptedRun(TEN_QUESTIONS, goodBadGood, { files });
    await stoppedAtLever2(first, place);
    const damaged = damage(files.texts.get('optimization-progress.json') ?? '');
    await files.write('optimization-progress.json', damaged);

    await expect(first.run({ ...place, resume: true })).rejects.toMatchObject({
      code: 'SESSION_FILE',
      message: expect.stringContaining('resumeFromRun') as string,
    });
    const events: OptimizeEvent[] = [];
    const again = await first.run({
      ...place,
      resumeFromRun: 'latest',
      onEvent: (event) => events.push(event),
    });
    expect(trail(again)).toEqual(trail(expected));
    expect(events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'SESSION_DAMAGED' }));
    expect(files.texts.get('optimization-progress.json.damaged')).toBe(damaged);
  });

  it('and of which MLflow holds nothing is not begun anew over a damaged session', async () => {
    const files = memoryFileStore({ 'optimization-progress.json': '{"schema_version": "3", ' });
    const run = scriptedRun(TEN_QUESTIONS, goodBadGood, { files }).run({
      ...freshService('in memory'),
      resumeFromRun: 'latest',
    });
    await expect(run).rejects.toMatchObject({ code: expect.stringMatching(/SESSION/) as string });
    expect(files.texts.get('optimization-progress.json')).toBe('{"schema_version": "3", ');
  });
});
