import { describe, expect, it } from 'vitest';
import type { Asi } from '../../src/asi/index.ts';
import { runJudges, structuralJudges, type JudgeOutcome } from '../../src/judges/index.ts';
import { MUTATIONS } from './mutation-pairs.ts';
import { REWRITES } from './rewrites.ts';
import { judgeInput, MATCH, SHOP_CATALOG } from './shop.ts';

const STRUCTURAL = ['schema_accuracy', 'logical_accuracy', 'semantic_equivalence', 'completeness'] as const;

const complaints = (outcomes: ReadonlyMap<string, JudgeOutcome>): Asi[] =>
  STRUCTURAL.flatMap((name) => {
    const outcome = outcomes.get(name);
    return outcome?.status === 'scored' && outcome.value === 'no' ? [outcome.asi] : [];
  });

const KNOWN_NAMES = new Set([
  ...SHOP_CATALOG.tables.flatMap(({ name, columns }) => [
    name,
    ...columns.map((column) => `${name}.${column.name}`),
  ]),
  ...SHOP_CATALOG.functions.map(({ name }) => name),
]);

describe('one known damage', () => {
  it('has at least 60 cases', () => {
    expect(MUTATIONS.length).toBeGreaterThanOrEqual(60);
    expect(MUTATIONS.filter(({ right, wrong }) => right === wrong)).toEqual([]);
  });

  it.each(
    MUTATIONS.map(
      (mutation, index) =>
        [`${index} ${mutation.kind}: ${mutation.type} (${mutation.blame})`, mutation] as const,
    ),
  )('%s', async (_, mutation) => {
    const input = await judgeInput(
      mutation.right,
      mutation.wrong,
      mutation.question === undefined ? {} : { question: mutation.question },
    );
    const outcomes = await runJudges(structuralJudges(), input);
    const [first] = complaints(outcomes);
    expect(first).toMatchObject({ failure_type: mutation.type, failure_type_raw: mutation.raw });
    expect(first?.blame_set).toContain(`main.shop.${mutation.blame}`);
    expect(first?.counterfactual_fix).toMatch(/main\.shop\./);
    expect(
      complaints(outcomes)
        .flatMap(({ blame_set }) => blame_set)
        .filter((name) => !KNOWN_NAMES.has(name)),
    ).toEqual([]);
    expect(outcomes.get('result_correctness')).toMatchObject({
      value: 'no',
      asi: { failure_type: mutation.type },
    });
    expect(outcomes.get('asset_routing')).toMatchObject({ value: 'yes' });
    expect(outcomes.get('arbiter')).toMatchObject({ status: 'skipped', reason: 'no_model' });
  });

  it.each(MUTATIONS.slice(0, 20).map((mutation) => [mutation.kind, mutation] as const))(
    '%s is no failure when the results match',
    async (_, mutation) => {
      const outcomes = await runJudges(
        structuralJudges(),
        await judgeInput(mutation.right, mutation.wrong, { comparison: MATCH }),
      );
      expect(complaints(outcomes)).toEqual([]);
    },
  );
});

describe('the same said otherwise', () => {
  it('has at least 40 cases', () => {
    expect(REWRITES.length).toBeGreaterThanOrEqual(40);
    expect(REWRITES.filter(([, one, other]) => one === other)).toEqual([]);
  });

  it.each(REWRITES)('%s', async (_, one, other, way) => {
    const pairs =
      way === 'one way'
        ? [[one, other]]
        : [
            [one, other],
            [other, one],
          ];
    for (const [left = '', right = ''] of pairs) {
      // Even told that the results differ, no judge may find a difference that is none.
      const outcomes = await runJudges(structuralJudges(), await judgeInput(left, right));
      expect(
        complaints(outcomes).map(
          ({ failure_type, expected_value, actual_value }) =>
            `${failure_type}: ${expected_value} / ${actual_value}`,
        ),
      ).toEqual([]);
    }
  });
});
