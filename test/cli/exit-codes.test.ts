import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { connect } from '../../src/clients/index.ts';
import { parse, stringify } from 'yaml';
import { THRESHOLDS } from '../../src/evaluation/index.ts';
import { startLocalWorkspace } from '../../src/local/index.ts';
import { parseSpace, serializeSpace } from '../../src/spaces/index.ts';
import { callCli } from './call-cli.ts';
import { jobWorkspace, runFlags, sessionFlags } from './cli-workspace.ts';

interface Row {
  readonly split?: string;
}

type Place = Awaited<ReturnType<typeof jobWorkspace>>;

let asked: Place['asked'];
let dir: string;
beforeAll(async () => {
  const place = await jobWorkspace();
  ({ asked, dir } = place);
  return place.close;
});

const QUICK = ['--propagation-ms', '0', '--no-repeatability'];
const sessionFile = (name: string) => join(dir, `${name}.json`);
const run = (name: string, ...flags: string[]) => [
  ...runFlags(asked, sessionFile(name), dir),
  ...QUICK,
  ...flags,
];

describe('exit codes', () => {
  it('0: every target is met, be it because none is asked for', async () => {
    const targets = Object.keys(THRESHOLDS)
      .map((judge) => `${judge}=1`)
      .join(',');
    const { code, out } = await callCli(['optimize', ...run('met', '--targets', targets)]);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('converged') as string });
  });

  it('1: the run cannot begin', async () => {
    expect((await callCli(['optimize', ...run('none', '--benchmarks', 'none.yaml')])).code).toBe(1);
  });

  it.each([
    [['--max-objects', '0'], 'maxObjects'],
    [['--targets', 'arbiter=90'], 'targets'],
    [['--targets', 'result_correctness'], '--targets takes name=value pairs'],
    [['--disabled-levers', '7'], '--disabled-levers takes levers from 1 to 6'],
    [['--propagation-ms', 'soon'], '--propagation-ms must be a number'],
    [['--asset-roles', 'a.b.c=clock'], '--asset-roles must be monitoring, ml, plain'],
    [['--uc-schema', 'one.two.three'], 'ucSchema'],
  ])('2: called with %j', async (flags, named) => {
    const { code, err } = await callCli(['optimize', ...run('wrong', ...flags)]);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(named) as string });
  });

  it('3: no target is met when the budget is used', async () => {
    const { code, out } = await callCli(['optimize', ...run('budget', '--max-iterations', '0')]);
    expect({ code, out }).toEqual({ code: 3, out: expect.stringContaining('max_iterations') as string });
  });

  it('4: a change cannot be taken back, and the next call can', async () => {
    const journal = join(dir, 'journal.json');
    const patches = join(dir, 'patches.yaml');
    await writeFile(
      patches,
      'patches:\n  - { type: add_instruction, section: general, text: Fees are in euro. }\n',
    );
    const applied = await callCli([
      'apply',
      '--space-id',
      asked.spaceId,
      '--patches',
      patches,
      '--journal',
      journal,
      '--yes',
    ]);
    expect(applied).toMatchObject({ code: 0, err: '' });
    const record = await readFile(journal, 'utf8');
    await writeFile(journal, record.replaceAll(asked.spaceId, 'f'.repeat(32)));
    const failed = await callCli(['rollback', '--journal', journal, '--yes']);
    expect(failed.code).toBe(4);
    expect(failed.err).toContain('repeat the rollback once the cause is gone');
    await writeFile(journal, record);
    expect(await callCli(['rollback', '--journal', journal, '--yes'])).toMatchObject({ code: 0 });
  });

  it('5: the deployment fails', async () => {
    const town = await startLocalWorkspace({ sample: 'tpch' });
    const { domain, benchmarksPath, variables } = town.sample;
    const { [domain]: questions = [] } = parse(await readFile(benchmarksPath, 'utf8')) as Record<
      string,
      Row[]
    >;
    const few = questions.filter(({ split }) => split !== 'held_out').slice(0, 13);
    await writeFile(join(dir, 'few.yaml'), stringify({ [domain]: few }));
    const bundle = join(dir, 'bundle');
    await mkdir(bundle);
    await writeFile(join(bundle, 'databricks'), '#!/bin/sh\necho "Error: permission denied" >&2\nexit 1\n');
    await chmod(join(bundle, 'databricks'), 0o755);
    await writeFile(join(bundle, 'databricks.yml'), 'bundle: { name: town }\n');
    vi.stubEnv('PATH', `${bundle}:${process.env['PATH'] ?? ''}`);
    vi.stubEnv('DATABRICKS_HOST', town.host);
    vi.stubEnv('DATABRICKS_TOKEN', town.token);
    const { genie } = await connect({ host: town.host, token: town.token });
    const space = parseSpace((await genie.getSpace(town.spaceId)).serializedSpace);
    await writeFile(join(bundle, 'space.json'), JSON.stringify(JSON.parse(serializeSpace(space)), null, 2));
    const config = join(dir, 'deploy.yaml');
    await writeFile(
      config,
      stringify({
        warehouseId: town.warehouseId,
        spaceId: town.spaceId,
        benchmarks: join(dir, 'few.yaml'),
        domain,
        variables,
        deployTarget: 'prod',
        'bundle-dir': bundle,
        'space-file': join(bundle, 'space.json'),
        acceptance: 'threshold',
        disabledLevers: [6],
      }),
    );
    const { code, out, err } = await callCli([
      'optimize',
      ...sessionFlags(sessionFile('deploy'), dir),
      ...QUICK,
      '--config',
      config,
      '--max-iterations',
      '1',
    ]);
    await town.close();
    expect({ code, err }).toEqual({ code: 5, err: '' });
    expect(out).toContain('Deployment ended as');
    expect(out).toContain('1 change set kept');
  });
});
