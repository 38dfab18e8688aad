import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BenchmarkFileError, BenchmarkFormatError, loadBenchmarks } from '../../src/benchmarks/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'benchmarks-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileWith(name: string, entries: readonly object[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify({ bikes: entries }));
  return path;
}

const entry = (id: string, sql = 'SELECT 1'): object => ({
  id,
  question: `Question ${id}?`,
  expected_sql: sql,
});

describe('loadBenchmarks', () => {
  it('reads a suite, keeps its variables and leaves the SQL unresolved', async () => {
    const path = await fileWith('good.json', [entry('bikes_001', 'SELECT * FROM ${catalog}.s.t')]);
    const suite = await loadBenchmarks(path, { domain: 'bikes', variables: { catalog: 'main' } });
    expect(suite).toMatchObject({
      domain: 'bikes',
      file: path,
      variables: { catalog: 'main' },
      problems: [{ code: 'TOO_FEW_TO_SPLIT' }],
    });
    expect(suite.questions[0]?.expected_sql).toBe('SELECT * FROM ${catalog}.s.t');
  });

  it('reports a template name that has no value', async () => {
    const path = await fileWith('template.json', [entry('bikes_001', 'SELECT * FROM ${schema}.t')]);
    const { problems } = await loadBenchmarks(path, { domain: 'bikes', variables: { catalog: 'main' } });
    expect(problems).toContainEqual(
      expect.objectContaining({
        code: 'UNRESOLVED_TEMPLATE',
        details: { id: 'bikes_001', variable: 'schema' },
      }),
    );
  });

  it.each([
    ['missing', 'BENCHMARK_FILE_MISSING', (): string => join(folder, 'no-such.yaml')],
    ['a folder', 'BENCHMARK_FILE_UNREADABLE', (): string => folder],
  ])('throws a typed error when the file is %s', async (_, code, path) => {
    const error: unknown = await loadBenchmarks(path(), { domain: 'bikes' }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(BenchmarkFileError);
    expect(error).toMatchObject({ code, details: { file: path() } });
  });

  it('refuses a file with an invalid question, unless told to skip it', async () => {
    const path = await fileWith('mixed.json', [entry('bikes_001'), { id: 'bikes_002' }]);
    const error: unknown = await loadBenchmarks(path, { domain: 'bikes' }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(BenchmarkFormatError);
    expect(error).toMatchObject({
      details: {
        file: path,
        line: 1,
        problems: [{ code: 'INVALID_QUESTION' }, { code: 'INVALID_QUESTION' }],
      },
    });
    const skipped = await loadBenchmarks(path, { domain: 'bikes', invalid: 'skip' });
    expect(skipped.questions.map((question) => question.id)).toEqual(['bikes_001']);
    expect(skipped.problems.filter((problem) => problem.severity === 'error')).toHaveLength(2);
  });
});
