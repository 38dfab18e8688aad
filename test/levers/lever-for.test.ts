import { describe, expect, it } from 'vitest';
import { buildBlameIndex, FAILURE_TYPES, type BlameRef, type FailureType } from '../../src/asi/index.ts';
import { assetRoles, buildSchema, leverFor, LEVERS } from '../../src/levers/index.ts';
import { harborCatalog, harborSpace } from './harbor.ts';

const space = harborSpace();
const schema = buildSchema(space, harborCatalog);
const context = { schema, roles: assetRoles(schema, harborCatalog) };
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
    expect(leverFor(type, blame(...names), context)).toBe(lever);
  });

  it('reaches every lever from some failure type, and review from `other` only', () => {
    const levers = FAILURE_TYPES.map((type) => leverFor(type, [], context));
    expect([...new Set(levers)].sort((a, b) => a - b)).toEqual([0, ...LEVERS]);
    expect(FAILURE_TYPES.filter((_, at) => levers[at] === 0)).toEqual(['other']);
  });
});

describe('asset roles', () => {
  it('say which rule decided, and the option wins', () => {
    expect(context.roles.get('harbor.ops.calls_drift_metrics')).toEqual({ role: 'monitoring', rule: 'name' });
    expect(context.roles.get('harbor.ops.ships')).toEqual({ role: 'plain', rule: 'none' });
    const chosen = assetRoles(schema, harborCatalog, { 'harbor.ops.ships': 'ml' });
    expect(chosen.get('harbor.ops.ships')).toEqual({ role: 'ml', rule: 'option' });
  });
});
