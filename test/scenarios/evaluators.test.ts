import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeSpaceQuestions } from '../../src/benchmarks/index.ts';
import { EvalRunsClient, JobsClient, systemClock } from '../../src/clients/index.ts';
import {
  evalRunEvaluator,
  jobEvaluator,
  routingEvaluator,
  type Evaluator,
} from '../../src/evaluation/index.ts';
import { optimize, type OptimizeEvent, type OptimizeOptions } from '../../src/pipeline/index.ts';
import { parseSpace, serializeSpace } from '../../src/spaces/index.ts';
import { memoryFileStore, type MemoryFileStore } from '../../src/testing/index.ts';
import { JOB, libraryJob, type LibraryJob } from './library-job.ts';
import { proposalOf } from './proposal-of.ts';

let library: LibraryJob;
let start: string;
let files: MemoryFileStore;

beforeAll(async () => {
  library = await libraryJob();
  start = await spaceText();
});
afterAll(() => library.local.close());
beforeEach(async () => {
  files = memoryFileStore();
  await library.workspace.genie.updateSpace(library.local.spaceId, { serializedSpace: start });
});

async function spaceText(): Promise<string> {
  const { serializedSpace } = await library.workspace.genie.getSpace(library.local.spaceId);
  return serializeSpace(parseSpace(serializedSpace));
}

/** The synonym that repairs question `n`. */
const word = (n: number) =>
  proposalOf(1, { type: 'add_synonym', table: 'town.library.books', column: 'genre', synonym: `w${n}` }, [
    `lib_0${n}`,
  ]);

/** A run that proposes two words that help, in one step. */
const run = (changes: Partial<OptimizeOptions>) =>
  optimize(
    {
      workspace: library.workspace,
      spaceId: library.local.spaceId,
      benchmarks: library.suite,
      maxIterations: 2,
      propagationMs: 0,
      outputDir: 'out',
      finalRepeatability: false,
      phases: {
        propose: (ctx, { lever }) => ({
          proposals: lever === 1 && ctx.session().sweep === 1 ? [word(3), word(4)] : [],
        }),
      },
      ...changes,
    },
    { clock: systemClock(), files },
  );

const byJob = () => {
  const { workspace } = library;
  const jobs = new JobsClient({ http: workspace.http, pollInterval: () => 5 });
  return jobEvaluator({
    jobs,
    mlflow: workspace.tracking.mlflow,
    jobName: JOB,
    parameters: { domain: 'library' },
  });
};
const genies = () =>
  evalRunEvaluator({ evalRuns: new EvalRunsClient({ http: library.workspace.http, pollInterval: () => 5 }) });

describe('a whole run whose questions a job of the workspace asks', () => {
  it('measures, passes the gates, keeps what helps and reports, all from rows of the job', async () => {
    const before = library.jobRuns.length;
    const { session, heldOut, baselineAccuracyPct, finalAccuracyPct, reportPath } = await run({
      evaluator: byJob(),
      acceptance: 'threshold',
    });
    expect([baselineAccuracyPct, finalAccuracyPct]).toEqual([30, 50]);
    expect(session.iterations.map(({ outcome, label }) => [outcome, label?.evaluator])).toEqual([
      ['accepted', 'job'],
      ['accepted', 'job'],
    ]);
    expect(heldOut).toMatchObject({ beforePct: 0, afterPct: 0 });
    const runs = library.jobRuns.slice(before);
    expect(runs.map(({ eval_scope: scope = 'full', iteration }) => [scope, iteration])).toEqual(
      [
        ['full', '0'],
        ['p0', '1'],
        ['full', '1'],
        ['held_out', '1'],
        ['held_out', '1'],
      ].toSpliced(
        1,
        0,
        ...runs.filter(({ eval_scope: scope }) => scope === 'slice').map(() => ['slice', '1']),
      ),
    );
    // Candidates are copies: the job was told which space to ask.
    expect(new Set(runs.map(({ space_id: id }) => id)).size).toBe(3);
    expect(runs.every(({ domain }) => domain === 'library')).toBe(true);
    expect(await spaceText()).toContain('w4');
    expect(files.texts.get(reportPath)).toContain('job');
  });

  it('asks the job nothing again when a gate fails: it stands by what it saw', async () => {
    const before = library.jobRuns.length;
    const harmful = proposalOf(
      1,
      { type: 'add_synonym', table: 'town.library.books', column: 'genre', synonym: 'w3' },
      ['lib_00', 'lib_03'],
    );
    const { session } = await run({
      evaluator: failing(byJob(), 'lib_00', 'w3'),
      acceptance: 'threshold',
      phases: {
        propose: (ctx, { lever }) => ({
          proposals: lever === 1 && ctx.session().sweep === 1 ? [harmful] : [],
        }),
      },
    });
    expect(session.attempts[0]?.skip_reason).toMatch(/gate_failed/);
    const scopes = library.jobRuns.slice(before).map(({ eval_scope: scope = 'full' }) => scope);
    expect(scopes.filter((scope) => scope === 'full')).toHaveLength(1);
    expect(await spaceText()).toBe(start);
  });

  it('ends in the same space as before when the job breaks', async () => {
    const evaluator = byJob();
    const broken: Evaluator = {
      ...evaluator,
      evaluate: (request) =>
        request.scope === 'full' && request.iteration === 1
          ? Promise.reject(new RangeError('no cluster'))
          : evaluator.evaluate(request),
    };
    const { session } = await run({ evaluator: broken, acceptance: 'threshold' });
    expect(session.attempts[0]).toMatchObject({ lever: 1, skip_reason: 'evaluation_failed' });
    expect(await spaceText()).toBe(start);
  });
});

/** Says that a question is wrong as soon as the space has a word. */
const failing = (evaluator: Evaluator, id: string, harm: string): Evaluator => ({
  ...evaluator,
  evaluate: async (request) => {
    const result = await evaluator.evaluate(request);
    const isHarmed = serializeSpace(request.space).includes(`"${harm}"`);
    const rows = result.rows.map((row) =>
      isHarmed && row.question_id === id ? { ...row, correct: false } : row,
    );
    return {
      ...result,
      rows,
      failures: rows.filter(({ correct }) => correct === false).map((row) => row.question_id),
    };
  },
});

describe('an evaluator that cannot tell what a run needs', () => {
  it.each<[string, () => Evaluator, Partial<OptimizeOptions>, RegExp]>([
    ['a job, which cannot ask again, for the paired test', byJob, {}, /--acceptance threshold/],
    ['a job for the sequential test', byJob, { acceptance: 'sequential' }, /asking the same questions again/],
    ["Genie's own evaluation", genies, { acceptance: 'threshold' }, /reasons for failures.*evaluateOnly/],
    [
      'the smoke test of routes',
      () => routingEvaluator({ genie: library.workspace.genie }),
      { acceptance: 'threshold' },
      /judge 'result_correctness'/,
    ],
  ])('is refused before anything is asked or written: %s', async (_what, evaluator, changes, message) => {
    const [asked, jobs] = [library.local.askLog.length, library.jobRuns.length];
    const outcome = run({ evaluator: evaluator(), ...changes });
    await expect(outcome).rejects.toMatchObject({
      code: 'EVALUATOR_CAPABILITY',
      message: expect.stringMatching(message) as string,
    });
    expect([library.local.askLog.length, library.jobRuns.length]).toEqual([asked, jobs]);
    expect([...files.texts.keys()]).toEqual([]);
    expect(await spaceText()).toBe(start);
  });

  it.each<[string, () => Evaluator]>([
    ['a job', byJob],
    ['the smoke test of routes', () => routingEvaluator({ genie: library.workspace.genie })],
  ])('may measure all the same: %s', async (_what, evaluator) => {
    expect((await run({ evaluator: evaluator(), evaluateOnly: true })).status).toBe('evaluated');
  });
});

describe('a second opinion', () => {
  /** Stores the questions in the space, as Genie's own evaluation needs them; the first with another key. */
  const store = async () => {
    const questions = library.suite.questions.map((question) =>
      question.id === 'lib_00' ? { ...question, expected_sql: 'SELECT 0 AS nothing' } : question,
    );
    let made = 0xb0;
    const newId = () => (made++).toString(16).padEnd(32, '0');
    const space = writeSpaceQuestions(parseSpace(start), questions, { newId });
    await library.workspace.genie.updateSpace(library.local.spaceId, {
      serializedSpace: serializeSpace(space),
    });
  };

  it('looks at the space as found and as accepted, and the report says how far it agrees', async () => {
    await store();
    const events: OptimizeEvent[] = [];
    const { session, reportPath } = await run({
      acceptance: 'threshold',
      secondOpinion: genies(),
      onEvent: (event) => events.push(event),
    });
    expect(session.second_opinions).toMatchObject([
      { iteration: 0, first: 'native', second: 'eval-runs', both_decided: 10 },
      { iteration: 1, both_decided: 10, agreement_pct: 90, second_accuracy: 40 },
    ]);
    const [, last] = session.second_opinions;
    expect(last?.confusion).toEqual({
      pass: { pass: 4, fail: 1, undecided: 0 },
      fail: { pass: 0, fail: 5, undecided: 0 },
      undecided: { pass: 0, fail: 0, undecided: 0 },
    });
    expect(last?.kappa).toBeCloseTo(0.8);
    expect(last?.disagreements).toMatchObject([{ question_id: 'lib_00', first: 'pass', second: 'fail' }]);
    expect(events.filter(({ type }) => type === 'second_opinion')).toMatchObject([
      { iteration: 0 },
      { iteration: 1, bothDecided: 10, agreed: 9 },
    ]);
    const report = files.texts.get(reportPath) ?? '';
    expect(report).toContain('### Second opinion');
    expect(report).toMatch(/\| pass +\| 4 +\| 1 +\| 0 +\|/);
    expect(report).toContain('kappa 0.80');
    expect(report).toContain('lib_00: What is the alpha figure');
  });

  it('is asked about no held-out question', async () => {
    await store();
    const seen: string[] = [];
    const evaluator = genies();
    await run({
      acceptance: 'threshold',
      secondOpinion: {
        ...evaluator,
        evaluate: (request) => {
          seen.push(...request.questions.map(({ id }) => id));
          return evaluator.evaluate(request);
        },
      },
    });
    expect(seen).toHaveLength(20);
    expect(seen.filter((id) => id === 'lib_10' || id === 'lib_11')).toEqual([]);
  });

  it.each<[string, Evaluator['evaluate'] | null, RegExp]>([
    ['fails', () => Promise.reject(new RangeError('beta is off')), /beta is off/],
    ['decides nothing, since the space holds no questions', null, /writeSpaceQuestions/],
  ])('that %s is a warning and changes no decision', async (_what, evaluate, message) => {
    const warnings: string[] = [];
    const { finalAccuracyPct } = await run({
      acceptance: 'threshold',
      secondOpinion: { ...genies(), ...(evaluate === null ? {} : { evaluate }) },
      onEvent: (event) => void (event.type === 'warning' && warnings.push(event.message)),
    });
    expect(finalAccuracyPct).toBe(50);
    expect(warnings.some((warning) => message.test(warning))).toBe(true);
  });
});
