import { describe, expect, it } from 'vitest';
import { BenchmarkFormatError, NoBenchmarksError, parseBenchmarks } from '../../src/benchmarks/index.ts';

const question = (id: string, extra = ''): string => `  - id: ${id}
    question: How many rides in zone ${id}?
    expected_sql: SELECT COUNT(*) FROM rides WHERE zone = '${id}'
    category: aggregation${extra}
`;

/** Without the warnings on the suite as a whole: these files are too small to split. */
const parsed: typeof parseBenchmarks = (text, options) => {
  const { suite, problems } = parseBenchmarks(text, options);
  return { suite, problems: problems.filter((problem) => problem.path !== '') };
};

const thrownBy = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('parseBenchmarks finds the list', () => {
  const entry = { id: 'a_001', question: 'How many?', expected_sql: 'SELECT 1' };
  it.each([
    ['under the domain', `bikes:\n${question('bikes_001')}`, 'bikes_001'],
    ['under benchmarks when the domain is no key', `benchmarks:\n${question('b_001')}`, 'b_001'],
    [
      'under the domain even when there is a key benchmarks',
      `benchmarks:\n${question('b_001')}bikes:\n${question('bikes_001')}`,
      'bikes_001',
    ],
    ['at the top', question('t_001').replaceAll(/^ {2}/gm, ''), 't_001'],
    ['in JSON', JSON.stringify({ bikes: [entry] }), 'a_001'],
    ['in JSON with a byte order mark', `\uFEFF${JSON.stringify([entry])}`, 'a_001'],
    [
      'in flow YAML that is no JSON',
      `{bikes: [{id: a_001, question: 'How many?', expected_sql: SELECT 1}]}`,
      'a_001',
    ],
  ])('%s', (_, text, id) => {
    expect(parseBenchmarks(text, { domain: 'bikes' }).suite.questions.map((item) => item.id)).toEqual([id]);
  });

  it.each([
    ['an empty file', '', /is empty.*'bikes'/],
    [
      'only other domains',
      `bike:\n${question('x_001')}trains: []\n`,
      /'bike', 'trains'.*Did you mean 'bike'\?/,
    ],
    ['an empty list', 'bikes: []\n', /key 'bikes' is empty/],
    ['a mapping in place of a list', 'bikes:\n  id: x\n', /a mapping instead of a list/],
    ['a bare text', 'bikes\n', /a string/],
    ['only broken questions', 'bikes:\n  - id: x_001\n', /no valid question.*'question' is missing/],
  ])('and says what the file has when it holds %s', (_, text, message) => {
    const error = thrownBy(() => parseBenchmarks(text, { domain: 'bikes', file: 'golden.yaml' }));
    expect(error).toBeInstanceOf(NoBenchmarksError);
    expect(error).toMatchObject({
      code: 'NO_BENCHMARKS',
      message: expect.stringMatching(message) as string,
      details: { domain: 'bikes' },
    });
  });
});

describe('parseBenchmarks on malformed text', () => {
  it.each([
    ['YAML', 'g.yaml', `bikes:\n  - id: "a\n`, 3],
    ['a tab as indentation', 'g.yaml', `bikes:\n\t- id: a\n`, 2],
    ['a repeated key', 'g.yaml', `bikes:\n  - id: a\n    id: b\n`, 3],
    ['two documents', 'g.yaml', `bikes: []\n---\nbikes: []\n`, 2],
    ['JSON', 'g.json', `{\n  "bikes": [\n    {"id": }\n]}`, 3],
    ['JSON with a comma too many', 'g.json', `[\n  {"id": "a"},\n]`, 3],
    ['JSON that ends early', 'g.json', `[\n  {"id": "a", "n": [1, {}, []]}\n`, 3],
    ['JSON that goes on after its end', 'g.json', `[]\n[]`, 2],
    ['JSON with an open string', 'g.json', `[\n"a\n"]`, 2],
  ])('names file, line and column of the mistake in %s', (_, file, text, line) => {
    const error = thrownBy(() => parseBenchmarks(text, { domain: 'bikes', file })) as BenchmarkFormatError;
    expect(error).toBeInstanceOf(BenchmarkFormatError);
    expect(error).toMatchObject({ code: 'BENCHMARK_FORMAT', details: { file, line } });
    expect(error.message).toContain(`${file}:${line}:${String(error.details['column'])}`);
  });

  it('refuses a file whose aliases multiply without end', () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `a${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(', ')}]`,
    );
    const bomb = ['a0: &a0 [x]', ...levels].join('\n');
    expect(() => parseBenchmarks(bomb, { domain: 'bikes' })).toThrow(BenchmarkFormatError);
  });
});

describe('parseBenchmarks on questions', () => {
  it('collects every schema problem with its place and keeps the good questions', () => {
    const text = `bikes:
${question('bikes_001')}  - id: bikes_002
    question: How long?
    expectd_sql: SELECT 2
  - id: 003
    question: Where?
    expected_sql: SELECT 3
    priority: P7
  - just text
`;
    const { suite, problems } = parsed(text, { domain: 'bikes', file: 'g.yaml' });
    expect(suite.questions.map((item) => item.id)).toEqual(['bikes_001']);
    expect(problems.map(({ code, path, details }) => [code, path, details?.['line']])).toEqual([
      ['INVALID_QUESTION', 'bikes[1].expected_sql', 6],
      ['INVALID_QUESTION', 'bikes[2].id', 9],
      ['INVALID_QUESTION', 'bikes[2].priority', 12],
      ['INVALID_QUESTION', 'bikes[3]', 13],
    ]);
    expect(problems[0]?.message).toMatch(
      /'expected_sql' is missing; the key 'expectd_sql' looks like a typing error/,
    );
    expect(problems[1]?.message).toMatch(/write it in quotes/);
    expect(problems[1]?.message).toMatch(/^g\.yaml:9:5/);
  });

  it('rejects a repeated id and names both places', () => {
    const { suite, problems } = parsed(
      `bikes:\n${question('bikes_001')}${question('bikes_001').replace('zone', 'area')}`,
      { domain: 'bikes' },
    );
    expect(suite.questions).toHaveLength(1);
    expect(problems).toMatchObject([{ code: 'DUPLICATE_ID', severity: 'error', details: { line: 6 } }]);
    expect(problems[0]?.message).toContain('benchmarks:2:5');
  });

  it('drops a repeated text, whatever its case and spaces, with a warning', () => {
    const twin = question('bikes_002').replace(
      'How many rides in zone bikes_002?',
      '" how MANY  rides in zone bikes_001? "',
    );
    const { suite, problems } = parsed(`bikes:\n${question('bikes_001')}${twin}`, { domain: 'bikes' });
    expect(suite.questions.map((item) => item.id)).toEqual(['bikes_001']);
    expect(problems).toMatchObject([{ code: 'DUPLICATE_QUESTION', severity: 'warning' }]);
  });

  it('accepts the field names of other tools and nested records', () => {
    const records = [
      { question_id: 'a_001', question: 'How many?', sql: 'SELECT 1', source: 'arbiter_correction' },
      {
        inputs: { question_id: 'a_002', question: 'How long?' },
        expectations: { expected_response: 'SELECT 2', category: 'list', expected_asset: 'MV' },
      },
    ];
    const { suite } = parseBenchmarks(JSON.stringify(records), { domain: 'a' });
    expect(suite.questions).toMatchObject([
      {
        id: 'a_001',
        expected_sql: 'SELECT 1',
        expected_asset: 'TABLE',
        priority: 'P1',
        source: 'arbiter_corrected',
      },
      { id: 'a_002', expected_sql: 'SELECT 2', category: 'list', expected_asset: 'MV' },
    ]);
  });

  it('keeps unknown keys and warns of an unknown category', () => {
    const { suite, problems } = parsed(`bikes:\n${question('bikes_001', 's\n    owner: ann')}`, {
      domain: 'bikes',
    });
    expect(suite.questions[0]).toMatchObject({ owner: 'ann', category: 'aggregations' });
    expect(problems).toMatchObject([{ code: 'UNKNOWN_CATEGORY', severity: 'warning' }]);
    expect(problems[0]?.message).toContain("did you mean 'aggregation'");
  });

  it('lets the split in the file win', () => {
    const { suite } = parseBenchmarks(
      `bikes:\n${question('bikes_001', '\n    split: held_out\n    priority: P0')}`,
      { domain: 'bikes' },
    );
    expect(suite.questions[0]?.split).toBe('held_out');
  });
});
