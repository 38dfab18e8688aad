import { describe, expect, it } from 'vitest';
import { buildBlameIndex, FAILURE_TYPES, type BlameRef, type FailureType } from '../../src/asi/index.ts';
import { assetRoles, leverFor, LEVERS, type AssetRoleOptions } from '../../src/levers/index.ts';
import { harborCatalog, harborSpace, propose } from './harbor.ts';

const space = harborSpace();
const snapshot = { space, catalog: harborCatalog };
const index = buildBlameIndex(space, harborCatalog);
const blame = (...names: string[]): BlameRef[] => names.flatMap((name) => index.resolve(name) ?? []);

describe('leverFor', () => {
  it.each<[FailureType, string[], number]>([
    ['wrong_column', ['ships.flag'], 1],
    ['wrong_column', [], 1],
    ['wrong_column', ['call_metrics.gross_dues'], 2],
    ['description_mismatch', ['calls_drift_metrics'], 4],
    ['wrong_column', ['ship_predictions.late_risk'], 5],
    ['wrong_join', ['calls', 'ships'], 1],
    ['wrong_join', ['calls', 'call_metrics'], 2],
    ['wrong_join', ['calls', 'calls_drift_metrics', 'ship_predictions'], 5],
    ['missing_filter', ['get_calls.berth'], 3],
    ['missing_filter', ['call_metrics.call_state'], 2],
    ['missing_filter', ['calls.arr'], 1],
    ['missing_filter', ['calls.st'], 3],
    ['missing_filter', [], 3],
    ['missing_temporal_filter', ['calls.arr'], 1],
    ['missing_temporal_filter', [], 2],
    ['repeatability_issue', ['asset_routing:TVF'], 6],
    ['repeatability_issue', ['asset_routing:TABLE'], 1],
    ['wrong_measure', [], 2],
    ['tvf_parameter_error', [], 3],
    ['stale_data', [], 4],
    ['model_scoring_error', [], 5],
    ['ambiguous_question', [], 6],
    ['other', ['ships.flag'], 0],
  ])('sends %s at %j to lever %i', (type, names, lever) => {
    expect(leverFor(type, blame(...names), snapshot)).toBe(lever);
  });

  it('reaches every lever from some failure type, and review from `other` only', () => {
    const levers = FAILURE_TYPES.map((type) => leverFor(type, [], snapshot));
    expect([...new Set(levers)].sort((a, b) => a - b)).toEqual([0, ...LEVERS]);
    expect(FAILURE_TYPES.filter((_, at) => levers[at] === 0)).toEqual(['other']);
  });
});

describe('asset roles', () => {
  const tables = ['harbor.ops.calls_drift_metrics', 'harbor.ops.ships'];

  it('say which rule decided, and the option wins', () => {
    expect(assetRoles(snapshot, tables)).toEqual([
      { table: tables[0], role: 'monitoring', rule: 'name' },
      { table: tables[1], role: 'plain', rule: 'none' },
    ]);
    expect(assetRoles({ ...snapshot, roles: { 'harbor.ops.ships': 'ml' } }, tables)[1]).toMatchObject({
      role: 'ml',
      rule: 'option',
    });
  });

  it('decide the lever of a failure', () => {
    const roles = { 'harbor.ops.ships': 'ml', 'harbor.ops.ship_predictions': 'plain' } as const;
    const chosen = { ...snapshot, roles };
    expect(leverFor('wrong_column', blame('ships.flag'), chosen)).toBe(5);
    expect(leverFor('wrong_column', blame('ship_predictions.late_risk'), chosen)).toBe(1);
  });

  it('decide the lever of a proposal, which says why', async () => {
    const asked = [
      {
        question: 'How many ships per registry?',
        expected: 'SELECT flag, COUNT(*) FROM ships GROUP BY flag',
        generated: 'SELECT grp, COUNT(*) FROM ships GROUP BY grp',
      },
    ];
    const leversOf = async (assetRoles?: AssetRoleOptions) =>
      (await propose(asked, { assetRoles })).proposals.map(({ lever }) => lever);
    expect(await leversOf()).toEqual([1]);
    expect(await leversOf({ 'harbor.ops.ships': 'monitoring' })).toEqual([4]);
    const [proposal] = (await propose(asked, { assetRoles: { 'harbor.ops.ships': 'ml' } })).proposals;
    expect(proposal).toMatchObject({
      lever: 5,
      rationale: expect.stringContaining('(an ML table, as the option assetRoles says).') as string,
    });
  });
});
