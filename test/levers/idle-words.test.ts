import { describe, expect, it } from 'vitest';
import { changesOf, propose, type Asked } from './harbor.ts';

describe('words that people say around a question', () => {
  it('are no topic of an asset when other words name what it holds', async () => {
    const asked = ['Dues in total by st for the board meeting', 'Dues by st for the board meeting'].map(
      (question): Asked => ({
        question,
        expected: 'SELECT st, SUM(dues) FROM calls GROUP BY st',
        generated: 'SELECT call_state, MEASURE(gross_dues) FROM call_metrics GROUP BY call_state',
        expectedAsset: 'TABLE',
        actualAsset: 'MV',
      }),
    );
    const { proposals } = await propose(asked);
    const [routing] = proposals.filter(({ failure_type: type }) => type === 'asset_routing_error');
    expect(routing?.rationale).toContain('dues');
    expect(JSON.stringify(routing?.patches)).not.toContain('meeting');
  });

  it('are no topic of an asset either when they only say by what to group a figure that is named', async () => {
    const asked: Asked = {
      question: 'Total rebate by st',
      expected: 'SELECT st, SUM(rebate) FROM calls GROUP BY st',
      generated: 'SELECT call_state, MEASURE(gross_dues) FROM call_metrics GROUP BY call_state',
      expectedAsset: 'TABLE',
      actualAsset: 'MV',
    };
    const { proposals } = await propose([asked]);
    const [routing] = proposals.filter(({ failure_type: type }) => type === 'asset_routing_error');
    expect(routing?.rationale).toContain("questions on 'total rebate' were answered");
  });

  it('end at a pause: no topic reaches across it', async () => {
    const asked: Asked = {
      question: 'Port council (spring): turnover of moorings',
      expected: 'SELECT SUM(dues) FROM calls',
      generated: 'SELECT MEASURE(gross_dues) FROM call_metrics',
      expectedAsset: 'TABLE',
      actualAsset: 'MV',
    };
    const said = JSON.stringify(changesOf(await propose([asked])));
    expect(said).toMatch(/turnover of moorings/);
    expect(said).not.toMatch(/council spring|spring turnover/);
  });

  it('do not name a table that a right answer does without', async () => {
    const wrong: Asked = {
      question: 'Arrivals overview this season',
      expected: 'SELECT COUNT(*) FROM calls',
      generated: null,
    };
    const named = async (...asked: Asked[]) =>
      JSON.stringify(changesOf(await propose(asked)).filter(({ type }) => type === 'add_description'));
    expect(await named(wrong)).toContain('overview');
    const right: Asked = {
      question: 'Berths overview',
      expected: 'SELECT label FROM berths',
      generated: 'same',
    };
    expect(await named(wrong, right)).not.toContain("'overview'");
  });
});
