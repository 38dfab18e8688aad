import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { asksBeforeChanges, confirmedBy } from '../../src/cli/commands/confirm-changes.ts';
import { howToGoOn } from '../../src/cli/commands/go-on.ts';
import { nodeFileStore } from '../../src/clients/index.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import type { LocalWorkspace } from '../../src/local/index.ts';
import { saveSession, startSession, type Session } from '../../src/session/index.ts';
import { callCli, recordingIo, TEST_VERSION } from './call-cli.ts';
import { cliWorkspace, runFlags } from './cli-workspace.ts';

let local: LocalWorkspace;
let dir: string;
beforeAll(async () => {
  const place = await cliWorkspace();
  ({ local, dir } = place);
  return place.close;
});

const sessionFile = (name: string) => join(dir, `${name}.json`);
const run = (name: string, ...flags: string[]) => [
  ...runFlags(local, sessionFile(name), join(dir, 'out')),
  ...flags,
];

/** Runs a command and interrupts it when it says a word. */
async function stopped(word: string, args: readonly string[]) {
  const stop = new AbortController();
  const { io, said } = recordingIo({ signal: stop.signal, isTerminal: true });
  const out = (text: string) => {
    io.out(text);
    if (text.includes(word)) stop.abort();
  };
  return { code: await runCli(args, { ...io, out }, TEST_VERSION), ...said };
}

describe('a run that was stopped', () => {
  it('tells the command that goes on, and that command measures only where the run did', async () => {
    const { code, err } = await stopped('baseline: ', ['evaluate', ...run('measured')]);
    expect(code).toBe(1);
    const pasted = /To go on from here:\n {2}genie-optimizer (resume .+)\n/.exec(err)?.[1] ?? '';
    expect(pasted).toBe(`resume --session-file ${sessionFile('measured')} --output-dir ${join(dir, 'out')}`);
    const resumed = await callCli(pasted.split(' '));
    expect(resumed).toMatchObject({ code: 0, err: '' });
    expect(resumed.out).toContain('The space was not touched.');
    expect(resumed.out).not.toContain('Lever');
  });

  it('is improved by optimize --resume, which says so', async () => {
    const resumed = await callCli(['optimize', ...run('measured'), '--resume', '--max-iterations', '0']);
    expect(resumed.out).toContain('Resuming run');
    expect(resumed.out).toMatch(/0 change sets kept, 0 taken back\./);
  });

  it('keeps what it began with: the help shows no defaults of a new run', async () => {
    const { out } = await callCli(['resume', '--help']);
    expect(out).not.toContain('(default: paired)');
    expect(out).toContain('Where reports go (default: as in the run)');
  });

  it('says so when nothing was recorded', async () => {
    expect(await howToGoOn({}, sessionFile('none'), nodeFileStore())).toContain('start it again');
  });

  it('names the questions only while the session has none, and quotes what a shell would split', async () => {
    const file = sessionFile('hint');
    const begun = startSession({
      sessionId: 'run_1',
      spaceId: local.spaceId,
      domain: 'library',
      host: local.host,
      maxIterations: 5,
      now: '2026-10-01T00:00:00.000Z',
    });
    const values = {
      profile: 'my dev',
      benchmarks: 'q.yaml',
      yes: true,
      judges: 'llm',
      'second-opinion': true,
    };
    const hint = async (session: Session) => {
      await saveSession(nodeFileStore(), file, session);
      return howToGoOn(values, file, nodeFileStore());
    };
    const said = `genie-optimizer resume --session-file ${file} --profile 'my dev'`;
    expect(await hint(begun)).toContain(`${said} --benchmarks q.yaml --judges llm --second-opinion`);
    expect(await hint({ ...begun, suite_ref: 'benchmarks.json' })).toContain(
      `${said} --judges llm --second-opinion`,
    );
  });
});

describe('resume --resume-from-run', () => {
  const experiment = '/Users/local.user@example.com/genie-optimization/library';
  const lost = async (): Promise<void> => {
    await rm(sessionFile('lost'), { force: true });
    await rm(join(dir, 'out'), { recursive: true, force: true });
    await mkdir(join(dir, 'out'));
  };
  let asked = 0;
  let runId = '';
  beforeAll(async () => {
    const tracked = await callCli([
      'evaluate',
      ...run('lost', '--tracking', 'full', '--experiment', experiment),
    ]);
    expect(tracked).toMatchObject({ code: 0, err: '' });
    runId = /session run (\w+)/.exec(tracked.out)?.[1] ?? '';
    asked = local.askLog.length;
  });

  it.each([
    ['the id of the MLflow run', () => [runId]],
    ['latest and the experiment', () => ['latest', '--experiment', experiment]],
    ['latest and the domain', () => ['latest', '--domain', 'library', '--tracking', 'full']],
  ])('goes on without any file, by %s', async (_, named) => {
    await lost();
    const resumed = await callCli([
      'resume',
      '--session-file',
      sessionFile('lost'),
      '--resume-from-run',
      ...named(),
    ]);
    expect(resumed).toMatchObject({ code: 0, err: '' });
    expect(resumed.out).toContain('Resuming run');
    expect(local.askLog).toHaveLength(asked);
    expect(JSON.parse(await readFile(sessionFile('lost'), 'utf8'))).toMatchObject({ status: 'evaluated' });
  });

  it('goes on with a session file that is damaged, which is kept', async () => {
    await lost();
    await writeFile(sessionFile('lost'), '{"schema_version": "3", ');
    const args = ['resume', '--session-file', sessionFile('lost')];
    const refused = await callCli(args);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('is not valid JSON');
    const resumed = await callCli([...args, '--resume-from-run', runId]);
    expect(resumed).toMatchObject({ code: 0 });
    expect(resumed.out).toContain('Resuming run');
    expect(await readFile(`${sessionFile('lost')}.damaged`, 'utf8')).toBe('{"schema_version": "3", ');
  });

  it.each([
    [['latest'], 2, 'Option --domain is required'],
    [['none'], 1, 'none'],
  ])('with %j says what is missing', async (named, code, message) => {
    await lost();
    const failed = await callCli([
      'resume',
      '--session-file',
      sessionFile('lost'),
      '--resume-from-run',
      ...named,
    ]);
    expect(failed.code).toBe(code);
    expect(failed.err).toContain(message);
  });
});

describe('flags of earlier tools', () => {
  it.each([[['--discover']], [['optimize', '--discover']]])('%j lists the spaces', async (args) => {
    const { code, out } = await callCli(args);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(local.spaceId) as string });
  });

  it('--no-lever-aware measures and changes nothing', async () => {
    const { code, out } = await callCli(['optimize', ...run('unaware', '--no-lever-aware')]);
    expect(code).toBe(0);
    expect(out).toContain('The space was not touched.');
  });

  it.each([
    [{ isolation: 'live' }, true],
    [{ isolation: 'live', 'auto-apply': true }, false],
    [{ isolation: 'live', yes: true }, false],
    [{ isolation: 'clone' }, false],
    [{}, false],
  ])('a person on a terminal is asked before the space is changed, with %j: %s', (values, asks) => {
    const person = recordingIo({ confirm: () => Promise.resolve(true) }).io;
    expect(asksBeforeChanges(values, person, null)).toBe(asks);
    expect(asksBeforeChanges(values, recordingIo().io, null)).toBe(false);
  });

  it('a change is shown to the person, whose answer counts', async () => {
    const set = {
      lever: 1,
      plan: { patches: [{ risk: 'low', description: 'Add a synonym.' }] },
      proposals: [],
    } as never;
    const questions: string[] = [];
    const answered = (answer: boolean) => {
      const confirm = (question: string) => (questions.push(question), Promise.resolve(answer));
      return confirmedBy(recordingIo({ confirm }).io)(set);
    };
    expect([await answered(true), await answered(false)]).toEqual([true, false]);
    expect(questions[0]).toBe('Lever 1 is about to change the space:\n  [low] Add a synonym.\nApply?');
  });
});

describe('words that are no options', () => {
  it.each([
    [['optimize', '--acc', 'x'], 'There is no option --acc. Did you mean --acceptance?'],
    [['optimize', '-json'], 'There is no option -json. Did you mean --json?'],
    [['optimize', 'json'], "'json' is no option: 'optimize' takes options only"],
    [['optimize', 'json'], 'Did you mean --json?'],
    [['optimize', '--yes=1'], 'Option --yes takes no value.'],
    [['--json', 'discover'], 'The command comes first, then its options: genie-optimizer discover --json'],
    [['eval'], "Did you mean 'evaluate'?"],
  ])('%j: %s', async (args, message) => {
    const { code, err } = await callCli(args);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(message) as string });
  });

  it('what the operating system refuses is a sentence, not a stack', async () => {
    const file = join(dir, 'file');
    await writeFile(file, '');
    const { code, err } = await callCli(['demo', '--dir', join(file, 'demo')]);
    expect(code).toBe(1);
    expect(err).toMatch(/^Error \[ENOTDIR\]: The operating system refused 'mkdir' .*\n$/);
  });
});
