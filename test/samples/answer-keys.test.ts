import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { answerKeySignal, loadBenchmarks, type SplitBenchmark } from '../../src/benchmarks/index.ts';
import { seededRandom } from '../../src/core/index.ts';

const questionsOf = async (sample: string): Promise<readonly SplitBenchmark[]> => {
  const path = fileURLToPath(new URL(`../../samples/${sample}/golden-queries.yaml`, import.meta.url));
  const { questions } = await loadBenchmarks(path, { domain: sample });
  return questions.filter((question) => question.split !== 'held_out');
};

const dealt = (questions: readonly SplitBenchmark[], keyOf: (index: number) => number) =>
  questions.map((question, index) => ({ ...question, expected_sql: questions[keyOf(index)]?.expected_sql ?? '' }));

function shuffledOrder(length: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length }, (_, index) => ({ index, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ index }) => index);
}

describe.each(['tpch', 'retail'])('the answer keys of sample %s', (sample) => {
  it('belong to their questions', async () => {
    const signal = answerKeySignal(await questionsOf(sample));
    expect(signal.plausible).toBe(true);
    expect(signal.observed / signal.bestPossible).toBeGreaterThan(0.8);
  });

  it.each([1, 2, 3, 7, 17])('are refused when moved on by %d', async (by) => {
    const questions = await questionsOf(sample);
    const signal = answerKeySignal(dealt(questions, (index) => (index + by) % questions.length));
    expect(signal.plausible).toBe(false);
    expect(signal.observed / signal.bestPossible).toBeLessThanOrEqual(0.31);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('are refused when shuffled with seed %d', async (seed) => {
    const questions = await questionsOf(sample);
    const order = shuffledOrder(questions.length, seed);
    expect(answerKeySignal(dealt(questions, (index) => order[index] ?? 0)).plausible).toBe(false);
  });
});
