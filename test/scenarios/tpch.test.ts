import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBenchmarks, type BenchmarkSuite } from '../../src/benchmarks/index.ts';
import type { OptimizeEvent, OptimizeResult } from '../../src/pipeline/index.ts';
import { parseSpace, serializeSpace } from '../../src/spaces/index.ts';
import { sampleRun, type SampleRun } from './sample-run.ts';

const canonical = (text: string) => serializeSpace(parseSpace(text));
const words = (text: string) =>
  text
    .toLowerCase()
    .match(/[a-z0-9_]+/g)
    ?.join(' ') ?? '';

describe('a whole run on the tpch sample', () => {
  let sample: SampleRun;
  let suite: BenchmarkSuite;
  let result: OptimizeResult;
  const events: OptimizeEvent[] = [];

  beforeAll(async () => {
    sample = await sampleRun();
    suite = await loadBenchmarks(sample.local.sample.benchmarksPath, { domain: sample.local.sample.domain });
    result = await sample.optimize({ onEvent: (event) => events.push(event) });
  }, 240_000);
  afterAll(() => sample.local.close());

  const points = (before: number | null | undefined, after: number | null | undefined) =>
    (after ?? 0) - (before ?? 100);

  it('raises accuracy on train and validation questions by at least 25 points', () => {
    expect(points(result.baselineAccuracyPct, result.finalAccuracyPct)).toBeGreaterThanOrEqual(25);
  });

  it('raises accuracy on held-out questions by at least 15 points', () => {
    expect(points(result.heldOut?.beforePct, result.heldOut?.afterPct)).toBeGreaterThanOrEqual(15);
  });

  it('asks no held-out question before the final check', () => {
    const heldOut = new Set(
      suite.questions.filter((question) => question.split === 'held_out').map(({ question }) => question),
    );
    const asked = sample.local.askLog.map((entry) => heldOut.has(entry.question));
    const first = asked.indexOf(true);
    expect(asked.filter(Boolean)).toHaveLength(2 * heldOut.size);
    expect(asked.slice(first).every(Boolean)).toBe(true);
    const started = events.findIndex((event) => event.type === 'phase_started' && event.phase === 'heldOut');
    expect(events.slice(started).some((event) => event.type === 'patch_set_applied')).toBe(false);
  });

  it('never tells proposals about validation or held-out questions', () => {
    const train = new Set(
      suite.questions.filter((question) => question.split === 'train').map(({ id }) => id),
    );
    for (const trial of result.session.history) {
      for (const id of trial.question_ids) expect(train).toContain(id);
    }
  });

  it('writes no benchmark text into a patch', () => {
    const tried = [...result.session.iterations, ...result.session.attempts].flatMap(
      ({ patch_set: patches }) => patches,
    );
    expect(tried.length).toBeGreaterThan(10);
    const texts = tried.map((patch) => {
      const { rationale: _rationale, predicted_affected_questions: _ids, ...content } = patch;
      return words(JSON.stringify(content));
    });
    for (const { question, expected_sql: sql } of suite.questions) {
      for (const text of texts) {
        expect(text).not.toContain(words(question));
        expect(text).not.toContain(words(sql));
      }
    }
  });

  it('leaves the live space exactly as the session says', async () => {
    expect(canonical(await sample.spaceText())).toBe(result.session.accepted_config);
    expect(serializeSpace(result.space)).toBe(result.session.accepted_config);
  });

  it('writes a report with the numbers of the run', () => {
    const report = sample.files.texts.get(result.reportPath) ?? '';
    expect(report).toContain(
      `${result.baselineAccuracyPct?.toFixed(1)} % → ${result.finalAccuracyPct?.toFixed(1)} %`,
    );
    expect(report).toContain('Remaining issues');
  });

  it('ends the same way when it is run again on a fresh workspace', async () => {
    const again = await sampleRun();
    const repeated = await again.optimize();
    await again.local.close();
    expect(repeated.finalAccuracyPct).toBe(result.finalAccuracyPct);
    expect(repeated.session.accepted_config).toBe(result.session.accepted_config);
  }, 240_000);
});

describe('a run that must not change the space', () => {
  let sample: SampleRun;
  let suite: BenchmarkSuite;
  beforeAll(async () => {
    sample = await sampleRun();
    suite = await loadBenchmarks(sample.local.sample.benchmarksPath, { domain: sample.local.sample.domain });
  }, 60_000);
  afterAll(() => sample.local.close());

  /** Every question gets the answer key of another one. */
  const shuffled = (by: number): BenchmarkSuite => ({
    ...suite,
    questions: suite.questions.map((question, index) => ({
      ...question,
      expected_sql: suite.questions[(index + by) % suite.questions.length]?.expected_sql ?? '',
    })),
  });

  it.each([1, 17])(
    'leaves it alone when every answer key moved on by %d questions',
    async (by) => {
      const before = canonical(await sample.spaceText());
      const result = await sample.optimize({ benchmarks: shuffled(by), sessionFile: `moved-${by}.json` });
      expect(canonical(await sample.spaceText())).toBe(before);
      expect(result.session.escalation?.code).toBe('implausible_answer_keys');
    },
    120_000,
  );

  it('leaves it alone with maxIterations: 0', async () => {
    const before = await sample.spaceText();
    await sample.optimize({ maxIterations: 0 });
    expect(await sample.spaceText()).toBe(before);
  }, 120_000);
});
