import { describe, expect, it } from 'vitest';
import { buildAsi, type AsiInput, type FailureType } from '../../src/asi/index.ts';
import { changesOf, harborSpace, METRICS_YAML, harborCatalog, propose, type Asked } from './harbor.ts';

const judged = (asi: AsiInput): NonNullable<Asked['asi']> => [
  { judge: 'logical_accuracy', rationale: '', asi: buildAsi({ confidence: 0.9, ...asi }) },
];

const failing = (asi: AsiInput): Asked => ({
  question: 'Dues per flag of tankers',
  expected: 'SELECT SUM(dues) FROM calls',
  generated: 'SELECT SUM(dues) FROM calls AS c',
  asi: judged(asi),
});

describe('failures that only a judge can see', () => {
  it.each<[FailureType, AsiInput, Record<string, unknown>, number]>([
    [
      'compliance_violation',
      { failure_type: 'compliance_violation', blame_set: ['harbor.ops.ships.label'] },
      { type: 'hide_column', table: 'harbor.ops.ships', column: 'label' },
      1,
    ],
    [
      'performance_issue',
      { failure_type: 'performance_issue', blame_set: ['calls'] },
      {
        type: 'add_instruction',
        text: 'On calls select only the columns that the question needs, never all of them, and restrict rows before joining.',
      },
      6,
    ],
    [
      'performance_issue',
      { failure_type: 'performance_issue', blame_set: ['call_metrics'] },
      expect.objectContaining({ type: 'add_description', target: 'harbor.ops.call_metrics' }) as never,
      2,
    ],
    [
      'ambiguous_question',
      {
        failure_type: 'ambiguous_question',
        missing_metadata: "'Tonnage' means calls.cargo_t unless the question says gross",
      },
      { type: 'add_instruction', text: "'Tonnage' means calls.cargo_t unless the question says gross." },
      6,
    ],
    [
      'repeatability_issue',
      { failure_type: 'repeatability_issue' },
      expect.objectContaining({ type: 'add_description', target: 'harbor.ops.calls' }) as never,
      1,
    ],
    [
      'stale_data',
      {
        failure_type: 'stale_data',
        blame_set: ['harbor.ops.calls_drift_metrics'],
        missing_metadata: 'Windows end at midnight',
      },
      expect.objectContaining({ type: 'add_description', target: 'harbor.ops.calls_drift_metrics' }) as never,
      4,
    ],
    [
      'ml_feature_missing',
      {
        failure_type: 'ml_feature_missing',
        blame_set: ['harbor.ops.ship_predictions.late_risk'],
        missing_metadata: 'Chance of a late departure, 0 to 1',
      },
      expect.objectContaining({ type: 'add_column_description', column: 'late_risk' }) as never,
      5,
    ],
  ])('%s becomes a specific change of its lever', async (type, asi, change, lever) => {
    const result = await propose([failing(asi)]);
    const own = result.proposals.filter((proposal) => proposal.failure_type === type);
    expect(changesOf({ ...result, proposals: own })).toContainEqual(change);
    expect(own.map((proposal) => proposal.lever)).toContain(lever);
  });

  it('a judge that names nothing changes nothing', async () => {
    const kinds = ['compliance_violation', 'performance_issue', 'ambiguous_question'] as const;
    for (const failure_type of kinds)
      expect((await propose([failing({ failure_type })])).proposals).toEqual([]);
  });

  it('judges whose fixes cannot be carried out are named', async () => {
    const { judgeQuality } = await propose([
      failing({ failure_type: 'wrong_join', counterfactual_fix: 'Review the column descriptions.' }),
    ]);
    expect(judgeQuality).toMatchObject([{ judge_name: 'logical_accuracy', count: 1 }]);
  });
});

describe('a figure that the metric view lacks', () => {
  it('is added to the view when the view was asked for it, under a name of its own', async () => {
    const asked = ['Net takings by state', 'What are the net takings?'].map((question): Asked => ({
      question,
      expected: 'SELECT SUM(dues * (1 - rebate)) FROM calls',
      generated: 'SELECT MEASURE(gross_dues) FROM call_metrics',
    }));
    expect(METRICS_YAML).not.toContain('rebate');
    const changes = changesOf(await propose(asked, { space: harborSpace(), catalog: harborCatalog }));
    const [change] = changes.filter((item) => item['type'] === 'add_mv_measure');
    expect(change).toMatchObject({
      mv: 'harbor.ops.call_metrics',
      measure: { name: expect.stringContaining('net') as string },
    });
    expect(JSON.stringify(change)).not.toContain('calls.');
  });
});

describe('the room for instructions', () => {
  const rule: Asked[] = ['Top 3 ships by dues', 'Top 2 berths by dues'].map((question) => ({
    question,
    expected: 'SELECT ship_no, SUM(dues) AS d FROM calls GROUP BY ship_no ORDER BY d DESC LIMIT 3',
    generated: 'SELECT ship_no, SUM(dues) AS d FROM calls GROUP BY ship_no',
  }));

  it('names the line of least value that could go, and leaves it where it is', async () => {
    const idle = `Answer briefly and politely at all times, please. ${'Kindly. '.repeat(20)}`.trim();
    const used = 'Dues are in euros and paid on departure.';
    const space = harborSpace();
    Object.assign(space.instructions ?? {}, {
      text_instructions: [{ id: 'b'.repeat(32), content: [`${used}\n`, `${idle}\n`] }],
    });
    const asked: Asked[] = [
      ...rule,
      { question: 'Dues in euros', expected: 'SELECT SUM(dues) FROM calls', generated: 'same' },
    ];
    const { evictions, review, proposals } = await propose(asked, { space, instructionCharBudget: 260 });
    expect(evictions).toMatchObject([{ patch: { type: 'remove_instruction', old_text: idle }, value: 0 }]);
    expect(review.map((item) => item.reason)).toContain('over_budget');
    expect(proposals.flatMap((proposal) => proposal.patches.map((patch) => patch.type))).not.toContain(
      'remove_instruction',
    );
  });

  it('names the example of least value when every slot is taken', async () => {
    const space = harborSpace();
    const example = (at: number, question: string) => ({
      id: String(at).padStart(32, '0'),
      question: [question],
      sql: ['SELECT 1'],
    });
    Object.assign(space.instructions ?? {}, {
      example_question_sqls: [
        ...Array.from({ length: 98 }, (_, at) => example(at, `Dues in euros number ${at}`)),
        example(98, 'Weather at the lighthouse'),
      ],
    });
    const asked: Asked[] = [
      {
        question: 'Compared with all ships, what share of dues did each flag bring?',
        expected:
          'SELECT s.flag, SUM(c.dues) / SUM(SUM(c.dues)) OVER () AS share FROM calls c JOIN ships s ON c.ship_no = s.ship_no GROUP BY s.flag',
        generated:
          'SELECT s.flag, SUM(c.dues) FROM calls c JOIN ships s ON c.ship_no = s.ship_no GROUP BY s.flag',
      },
      { question: 'Dues in euros', expected: 'SELECT SUM(dues) FROM calls', generated: 'same' },
    ];
    const { evictions, review } = await propose(asked, { space, allowTrainExamples: true });
    expect(evictions).toMatchObject([
      { patch: { type: 'remove_example_sql', target: String(98).padStart(32, '0') }, value: 0 },
    ]);
    expect(review).toMatchObject([{ reason: 'over_budget' }]);
  });

  it('evicts nothing while there is room', async () => {
    const { evictions, proposals } = await propose(rule);
    expect(evictions).toEqual([]);
    expect(proposals.flatMap((proposal) => proposal.patches.map((patch) => patch.type))).toContain(
      'add_instruction',
    );
  });
});
