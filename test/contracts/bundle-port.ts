import { describe, expect, it } from 'vitest';
import type { BundlePort } from '../../src/ports/index.ts';
import { codeOfFailure } from './code-of.ts';

/** What the command line tool prints, and how it ends. */
export interface ToolAnswer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
  /** It never ends by itself. */
  readonly hangs?: boolean;
}

export interface BundleSubject {
  /** A bundle whose tool gives this answer to every command. */
  readonly bundle: (answer: ToolAnswer, options?: { readonly timeoutMs?: number }) => BundlePort;
  /** Arguments of each call of the tool so far in this test. */
  readonly calls: () => readonly (readonly string[])[];
}

/** Target, variables and how they are handed on. */
const OPTIONS = { target: 'prod', variables: { catalog: 'main', rule: 'a=b; $(rm) "x"' } };
const AS_ARGUMENTS = ['--target', 'prod', '--var', 'catalog=main', '--var', 'rule=a=b; $(rm) "x"'];

const COMMANDS: readonly (readonly [string, (bundle: BundlePort) => Promise<unknown>, readonly string[]])[] =
  [
    ['validates', (bundle) => bundle.validate(OPTIONS), ['validate', '--output', 'json']],
    ['deploys', (bundle) => bundle.deploy(OPTIONS), ['deploy', '--auto-approve']],
    ['lists its resources', (bundle) => bundle.resources(OPTIONS), ['summary', '--output', 'json']],
    [
      'runs a job with parameters',
      (bundle) => bundle.run('evaluate', { ...OPTIONS, parameters: { scope: 'p0', note: 'a b' } }),
      ['run', 'evaluate', '--params', 'scope=p0,note=a b'],
    ],
    [
      'writes a space into the folder',
      (bundle) => bundle.generateSpace('01f0abc', 'sales', OPTIONS),
      ['generate', 'genie-space', '--existing-id', '01f0abc', '--key', 'sales', '--force'],
    ],
  ];

/** What every {@link BundlePort} does with the command line tool behind it. */
export function describeBundlePort(name: string, subject: () => BundleSubject): void {
  describe(`${name} as BundlePort`, () => {
    it.each(COMMANDS)('%s, with target and variables', async (_what, call, args) => {
      const { bundle, calls } = subject();
      await call(bundle({ stdout: '{}' }));
      expect(calls()).toEqual([['bundle', ...args, ...AS_ARGUMENTS]]);
    });

    it('gives the resources of a summary, deployed or not, with every digit of their ids', async () => {
      const stdout =
        '{"resources":{"jobs":{"evaluate":{"id":9007199254740993,"url":"https://w/jobs/9"}},"genie_spaces":{"sales":{"title":"Sales"}}}}';
      expect(await subject().bundle({ stdout }).resources()).toEqual([
        { type: 'jobs', key: 'evaluate', id: '9007199254740993', url: 'https://w/jobs/9' },
        { type: 'genie_spaces', key: 'sales', id: null, url: null },
      ]);
    });

    it.each(COMMANDS)('says why it failed: %s', async (_what, call) => {
      const failed = call(
        subject().bundle({ stderr: 'Working …\nError: no such target\nsee log\n', exitCode: 1 }),
      );
      await expect(failed).rejects.toMatchObject({
        code: 'BUNDLE_FAILED',
        message: expect.stringContaining('Error: no such target') as string,
        details: { exitCode: 1 },
      });
    });

    it('refuses a summary that is none', async () => {
      const { bundle } = subject();
      expect(await codeOfFailure(bundle({ stdout: 'Name: b\n' }).resources())).toBe('BUNDLE_FAILED');
      expect(await codeOfFailure(bundle({ stdout: '{"resources":' }).resources())).toBe('BUNDLE_FAILED');
    });

    it('ends a command that never ends by itself, at its time limit', async () => {
      const failed = subject().bundle({ hangs: true }, { timeoutMs: 200 }).deploy();
      await expect(failed).rejects.toMatchObject({
        code: 'BUNDLE_FAILED',
        message: expect.stringContaining('within 200 ms') as string,
      });
    });

    it('stops when the signal has fired, before or while the tool runs', async () => {
      const { bundle } = subject();
      const aborted = bundle({}).deploy({ signal: AbortSignal.abort() });
      expect(await codeOfFailure(aborted)).toBe('ABORTED_BY_CALLER');
      const controller = new AbortController();
      const running = codeOfFailure(bundle({ hangs: true }).deploy({ signal: controller.signal }));
      controller.abort();
      expect(await running).toBe('ABORTED_BY_CALLER');
    });

    it.each<[string, (bundle: BundlePort) => Promise<unknown>]>([
      ['a key that looks like an option', (bundle) => bundle.run('--help')],
      ['an empty key', (bundle) => bundle.generateSpace('01f0abc', '')],
      [
        'a parameter that the tool would split',
        (bundle) => bundle.run('evaluate', { parameters: { a: '1,b=2' } }),
      ],
    ])('refuses %s, and calls nothing', async (_what, call) => {
      const { bundle, calls } = subject();
      expect(await codeOfFailure(call(bundle({})))).toBe('INVALID_OPTION');
      expect(calls()).toEqual([]);
    });
  });
}
