import { describe, expect, it } from 'vitest';
import { OptimizerError } from '../../src/core/index.ts';
import type { OptimizeEvent, OptimizeOptions } from '../../src/pipeline/index.ts';
import type { MlflowPort } from '../../src/ports/index.ts';
import { memoryMlflow } from '../logged-models/memory-mlflow.ts';
import { scriptedRun, SPACE_ID, synonym, TEN_QUESTIONS } from './scripted-run.ts';

/** Fails one call, such as `runs.start`, from its nth time on; 1 is the first. */
interface Fault {
  readonly call: string;
  readonly from: number;
}

/** MLflow of a workspace that counts its calls, each by its part and name, and may fail one of them. */
function faulty(fault: Fault | null) {
  const calls = new Map<string, number>();
  const watched = <T extends object>(target: T, prefix: string): T =>
    new Proxy(target, {
      get: (object, name) => {
        const value = Reflect.get(object, name) as unknown;
        const call = `${prefix}${String(name)}`;
        if (typeof value === 'object' && value !== null) return watched(value, `${call}.`);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          const times = (calls.get(call) ?? 0) + 1;
          calls.set(call, times);
          if (fault?.call === call && times >= fault.from)
            throw new OptimizerError(`${call} is out of order.`, { code: 'FAKE_FAILURE' });
          return (value as (...given: unknown[]) => unknown).apply(object, args);
        };
      },
    });
  const memory = memoryMlflow('databricks');
  return { mlflow: watched<MlflowPort>(memory, ''), calls, runList: memory.runList };
}

const QUESTIONS = TEN_QUESTIONS.slice(0, 4).map((question) =>
  question.id === 0 ? { ...question, brokenBy: ['w3'] } : question,
);

/** One change that helps and one that breaks something, then everything asked again. */
async function run(fault: Fault | null, changes: Partial<OptimizeOptions>) {
  const { mlflow, calls, runList } = faulty(fault);
  const scenario = scriptedRun(QUESTIONS, (lever) =>
    lever === 1 ? [synonym(1, 2)] : lever === 2 ? [synonym(2, 3)] : [],
  );
  const warnings: string[] = [];
  const result = await scenario.run({
    mlflow: { mlflow },
    experiment: '/Users/me@example.com/genie-optimization/library',
    ucSchema: 'main.gold',
    ucTraces: true,
    isolation: 'live',
    acceptance: 'threshold',
    finalRepeatability: true,
    ...changes,
    onEvent: (event: OptimizeEvent) => {
      if (event.type === 'warning') warnings.push(`${event.code}: ${event.message}`);
    },
  });
  const { session } = result;
  return {
    calls: [...calls.keys()],
    warnings,
    evaluationRuns: runList.filter(({ tags }) => tags['genie_opt.kind'] === 'evaluation'),
    ending: {
      status: result.status,
      reason: result.reason,
      accuracy: result.finalAccuracyPct,
      asked: scenario.workspace.asked.map(({ question }) => question),
      decisions: session.iterations.map(({ outcome, decision }) => [outcome, decision]),
      attempts: session.attempts.map(({ skip_reason: reason }) => reason),
      repeatability: session.repeatability_test,
      space: scenario.workspace.spaceText(SPACE_ID),
    },
  };
}

const plain = await run(null, { tracking: 'off', experiment: undefined, ucTraces: undefined });

describe('a run with tracking: full', async () => {
  const healthy = await run(null, {});

  it('makes calls of every kind, and ends as one that is not tracked', () => {
    expect(healthy.ending).toEqual(plain.ending);
    expect(healthy.ending.attempts).toContain('p0_gate_failed');
    expect(healthy.warnings.filter((warning) => warning.includes('TRACKING'))).toEqual([]);
    expect(healthy.calls.length).toBeGreaterThan(22);
  });

  it.each(healthy.calls)('ends the same when %s always fails, and says so', async (call) => {
    const { ending, warnings } = await run({ call, from: 1 }, {});
    expect(ending).toEqual(plain.ending);
    expect(warnings.filter((warning) => warning.includes(`${call} is out of order.`))).not.toEqual([]);
  });

  it.each(['runs.log', 'runs.logInputs', 'artifacts.write'])(
    'ends the run of an evaluation as failed when %s fails, and leaves none open',
    async (call) => {
      const { evaluationRuns } = await run({ call, from: 1 }, { allowMissingModel: true });
      expect(evaluationRuns.length).toBeGreaterThan(0);
      expect(evaluationRuns.map(({ status }) => status)).toEqual(evaluationRuns.map(() => 'FAILED'));
    },
  );

  it.each(healthy.calls)('ends the same when %s fails later on, if versions may be missing', async (call) => {
    const { ending } = await run({ call, from: 2 }, { allowMissingModel: true });
    expect(ending).toEqual(plain.ending);
  });
});

describe('a run with tracking: summary', async () => {
  const summary = { tracking: 'summary', ucTraces: undefined } as const;
  const healthy = await run(null, summary);

  it('makes fewer calls, and ends as one that is not tracked', () => {
    expect(healthy.ending).toEqual(plain.ending);
    expect(healthy.calls.length).toBeGreaterThan(14);
    expect(healthy.calls.filter((call) => /^(?:traces|prompts|datasets)\./.test(call))).toEqual([]);
  });

  it.each(healthy.calls)('ends the same when %s always fails, and says so', async (call) => {
    const { ending, warnings } = await run({ call, from: 1 }, summary);
    expect(ending).toEqual(plain.ending);
    expect(warnings.filter((warning) => warning.includes(`${call} is out of order.`))).not.toEqual([]);
  });
});
