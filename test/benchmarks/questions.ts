import {
  benchmarkSchema,
  type Benchmark,
  type BenchmarkSuite,
  type SplitBenchmark,
} from '../../src/benchmarks/index.ts';

/** A valid question for tests; the SQL is unique per id unless given. */
export const questionOf = (id: string, fields: Partial<Benchmark> = {}): Benchmark => ({
  ...benchmarkSchema.parse({
    id,
    question: `Question ${id}?`,
    expected_sql: `SELECT '${id}'`,
    source: 'synthetic',
    category: 'aggregation',
  }),
  ...fields,
});

export const suiteOf = (...questions: Benchmark[]): BenchmarkSuite => ({
  domain: 'test',
  questions: questions.map((question): SplitBenchmark => ({ ...question, split: question.split ?? 'train' })),
});
