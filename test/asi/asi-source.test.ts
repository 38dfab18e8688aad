import { describe, expect, it } from 'vitest';
import { buildAsi, collectAsi, insertAsiRows, parseAsiRows, selectAsiRows } from '../../src/asi/index.ts';
import { facts, tables } from './clinic.ts';

const METADATA = { failure_type: 'wrong_join', blame_set: ['visits', 'animals'], confidence: 0.9 };

describe('collectAsi takes the first source that knows a judge', () => {
  const row = { 'inputs/question_id': 'q1', 'schema_accuracy/value': 'no' };

  it.each([
    ['row_metadata', { 'schema_accuracy/metadata': METADATA }, 'wrong_join', ['visits', 'animals']],
    [
      'assessments',
      { assessments: [{ name: 'schema_accuracy', feedback: { value: 'no' }, metadata: METADATA }] },
      'wrong_join',
      ['visits', 'animals'],
    ],
    [
      'flat_columns',
      {
        'metadata/schema_accuracy/failure_type': 'extra_filter',
        'metadata/schema_accuracy/blame_set': '["visits.fee"]',
      },
      'missing_filter',
      ['visits.fee'],
    ],
    ['rationale', { 'schema_accuracy/rationale': 'The join is wrong.' }, 'wrong_join', []],
    ['rationale', { 'rationale/schema_accuracy': 'I am not pleased.' }, 'other', []],
  ])('%s', (source, more, failure_type, blame_set) => {
    expect(collectAsi({ rows: [{ ...row, ...more }] }).records).toMatchObject([
      { question_id: 'q1', judge: 'schema_accuracy', asi_source: source, asi: { failure_type, blame_set } },
    ]);
  });

  it('sql_difference, when nothing says more than that the answer is wrong', () => {
    const pair = {
      expected: facts({ tables: tables('visits') }),
      generated: facts({ tables: tables('animals') }),
    };
    expect(collectAsi({ rows: [row], facts: new Map([['q1', pair]]) }).records).toMatchObject([
      { asi_source: 'sql_difference', asi: { failure_type: 'wrong_table' } },
    ]);
  });

  it('merges per question and judge: a table that lacks one judge does not hide what the row says of it', () => {
    const tableRecords = [
      {
        question_id: 'q1',
        judge: 'completeness',
        rationale: '',
        asi: buildAsi({ failure_type: 'wrong_table' }),
      },
    ];
    const rows = [
      {
        ...row,
        'schema_accuracy/metadata': METADATA,
        'completeness/value': 'no',
        'completeness/metadata': METADATA,
      },
    ];
    expect(
      collectAsi({ rows, tableRecords }).records.map((item) => [
        item.judge,
        item.asi_source,
        item.asi.failure_type,
      ]),
    ).toEqual([
      ['completeness', 'uc_table', 'wrong_table'],
      ['schema_accuracy', 'row_metadata', 'wrong_join'],
    ]);
  });

  it('takes only failures: a word that contains "no" is none, an outage is listed, an arbiter that sides with the key is one', () => {
    const { records, unknown } = collectAsi({
      rows: [
        {
          question_id: 'q1',
          'a/value': 'not applicable',
          'b/value': 'unknown',
          'c/value': 'yes',
          'feedback/arbiter': 'ground_truth_correct',
        },
      ],
    });
    expect(records.map((item) => item.judge)).toEqual(['arbiter']);
    expect(unknown).toEqual([
      { question_id: 'q1', judge: 'a' },
      { question_id: 'q1', judge: 'b' },
    ]);
  });
});

describe('the table of verdicts', () => {
  const name = { catalog: 'main', schema: 'eval' };
  const asi = buildAsi({ failure_type: 'wrong_join', severity: 'major', blame_set: ["o'brien", 'visits'] });
  const base = { run_id: "r'1", iteration: 2, judge: 'schema_accuracy' };

  it('gives back what was written, with every value passed beside the statement', () => {
    const [insert] = insertAsiRows(
      name,
      [
        { ...base, question_id: 'q1', value: 'no', asi },
        { ...base, question_id: 'q2', value: 'yes', asi: null },
      ],
      new Date('2026-10-01T00:00:00Z'),
    );
    expect(insert?.sql).not.toContain("'");
    const columns = (/\(([a-z_, ]+)\) VALUES/.exec(insert?.sql ?? '')?.[1] ?? '').split(', ');
    const values = (insert?.parameters ?? []).map((parameter) => parameter.value);
    const rows = [values.slice(0, columns.length), values.slice(columns.length)];
    expect(parseAsiRows(columns, rows)).toMatchObject([
      { question_id: 'q1', iteration: 2, value: 'no', record: { asi: { ...asi, failure_type_raw: null } } },
      { question_id: 'q2', value: 'yes', record: null },
    ]);
  });

  it('keeps every statement below the limit of parameters', () => {
    const rows = Array.from({ length: 40 }, (_, at) => ({
      ...base,
      question_id: `q${at}`,
      value: 'no',
      asi,
    }));
    const statements = insertAsiRows(name, rows, new Date(0));
    expect(statements.length).toBeGreaterThan(1);
    expect(Math.max(...statements.map((item) => item.parameters.length))).toBeLessThan(256);
    expect(insertAsiRows(name, [], new Date(0))).toEqual([]);
  });

  it('reads one run by parameter, quotes names and refuses empty ones', () => {
    expect(selectAsiRows({ catalog: 'a`b', schema: 's' }, 'r1', 3)).toMatchObject({
      sql: expect.stringContaining(
        '`a``b`.`s`.`genie_eval_asi_results` WHERE run_id = :run_id AND iteration',
      ) as string,
      parameters: [{ value: 'r1' }, { value: '3' }],
    });
    expect(() => selectAsiRows({ catalog: '', schema: 's' }, 'r1')).toThrow(/catalog/);
  });

  it('survives rows that others wrote: no confidence, blame that is no JSON, no type', () => {
    expect(
      parseAsiRows(
        ['QUESTION_ID', 'judge', 'value', 'failure_type', 'blame_set', 'confidence'],
        [
          ['q1', 'x', 'no', 'wrong_table', 'visits', null],
          ['q2', 'x', 'no', null, null, null],
          [null, 'x', 'no', null, null, null],
        ],
      ).map((item) => [item.question_id, item.record?.asi.failure_type, item.record?.asi.blame_set]),
    ).toEqual([
      ['q1', 'wrong_table', ['visits']],
      ['q2', 'other', []],
    ]);
  });
});
