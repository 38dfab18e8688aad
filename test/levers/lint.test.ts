import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lintInstructions, newLintFindings } from '../../src/levers/index.ts';
import { lintSince } from '../../src/levers/scan/scan-space.ts';
import { applyPlan, makePatch, planPatchSet } from '../../src/patch-dsl/index.ts';
import { catalog, id, cleanSpace, changed, instructionsOf, addLine } from './shop-space.ts';

describe('linting instructions', () => {
  it.each([
    ['two conditions that can both hold', "Active means orders.status = 'A' and customers.region = 'EU'."],
    ['a definition in other words', 'Active means that the order is running.'],
    ['a rule for some questions', 'Do not use top_buyers for monthly revenue; only sales_kpis has it.'],
    ['a dotted word that is no name', 'Use short labels, e.g.EU or example.com, in answers.'],
    ['a range', "An early order means orders.status = 'A' and orders.status = 'B'."],
  ])('finds nothing wrong in %s', (_, line) => {
    expect(lintInstructions(changed(addLine(line)), catalog)).toEqual([]);
  });

  it('sees that a snippet and an instruction give one word two meanings', () => {
    const space = changed((draft) => {
      instructionsOf(draft).sql_snippets = {
        filters: [{ id: id(60), display_name: 'active', sql: ["orders.status = 'X'"] }],
      };
    });
    expect(lintInstructions(space, catalog)).toMatchObject([
      { check: 'conflicting_definitions', where: ['general instruction, line 3', 'filters snippet active'] },
    ]);
  });

  it('tells what a change brings, not what was wrong before', () => {
    const before = changed(addLine('Never use sales_kpis.'));
    const plan = planPatchSet({ space: before, catalog }, [
      makePatch('add_instruction', { text: 'For questions on buyers use top_buyers.' }),
    ]);
    expect(plan).toMatchObject({ ok: true });
    const after = plan.ok ? applyPlan(before, plan.plan) : before;
    expect(newLintFindings(before, after, catalog)).toMatchObject([{ check: 'route_without_exclusion' }]);
  });

  it('brings nothing by no change, and all there is by a change of a space without a fault', () => {
    const lines = [
      'Never use sales_kpis.',
      "Active means orders.status = 'A'.",
      "Active means orders.status = 'B'.",
      'Join customers on cust_nr.',
    ];
    const spaceWith = (chosen: readonly string[]) =>
      changed((draft) => {
        for (const line of chosen) addLine(line)(draft);
      });
    fc.assert(
      fc.property(fc.subarray(lines), (chosen) => {
        const after = spaceWith(chosen);
        const brought = lintSince(cleanSpace(), catalog);
        expect(brought(after)).toEqual(lintInstructions(after, catalog));
        expect(brought(cleanSpace())).toEqual([]);
        expect(lintSince(after, catalog)(after)).toEqual([]);
      }),
      { numRuns: 16 },
    );
  });
});
