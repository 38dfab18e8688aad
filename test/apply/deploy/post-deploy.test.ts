import { describe, expect, it } from 'vitest';
import {
  comparePostDeploy,
  POST_DEPLOY_DEFAULTS,
  verifyPostDeploy,
  type DeployReport,
  type PostDeployOptions,
} from '../../../src/apply/index.ts';
import { parseSpace, type Space } from '../../../src/spaces/index.ts';
import { fakeClock, memoryFileStore } from '../../../src/testing/index.ts';

const PATH = 'sales.geniespace.json';
const withText = (content: readonly string[]): Space =>
  parseSpace({
    version: 2,
    data_sources: { tables: [{ identifier: 'main.sales.orders' }] },
    ...(content.length === 0
      ? {}
      : { instructions: { text_instructions: [{ id: 'a'.repeat(32), content }] } }),
  });
const ACCEPTED = withText(['Weeks begin on Monday.']);
const file = (space: Space): string =>
  JSON.stringify(space, null, 2).replaceAll('main.sales.', '${catalog}.sales.');

const DEPLOYED: DeployReport = {
  status: 'SUCCESS',
  steps: [],
  fixes: [],
  files: [],
  run_url: null,
  escalation: null,
};

/** A workspace in which deploying puts the content of the file live, and the accepted instruction is worth ten points. */
function world(start: Space, options: Partial<PostDeployOptions> = {}) {
  const files = memoryFileStore({ [PATH]: file(start) });
  const readFile = (): Space => parseSpace((files.texts.get(PATH) ?? '').replaceAll('${catalog}', 'main'));
  let live = readFile();
  const iterations: number[] = [];
  const clock = fakeClock();
  let deployments = 0;
  const report = verifyPostDeploy({
    inLoopPct: 90,
    found: withText([]),
    accepted: ACCEPTED,
    readLive: async () => live,
    evaluate: async (iteration) => {
      iterations.push(iteration);
      return JSON.stringify(live).includes('Monday') ? 90 : 80;
    },
    sourceFile: PATH,
    files,
    variables: { catalog: 'main' },
    redeploy: async () => {
      deployments += 1;
      live = readFile();
      return DEPLOYED;
    },
    clock,
    ...options,
  });
  return { report, files, iterations, clock, deployments: () => deployments };
}

describe('after the deployment', () => {
  it.each([
    [90, 90, true],
    [90, 95, true],
    [90, 88, true],
    [90, 87.9, false],
    [66.7, 64.7, true],
  ])('accepted %d, deployed %d: %s', (inLoop, deployed, ok) => {
    expect(comparePostDeploy(inLoop, deployed).ok).toBe(ok);
  });

  it('waits, asks under the number kept for this, and is done when all is well', async () => {
    const { report, iterations, clock, deployments } = world(ACCEPTED);
    expect(await report).toMatchObject({
      status: 'ok',
      rounds: [{ live_differences: [] }],
      escalation: null,
    });
    expect(iterations).toEqual([999]);
    expect(clock.sleptMs()).toBe(POST_DEPLOY_DEFAULTS.waitMs);
    expect(deployments()).toBe(0);
  });

  it('finds the change that the file lacks, writes it and deploys again', async () => {
    const { report, files, deployments } = world(withText([]));
    expect(await report).toMatchObject({
      status: 'ok',
      rounds: [
        {
          comparison: { ok: false, drop_pp: 10 },
          live_differences: [{ kind: 'added', what: 'text instruction' }],
          written: [{ kind: 'added', what: 'text instruction' }],
        },
        { comparison: { ok: true } },
      ],
    });
    expect(deployments()).toBe(1);
    expect(files.texts.get(PATH)).toContain('Monday');
    expect(files.texts.get(PATH)).toContain('"${catalog}.sales.orders"');
  });

  it('leaves alone what only the file has, and removes what was removed on purpose', async () => {
    const old = withText([]);
    const files = memoryFileStore({
      [PATH]: file({
        ...old,
        team: 'sales',
        config: { sample_questions: [{ id: 'b'.repeat(32), question: ['Old?'] }] },
      }),
    });
    const { report } = world(old, {
      files,
      found: { ...old, config: { sample_questions: [{ id: 'b'.repeat(32), question: ['Old?'] }] } },
    });
    await report;
    expect(files.texts.get(PATH)).toContain('"team": "sales"');
    expect(files.texts.get(PATH)).toContain('Monday');
    expect(files.texts.get(PATH)).not.toContain('Old?');
  });

  it('escalates when the file has everything and the space answers worse all the same', async () => {
    const { report, deployments } = world(ACCEPTED, { evaluate: async () => 80 });
    const found = await report;
    expect(found).toMatchObject({
      status: 'discrepancy',
      escalation: {
        code: 'post_deploy_discrepancy',
        errors: [{ message: 'deployed 80.0 %, accepted 90.0 %' }],
      },
    });
    expect(found.escalation?.hypothesis).toMatch(/Unity Catalog, in the data, or chance/);
    expect(deployments()).toBe(0);
  });

  it('escalates when the deployment keeps losing the change, after two repairs', async () => {
    const files = memoryFileStore({ [PATH]: file(withText([])) });
    const { report } = world(withText([]), {
      files,
      redeploy: async () => {
        await files.write(PATH, file(withText([])));
        return DEPLOYED;
      },
    });
    const found = await report;
    expect(found.status).toBe('discrepancy');
    expect(found.rounds.map(({ written }) => written.length)).toEqual([1, 1, 0]);
    expect(found.escalation?.fixes_attempted).toHaveLength(2);
  });

  it('escalates when the completed file cannot be deployed', async () => {
    const { report } = world(withText([]), {
      redeploy: async () => ({ ...DEPLOYED, status: 'DEPLOY_FAILED' }),
    });
    expect(await report).toMatchObject({
      status: 'discrepancy',
      escalation: { deploy_status: 'DEPLOY_FAILED' },
    });
  });

  it('draws no conclusion when nothing could be evaluated', async () => {
    const { report } = world(ACCEPTED, { evaluate: async () => null });
    expect((await report).status).toBe('inconclusive');
  });
});
