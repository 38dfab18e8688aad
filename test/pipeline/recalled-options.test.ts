import { describe, expect, it } from 'vitest';
import {
  EXIT_CODES,
  exitCodeOf,
  type OptimizeEvent,
  type OptimizeOptions,
} from '../../src/pipeline/index.ts';
import { scriptedRun, synonym, TEN_QUESTIONS } from '../scenarios/scripted-run.ts';

const proposals = (lever: number, sweep: number) =>
  sweep > 1 ? [] : lever === 1 ? [synonym(1, 2)] : lever === 2 ? [synonym(2, 3)] : [];

/** A run that is stopped, before lever 2 unless told otherwise, and resumed with these options. */
async function resumedWith(
  first: Partial<OptimizeOptions>,
  second: Partial<OptimizeOptions>,
  isDue = (event: OptimizeEvent) =>
    event.type === 'phase_started' && event.phase === 'propose' && event.lever === 2,
) {
  const scenario = scriptedRun(TEN_QUESTIONS, proposals);
  const cancel = new AbortController();
  const stopped = scenario.run({
    ...first,
    signal: cancel.signal,
    onEvent: (event) => void (isDue(event) && cancel.abort()),
  });
  await expect(stopped).rejects.toMatchObject({ code: 'ABORTED_BY_CALLER' });
  const { session } = await scenario.run({ resume: true, ...second });
  return session.iterations.map(({ lever, decision }) => [lever, decision?.rule ?? null]);
}

describe('a resumed run', () => {
  it('proves changes as the run did before it was stopped', async () => {
    expect(await resumedWith({ acceptance: 'threshold' }, {})).toEqual([
      [0, null],
      [1, 'threshold'],
      [2, 'threshold'],
    ]);
  });

  it('does what it is told now, where it is told anything', async () => {
    expect(await resumedWith({ acceptance: 'threshold' }, { acceptance: 'paired' })).toEqual([
      [0, null],
      [1, 'threshold'],
      [2, 'paired'],
    ]);
  });

  it('may be given more iterations, or fewer', async () => {
    const tried = async (maxIterations?: number) => {
      const changes = maxIterations === undefined ? {} : { maxIterations };
      return (await resumedWith({ maxIterations: 1 }, changes, ({ type }) => type === 'decision')).length - 1;
    };
    expect(await tried()).toBe(1);
    expect(await tried(5)).toBe(2);
  });
});

describe('the exit code', () => {
  const ended = { status: 'converged', escalation: null } as const;

  it.each([
    [{ post_deploy_result: { status: 'ok' } }, EXIT_CODES.ok],
    [{ post_deploy_result: { status: 'discrepancy' } }, EXIT_CODES.deployFailed],
    [{ deploy_result: { status: 'JOB_FAILED' } }, EXIT_CODES.deployFailed],
    [{ status: 'stalled' as const }, EXIT_CODES.notConverged],
    [{ status: 'max_iterations' as const }, EXIT_CODES.notConverged],
    [{ status: 'evaluated' as const }, EXIT_CODES.ok],
  ])('of a run that ended with %j is %d', (changes, code) => {
    expect(exitCodeOf({ ...ended, ...changes })).toBe(code);
  });
});
