import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  budgetArguments,
  IMPROVE_OPTIONS,
  improveArguments,
} from '../../src/cli/commands/improve-options.ts';
import { repositoryArguments } from '../../src/cli/commands/repository-options.ts';
import { connectFrom } from '../../src/cli/commands/workspace-options.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import type { LocalWorkspace } from '../../src/local/index.ts';
import { OPTIMIZE_DEFAULTS, type RunBudget } from '../../src/pipeline/index.ts';
import { callCli, recordingIo, TEST_VERSION } from './call-cli.ts';
import { cliWorkspace, runFlags } from './cli-workspace.ts';

const call = (...args: string[]) => callCli(args);
const yes = { confirm: () => Promise.resolve(true) };

describe('options of a run', () => {
  it.each([
    ['--align-judges', 'is not supported'],
    ['--introspect', 'always on'],
    ['--worker-dir', 'phases'],
  ])('of earlier tools, such as %s, are refused with what to do instead', async (flag, advice) => {
    const { code, err } = await call('optimize', flag);
    expect(code).toBe(2);
    expect(err).toContain(advice);
  });

  it.each([
    [{ acceptance: 'luck' }, 'paired, sequential, threshold'],
    [{ isolation: 'none' }, 'clone, live'],
    [{ alpha: '0.9' }, 'from 0 to 0.5'],
    [{ 'acceptance-k': '1.5' }, 'whole number from 1 to 100'],
    [{ strategy: 'random' }, 'fixedOrder, adaptive'],
    [{ corrections: 'yes' }, 'propose, auto, off'],
    [{ 'optimization-tier': 'simba' }, 'not supported'],
    [{ 'optimization-tier': 'luck' }, 'must be introspect, gepa'],
  ])('%j is refused with the bounds', (values, message) => {
    expect(() => improveArguments(values, recordingIo().io)).toThrow(message);
  });

  it('reach the run', () => {
    expect(
      improveArguments(
        {
          'max-iterations': '3',
          acceptance: 'sequential',
          isolation: 'clone',
          alpha: '0.01',
          strategy: 'adaptive',
          corrections: 'auto',
          'no-repeatability': true,
          'dry-run': true,
        },
        recordingIo().io,
      ),
    ).toMatchObject({
      maxIterations: 3,
      acceptance: 'sequential',
      isolation: 'clone',
      alpha: 0.01,
      strategy: 'adaptive',
      corrections: 'auto',
      finalRepeatability: false,
      dryRun: true,
    });
  });

  it.each([
    [{ 'deploy-target': 'dev' }, '--space-file'],
    [{ 'genie-job': 'x' }, '--deploy-target'],
  ])('%j needs what a deployment rests on', (values, needed) => {
    expect(() => repositoryArguments(values, { http: {} as never })).toThrow(needed);
  });

  it('name the files and the bundle of a deployment', () => {
    const given = { 'space-file': 'space.json', 'function-files': 'tvfs', 'deploy-target': 'dev' };
    const read = repositoryArguments(given, { http: {} as never });
    expect(read).toMatchObject({
      repo: { space: 'space.json', functions: 'tvfs' },
      deployTarget: 'dev',
      genieJob: 'genie_spaces_deployment_job',
    });
    expect(read.bundles).toBeDefined();
    expect(repositoryArguments({}, { http: {} as never })).toEqual({ repo: undefined });
  });

  it('ask a person only where there is one', () => {
    const withPerson = improveArguments({}, recordingIo(yes).io);
    expect(withPerson.approveRisk).toBeDefined();
    expect(withPerson.generateQuestions).toBeDefined();
    expect(improveArguments({}, recordingIo().io).approveRisk).toBeUndefined();
  });

  it('show the defaults of the library', () => {
    const { acceptance, isolation, corrections } = IMPROVE_OPTIONS;
    expect([acceptance.default, isolation.default, corrections.default]).toEqual([
      OPTIMIZE_DEFAULTS.acceptance,
      OPTIMIZE_DEFAULTS.isolation,
      OPTIMIZE_DEFAULTS.corrections,
    ]);
    expect(IMPROVE_OPTIONS['max-iterations'].default).toBe(String(OPTIMIZE_DEFAULTS.maxIterations));
    expect(IMPROVE_OPTIONS['acceptance-k'].default).toBe(String(OPTIMIZE_DEFAULTS.acceptanceK));
  });
});

describe('the cost of a run', () => {
  const budget: RunBudget = {
    asks: 900,
    minutes: 180,
    startsPerMinute: 5,
    questions: 30,
    candidates: 5,
    smallestEffect: { questions: 4, pp: 13.3, power: 0.9 },
  };

  it('above --max-minutes needs a yes, from a person or by flag', async () => {
    const refused = budgetArguments({}, recordingIo({ confirm: () => Promise.resolve(false) }).io, false);
    expect(refused.maxMinutes).toBe(Number(IMPROVE_OPTIONS['max-minutes'].default));
    expect(await refused.confirmBudget?.(budget)).toBe(false);
    expect(await budgetArguments({}, recordingIo(yes).io, false).confirmBudget?.(budget)).toBe(true);
    const { confirmBudget } = budgetArguments({ yes: true, 'max-minutes': '1' }, recordingIo().io, false);
    expect(await confirmBudget?.(budget)).toBe(true);
  });

  it('above --max-minutes with nobody to ask is wrong usage, and names the flags', () => {
    const { confirmBudget } = budgetArguments({ 'max-minutes': '60' }, recordingIo().io, false);
    expect(() => confirmBudget?.(budget)).toThrow(/180 minutes.*--max-minutes 60.*--yes/);
  });

  it('of a run that only measures is told, and nobody is asked', async () => {
    const { maxMinutes, confirmBudget } = budgetArguments({}, recordingIo().io, true);
    expect(maxMinutes).toBeUndefined();
    expect(await confirmBudget?.(budget)).toBe(true);
  });
});

describe('resume', () => {
  let local: LocalWorkspace;
  let dir: string;

  beforeAll(async () => {
    const place = await cliWorkspace();
    ({ local, dir } = place);
    return place.close;
  });

  it('needs a session', async () => {
    const { code, err } = await call('resume', '--session-file', join(dir, 'none.json'));
    expect(code).toBe(2);
    expect(err).toContain('There is no session file');
  });

  it('goes on with the space, questions and variables of the run, and asks no baseline again', async () => {
    const session = join(dir, 'progress.json');
    const first = await call('optimize', ...runFlags(local, session, dir), '--dry-run');
    expect(first.err).toBe('');
    const baseline = local.askLog.length;
    const resumed = await call('resume', '--max-iterations', '0', '--session-file', session);
    expect(resumed.out).toContain('Resuming run');
    const { iterations } = JSON.parse(await readFile(session, 'utf8')) as { iterations: unknown[] };
    expect(iterations).toHaveLength(1);
    const texts = local.askLog.slice(baseline).map(({ question }) => question);
    const before = local.askLog.slice(0, baseline).map(({ question }) => question);
    expect(texts.filter((text) => before.includes(text))).toEqual([]);
  });

  it('asks at the pace of the run, unless it is given anew', async () => {
    const session = ['--session-file', join(dir, 'paced.json'), '--output-dir', dir];
    const file = join(dir, 'three.yaml');
    const asked = ['How many members do we have?', 'How many branches are there?', 'Count the members.'];
    await writeFile(
      file,
      [
        `${local.sample.domain}:`,
        ...asked.flatMap((question, n) => [
          `  - id: paced_${n}`,
          `    question: ${question}`,
          '    expected_sql: SELECT COUNT(*) AS n FROM ${catalog}.${gold_schema}.members',
          '    expected_asset: TABLE',
          '    split: train',
        ]),
      ].join('\n'),
    );
    const questions = ['--benchmarks', file];
    const stop = new AbortController();
    const { io, said } = recordingIo({ signal: stop.signal, isTerminal: true });
    const started = ['optimize', '--space-id', local.spaceId, '--domain', local.sample.domain];
    const variables = ['--variables', 'catalog=town,gold_schema=library'];
    const stopped = await runCli(
      [...started, ...questions, ...variables, ...session, '--starts-per-minute', '1000'],
      {
        ...io,
        out: (text) => {
          if (text.includes('baseline')) stop.abort();
        },
      },
      TEST_VERSION,
    );
    expect(said.err).toContain(`genie-optimizer resume --session-file ${session[1]}`);
    expect(stopped).toBe(1);
    const before = local.askLog.length;
    // At the usual pace a second question would come after twelve seconds, longer than a test may take.
    const { out, err } = await call('resume', '--dry-run', ...questions, ...variables, ...session);
    expect(err).toBe('');
    expect(out).toContain('Resuming run');
    expect(local.askLog.slice(before).map(({ question }) => question)).toEqual(expect.arrayContaining(asked));
    expect((await connectFrom({ 'starts-per-minute': '7' }, 1000)).startsPerMinute).toBe(7);
  });
});
