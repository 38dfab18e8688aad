import { describe, expect, it } from 'vitest';
import { planPatchSet, readMetricView } from '../../src/patch-dsl/index.ts';
import { changesOf, harborCatalog, harborSpace, propose, type Asked } from './harbor.ts';

/** The harbor with an instruction. */
const told = (line: string) => {
  const space = harborSpace();
  return {
    space: {
      ...space,
      instructions: { ...space.instructions, text_instructions: [{ id: 'b'.repeat(32), content: [line] }] },
    },
  };
};

const typesOf = (result: Awaited<ReturnType<typeof propose>>) =>
  changesOf(result).map((change) => change['type']);

describe('a word that two columns share', () => {
  const asked: Asked = {
    question: 'How high is the score of the drift?',
    expected: 'SELECT AVG(drift_score) FROM calls_drift_metrics',
    generated: 'SELECT AVG(late_risk) FROM ship_predictions',
  };
  const space = () => {
    const made = harborSpace();
    const predictions = made.data_sources?.tables?.find(({ identifier }) =>
      identifier.endsWith('predictions'),
    );
    Object.assign(predictions ?? {}, { column_configs: [{ column_name: 'late_risk', synonyms: ['score'] }] });
    return { space: made };
  };

  it('is given to the column that the key takes, where another was taken because of it', async () => {
    const result = await propose([asked], space());
    expect(changesOf(result)).toContainEqual({
      type: 'add_synonym',
      table: 'harbor.ops.calls_drift_metrics',
      column: 'drift_score',
      synonym: 'score',
    });
    expect(result.proposals.find(({ rationale }) => rationale.includes('was read as'))?.lever).toBe(4);
  });
});

describe('a metric view without the dimension that is asked for', () => {
  const figure = (by: string, more = '') =>
    `SELECT ${by}, SUM(dues) FROM calls ${more} GROUP BY ${by}`.replaceAll('  ', ' ');
  const asked = (question: string, expected: string): Asked => ({
    question,
    expected,
    generated: 'SELECT MEASURE(gross_dues) FROM call_metrics',
    actualAsset: 'MV',
  });

  it('gets a member when the column is in its source', async () => {
    const result = await propose([asked('Dues by berth', figure('berth_no'))]);
    expect(changesOf(result)).toContainEqual({
      type: 'add_mv_dimension',
      mv: 'harbor.ops.call_metrics',
      dimension: { name: 'berth_no', expr: 'berth_no' },
    });
  });

  it('gets join and dimension in one definition when the column is elsewhere, and keeps the rest', async () => {
    const join = 'JOIN ships ON calls.ship_no = ships.ship_no';
    const result = await propose([asked('Dues by flag', figure('flag', join))]);
    const proposal = result.proposals.find(({ patches }) => patches[0]?.type === 'update_mv_yaml');
    expect(proposal).toMatchObject({ lever: 2, patches: [{ risk_level: 'high' }] });
    const [change] = changesOf(result).filter(({ type }) => type === 'update_mv_yaml');
    expect(readMetricView(String(change?.['new_yaml']))).toMatchObject({
      root: {
        source: 'harbor.ops.calls',
        joins: [{ name: 'ships', source: 'harbor.ops.ships', on: 'source.ship_no = ships.ship_no' }],
      },
      dimensions: [
        { name: 'call_state', expr: 'st' },
        { name: 'flag', expr: 'ships.flag' },
      ],
      measures: [{ name: 'gross_dues' }],
    });
    const plan = planPatchSet({ space: harborSpace(), catalog: harborCatalog }, proposal?.patches ?? []);
    expect(plan.ok).toBe(true);
  });

  it('is left alone when the figure is another one', async () => {
    const result = await propose([
      asked('Cargo by berth', 'SELECT berth_no, SUM(cargo_t) FROM calls GROUP BY berth_no'),
    ]);
    expect(typesOf(result)).not.toContain('add_mv_dimension');
  });
});

describe('a condition that the space states already', () => {
  const asked: Asked = {
    question: 'How many calls were cancelled?',
    expected: "SELECT COUNT(*) FROM calls WHERE st = 'X'",
    generated: 'SELECT COUNT(*) FROM calls',
  };

  it.each([
    ['for every question', "Always use calls.st = 'X'.", false],
    ['for questions like this one', "Always use calls.st = 'X' when asked about cancelled calls.", false],
    ['for other questions', "Always use calls.st = 'X' when asked about pilots.", true],
    ['not at all', 'Count calls, not ships.', true],
  ])('%s', async (_, line, isProposed) => {
    expect(typesOf(await propose([asked], told(line))).includes('add_sql_snippet_filter')).toBe(isProposed);
  });
});

describe('conditions that only come together', () => {
  it('are one named rule', async () => {
    const result = await propose([
      {
        question: 'How many scheduled liners called?',
        expected: "SELECT COUNT(*) FROM calls WHERE st = 'L' AND dues > 100",
        generated: 'SELECT COUNT(*) FROM calls',
      },
      { question: 'How many calls are there?', expected: 'SELECT COUNT(*) FROM calls', generated: 'same' },
    ]);
    const filters = changesOf(result).filter(({ type }) => type === 'add_sql_snippet_filter');
    expect(filters).toHaveLength(1);
    expect(filters[0]?.['sql']).toMatch(/ AND /);
    expect(filters[0]?.['sql']).toContain("calls.st = 'L'");
    expect(filters[0]?.['sql']).toContain('calls.dues > 100');
  });
});

describe('a rule that no single word names', () => {
  it('gets the most telling words of its question, where the answer did not even read the table', async () => {
    const result = await propose([
      {
        question: 'How many ships are bound to be late?',
        expected: 'SELECT COUNT(*) FROM ship_predictions WHERE late_risk > 0.5',
        generated: 'SELECT COUNT(*) FROM ships',
      },
      { question: 'How many ships are there?', expected: 'SELECT COUNT(*) FROM ships', generated: 'same' },
    ]);
    const [filter] = changesOf(result).filter(({ type }) => type === 'add_sql_snippet_filter');
    expect(filter?.['sql']).toBe('ship_predictions.late_risk > 0.5');
    expect(String(filter?.['display_name'])).toMatch(/bound|late/);
  });
});
