import { describe, expect, it } from 'vitest';
import { parseQueue, REMEDIATION_QUEUE_FILE, type EvaluationResult } from '../../src/evaluation/index.ts';
import type { OptimizeEvent, OptimizeOptions, PhaseHandlers } from '../../src/pipeline/index.ts';
import { poolOf, type StoredAsk } from '../../src/pipeline/ask-ledger.ts';
import { memoryFileStore } from '../../src/testing/index.ts';
import { scriptedRun, synonym, TEN_QUESTIONS } from '../scenarios/scripted-run.ts';
import { verdict } from './rows.ts';

const THREE = ['q3', 'q4', 'q5'];

/** An evaluation in which the arbiter disputes the wrong answers to some questions. */
const disputed = (result: EvaluationResult, ids: readonly string[], word: string): EvaluationResult => ({
  ...result,
  rows: result.rows.map((found) =>
    ids.includes(found.question_id) && found.correct === false
      ? { ...found, verdicts: { ...found.verdicts, ...verdict('arbiter', word) } }
      : found,
  ),
});

/** The arbiter says `word` of the same questions in every full evaluation; levers propose as told. */
const arbiterSays = (
  word: string,
  ids: readonly string[],
  propose: PhaseHandlers['propose'] = () => ({ proposals: [] }),
): PhaseHandlers => ({
  propose,
  baseline: async (_ctx, _input, runDefault) => disputed(await runDefault(), ids, word),
  fullEval: async (_ctx, _input, runDefault) => disputed(await runDefault(), ids, word),
});

const oneSweep =
  (word = 'w2'): NonNullable<PhaseHandlers['propose']> =>
  (ctx, { lever }) => ({
    proposals: lever === 1 && ctx.session().sweep === 1 ? [synonym(1, 2, word)] : [],
  });

const run = (phases: PhaseHandlers, changes: Partial<OptimizeOptions> = {}) => {
  const scenario = scriptedRun(TEN_QUESTIONS, () => []);
  const result = scenario.run({ phases, acceptance: 'threshold', ...changes });
  return { scenario, result };
};

const handlersOf = (session: { readonly worker_reads: readonly { readonly handler: string }[] }) =>
  session.worker_reads.map(({ handler }) => handler);

describe('answer keys corrected within a run', () => {
  it('F12: three doubted at the baseline are corrected once, before anything is compared under them', async () => {
    const events: OptimizeEvent[] = [];
    const { scenario, result } = run(arbiterSays('genie_correct', THREE, oneSweep('useless')), {
      confirmCorrection: () => true,
      onEvent: (event) => void events.push(event),
    });
    const { session, baselineAccuracyPct, finalAccuracyPct } = await result;
    expect(
      session.benchmark_corrections.map(({ question_id: id, key_version }) => [id, key_version]),
    ).toEqual(THREE.map((id) => [id, 2]));
    expect(session.benchmark_corrections_applied_at).toBe(0);
    expect(session.iterations[0]).toMatchObject({ overall_accuracy: 25, rescored_accuracy: 62.5 });
    // The candidate is measured under the new keys, and so is what it is compared with: nothing was gained.
    expect(session.iterations[1]).toMatchObject({
      overall_accuracy: 62.5,
      outcome: 'rolled_back',
      decision: { comparable: true, wins: [], delta_pp: 0 },
    });
    expect([baselineAccuracyPct, finalAccuracyPct]).toEqual([62.5, 62.5]);
    expect(events.filter(({ type }) => type === 'keys_corrected')).toMatchObject([
      { questionIds: THREE, refreshAdvised: true },
    ]);
    // Eight at the baseline, eight of the candidate, two held out; nothing for the corrections.
    expect(scenario.workspace.asked).toHaveLength(18);
  });

  it('F12: on their own after two evaluations that say so, and the one before is scored again first', async () => {
    const { result } = run(arbiterSays('genie_correct', THREE, oneSweep()), { corrections: 'auto' });
    const { session } = await result;
    expect(session.benchmark_corrections_applied_at).toBe(1);
    const [baseline, first] = session.iterations;
    expect(baseline).toMatchObject({ overall_accuracy: 25, rescored_accuracy: 62.5 });
    expect(first).toMatchObject({
      overall_accuracy: 37.5,
      rescored_accuracy: 75,
      outcome: 'accepted',
      decision: { comparable: true, wins: ['q2'], delta_pp: 12.5 },
    });
    expect(session.best_overall_accuracy).toBe(75);
    expect(session.lever_impacts['1']).toMatchObject({ before: 62.5, after: 75, delta: 12.5 });
    expect(session.remaining_failures).toEqual(['q6', 'q7']);
  });

  it('rule 7: two doubts change nothing within the loop; the end of the run looks at them', async () => {
    const { result } = run(arbiterSays('genie_correct', ['q3', 'q4'], oneSweep()), {
      confirmCorrection: () => true,
    });
    const { session, baselineAccuracyPct, finalAccuracyPct } = await result;
    expect(handlersOf(session)).not.toContain('gtRemediation');
    expect(session.benchmark_corrections).toHaveLength(2);
    expect(session.benchmark_corrections_applied_at).toBeNull();
    expect([baselineAccuracyPct, finalAccuracyPct]).toEqual([50, 62.5]);
  });

  it('a person is asked once for each candidate, and what is declined stays listed', async () => {
    const asked: string[] = [];
    const { result } = run(arbiterSays('genie_correct', THREE, oneSweep()), {
      confirmCorrection: ({ question_id: id }) => {
        asked.push(id);
        return id === 'q3';
      },
    });
    const { session } = await result;
    expect(asked).toEqual(THREE);
    expect(session.benchmark_corrections.map(({ question_id: id }) => id)).toEqual(['q3']);
    expect(session.proposed_corrections).toMatchObject([
      { question_id: 'q4', declined: true },
      { question_id: 'q5', declined: true },
    ]);
  });

  it.each([
    ['corrections: off', { corrections: 'off' }],
    ['evaluateOnly', { evaluateOnly: true }],
  ] as const)('nothing of it happens with %s', async (_, changes) => {
    const { result } = run(arbiterSays('genie_correct', THREE), {
      confirmCorrection: () => true,
      ...changes,
    });
    const { session } = await result;
    expect(handlersOf(session)).not.toContain('gtRemediation');
    expect(session.benchmark_corrections).toEqual([]);
  });

  it('the phase can be replaced: what it returns is what holds', async () => {
    const { result } = run({
      ...arbiterSays('genie_correct', THREE),
      gtRemediation: async (_ctx, input, runDefault) => {
        expect(input.only).toEqual(THREE);
        const found = await runDefault({ ...input, only: [] });
        return {
          ...found,
          questions: found.questions.map((question) =>
            question.id === 'q3'
              ? { ...question, expected_sql: 'SELECT wrong3 FROM main.library.loans', key_version: 2 }
              : question,
          ),
        };
      },
    });
    const { session } = await result;
    expect(session.iterations[0]).toMatchObject({ overall_accuracy: 25, rescored_accuracy: 37.5 });
  });

  it('a question wrong on both sides three times in a row goes into quarantine, and comparisons go on', async () => {
    const propose: NonNullable<PhaseHandlers['propose']> = (ctx, { lever }) => ({
      proposals: ctx.session().sweep === 1 && lever <= 3 ? [synonym(lever, lever + 1)] : [],
    });
    const { scenario, result } = run(arbiterSays('neither_correct', ['q5'], propose));
    const { session } = await result;
    expect(session.excluded_questions).toMatchObject([{ question_id: 'q5', reason_code: 'quarantined' }]);
    expect(session.iterations.map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 4 }, () => 'accepted'),
    );
    // Three evaluations asked it; the fourth did not, and was compared with the third without it.
    expect(scenario.workspace.asked.filter(({ question }) => question.includes('thing5'))).toHaveLength(3);
    expect(session.iterations.map(({ total_questions: n }) => n)).toEqual([8, 8, 8, 7]);
    expect(session.iterations[3]?.decision).toMatchObject({ comparable: true, wins: ['q4'] });
    const rescored = scenario.files.texts.get(session.iterations[2]?.rescored_ref ?? '') ?? '{}';
    const { rows } = JSON.parse(rescored) as EvaluationResult;
    expect(rows.find(({ question_id: id }) => id === 'q5')).toMatchObject({
      correct: null,
      exclusion: { reason_code: 'quarantined' },
    });
    expect(rows).toHaveLength(8);
    const queue = parseQueue(scenario.files.texts.get(`out/run_1/${REMEDIATION_QUEUE_FILE}`) ?? '');
    expect(queue).toMatchObject([{ id: 'q5', error_type: 'neither_correct', attempts: 3 }]);
  });

  it('rows under corrected keys that are gone are made again from those measured', async () => {
    const phases = arbiterSays('genie_correct', THREE, oneSweep());
    const files = memoryFileStore();
    const first = scriptedRun(TEN_QUESTIONS, () => [], { files });
    const controller = new AbortController();
    const stopped = first.run({
      phases,
      acceptance: 'threshold',
      confirmCorrection: () => true,
      signal: controller.signal,
      onEvent: (event) => void (event.type === 'keys_corrected' && controller.abort()),
    });
    await expect(stopped).rejects.toThrow();
    const left = [...files.texts].filter(([path]) => !path.includes('.keys-'));
    expect(left.length).toBeLessThan(files.texts.size);
    const second = scriptedRun(TEN_QUESTIONS, () => [], {
      files: memoryFileStore(Object.fromEntries(left)),
      workspace: first.workspace,
    });
    const { session } = await second.run({ phases, acceptance: 'threshold', resume: true });
    expect(session.iterations[1]?.decision).toMatchObject({ comparable: true, wins: ['q2'] });
    expect(session.best_overall_accuracy).toBe(75);
  });
});

describe('asks under an older answer key', () => {
  const ask = (verdict: StoredAsk['verdict'], key_version?: number): StoredAsk => ({
    config_hash: 'c',
    question_id: 'q1',
    ask_index: 0,
    verdict,
    comparison: null,
    arm: null,
    round: null,
    ...(key_version === undefined ? {} : { key_version }),
  });

  it('are no evidence under the new one', () => {
    const asks = [ask('fail'), ask('fail'), ask('pass', 2)];
    expect(poolOf(asks, 'c', 'q1')).toEqual({ n: 2, correct: 0 });
    expect(poolOf(asks, 'c', 'q1', 2)).toEqual({ n: 1, correct: 1 });
  });
});
