import { describe, expect, it } from 'vitest';
import { runWorld } from '../../scripts/planted-defects/run-world.ts';
import type { Defect } from '../../scripts/planted-defects/defects.ts';
import { makeWorld } from '../../scripts/planted-defects/world.ts';

/** A few of what `npm run planted-defects` measures at length, one of each way to repair. */
const PLANTED: readonly Defect[] = ['missing filter rule', 'TVF format', 'competing assets'];

describe('the top-ranked proposal', () => {
  it.each(PLANTED)(
    'repairs a planted %s by the right lever, and spoils nothing',
    async (defect) => {
      const world = makeWorld(defect, `suite-${defect}`);
      const trial = await runWorld(world);
      expect(trial.failing.length).toBeGreaterThan(0);
      expect(world.levers).toContain(trial.proposals[0]?.lever);
      expect(trial.failingAfter).toEqual([]);
    },
    60_000,
  );

  it('does not exist for a space without a defect', async () => {
    const trial = await runWorld(makeWorld(null, 'suite-clean'));
    expect({ failing: trial.failing, proposals: trial.proposals }).toEqual({ failing: [], proposals: [] });
  }, 60_000);
});
