import { describe, expect, it } from 'vitest';
import {
  classifyFailure,
  deployBundle,
  DEPLOY_FIXERS,
  type DeployOptions,
} from '../../../src/apply/index.ts';
import { countingIds, OptimizerError } from '../../../src/core/index.ts';
import { fakeClock, memoryFileStore } from '../../../src/testing/index.ts';
import { playedBundle, playedJobs } from './played-bundle.ts';

const PATH = 'src/genie/sales.geniespace.json';
const JOB = 'genie_spaces_deployment_job';
const id = (n: number): string => n.toString(16).padStart(32, '0');

const UNSORTED = `{
  "version": 2,
  "data_sources": {
    "tables": [
      { "identifier": "c.s.orders" },
      { "identifier": "c.s.customers", "note": "first in the alphabet" }
    ]
  }
}
`;

function deploy(
  script: Parameters<typeof playedBundle>[0],
  options: Partial<DeployOptions> = {},
  file: string = UNSORTED,
) {
  const tool = playedBundle(script);
  const files = memoryFileStore({ [PATH]: file });
  const clock = fakeClock();
  const report = deployBundle(
    { bundles: tool.bundles, files, clock },
    { target: 'dev', sourceFile: PATH, newId: countingIds(), ...options },
  );
  return { report, tool, files, clock };
}

describe('what a failed deployment comes from', () => {
  it.each([
    [
      'Invalid export proto: data_sources.tables must be sorted by identifier',
      'UNSORTED_ARRAY',
      'data_sources.tables',
    ],
    [
      'instructions.sql_functions must be sorted by (id, identifier)',
      'UNSORTED_ARRAY',
      'instructions.sql_functions',
    ],
    ['Cannot find field: owner in message databricks.GenieSpaceExport', 'UNKNOWN_FIELD', 'owner'],
    ['InvalidParameterValue: Invalid ID format', 'INVALID_ID', null],
    ['Expected an array for question but found "x"', 'STRING_NOT_ARRAY', 'question'],
    ['INTERNAL_ERROR: Failed to retrieve schema from unity catalog', 'SCHEMA_RETRIEVAL', null],
    ['Exceeded maximum number (50) of functions', 'TOO_MANY_ITEMS', null],
    ['[EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE] main.s.v is a view', 'TABLE_NOT_VIEW', null],
    ["[PARSE_SYNTAX_ERROR] Syntax error at or near 'FUNCTION'", 'FUNCTION_DDL', null],
    [
      "[PARSE_SYNTAX_ERROR] Syntax error at or near '$': SELECT 1 FROM ${catalog}.s.t",
      'UNRESOLVED_TEMPLATE',
      'catalog',
    ],
    ['Error: no value assigned to required variable warehouse_id', 'MISSING_VARIABLE', 'warehouse_id'],
    ['403 Forbidden: user lacks CAN MANAGE', 'AUTH', null],
    ['default auth: cannot configure default credentials', 'AUTH', null],
    ['409 ABORTED: etag differs', 'RESOURCE_CONFLICT', null],
    ['open src/x.json: no such file or directory', 'PATH_RESOLUTION', null],
    ["invalid character '}' looking for beginning of value", 'MALFORMED_JSON', null],
    ['503 Service Unavailable', 'TRANSIENT', null],
    ['something nobody has seen', 'UNKNOWN', null],
  ])('%s', (said, code, subject) => {
    expect(classifyFailure(new OptimizerError(said, { code: 'X' }))).toMatchObject({ code, subject });
  });
});

describe('deploying a bundle', () => {
  it('validates, deploys and runs the job, polling until it ends', async () => {
    const tool = playedBundle({});
    const { jobs, started } = playedJobs({});
    const clock = fakeClock();
    const report = await deployBundle(
      { bundles: tool.bundles, jobs, clock },
      { target: 'dev', job: JOB, jobParameters: { space: 's' } },
    );
    expect(report).toMatchObject({
      status: 'SUCCESS',
      run_url: 'https://workspace/run/70',
      escalation: null,
      steps: [{ step: 'validate' }, { step: 'deploy' }, { step: 'job', run_id: '70' }],
    });
    expect(tool.steps()).toEqual(['validate', 'deploy']);
    expect(started).toMatchObject([{ jobId: '7', parameters: { space: 's' } }]);
    expect(clock.sleptMs()).toBe(60_000);
  });

  it('runs the job by the tool when there is no jobs port', async () => {
    const { report, tool } = deploy({}, { job: JOB });
    expect((await report).status).toBe('SUCCESS');
    expect(tool.steps()).toEqual(['validate', 'deploy', 'run']);
  });

  it('only validates in a dry run', async () => {
    const { report, tool } = deploy({}, { job: JOB, dryRun: true });
    expect((await report).status).toBe('VALIDATED');
    expect(tool.steps()).toEqual(['validate']);
  });

  it('repairs the source file and tries again, keeping its formatting', async () => {
    const { report, tool, files } = deploy({ deploy: ['data_sources.tables must be sorted by identifier'] });
    const found = await report;
    expect(found.status).toBe('SUCCESS');
    expect(tool.steps()).toEqual(['validate', 'deploy', 'validate', 'deploy']);
    expect(found.fixes).toEqual([
      { attempt: 1, code: 'UNSORTED_ARRAY', changes: ['sorted data_sources.tables by identifier'] },
    ]);
    expect(files.texts.get(PATH)).toBe(
      UNSORTED.replace('{ "identifier": "c.s.orders" }', 'X')
        .replace(
          '{ "identifier": "c.s.customers", "note": "first in the alphabet" }',
          '{ "identifier": "c.s.orders" }',
        )
        .replace('X', '{ "identifier": "c.s.customers", "note": "first in the alphabet" }'),
    );
    expect(found.files).toEqual([{ path: PATH, before: UNSORTED, after: files.texts.get(PATH) }]);
  });

  it('gives a bundle variable that turns out to be required', async () => {
    const { report, tool } = deploy(
      { validate: ['no value assigned to required variable catalog'] },
      { variables: { catalog: 'main' } },
    );
    expect((await report).fixes).toMatchObject([{ code: 'MISSING_VARIABLE' }]);
    expect(tool.calls.map(({ variables }) => variables)).toEqual([
      {},
      { catalog: 'main' },
      { catalog: 'main' },
    ]);
  });

  it('stops at once when nothing repairs the failure', async () => {
    const { report, tool, files } = deploy({ deploy: ['403 Forbidden'] });
    expect(await report).toMatchObject({
      status: 'DEPLOY_FAILED',
      fixes: [],
      escalation: { code: 'deploy_failed', errors: [{ step: 'deploy', code: 'AUTH' }] },
    });
    expect(tool.steps()).toEqual(['validate', 'deploy']);
    expect(files.writes()).toBe(0);
  });

  it('stops at once when the repair finds nothing to repair', async () => {
    const sorted = UNSORTED.replace('c.s.orders', 'c.s.a');
    const { report } = deploy({ deploy: ['tables must be sorted'] }, {}, sorted);
    expect((await report).status).toBe('DEPLOY_FAILED');
  });

  it('waits and repeats what passes by itself', async () => {
    const { report, clock } = deploy({ deploy: ['503 Service Unavailable'] });
    expect((await report).status).toBe('SUCCESS');
    expect(clock.sleptMs()).toBe(30_000);
  });

  it('repeats what the caller wants repeated', async () => {
    const { report, tool } = deploy(
      { validate: ['odd', 'odd'] },
      { onFailure: (_failure, attempt) => (attempt < 2 ? 'retry' : 'stop') },
    );
    expect((await report).status).toBe('VALIDATE_FAILED');
    expect(tool.steps()).toEqual(['validate', 'validate']);
  });

  it('escalates after three attempts, with what a person needs', async () => {
    const { report, tool } = deploy({
      deploy: ['tables must be sorted', 'Cannot find field: note in message M', 'connection reset'],
    });
    const found = await report;
    expect(tool.steps().filter((step) => step === 'deploy')).toHaveLength(3);
    expect(found.status).toBe('ESCALATED');
    expect(found.escalation).toMatchObject({
      code: 'deploy_failed',
      deploy_status: 'ESCALATED',
      errors: [{ attempt: 1 }, { attempt: 2 }, { attempt: 3, code: 'TRANSIENT' }],
      fixes_attempted: [{ code: 'UNSORTED_ARRAY' }, { code: 'UNKNOWN_FIELD' }],
    });
    expect(found.escalation?.hypothesis).toContain('UNSORTED_ARRAY, UNKNOWN_FIELD, TRANSIENT');
  });

  it('keeps one edit of a file that was repaired twice, from the first text to the last', async () => {
    const { report, files } = deploy({
      deploy: ['tables must be sorted', 'Cannot find field: note in message M'],
    });
    expect((await report).files).toEqual([{ path: PATH, before: UNSORTED, after: files.texts.get(PATH) }]);
  });

  it('says what the failed tasks of the job said', async () => {
    const { jobs } = playedJobs(
      {
        resultState: 'FAILED',
        tasks: [
          { taskKey: 'prepare', runId: '71', resultState: 'SUCCESS' },
          { taskKey: 'import', runId: '72', resultState: 'FAILED' },
          { taskKey: 'after', runId: '73', resultState: 'UPSTREAM_FAILED' },
        ],
      },
      { error: 'Invalid ID format' },
    );
    const { bundles } = playedBundle({});
    const report = await deployBundle({ bundles, jobs, clock: fakeClock() }, { target: 'dev', job: JOB });
    expect(report).toMatchObject({ status: 'JOB_FAILED', run_url: 'https://workspace/run/70' });
    expect(report.escalation?.errors).toEqual([
      { attempt: 1, step: 'job', code: 'INVALID_ID', message: 'import: Invalid ID format', run_id: '70' },
    ]);
  });

  it('ends by timeout when the job does not', async () => {
    const { jobs } = playedJobs({ lifeCycleState: 'RUNNING', resultState: null });
    const clock = fakeClock();
    const report = await deployBundle(
      { bundles: playedBundle({}).bundles, jobs, clock },
      { target: 'dev', job: JOB, jobTimeoutMs: 100_000 },
    );
    expect(report.escalation?.errors).toMatchObject([{ step: 'job', code: 'TIMEOUT' }]);
    expect(clock.sleptMs()).toBe(100_000);
  });

  it('names a job that does not exist', async () => {
    const { jobs } = playedJobs({});
    const report = await deployBundle(
      { bundles: playedBundle({}).bundles, jobs, clock: fakeClock() },
      { target: 'dev', job: 'no_such_job' },
    );
    expect(report.escalation?.errors[0]?.message).toContain("no job 'no_such_job'");
  });

  it('is no result but an error when it is cancelled', async () => {
    const cancel = new AbortController();
    cancel.abort();
    const { report } = deploy({ deploy: ['x'] }, { signal: cancel.signal });
    await expect(report).rejects.toThrow();
  });

  it.each([0, 11, 1.5])('refuses %d attempts', async (maxAttempts) => {
    await expect(deploy({}, { maxAttempts }).report).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('repairs of the source file', () => {
  const context = (subject: string | null = null) => ({
    failure: { code: 'UNKNOWN' as const, message: '', subject, transient: false, advice: '' },
    variables: { catalog: 'main' },
    newId: countingIds(),
  });
  const space = (more: object): string =>
    `${JSON.stringify({ version: 2, data_sources: {}, ...more }, null, 2)}\n`;
  const functions = (...items: object[]): object => ({ instructions: { sql_functions: items } });

  it.each([
    [
      'gives ids where they are missing or wrong, and sorts',
      'INVALID_ID',
      functions(
        { id: id(9), identifier: 'c.s.a' },
        { identifier: 'c.s.b' },
        { id: 'genie_opt', identifier: 'c.s.c' },
      ),
      functions(
        { id: id(1), identifier: 'c.s.b' },
        { id: id(2), identifier: 'c.s.c' },
        { id: id(9), identifier: 'c.s.a' },
      ),
      null,
    ],
    [
      'wraps texts',
      'STRING_NOT_ARRAY',
      { config: { sample_questions: [{ id: id(1), question: 'How many?' }] } },
      { config: { sample_questions: [{ id: id(1), question: ['How many?'] }] } },
      null,
    ],
    [
      'keeps fifty of too many',
      'TOO_MANY_ITEMS',
      functions(...Array.from({ length: 52 }, (_, n) => ({ id: id(n + 1), identifier: `c.s.f${n}` }))),
      functions(...Array.from({ length: 50 }, (_, n) => ({ id: id(n + 1), identifier: `c.s.f${n}` }))),
      null,
    ],
    [
      'drops a field only where it is unknown',
      'UNKNOWN_FIELD',
      { description: 'x', data_sources: { tables: [{ identifier: 'c.s.t', description: ['kept'] }] } },
      { data_sources: { tables: [{ identifier: 'c.s.t', description: ['kept'] }] } },
      'description',
    ],
    [
      'writes out placeholders of known value',
      'UNRESOLVED_TEMPLATE',
      { data_sources: { tables: [{ identifier: '${catalog}.${other}.t' }] } },
      { data_sources: { tables: [{ identifier: 'main.${other}.t' }] } },
      null,
    ],
  ] as const)('%s', (_name, code, before, after, subject) => {
    const fixed = DEPLOY_FIXERS[code]?.(space(before), context(subject));
    expect(fixed?.text).toBe(space(after));
    expect(fixed?.changes.length).toBeGreaterThan(0);
    expect(DEPLOY_FIXERS[code]?.(space(after), context(subject))).toBeNull();
  });

  it('reach a space within the answer of the API', () => {
    const inner = JSON.stringify(JSON.parse(UNSORTED));
    const fixed = DEPLOY_FIXERS.UNSORTED_ARRAY?.(
      JSON.stringify({ title: 'x', serialized_space: inner }),
      context(),
    );
    const outer = JSON.parse(fixed?.text ?? '{}') as { title: string; serialized_space: string };
    expect(outer.title).toBe('x');
    expect(JSON.parse(outer.serialized_space)).toMatchObject({
      data_sources: { tables: [{ identifier: 'c.s.customers' }, { identifier: 'c.s.orders' }] },
    });
  });
});
