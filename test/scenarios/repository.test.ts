import { describe, expect, it } from 'vitest';
import { EXIT_CODES, exitCodeOf, type OptimizeOptions } from '../../src/pipeline/index.ts';
import type { FileStore } from '../../src/ports/index.ts';
import { memoryFileStore } from '../../src/testing/index.ts';
import { playedBundle } from '../apply/deploy/played-bundle.ts';
import { mortalProcess } from './mortal-process.ts';
import { scriptedRun, SPACE_ID, synonym, TEN_QUESTIONS } from './scripted-run.ts';

const PATH = 'src/library.geniespace.json';
const FILE = `{
  "version": 2,
  "data_sources": {
    "tables": [
      {
        "identifier": "\${catalog}.library.loans",
        "owner_in_the_file": "the library"
      }
    ]
  }
}
`;

/** Lever 1 proposes changes that help, lever 2 one that breaks what works. */
function scenario(store: FileStore = memoryFileStore({ [PATH]: FILE })) {
  const run = scriptedRun(
    TEN_QUESTIONS.map((question) => (question.id < 2 ? { ...question, brokenBy: ['bad'] } : question)),
    (lever, sweep) =>
      sweep > 1
        ? []
        : lever === 1
          ? [2, 4, 5].map((column) => synonym(1, column))
          : lever === 2
            ? [synonym(2, 3, 'bad')]
            : [],
  );
  const options: Partial<OptimizeOptions> = {
    variables: { catalog: 'main' },
    repo: { files: store, space: PATH, persist: 'required' },
  };
  return {
    ...run,
    store,
    file: () => store.read(PATH),
    go: (more: Partial<OptimizeOptions> = {}) => run.run({ ...options, ...more }),
  };
}

describe.each(['live', 'clone'] as const)('a run with repository files, isolation %s', (isolation) => {
  it('checklist 20: leaves accepted changes in the file and takes rejected ones out of it', async () => {
    const { go, file } = scenario();
    const { session } = await go({ isolation });
    const text = (await file()) ?? '';
    expect(text).toContain('"w2"');
    expect(text).not.toContain('bad');
    expect(text).toContain('"${catalog}.library.loans"');
    expect(text).toContain('"owner_in_the_file"');
    expect(session.files_written).toEqual([PATH]);
    expect(session.attempts).toMatchObject([{ lever: 2, skip_reason: 'slice_gate_failed' }]);
    expect(session.iterations[1]?.apply_log?.verification).toEqual(
      [2, 4, 5].map((column) => ({
        patch_id: expect.any(String) as string,
        api_status: 'success',
        repo_status: 'success',
        repo_path: PATH,
        repo_diff_preview: expect.stringContaining(`w${column}`) as string,
      })),
    );
  });

  it('F14, HC13, mistake 9: asks no question about a change whose file could not be written, and takes it back', async () => {
    const store = memoryFileStore({ [PATH]: FILE }, () => {
      throw new Error('The disk is full.');
    });
    const broken: FileStore = { ...store, write: () => Promise.reject(new Error('The disk is full.')) };
    const { go, workspace, file } = scenario(broken);
    const { session, finalAccuracyPct, baselineAccuracyPct } = await go({ isolation });
    expect(finalAccuracyPct).toBe(baselineAccuracyPct);
    expect(await file()).toBe(FILE);
    expect(workspace.spaceText(SPACE_ID)).not.toContain('w2');
    expect(session.iterations).toHaveLength(1);
  });

  it('makes no change that does not fit the file', async () => {
    const store = memoryFileStore({ [PATH]: FILE.replace('.loans', '.members') });
    const { go, workspace, file } = scenario(store);
    const { session } = await go({ isolation });
    expect(session.iterations).toHaveLength(1);
    expect(session.attempts.map(({ detail }) => detail).join()).toContain(PATH);
    expect(await file()).toContain('.members');
    expect(workspace.spaceText(SPACE_ID)).not.toContain('w2');
  });

  it('HC13: does not believe a phase that says it has written the file', async () => {
    const { go, file } = scenario();
    const { session } = await go({
      isolation,
      phases: {
        propose: (_ctx, { lever }) => ({ proposals: lever === 1 ? [synonym(1, 2)] : [] }),
        apply: (_ctx, input, runDefault) => runDefault({ ...input, files: [] }),
      },
      maxIterations: 1,
    });
    expect(session.iterations).toHaveLength(1);
    expect(session.attempts).toMatchObject([
      {
        stage: 'persistence',
        skip_reason: 'dual_persistence_incomplete',
        detail: expect.stringContaining('is not in src/library') as string,
      },
    ]);
    expect(await file()).toBe(FILE);
  });
});

it('does not believe a rollback that leaves the change in the file', async () => {
  const { go } = scenario();
  const run = go({
    phases: {
      propose: (_ctx, { lever }) => ({ proposals: lever === 1 ? [synonym(1, 3, 'bad')] : [] }),
      rollback: (_ctx, input, runDefault) => runDefault({ ...input, record: { ...input.record, files: [] } }),
    },
  });
  await expect(run).rejects.toMatchObject({ code: 'ROLLBACK_FAILED', cause: { code: 'STILL_IN_FILES' } });
});

describe.each(['live', 'clone'] as const)(
  'a run that is killed around a write of the file, isolation %s',
  (isolation) => {
    const proposals = (lever: number) =>
      lever === 1
        ? [2, 4, 5].map((column) => synonym(1, column))
        : lever === 2
          ? [synonym(2, 3, 'useless')]
          : [];
    const options = { isolation, variables: { catalog: 'main' }, repo: { space: PATH } } as const;

    it('ends with the same file after resume', async () => {
      const paths: string[] = [];
      const whole = memoryFileStore({ [PATH]: FILE }, (path) => paths.push(path));
      await scriptedRun(TEN_QUESTIONS, proposals, { files: whole }).run(options);
      const expected = whole.texts.get(PATH);
      expect(expected).toContain('"w5"');
      // One write before the file is there, or the write of the file itself.
      const moments = paths.flatMap((path, index) =>
        path === PATH ? [isolation === 'live' ? index : index + 1] : [],
      );
      expect(moments.length).toBeGreaterThan(2);

      for (const dieAt of moments) {
        const disk = memoryFileStore({ [PATH]: FILE });
        const { files, mortal } = mortalProcess(disk, { after: (writes) => writes >= dieAt });
        const first = scriptedRun(TEN_QUESTIONS, proposals, {
          files,
          wrap: (workspace) => ({ ...workspace, genie: mortal(workspace.genie) }),
        });
        await expect(first.run(options), `write ${dieAt}`).rejects.toThrow();
        const survivors = memoryFileStore(Object.fromEntries(disk.texts));
        const second = scriptedRun(TEN_QUESTIONS, proposals, {
          files: survivors,
          workspace: first.workspace,
        });
        await second.run({ ...options, resume: true });
        expect(survivors.texts.get(PATH), `write ${dieAt}`).toBe(expected);
      }
    });
  },
);

describe('deploying at the end', () => {
  const deployed = (script: Parameters<typeof playedBundle>[0] = {}) => {
    const tool = playedBundle(script);
    return {
      tool,
      options: { bundles: tool.bundles, deployTarget: 'dev', genieJob: 'genie_spaces_deployment_job' },
    };
  };

  it('checklist 22, checklist 23: deploys what was accepted and asks the deployed space again', async () => {
    const { go } = scenario();
    const { tool, options } = deployed();
    const { session } = await go(options);
    expect(tool.steps()).toEqual(['validate', 'deploy', 'run']);
    expect(session.deploy_result?.status).toBe('SUCCESS');
    expect(session.post_deploy_result).toMatchObject({
      status: 'ok',
      rounds: [{ comparison: { ok: true, drop_pp: 0 }, live_differences: [] }],
    });
    expect(session.escalation).toBeNull();
    expect(session.iterations.map(({ iteration }) => iteration)).not.toContain(999);
  });

  it('comes before the held-out questions, which are asked of the deployed space', async () => {
    const { go, workspace, store, file } = scenario();
    // The deployment brings a word that the run knows nothing of; it answers a held-out question.
    const bring = async (): Promise<null> => {
      const text = ((await file()) ?? '').replace('"w2"', '"w2", "w8"');
      await store.write(PATH, text);
      workspace.editElsewhere(SPACE_ID, text.replace('${catalog}', 'main'));
      return null;
    };
    const { options } = deployed({ deploy: [bring] });
    const order: string[] = [];
    const { session, heldOut } = await go({
      ...options,
      onEvent: (event) => {
        if (event.type === 'phase_started') order.push(event.phase);
      },
    });
    expect(order.slice(order.indexOf('promote'))).toEqual([
      'promote',
      'deploy',
      'heldOut',
      'postDeploy',
      'corrections',
      'report',
    ]);
    expect(heldOut).toMatchObject({ beforePct: 0, afterPct: 50 });
    expect(session.post_deploy_result?.status).toBe('ok');
  });

  it('ends with exit code 5 when the deployment fails, with a report all the same', async () => {
    const { go, files } = scenario();
    const { options } = deployed({ deploy: ['403 Forbidden'] });
    const { session, reportPath, heldOut } = await go(options);
    expect(heldOut).toBeNull();
    expect(session.deploy_result?.status).toBe('DEPLOY_FAILED');
    expect(session.escalation).toMatchObject({ code: 'deploy_failed' });
    expect(exitCodeOf(session)).toBe(EXIT_CODES.deployFailed);
    expect(await files.read(reportPath)).toContain('deploy_failed');
  });

  it('completes the file when the deployment lost a change', async () => {
    const { go, store, workspace, file } = scenario();
    const lose = async (): Promise<null> => {
      await store.write(PATH, FILE);
      workspace.editElsewhere(SPACE_ID, FILE.replace('${catalog}', 'main'));
      return null;
    };
    const find = async (): Promise<null> => {
      workspace.editElsewhere(SPACE_ID, ((await file()) ?? '').replace('${catalog}', 'main'));
      return null;
    };
    const { options, tool } = deployed({ deploy: [lose, find] });
    const { session } = await go(options);
    expect(tool.steps().filter((step) => step === 'deploy')).toHaveLength(2);
    expect(session.post_deploy_result).toMatchObject({
      status: 'ok',
      rounds: [
        {
          comparison: { ok: false },
          written: ['w2', 'w4', 'w5'].map((word) => expect.stringContaining(word) as string),
        },
        { comparison: { ok: true } },
      ],
    });
    expect(await file()).toContain('"w2"');
  });

  it('does nothing when nothing was accepted', async () => {
    const { go } = scenario();
    const { tool, options } = deployed();
    const { session } = await go({ ...options, maxIterations: 0 });
    expect(tool.steps()).toEqual([]);
    expect(session.deploy_result).toBeUndefined();
  });

  it.each([
    ['bundles', { deployTarget: 'dev' }],
    ['repo', { ...deployed().options, repo: undefined }],
    ['genieJob', { genieJob: 'x' }],
  ])('refuses options that would lose the change: %s', async (option, options) => {
    await expect(scenario().go(options)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      details: { option },
    });
  });
});
