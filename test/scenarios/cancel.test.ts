import { describe, expect, it } from 'vitest';
import type { OptimizeEvent } from '../../src/pipeline/index.ts';
import { parseSpace, serializeSpace } from '../../src/spaces/index.ts';
import { scriptedRun, SPACE_ID, synonym, TEN_QUESTIONS } from './scripted-run.ts';

const proposals = (lever: number, sweep: number) =>
  sweep > 1 ? [] : lever === 1 ? [synonym(1, 2)] : lever === 2 ? [synonym(2, 3, 'useless')] : [];

const canonical = (text: string) => serializeSpace(parseSpace(text));

/** Cancels a run at its n-th event; then resumes it. */
async function cancelledAt(moment: number, isolation: 'live' | 'clone') {
  const scenario = scriptedRun(TEN_QUESTIONS, proposals);
  const acceptance = isolation === 'live' ? ('threshold' as const) : ('paired' as const);
  const controller = new AbortController();
  let events = 0;
  const last: OptimizeEvent[] = [];
  const outcome = await scenario
    .run({
      isolation,
      acceptance,
      signal: controller.signal,
      onEvent: (event) => {
        if (events++ === moment) {
          last.push(event);
          controller.abort();
        }
      },
    })
    .then(
      () => 'finished',
      (error: unknown) => (error as { code?: string }).code,
    );
  const afterwards = canonical(scenario.workspace.spaceText(SPACE_ID));
  const spaces = (await scenario.workspace.genie.listSpaces()).map(({ spaceId }) => spaceId);
  const resumed = await scenario.run({ isolation, acceptance, resume: true });
  return { outcome, afterwards, spaces, resumed, at: last[0]?.type, events };
}

describe.each(['clone', 'live'] as const)("a run with isolation: '%s' that is cancelled", (isolation) => {
  it('between or inside phases leaves the space as a decision left it, and goes on to the same end', async () => {
    const undisturbed = scriptedRun(TEN_QUESTIONS, proposals);
    const before = canonical(undisturbed.workspace.spaceText(SPACE_ID));
    let total = 0;
    const expected = await undisturbed.run({
      isolation,
      acceptance: isolation === 'live' ? 'threshold' : 'paired',
      onEvent: () => {
        total += 1;
      },
    });
    const after = expected.session.accepted_config;
    const step = Math.ceil(total / 15);
    for (let moment = 0; moment < total - 1; moment += step) {
      const { outcome, afterwards, spaces, resumed, at } = await cancelledAt(moment, isolation);
      const where = `event ${moment} (${at ?? ''})`;
      expect(['ABORTED_BY_CALLER', 'finished'], where).toContain(outcome);
      expect([before, after], where).toContain(afterwards);
      expect(spaces, where).toEqual([SPACE_ID]);
      expect(resumed.finalAccuracyPct, where).toBe(expected.finalAccuracyPct);
      expect(resumed.session.accepted_config, where).toBe(after);
    }
  }, 120_000);
});
