import { describe, expect, it } from 'vitest';
import { UcTracesUnavailableError } from '../../src/logged-models/index.ts';
import type { OptimizeEvent, OptimizeOptions } from '../../src/pipeline/index.ts';
import { memoryMlflow, type MemoryMlflow } from '../logged-models/memory-mlflow.ts';
import { scriptedRun, SPACE_ID, TEN_QUESTIONS } from '../scenarios/scripted-run.ts';

const EXPERIMENT = '/Users/me@example.com/genie-optimization/library';
const LINKED = 'main.gold.genie_opt_1';

/** A measurement that is tracked in a workspace with a schema, unless changed. */
function measuring(mlflow: MemoryMlflow, changes: Partial<OptimizeOptions> = {}) {
  const scenario = scriptedRun(TEN_QUESTIONS, () => []);
  const events: OptimizeEvent[] = [];
  const before = scenario.workspace.spaceText(SPACE_ID);
  const run = () =>
    scenario.run({
      mlflow: { mlflow },
      experiment: EXPERIMENT,
      ucSchema: 'main.gold',
      evaluateOnly: true,
      ...changes,
      onEvent: (event) => events.push(event),
    });
  const warnings = () =>
    events.flatMap((event) => (event.type === 'warning' ? [`${event.code}: ${event.message}`] : []));
  return { ...scenario, run, events, warnings, before };
}

const tablesOfTraces = ({ traceList }: MemoryMlflow) =>
  new Set(traceList.map(({ trace: { tables } }) => tables?.location));

describe('where traces are kept', () => {
  it('HC22: is told before the first question when it is the experiment, in a workspace with a schema', async () => {
    const mlflow = memoryMlflow('databricks');
    const { run, events } = measuring(mlflow);
    await run();
    const at = events.findIndex(
      (event) => event.type === 'warning' && event.code === 'UC_TRACES_UNAVAILABLE',
    );
    expect(at).toBeGreaterThan(-1);
    expect(at).toBeLessThan(events.findIndex(({ type }) => type === 'run_ready'));
    expect(tablesOfTraces(mlflow)).toEqual(new Set([undefined]));
  });

  it.each([
    ['without a schema', 'databricks', { ucSchema: undefined }],
    ['on a server of one’s own', 'open-source', {}],
    ['in summary mode', 'databricks', { tracking: 'summary' }],
  ] as const)('HC22: is not told %s, where there are no such traces', async (_, flavor, changes) => {
    const { run, warnings } = measuring(memoryMlflow(flavor), changes);
    await run();
    expect(warnings().join()).not.toContain('UC_TRACES_UNAVAILABLE');
  });

  it.each([{ ucTraces: true }, { requireUcTraces: true }])(
    'HC22: is tables of the schema with %j, settled before anything is asked',
    async (changes) => {
      const mlflow = memoryMlflow('databricks');
      const { run, warnings, events } = measuring(mlflow, changes);
      const { session } = await run();
      expect(mlflow.traceList).toHaveLength(session.iterations[0]?.total_questions ?? 0);
      expect(tablesOfTraces(mlflow)).toEqual(new Set([LINKED]));
      expect(events.find(({ type }) => type === 'experiment_ready')).toMatchObject({ traceTables: LINKED });
      expect(warnings().join()).not.toContain('UC_TRACES_UNAVAILABLE');
      const linkedAt = mlflow.calls.indexOf('traces.keepInTables');
      expect(linkedAt).toBeGreaterThan(-1);
      expect(linkedAt).toBeLessThan(mlflow.calls.indexOf('runs.start'));
    },
  );

  it('HC22: is tables for an experiment that is linked already, asked for or not, and it is not linked again', async () => {
    const mlflow = memoryMlflow('databricks');
    (mlflow.experimentTags as Record<string, string>)['trace_tables'] = 'ops.traces.team';
    const { run, warnings } = measuring(mlflow);
    await run();
    expect(tablesOfTraces(mlflow)).toEqual(new Set(['ops.traces.team']));
    expect(mlflow.calls).not.toContain('traces.keepInTables');
    expect(warnings().join()).not.toContain('UC_TRACES_UNAVAILABLE');
  });

  it('HC22: falls back to the experiment, with the reason, when it cannot be linked', async () => {
    const mlflow = memoryMlflow('databricks');
    mlflow.fail('traces.keepInTables');
    const { run, warnings } = measuring(mlflow, { ucTraces: true });
    await run();
    expect(warnings().join()).toMatch(/UC_TRACES_UNAVAILABLE: .*traces\.keepInTables is out of order/);
    expect(tablesOfTraces(mlflow)).toEqual(new Set([undefined]));
  });

  it.each([
    ['the experiment cannot be linked', 'databricks', {}, 'traces.keepInTables', 'name a new one'],
    ['there is no schema to link it to', 'databricks', { ucSchema: undefined }, '', 'no ucSchema'],
    ['the server is no workspace', 'open-source', {}, '', 'not the MLflow of a workspace'],
  ] as const)(
    'HC22: strict, is an error before anything is asked when %s',
    async (_, flavor, changes, failing, says) => {
      const mlflow = memoryMlflow(flavor);
      if (failing !== '') mlflow.fail(failing);
      const { run, workspace, before } = measuring(mlflow, { requireUcTraces: true, ...changes });
      const failure: unknown = await run().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(UcTracesUnavailableError);
      expect(failure).toMatchObject({
        code: 'UC_TRACES_UNAVAILABLE',
        message: expect.stringContaining(says) as string,
      });
      expect(workspace.asked).toEqual([]);
      expect([mlflow.runList, mlflow.modelList, mlflow.traceList]).toEqual([[], [], []]);
      expect(workspace.spaceText(SPACE_ID)).toBe(before);
    },
  );

  it('HC22: strict, is the same error with requireTracking', async () => {
    const { run } = measuring(memoryMlflow('open-source'), { requireUcTraces: true, requireTracking: true });
    await expect(run()).rejects.toBeInstanceOf(UcTracesUnavailableError);
  });

  it.each(['ucTraces', 'requireUcTraces'] as const)(
    'HC22: %s is refused at the door where there are no traces',
    async (option) => {
      const { run } = measuring(memoryMlflow('databricks'), { [option]: true, tracking: 'summary' });
      await expect(run()).rejects.toMatchObject({ code: 'INVALID_OPTION', details: { option } });
    },
  );
});
