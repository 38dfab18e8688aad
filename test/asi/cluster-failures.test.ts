import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildAsi,
  clusterFailures,
  type AsiInput,
  type AsiRecord,
  type FailureRow,
} from '../../src/asi/index.ts';
import { clinicCatalog, clinicSpace, facts, tables } from './clinic.ts';

const record = (question_id: string, judge: string, asi: AsiInput, rationale = ''): AsiRecord => ({
  question_id,
  judge,
  rationale,
  asi: buildAsi({ confidence: 0.8, ...asi }),
});

const row = (
  question_id: string,
  records: readonly AsiRecord[],
  more: Partial<FailureRow> = {},
): FailureRow => ({
  question_id,
  correct: false,
  asi: records,
  ...more,
});

const options = { space: clinicSpace, catalog: clinicCatalog };
const cluster = (rows: readonly FailureRow[], minClusterSize = 2) =>
  clusterFailures(rows, { ...options, minClusterSize });

const wrongColumn = (id: string, ...blame: string[]) =>
  row(id, [record(id, 'schema_accuracy', { failure_type: 'wrong_column', blame_set: blame })]);

describe('clusterFailures', () => {
  it('groups questions that share a cause and a blamed object, whatever else they blame', () => {
    const { clusters, longTail } = cluster([
      wrongColumn('q1', 'visits.fee', 'animals.species'),
      wrongColumn('q2', 'fee'),
      wrongColumn('q3', 'vet.care.visits.fee', 'visits.updated_col'),
      wrongColumn('q4', 'animals.born_on'),
    ]);
    expect(
      clusters.map((item) => [item.cluster_id, item.root_cause, item.question_ids, item.blame[0]?.key]),
    ).toEqual([['C001', 'wrong_column', ['q1', 'q2', 'q3'], 'column:vet.care.visits#fee']]);
    expect(longTail.map((item) => [item.cluster_id, item.question_ids])).toEqual([['C002', ['q4']]]);
  });

  it('puts a question into one cluster and keeps its other causes, by weight', () => {
    const { longTail } = cluster([
      row('q1', [
        record('q1', 'result_correctness', { failure_type: 'wrong_aggregation', confidence: 0.8 }),
        record('q1', 'schema_accuracy', { failure_type: 'missing_synonym', blame_set: ['visits.fee'] }),
        record('q1', 'logical_accuracy', { failure_type: 'wrong_join', blame_set: ['visits', 'animals'] }),
      ]),
    ]);
    expect(longTail).toHaveLength(1);
    expect(longTail[0]?.profiles[0]?.causes.map((cause) => cause.failure_type)).toEqual([
      'missing_synonym',
      'wrong_join',
      'wrong_aggregation',
    ]);
  });

  it.each([
    [
      'no label, but statements',
      { facts: { expected: facts({ tables: tables('a') }), generated: facts({ tables: tables('b') }) } },
      '',
      'wrong_table',
      'sql_diff',
    ],
    ['no label, but words', {}, 'The join is wrong.', 'wrong_join', 'rationale'],
    ['nothing', {}, 'Hm.', 'other', 'unresolved'],
  ])('finds the cause with %s', (_, more, rationale, cause, method) => {
    const { longTail } = cluster([
      row('q1', [record('q1', 'x', { failure_type: 'other' }, rationale)], more),
    ]);
    expect(longTail[0]?.profiles[0]?.causes[0]).toMatchObject({ failure_type: cause, method });
  });

  it('keeps a failure without any record', () => {
    expect(cluster([row('q1', [])]).longTail[0]).toMatchObject({ root_cause: 'other', question_ids: ['q1'] });
  });

  it('drops what is no failure, with the reason', () => {
    const arbiter = (value: string) => ({ verdicts: { arbiter: { value } } });
    const { clusters, longTail, dropped } = cluster([
      row('ok', [], { correct: true }),
      row('excluded', [], { correct: null }),
      row('doubted', [], arbiter('genie_correct')),
      row('both', [], arbiter('both_correct')),
      row('real', [], arbiter('ground_truth_correct')),
    ]);
    expect(clusters).toEqual([]);
    expect(longTail.map((item) => item.question_ids)).toEqual([['real']]);
    expect(dropped).toEqual([
      { question_id: 'both', reason: 'both_correct' },
      { question_id: 'doubted', reason: 'answer_key_doubted' },
      { question_id: 'excluded', reason: 'excluded' },
      { question_id: 'ok', reason: 'passed' },
    ]);
  });

  it('ignores a judge that was unavailable', () => {
    const outage = record('q1', 'schema_accuracy', {
      failure_type: 'wrong_table',
      severity: 'info',
      confidence: 0,
    });
    const { longTail } = cluster([row('q1', [outage, record('q1', 'x', { failure_type: 'wrong_join' })])]);
    expect(longTail[0]?.root_cause).toBe('wrong_join');
    expect(longTail[0]?.affected_judges).toEqual(['x']);
  });

  it('promotes a single question that is P0 or critical', () => {
    const p0 = row('q1', [record('q1', 'x', { failure_type: 'wrong_join' })], { priority: 'P0' });
    const critical = row('q2', [record('q2', 'x', { failure_type: 'wrong_table', severity: 'critical' })]);
    expect(cluster([p0, critical]).clusters.map((item) => item.question_ids)).toEqual([['q2'], ['q1']]);
  });

  it('counts distinct questions, not rows', () => {
    expect(cluster([wrongColumn('q1', 'fee'), wrongColumn('q1', 'fee')]).clusters).toEqual([]);
  });

  it('carries clauses, fixes, statements and evidence', () => {
    const made = row(
      'q1',
      [
        record('q1', 'schema_accuracy', {
          failure_type: 'wrong_column',
          wrong_clause: 'SELECT',
          missing_metadata: 'unit',
          counterfactual_fix: "Add synonym 'bill' to visits.fee",
        }),
      ],
      { expected_sql: 'SELECT 1', generated_sql: 'SELECT 2' },
    );
    expect(cluster([made]).longTail[0]).toMatchObject({
      wrong_clauses: ['SELECT'],
      missing_metadata: ['unit'],
      counterfactual_fixes: ["Add synonym 'bill' to visits.fee"],
      sql_pairs: [{ question_id: 'q1', expected: 'SELECT 1', generated: 'SELECT 2' }],
      evidence: ['q1/schema_accuracy/wrong_column'],
    });
  });
});

const anyRow = fc
  .record({
    id: fc.integer({ min: 1, max: 12 }).map((n) => `q${n}`),
    correct: fc.constantFrom(false, false, false, true, null),
    records: fc.array(
      fc.record({
        judge: fc.constantFrom('schema_accuracy', 'logical_accuracy', 'completeness', 'x'),
        failure_type: fc.constantFrom('wrong_table', 'wrong_column', 'extra_filter', 'other'),
        confidence: fc.constantFrom(0.1, 0.3, 0.7, 0.9),
        blame_set: fc.subarray(['fee', 'species', 'visits', 'animals', 'ghost']),
      }),
      { maxLength: 5 },
    ),
  })
  .map(({ id, correct, records }) =>
    row(
      id,
      records.map(({ judge, ...asi }) => record(id, judge, asi)),
      { correct },
    ),
  );

const anyRows = fc.array(anyRow, { maxLength: 30 });

describe('clustering laws', () => {
  it('does not depend on the order of rows or judges, nor on repeated rows', () => {
    fc.assert(
      fc.property(anyRows, fc.infiniteStream(fc.nat()), (rows, numbers) => {
        const shuffled = <T>(items: readonly T[]): T[] =>
          items
            .map((item) => [numbers.next().value, item] as const)
            .sort(([a], [b]) => a - b)
            .map(([, item]) => item);
        const other = shuffled([...rows, ...rows.slice(0, 5)]).map((item) => ({
          ...item,
          asi: shuffled(item.asi),
        }));
        expect(cluster(other)).toEqual(cluster(rows));
      }),
    );
  });

  it('decides among complaints of equal weight by what they say, not by which came first', () => {
    const complaints = fc.array(
      fc.record({
        failure_type: fc.constantFrom('wrong_table', 'wrong_column', 'wrong_join', 'missing_synonym'),
        blame_set: fc.subarray(['fee', 'species', 'visits', 'animals']),
      }),
      { minLength: 2, maxLength: 6 },
    );
    fc.assert(
      fc.property(fc.array(complaints, { minLength: 1, maxLength: 8 }), (questions) => {
        const rowsOf = (turn: <T>(items: T[]) => T[]) =>
          turn(
            questions.map((own, at) =>
              row(`q${at}`, turn(own.map((asi) => record(`q${at}`, 'x', { ...asi, confidence: 0.5 })))),
            ),
          );
        const forwards = cluster(rowsOf((items) => items));
        expect(cluster(rowsOf((items) => items.toReversed()))).toEqual(forwards);
        expect(cluster(rowsOf((items) => [...items.slice(1), ...items.slice(0, 1)]))).toEqual(forwards);
      }),
    );
  });

  it('puts every failing question into exactly one cluster, with ids in order of impact', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const { clusters, longTail } = cluster(rows);
        const all = [...clusters, ...longTail];
        const failing = [
          ...new Set(rows.filter((item) => item.correct === false).map((item) => item.question_id)),
        ].sort();
        expect(all.flatMap((item) => item.question_ids).sort()).toEqual(failing);
        expect(all.map((item) => item.cluster_id)).toEqual(
          all.map((_, at) => `C${String(at + 1).padStart(3, '0')}`),
        );
        expect(clusters.map((item) => item.impact)).toEqual(
          clusters.map((item) => item.impact).sort((a, b) => b - a),
        );
      }),
    );
  });
});
