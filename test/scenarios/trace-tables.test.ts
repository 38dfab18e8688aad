import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBenchmarks } from '../../src/benchmarks/index.ts';
import { connect, type ConnectedWorkspace } from '../../src/clients/index.ts';
import { startLocalWorkspace, type LocalWorkspace } from '../../src/local/index.ts';
import { optimize, type OptimizeOptions } from '../../src/pipeline/index.ts';
import { fakeClock, memoryFileStore } from '../../src/testing/index.ts';

const SAMPLE = fileURLToPath(new URL('../fixtures/local-sample', import.meta.url));

let local: LocalWorkspace;
let workspace: ConnectedWorkspace;
beforeAll(async () => {
  local = await startLocalWorkspace({ sample: SAMPLE });
  const { host, token, warehouseId } = local;
  workspace = await connect({ host, token, warehouseId, startsPerMinute: null });
});
afterAll(() => local.close());

async function measure(changes: Partial<OptimizeOptions>) {
  const warnings: string[] = [];
  const { session } = await optimize(
    {
      workspace,
      spaceId: local.spaceId,
      benchmarks: await loadBenchmarks(local.sample.benchmarksPath, { domain: local.sample.domain }),
      variables: local.sample.variables,
      evaluateOnly: true,
      ucSchema: 'town.library',
      outputDir: 'out',
      onEvent: (event) => void (event.type === 'warning' && warnings.push(event.code)),
      ...changes,
    },
    { clock: fakeClock(), files: memoryFileStore() },
  );
  const { mlflow } = workspace.tracking;
  const run = await mlflow.runs.get(session.tracking?.evaluation_runs['0'] ?? '');
  const bytes = await mlflow.artifacts.read(run, 'evaluation/traces.json');
  const written = JSON.parse(new TextDecoder().decode(bytes ?? new Uint8Array())) as {
    readonly question_id: string;
    readonly trace_id: string;
  }[];
  return { session, warnings, written, run };
}

/** A trace as the service tells it. */
async function traceInfo(traceId: string, query: string) {
  const [, location = '', hex = ''] = /^trace:\/(.+)\/(.+)$/.exec(traceId) ?? [];
  const answer = await fetch(`${local.host}/api/4.0/mlflow/traces/${location}/${hex}/info${query}`, {
    headers: { authorization: `Bearer ${local.token}` },
  });
  return (await answer.json()) as {
    readonly trace?: {
      readonly trace_info: {
        readonly trace_metadata: Readonly<Record<string, string>>;
        readonly tags: Readonly<Record<string, string>>;
        readonly assessments: readonly { readonly assessment_name: string }[];
      };
    };
    readonly error_code?: string;
  };
}

const experiment = (name: string) => `/Users/me@example.com/genie-optimization/${name}`;

describe('traces of a run on the embedded workspace', () => {
  it('HC22: are kept in tables of the schema when a new experiment is linked to them', async () => {
    const { session, warnings, written, run } = await measure({
      experiment: experiment('in tables'),
      requireUcTraces: true,
    });
    expect(warnings.filter((code) => /^(?:TRACKING|UC_TRACES|TAG_)/.test(code))).toEqual([]);
    const id = session.tracking?.experiment_id ?? '';
    expect(written).toHaveLength(session.iterations[0]?.total_questions ?? 0);
    for (const { question_id, trace_id } of written) {
      expect(trace_id).toMatch(new RegExp(`^trace:/town\\.library\\.genie_opt_${id}/[0-9a-f]{32}$`));
      const { trace } = await traceInfo(trace_id, '?sql_warehouse_id=w1');
      expect(trace?.trace_info.tags['question_id']).toBe(question_id);
      expect(trace?.trace_info.trace_metadata).toMatchObject({
        'mlflow.sourceRun': run.runId,
        'mlflow.trace_schema.version': '4',
      });
      const names = trace?.trace_info.assessments.map(({ assessment_name: name }) => name);
      expect(names).toEqual(expect.arrayContaining(['result_correctness', 'expected_response']));
    }
    expect(await traceInfo(written[0]?.trace_id ?? '', '')).toMatchObject({
      error_code: 'INVALID_PARAMETER_VALUE',
    });
  });

  it('HC22: stay in the experiment when that holds some already, and a strict run does not begin', async () => {
    const name = experiment('in itself');
    const first = await measure({ experiment: name });
    expect(first.warnings).toContain('UC_TRACES_UNAVAILABLE');
    expect(first.written[0]?.trace_id).toMatch(/^tr-/);
    const second = await measure({ experiment: name, ucTraces: true });
    expect(second.warnings).toContain('UC_TRACES_UNAVAILABLE');
    expect(second.written[0]?.trace_id).toMatch(/^tr-/);
    await expect(measure({ experiment: name, requireUcTraces: true })).rejects.toMatchObject({
      code: 'UC_TRACES_UNAVAILABLE',
      message: expect.stringContaining('holds traces') as string,
    });
  });

  it('HC22: need a schema that is there', async () => {
    await expect(
      measure({ experiment: experiment('nowhere'), ucSchema: 'town.nowhere', requireUcTraces: true }),
    ).rejects.toMatchObject({ code: 'UC_TRACES_UNAVAILABLE' });
  });
}, 60_000);
