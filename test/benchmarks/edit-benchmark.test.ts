import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { BenchmarkEditError, BenchmarkFormatError, editBenchmark } from '../../src/benchmarks/index.ts';

const FILE = `# our questions
trains:
  - {id: trains_001, question: 'How many?', expected_sql: SELECT 1}   # flow

bikes:
  # the most important one
  - id: bikes_001
    question:   "How many rides?"   # keep my spaces
    expected_sql: |
      SELECT COUNT(*)   -- all
      FROM rides
    required_tables: [rides]
    split:

  - question: Which zones?
    id: bikes_002
    expected_sql: SELECT DISTINCT zone FROM rides
    expected_facts:
      - zones
      - names  # of zones
`;

const changedLines = (before: string, after: string): string[] =>
  after.split('\n').filter((line) => !before.split('\n').includes(line));
type Entry = Record<string, unknown>;
const entryOf = (text: string, domain: string, index: number): Entry | undefined =>
  (parse(text) as Record<string, Entry[]>)[domain]?.[index];

describe('editBenchmark', () => {
  it.each<[string, string, Record<string, string | string[] | number>, string[]]>([
    [
      'a quoted text beside a comment',
      'bikes_001',
      { question: 'How many trips?' },
      ['    question:   "How many trips?"   # keep my spaces'],
    ],
    [
      'a block by a block',
      'bikes_001',
      { expected_sql: 'SELECT COUNT(*)\nFROM trips\n' },
      ['      SELECT COUNT(*)', '      FROM trips'],
    ],
    ['an empty value', 'bikes_001', { split: 'val' }, ['    split: "val"']],
    [
      'a list',
      'bikes_001',
      { required_tables: ['rides', 'zones'] },
      ['    required_tables: ["rides","zones"]'],
    ],
    [
      'a new field behind a block list with a comment',
      'bikes_002',
      { priority: 'P0' },
      ['    priority: "P0"'],
    ],
    [
      'two new fields',
      'bikes_002',
      { priority: 'P0', expected_row_count: 3 },
      ['    priority: "P0"', '    expected_row_count: 3'],
    ],
    [
      'a flow mapping',
      'trains_001',
      { split: 'train' },
      [`  - {id: trains_001, question: 'How many?', expected_sql: SELECT 1, split: "train"}   # flow`],
    ],
  ])('changes %s and no other line', (_, id, changes, lines) => {
    expect(changedLines(FILE, editBenchmark(FILE, id, changes))).toEqual(lines);
  });

  it('removes a field', () => {
    const after = editBenchmark(FILE, 'bikes_001', { required_tables: null, expected_sql: 'SELECT 7' });
    expect(entryOf(after, 'bikes', 0)).toEqual({
      id: 'bikes_001',
      question: 'How many rides?',
      expected_sql: 'SELECT 7',
      split: null,
    });
    expect(editBenchmark(FILE, 'bikes_002', { question: null })).toContain('  - id: bikes_002\n');
    expect(editBenchmark(FILE, 'bikes_001', { no_such_field: null })).toBe(FILE);
  });

  it('keeps Windows line ends and JSON', () => {
    const windows = FILE.replaceAll('\n', '\r\n');
    expect(
      editBenchmark(windows, 'bikes_001', { question: 'Why?', note: 'x' }).replaceAll('\r\n', ''),
    ).not.toContain('\n');
    const json = JSON.stringify(
      { bikes: [{ id: 'bikes_001', question: 'Q', expected_sql: 'SELECT 1' }] },
      null,
      2,
    );
    const after = editBenchmark(json, 'bikes_001', { question: 'Why "so"?', split: 'val' });
    expect(JSON.parse(after)).toEqual({
      bikes: [{ id: 'bikes_001', question: 'Why "so"?', expected_sql: 'SELECT 1', split: 'val' }],
    });
  });

  it('stores any text exactly and touches no other question', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(fc.string()).map((lines) => `${lines.join('\n')}\n`),
      fc.stringMatching(/^[ \n#|>:'"-]*$/),
    );
    fc.assert(
      fc.property(value, value, (first, second) => {
        const after = editBenchmark(FILE, 'bikes_001', { expected_sql: first, guidelines: second });
        expect(entryOf(after, 'bikes', 0)).toMatchObject({
          id: 'bikes_001',
          expected_sql: first,
          guidelines: second,
        });
        expect(entryOf(after, 'bikes', 1)).toEqual(entryOf(FILE, 'bikes', 1));
        expect(after.startsWith(FILE.slice(0, FILE.indexOf('expected_sql: |')))).toBe(true);
        expect(after.endsWith(FILE.slice(FILE.indexOf('  - question: Which')))).toBe(true);
      }),
    );
  });

  it.each([
    ['an anchor on a value', 'bikes:\n  - id: a\n    question: &q Why?\n', /anchor '&q'/],
    ['an anchor on the question', 'bikes:\n  - &all\n    id: a\n    question: Why?\n', /anchor '&all'/],
    ['an alias', 'x: &x Why?\nbikes:\n  - id: a\n    question: *x\n', /an alias/],
    [
      'a merge key',
      'x: &x {source: user}\nbikes:\n  - <<: *x\n    id: a\n    question: Why?\n',
      /merge key|alias/,
    ],
    ['a shared list', 'bikes: &list\n  - id: a\n    question: Why?\nbicycles: *list\n', /anchor/],
    ['a repeated id', 'bikes:\n  - id: a\ntrains:\n  - id: a\n', /2 questions/],
    ['no such id', 'bikes:\n  - id: bikes_001\n', /no question 'a'/],
  ])('refuses %s', (_, text, message) => {
    const edit = (): string => editBenchmark(text, 'a', { question: 'How?' });
    expect(edit).toThrow(BenchmarkEditError);
    expect(edit).toThrow(message);
  });

  it('edits beside anchors that other questions use', () => {
    const text = 'bikes:\n  - id: a\n    question: &q Why?\n  - id: b\n    question: How?\n';
    expect(editBenchmark(text, 'b', { question: 'When?' })).toBe(text.replace('How?', '"When?"'));
  });

  it('refuses malformed files and run-time keys', () => {
    expect(() => editBenchmark('a: [', 'a', {})).toThrow(BenchmarkFormatError);
    expect(() => editBenchmark(FILE, 'bikes_001', { _row: '1' })).toThrow(/run-time key '_row'/);
    expect(() => editBenchmark(FILE, 'bikes_03', { split: 'val' })).toThrow(/Did you mean 'bikes_0/);
  });
});
