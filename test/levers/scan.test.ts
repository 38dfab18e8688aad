import { describe, expect, it } from 'vitest';
import { defineScanCheck, scanSpace, SCAN_CHECKS } from '../../src/levers/index.ts';
import { applyPlan, applyPlanToCatalog, planPatchSet } from '../../src/patch-dsl/index.ts';
import { catalog, cleanSpace, changed, addLine } from './shop-space.ts';
import { PLANTED } from './planted-faults.ts';

describe('scanning a space', () => {
  it('finds nothing in a space where nothing is wrong', async () => {
    expect((await scanSpace(cleanSpace(), { catalog })).findings).toEqual([]);
  });

  it.each(PLANTED)('finds %s where it was planted', async (check, change, known = catalog) => {
    const { findings } = await scanSpace(changed(change), { catalog: known });
    const found = findings.filter((finding) => finding.check === check);
    expect(found).not.toEqual([]);
    for (const { where, message, advice } of found) {
      expect(where.length).toBeGreaterThan(0);
      expect(message).not.toBe('');
      expect(advice).not.toBe('');
    }
  });

  it('has a planted case for every check', () => {
    expect(new Set(PLANTED.map(([check]) => check))).toEqual(new Set(SCAN_CHECKS.map((check) => check.id)));
  });

  it.each(PLANTED)(
    'offers for %s only patches that mend what they belong to',
    async (check, change, known = catalog) => {
      const space = changed(change);
      const { findings } = await scanSpace(space, { catalog: known });
      for (const finding of findings.filter((item) => item.check === check && item.patches.length > 0)) {
        const plan = planPatchSet({ space, catalog: known }, finding.patches, {
          maxObjects: null,
          maxPatches: null,
        });
        expect(plan).toMatchObject({ ok: true });
        const mended = plan.ok
          ? await scanSpace(applyPlan(space, plan.plan), { catalog: applyPlanToCatalog(known, plan.plan) })
          : null;
        expect(mended?.findings.map(({ message }) => message)).not.toContain(finding.message);
      }
    },
  );

  it('has ready patches for the defects that need no human to decide', async () => {
    const mendable = await Promise.all(
      PLANTED.map(async ([check, change, known = catalog]) => {
        const { findings } = await scanSpace(changed(change), { catalog: known });
        return findings.some((finding) => finding.check === check && finding.patches.length > 0)
          ? [check]
          : [];
      }),
    );
    expect([...new Set(mendable.flat())].sort()).toEqual([
      'conflicting_examples',
      'cryptic_columns',
      'duplicate_synonyms',
      'hidden_joins',
      'metric_view_joins',
      'missing_in_catalog',
      'missing_joins',
      'repeated_instruction',
      'synonym_against_instruction',
      'unmatched_values',
    ]);
  });

  it('puts the worst first and counts every severity', async () => {
    const space = changed((draft) => {
      addLine('Never use sales_kpis.')(draft);
      draft.config = {};
    });
    const report = await scanSpace(space, { catalog });
    expect(report.findings.map(({ severity }) => severity)).toEqual(['error', 'info']);
    expect(report.counts).toEqual({ error: 1, warning: 0, info: 1 });
    expect(report.checks).toEqual(SCAN_CHECKS.map((check) => check.id));
  });

  it('does not claim that objects are missing when it was given no catalog', async () => {
    const { findings } = await scanSpace(cleanSpace());
    const checks = findings.map(({ check }) => check);
    for (const check of ['missing_in_catalog', 'unknown_names', 'broken_examples', 'undescribed_functions'])
      expect(checks).not.toContain(check);
  });

  it('runs a check of one’s own beside the shipped ones', async () => {
    const shouting = defineScanCheck({
      id: 'shouting',
      severity: 'info',
      explains: 'An instruction in capitals.',
      find: ({ statements }) =>
        statements
          .filter(({ text }) => text === text.toUpperCase())
          .map(({ where }) => ({
            where: [where],
            message: 'Capitals.',
            advice: 'Write it in small letters.',
          })),
    });
    const { findings } = await scanSpace(changed(addLine('ALWAYS ROUND.')), {
      catalog,
      checks: [...SCAN_CHECKS, shouting],
    });
    expect(findings).toMatchObject([{ check: 'shouting', where: ['general instruction, line 4'] }]);
  });
});
