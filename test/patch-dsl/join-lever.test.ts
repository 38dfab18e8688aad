import { describe, expect, it } from 'vitest';
import { leverOf, makePatch, type PatchLever } from '../../src/patch-dsl/index.ts';
import { parseSpace, serializeSpace } from '../../src/spaces/index.ts';
import { CATALOG, SNAPSHOT } from './sample-world.ts';

const MONITORED = 'main.sales.orders_profile_metrics';
const PREDICTED = 'main.sales.churn_predictions';

/** The sample world with a monitoring and an ML table, and one stored join between the two. */
const snapshot = (() => {
  const space = parseSpace(serializeSpace(SNAPSHOT.space));
  space.data_sources?.tables?.push({ identifier: MONITORED }, { identifier: PREDICTED });
  space.instructions?.join_specs?.push({
    id: 'f'.repeat(32),
    left: { identifier: MONITORED, alias: 'm' },
    right: { identifier: PREDICTED, alias: 'p' },
    sql: ['`m`.`k` = `p`.`k`', '--rt=FROM_RELATIONSHIP_TYPE_ONE_TO_ONE--'],
  });
  return { space, catalog: CATALOG };
})();

const PLAIN = ['main.sales.orders', 'main.sales.customers'] as const;

describe('the lever of a join', () => {
  it.each<[string, string, PatchLever]>([
    [...PLAIN, 1],
    ['main.sales.orders', 'main.sales.daily_sales', 2],
    ['main.sales.daily_sales', MONITORED, 4],
    [PREDICTED, MONITORED, 5],
    ['main.sales.orders', PREDICTED, 5],
    ['main.sales.orders', 'main.sales.nowhere', 1],
  ])('is, between %s and %s in either order, %i for each patch on it', (left, right, lever) => {
    for (const [a, b] of [
      [left, right],
      [right, left],
    ] as const) {
      const sql: [string, string] = ['`a`.`k` = `b`.`k`', '--rt=FROM_RELATIONSHIP_TYPE_ONE_TO_ONE--'];
      const join_spec = { left: { identifier: a }, right: { identifier: b }, sql };
      const id = 'P001';
      expect(leverOf(makePatch('add_join', { join_spec }, { id, snapshot }), snapshot)).toBe(lever);
      expect(leverOf(makePatch('remove_join', { left: a, right: b }, { id, snapshot }), snapshot)).toBe(
        lever,
      );
      const update = { left: a, right: b, new_sql: 'a.k = b.k' };
      expect(leverOf(makePatch('update_join_condition', update, { id, snapshot }), snapshot)).toBe(lever);
    }
  });

  it.each([
    ['f'.repeat(32), 5],
    ['00000000000000000000000000000005', 1],
    ['e'.repeat(32), 1],
  ])('is looked up where the patch names the join %s by its id', (join_id, lever) => {
    expect(leverOf(makePatch('remove_join', { join_id }, { id: 'P001', snapshot }), snapshot)).toBe(lever);
  });
});
